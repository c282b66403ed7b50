"""One's own logins are one's own, also for whom the own record is closed to, or who has agreed to nothing yet."""

from hashlib import sha256

import asyncpg
import pytest

from access.family import ELLA, JONAS, citizen
from access.permits import person_of, token_of
from access.personas import born
from world import World, result

OPEN = "SELECT person_id FROM identity.session WHERE ended_at IS NULL ORDER BY started_at"


@pytest.fixture
async def young(world: World) -> World:
    """Jonas is 13 and nobody has consented; Ella is 9. Neither opens an own record."""
    await world.take(citizen(JONAS, birthDate=born(13)), citizen(ELLA, birthDate=born(9)))
    await world.take(result("a", "jonas", "Jonas sin prøve"), result("b", "ella", "Ella sin prøve"))
    return world


async def test_whose_record_is_closed_sees_and_ends_the_own_logins(young: World) -> None:
    jonas, elsewhere, ella = [await young.log_in(number) for number in (JONAS, JONAS, ELLA)]
    refused = await jonas.get("/")
    assert refused.status_code == 404
    assert 'href="/settings/sessions"' in refused.text
    assert 'action="/logout"' in refused.text
    page = await jonas.get("/settings/sessions")
    assert page.status_code == 200
    assert page.text.count('/end"') == 1  # the other one
    assert "sin prøve" not in page.text
    # Somebody else's is one that does not exist.
    ids = {
        row["person_id"]: row["session_id"]
        for row in await young.owner.fetch("SELECT * FROM identity.session")
    }
    ellas = ids[await person_of(young, ELLA)]
    assert (await jonas.post(f"/settings/sessions/{ellas}/end")).status_code == 404
    assert (await jonas.post("/settings/sessions/end-others")).status_code == 303
    assert [(await each.get("/settings/sessions")).status_code for each in (jonas, elsewhere, ella)] == [
        200,
        401,
        200,
    ]
    assert (await jonas.post("/settings/sessions/end-all")).headers["location"] == "/logout"
    await jonas.post("/logout")
    assert [row["person_id"] for row in await young.owner.fetch(OPEN)] == [await person_of(young, ELLA)]
    # No record was opened; what was done stands in the log of whose it was.
    rows = await young.owner.fetch(
        "SELECT subject_id, purpose, refused FROM access.log WHERE purpose LIKE 'sessions%'"
    )
    assert {tuple(row) for row in rows} == {
        (await person_of(young, JONAS), purpose, False)
        for purpose in ("sessions.end_others", "sessions.end_all")
    }


async def test_who_has_not_agreed_to_the_terms_sees_them_too_and_nothing_else(young: World) -> None:
    jonas = await young.log_in(JONAS, agreed=False)
    assert (await jonas.get("/settings/sessions")).status_code == 200
    assert (await jonas.get("/journal")).headers["location"].startswith("/start")
    assert (await jonas.post("/settings/sessions/end-others")).status_code == 303


async def test_what_is_planted_there_opens_no_record(young: World) -> None:
    jonas, ella = await young.log_in(JONAS), await young.log_in(ELLA)
    for browser in (jonas, ella):
        hashed, token = sha256(token_of(browser)).digest(), token_of(browser)
        for begin, known in (
            ("begin_access($1, NULL, 'sessions.list', NULL)", hashed),
            ("begin_act($1, NULL, 0, NULL, 'sessions.end')", token),
        ):
            async with young.web.acquire() as db, db.transaction():
                begun = await db.fetchrow(f"SELECT * FROM access.{begin}", known)  # noqa: S608 - those above
                assert begun["session_id"]
                assert await db.fetchval("SELECT access.actor()") == begun["actor_id"]
                assert await db.fetchrow("SELECT access.subject(), access.own()") == (None, False)
                for table in ("record.entry", "record.document", "record.contributor", "access.log"):
                    assert await db.fetchval(f"SELECT count(*) FROM {table}") == 0  # noqa: S608 - those above
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await db.execute(
                        "SELECT journal.put_in_outbox(access.actor(), access.actor(), gen_random_uuid(), 'Task', '{}', "
                        "gen_random_uuid())"
                    )


async def test_nobody_else_s_record_is_opened_by_calling_it_so(young: World) -> None:
    """Under somebody else's handle a purpose of logins is as any other."""
    jonas = await young.log_in(JONAS)
    opened = await young.web.fetchrow(
        "SELECT * FROM access.begin_access($1, 'AAAAAAAAAAAAAAAA', 'sessions.list', NULL)", token_of(jonas)
    )
    assert opened["subject_id"] is None
