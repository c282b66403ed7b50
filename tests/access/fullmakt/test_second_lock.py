"""What an injected statement could do in the session of a giver or a helper: give nothing to anybody."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from access.fullmakt.giving import STEP_UP_OVER, given, permits
from access.permits import person_of, token_of
from world import KARI, OLA, World

EVA = "05895894984"
REFUSED = asyncpg.InsufficientPrivilegeError


@asynccontextmanager
async def acting(
    world: World, browser: httpx.AsyncClient, purpose: str = "fullmakt.preview"
) -> AsyncIterator[asyncpg.Connection]:
    """A transaction of the web, with the context of an act of this person's."""
    async with world.web.acquire() as db, db.transaction():
        row = await db.fetchrow(
            "SELECT * FROM access.begin_act($1, NULL, 16, NULL, $2)", token_of(browser), purpose
        )
        assert row["problem"] == ""
        yield db


@pytest.fixture
async def kari(four: World) -> httpx.AsyncClient:
    return await four.log_in(KARI)


async def _with_a_helper(four: World, kari: httpx.AsyncClient) -> UUID:
    address = await given(kari, await four.log_in(OLA), "Kari Nordli")
    return UUID(address.rsplit("/", 1)[1])


PERMIT = (
    "INSERT INTO access.permit (subject_id, actor_id, handle_on, audience, capabilities, kinds, valid_from, "
    "valid_until, rule, book, origin, origin_id) VALUES ($1, $2, $3, 16, 15, NULL, now(), now() + $4, $5, '', $6, $3)"
)


async def test_no_permit_but_through_the_door(four: World, kari: httpx.AsyncClient) -> None:
    one = await _with_a_helper(four, kari)
    karis, olas, evas = [await person_of(four, number) for number in (KARI, OLA, EVA)]
    hour = timedelta(minutes=59)
    for values in (
        (karis, evas, one, hour, "fullmakt", "fullmakt"),
        (karis, olas, one, hour, "fullmakt", "fullmakt"),
        (karis, evas, one, hour, "preview", "preview"),
        (karis, karis, one, hour * 3, "preview", "preview"),
        (karis, karis, uuid4(), hour, "preview", "preview"),
        (evas, karis, one, hour, "preview", "preview"),
        (karis, evas, one, hour, "parent.child", "relation"),
    ):
        with pytest.raises(REFUSED):
            async with acting(four, kari) as db:
                await db.execute(PERMIT, *values)
    async with acting(four, kari) as db:
        await db.execute(PERMIT, karis, karis, one, hour, "preview", "preview")


AS_GIVER = (
    "UPDATE access.fullmakt SET receiver_id = $1",
    "UPDATE access.fullmakt SET giver_id = $1",
    "SELECT code_hash, $1::uuid FROM access.fullmakt",
    "SELECT giver_words, $1::uuid FROM access.fullmakt",
    "INSERT INTO access.fullmakt (giver_id, receiver_id) SELECT giver_id, $1 FROM access.fullmakt",
    "DELETE FROM access.fullmakt WHERE giver_id <> $1",
    "UPDATE access.permit SET actor_id = $1",
    "INSERT INTO access.fullmakt_event OVERRIDING SYSTEM VALUE SELECT * FROM access.fullmakt_event WHERE actor_id = $1",
    "UPDATE access.fullmakt_event SET actor_id = $1",
    "DELETE FROM access.fullmakt_event WHERE actor_id <> $1",
    "SELECT * FROM access.claim_try WHERE person_id = $1",
    "SELECT access.hash_of_code('x'), $1::uuid",
)


async def test_what_nobody_may_write_or_read(four: World, kari: httpx.AsyncClient) -> None:
    await _with_a_helper(four, kari)
    evas = await person_of(four, EVA)
    for statement in AS_GIVER:
        with pytest.raises(REFUSED):
            async with acting(four, kari) as db:
                await db.execute(statement, evas)


async def test_an_invitation_opens_nothing_whatever_its_state_is_said_to_be(
    four: World, kari: httpx.AsyncClient
) -> None:
    made = await kari.post("/access/give", data={"label": "Ola", "level": "full"})
    one = UUID(made.headers["location"].rsplit("/", 1)[1])
    with pytest.raises(asyncpg.CheckViolationError):
        async with acting(four, kari) as db:
            await db.execute("UPDATE access.fullmakt SET state = 'active' WHERE fullmakt_id = $1", one)


async def test_the_helper_can_leave_and_nothing_else(four: World, kari: httpx.AsyncClient) -> None:
    one = await _with_a_helper(four, kari)
    ola = await four.log_in(OLA)
    for change in ("capabilities = 15", "until = '9999-01-01'", "kinds = NULL", "state = 'active'"):
        with pytest.raises(REFUSED):
            async with acting(four, ola) as db:
                await db.execute(f"UPDATE access.fullmakt SET {change}")  # noqa: S608 - those above
    async with acting(four, ola) as db:
        # What follows is written from the row as the giver left it.
        await db.execute("SELECT access.follow_fullmakt($1, 'active')", one)
    assert await four.owner.fetchval("SELECT capabilities FROM access.permit WHERE origin = 'fullmakt'") == 1


async def test_a_third_sees_nothing_of_it(four: World, kari: httpx.AsyncClient) -> None:
    one = await _with_a_helper(four, kari)
    eva = await four.log_in(EVA)
    async with acting(four, eva) as db:
        for source in ("fullmakt", "fullmakt_event", "permit"):
            assert await db.fetch(f"SELECT 1 FROM access.{source}") == []  # noqa: S608 - the names above
        assert await db.fetch("SELECT * FROM access.fullmakt_parties()") == []
        assert await db.fetch("SELECT * FROM access.readers_by_rule()") == []
        assert len(await db.fetch("SELECT * FROM access.standings($1)", one)) == 1
    for door, values in (
        ("follow_fullmakt($1, 'active')", (one,)),
        ("invite_by_code($1, 'x', '{}')", (one,)),
    ):
        with pytest.raises(REFUSED):
            async with acting(four, eva) as db:
                await db.execute(f"SELECT access.{door}", *values)
    with pytest.raises(REFUSED):
        await four.web.execute("SELECT access.claim_fullmakt('x', '{}', interval '1 day')")


async def test_the_receiver_reduces_it_and_widens_nothing(four: World, kari: httpx.AsyncClient) -> None:
    ola, eva = await four.log_in(OLA), await four.log_in(EVA)
    address = await given(kari, ola, "Kari Nordli", level="full", lasts="year")
    await four.owner.execute(STEP_UP_OVER)
    less = {"level": "read", "without": "lab_results", "lasts": "months"}
    assert [(await each.get(f"{address}/change")).status_code for each in (kari, ola, eva)] == [200, 200, 404]
    assert (await eva.post(f"{address}/change", data=less)).status_code == 404
    assert (await ola.post(f"{address}/change", data=less)).headers["location"] == address
    [(rule, capabilities, kinds, open_)] = await permits(four)
    assert (rule, capabilities, "lab_results" in (kinds or ()), open_) == ("fullmakt", 1, False, True)
    last = "SELECT actor_id, reason FROM access.fullmakt_event ORDER BY event_id DESC LIMIT 1"
    assert tuple(await four.owner.fetchrow(last)) == (await person_of(four, OLA), "reduced")
    for more in ({"level": "full"}, {"level": "read"}, {**less, "lasts": "open"}):
        assert (await ola.post(f"{address}/change", data=more)).status_code == 400
    one = UUID(address.rsplit("/", 1)[1])
    for wider in ("15, '{notes}'", "1, NULL", "1, '{lab_results}'"):
        with pytest.raises(REFUSED):
            async with acting(four, ola) as db:
                await db.execute(f"SELECT access.reduce_fullmakt($1, 'x', {wider}, now(), 1, now())", one)
    assert (await permits(four))[0][1:] == (1, kinds, True)


async def test_nobody_takes_the_id_of_anothers_to_end_it(four: World, kari: httpx.AsyncClient) -> None:
    one = await _with_a_helper(four, kari)
    eva = await four.log_in(EVA)
    with pytest.raises(asyncpg.UniqueViolationError):
        async with acting(four, eva) as db:
            await db.execute(SAME_ID, await person_of(four, EVA), one)
    # Nor would it reach Kari's permits.
    await four.owner.execute("DROP INDEX access.ix_fullmakt_fullmakt_id")
    await kari.post(f"/access/fullmakt/{one}", data={"do": "preview"})
    async with acting(four, eva) as db:
        await db.execute(SAME_ID, await person_of(four, EVA), one)
        await db.execute("SELECT access.follow_fullmakt($1, 'draft')", one)
    rows = await four.owner.fetch("SELECT origin, valid_until > now() AS open FROM access.permit ORDER BY 1")
    assert [tuple(row) for row in rows] == [("fullmakt", True), ("preview", True)]


SAME_ID = (
    "INSERT INTO access.fullmakt (giver_id, fullmakt_id, level, capabilities, until, permit_capabilities, "
    "permit_until, book, state, label) "
    "VALUES ($1, $2, 'read', 1, '9999-01-01', 1, '9999-01-01', '', 'withdrawn', 'x')"
)


async def test_every_move_stands_in_its_history(four: World, kari: httpx.AsyncClient) -> None:
    one = await _with_a_helper(four, kari)
    await kari.post(f"/access/fullmakt/{one}", data={"do": "end"})
    rows = await four.owner.fetch(
        "SELECT actor_id = giver_id AS giver, from_state, to_state, reason FROM access.fullmakt_event ORDER BY event_id"
    )
    assert [tuple(row) for row in rows] == [
        (True, "", "draft", ""),
        (True, "draft", "invited", ""),
        (False, "invited", "claimed", ""),
        (True, "claimed", "active", ""),
        (True, "active", "ended", "giver_ended"),
    ]
