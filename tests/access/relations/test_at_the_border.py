"""The days on which access changes, through the front door and by PostgreSQL's clock; a secret address mid-session."""

from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from access.family import ELLA, JONAS, KARI, MARTE, PER, citizen, parent, youth_access
from access.relations_reading import handle_of
from innsyn.access.book.ages import birthday
from innsyn.journal.fhir.reading import OSLO
from world import Resource, World, result

TODAY = datetime.now(OSLO).date()


def born_so_as_to_turn(age: int, day: date) -> str:
    """A birth date from which one turns so many on this day; never 29 February, which has its own tests."""
    born = day.replace(year=day.year - age, day=min(day.day, 28))
    assert birthday(born, age).month == born.month
    return born.isoformat()


def medicine(of: str) -> Resource:
    return {
        "resourceType": "MedicationStatement",
        "id": "medicine",
        "status": "active",
        "subject": {"reference": f"Patient/{of}"},
        "medicationCodeableConcept": {"text": "Insulin aspart"},
        "effectiveDateTime": "2026-11-01",
    }


async def a_family(world: World, born: str, *more: Any) -> None:  # noqa: ANN401
    await world.take(
        citizen(JONAS, birthDate=born), citizen(MARTE), citizen(PER), citizen(KARI),
        parent(JONAS, MARTE), parent(JONAS, PER, "far"), result("lab", "jonas"), medicine("jonas"), *more,
    )  # fmt: skip


async def titles(browser: httpx.AsyncClient, handle: str | None) -> list[str] | int:
    """What stands in the record, or the status that says no."""
    base = f"/for/{handle}" if handle else ""
    answer = await browser.get(f"{base}/api/entries")
    if answer.status_code != 200:
        return answer.status_code
    return sorted(entry["title"] for entry in answer.json()["entries"])


async def ended_handle(world: World, browser: httpx.AsyncClient, subject: str) -> str:
    """The handle of somebody whose record is not offered (any more): it stands in an address from before."""
    found: str = await world.owner.fetchval(
        "SELECT access.handle_of(s.handle_key, p.subject_id) FROM identity.session s, access.permit p "
        "JOIN identity.person j ON j.person_id = p.subject_id "
        "WHERE p.actor_id = s.person_id AND j.given_name = $1 ORDER BY s.started_at DESC LIMIT 1",
        subject,
    )
    assert browser.cookies
    return found


@pytest.mark.parametrize(
    ("age", "sees"),
    [(11, ["HbA1c", "Insulin aspart"]), (12, ["Insulin aspart"]), (15, ["Insulin aspart"]), (16, None)],
)
async def test_a_parent_on_the_birthday_itself(world: World, age: int, sees: list[str] | None) -> None:
    await a_family(world, born_so_as_to_turn(age, TODAY.replace(day=min(TODAY.day, 28))))
    marte = await world.log_in(MARTE)
    handle = await handle_of(marte, "Jonas")
    if sees is None:
        assert handle is None
        assert await titles(marte, await ended_handle(world, marte, "Jonas")) == 404
        return
    assert handle is not None
    assert await titles(marte, handle) == sees
    # It is worth nothing to the other parent, who has one of his own, and to a stranger.
    for other in (PER, KARI):
        assert await titles(await world.log_in(other), handle) == 404


@pytest.mark.parametrize(
    ("age", "consent", "sees"),
    [
        (12, True, 404),
        (13, False, 404),
        (13, True, ["Insulin aspart"]),
        (16, False, ["HbA1c", "Insulin aspart"]),
    ],
)
async def test_the_own_login(world: World, age: int, consent: bool, sees: object) -> None:
    paper = [youth_access(JONAS, "2020-01-01")] if consent else []
    await a_family(world, born_so_as_to_turn(age, TODAY.replace(day=min(TODAY.day, 28))), *paper)
    assert await titles(await world.log_in(JONAS), None) == sees
    assert await titles(await world.log_in(KARI), None) == []


async def test_a_secret_address_that_comes_in_the_middle_of_a_session(world: World) -> None:
    await a_family(world, born_so_as_to_turn(9, TODAY.replace(day=min(TODAY.day, 28))))
    await world.take(citizen(ELLA), parent(ELLA, MARTE), result("ellas", "ella"))
    marte = await world.log_in(MARTE)
    jonas, ella = await handle_of(marte, "Jonas"), await handle_of(marte, "Ella")
    assert await titles(marte, jonas) == ["HbA1c", "Insulin aspart"]
    await world.take(citizen(JONAS, secret="7", birthDate=born_so_as_to_turn(9, TODAY.replace(day=1))))
    closed = await marte.get(f"/for/{jonas}/api/entries")
    nobodys = await marte.get("/for/AAAAAAAAAAAAAAAA/api/entries")
    assert (closed.status_code, closed.content) == (nobodys.status_code, nobodys.content)
    assert (closed.status_code, await handle_of(marte, "Jonas")) == (404, None)
    # Her other child's record is as open as before.
    assert await titles(marte, ella) == ["HbA1c"]
    # It is the mother's address that is secret now: then hers is the only record she has.
    await world.take(citizen(MARTE, secret="6"))
    assert await titles(marte, ella) == 404
    refused = await world.owner.fetch(
        "SELECT DISTINCT rule FROM access.log WHERE refused ORDER BY 1",
    )
    # Why is told nobody, neither of the one nor of the other.
    assert [row["rule"] for row in refused] == ["shut"]


BORDERS = [
    # Clocks in Norway: winter, summer, the nights they change, a leap day that is and one that is not.
    ("2013-03-02", 12, "2025-03-02"),
    ("2013-07-02", 12, "2025-07-02"),
    ("2010-03-28", 16, "2026-03-28"),
    ("2010-10-25", 16, "2026-10-25"),
    ("2012-02-29", 12, "2024-02-29"),
    ("2010-02-28", 16, "2026-02-28"),
    ("2012-02-29", 16, "2028-02-29"),
    ("2012-02-29", 13, "2025-03-01"),
    ("2010-12-31", 16, "2026-12-31"),
]
NEXT = {12: ("parent.child", "parent.youth"), 16: ("parent.youth", "parent.from_sixteen"),
        13: ("own.child", "own.no_consent")}  # fmt: skip


@pytest.mark.parametrize(("born", "age", "day"), BORDERS)
async def test_at_one_second_to_midnight_and_at_midnight(world: World, born: str, age: int, day: str) -> None:
    """PostgreSQL says when midnight is in Norway, by its own tables of time zones."""
    await world.take(
        citizen(JONAS, birthDate=born), parent(JONAS, MARTE), now=datetime(2026, 11, 23, 12, tzinfo=UTC)
    )
    if not await world.owner.fetchval("SELECT own_permits FROM identity.person WHERE given_name = 'Jonas'"):
        assert age == 16
    for moment, rule in zip(("- interval '1 second'", ""), NEXT[age], strict=True):
        found = await world.owner.fetch(
            f"SELECT rule FROM access.permit p, (SELECT ($1::text::timestamp {moment}) AT TIME ZONE 'Europe/Oslo' AS at) m "  # noqa: S608, E501
            "WHERE p.valid_from <= m.at AND p.valid_until > m.at AND (p.actor_id = p.subject_id) = $2",
            f"{day} 00:00:00",
            age == 13,
        )
        assert [row["rule"] for row in found] == [rule]


async def test_whoever_is_refused_is_told_by_which_rule_unless_it_would_tell_on_somebody(
    world: World,
) -> None:
    await a_family(world, born_so_as_to_turn(15, TODAY.replace(day=min(TODAY.day, 28))))
    marte, jonas = await world.log_in(MARTE), await world.log_in(JONAS)
    handle = await handle_of(marte, "Jonas")
    own = await jonas.get("/journal")
    assert (own.status_code, 'href="/rules#own.no_consent"' in own.text, 'action="/logout"' in own.text) == (
        404,
        True,
        True,
    )
    await world.take(citizen(JONAS, birthDate=born_so_as_to_turn(16, TODAY.replace(day=1))))
    turned = await marte.get(f"/for/{handle}/journal")
    assert (turned.status_code, 'href="/rules#parent.from_sixteen"' in turned.text) == (404, True)
    assert "Jonas" not in turned.text
    await world.take(citizen(JONAS, secret="6"))
    hidden = await marte.get(f"/for/{handle}/journal")
    nobodys = await marte.get("/for/AAAAAAAAAAAAAAAA/journal")
    assert (hidden.status_code, hidden.content) == (nobodys.status_code, nobodys.content)
