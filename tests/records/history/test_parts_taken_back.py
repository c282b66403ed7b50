"""A part that is taken back is as closed as its whole was, also when that has gone or lets it go."""

from typing import Any

import pytest

from access.permits import permit, person_of
from access.test_acting import open_as
from records.history.said import observed, say, tagged, version
from records.history.test_row_security import seen_by
from records.history.test_taken_back import (
    ENTRY,
    GONE,
    LATER,
    NOTHING,
    SECRET,
    WRONG,
    said_and_taken_back,
    told,
)
from records.history.test_what_changed import BEGAN, three
from world import KARI, OLA, World


def report(number: int, release_class: str, status: str = "final", of: str = "kari", part: str = "a") -> Any:  # noqa: ANN401
    """A version of a report that claims one result."""
    panel = {
        "resourceType": "DiagnosticReport",
        "id": "p",
        "status": status,
        "category": [{"coding": [{"code": "LAB"}]}],
        "code": {"text": "Blodprøver"},
        "subject": {"reference": f"Patient/{of}"},
        "result": [{"reference": f"Observation/{part}"}],
    }
    return version(number, panel | tagged(release_class), BEGAN, kind="DiagnosticReport", id_="p")


WITHDRAWN = report(2, "1", "entered-in-error")
DELETED = version(2, None, LATER, kind="DiagnosticReport", id_="p")


@pytest.mark.parametrize("then", [WITHDRAWN, DELETED, report(2, "1", of="ola"), report(2, "4", part="other")])
@pytest.mark.parametrize("first", ["part", "whole", "both"])
async def test_what_a_closed_whole_held_is_told_to_nobody(world: World, then: Any, first: str) -> None:  # noqa: ANN401
    await three(world)
    await say(world, report(1, "4"), at=BEGAN)
    await say(world, version(1, SECRET, BEGAN), at=BEGAN)
    wrong = version(2, WRONG, LATER)
    batches = {"part": [[wrong], [then]], "whole": [[then], [wrong]], "both": [[wrong, then]]}
    for batch in batches[first]:
        await say(world, *batch, at=LATER)
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    assert (await told(kari), await told(ola)) == (NOTHING, NOTHING)
    assert (await seen_by(world, KARI))["taken_back"] == []
    assert "trukket tilbake" not in (await kari.get("/")).text


async def test_what_an_open_whole_held_is_told_to_whom_it_was_for(world: World) -> None:
    await three(world)
    await permit(world, OLA, KARI, kinds=["lab_results"])
    await say(world, report(1, "1"), at=BEGAN)
    await said_and_taken_back(world, SECRET, WRONG)
    await say(world, WITHDRAWN, at=LATER)
    kari = await world.log_in(KARI)
    ola, karis = await open_as(world, OLA, KARI)
    assert (await told(kari), await told(ola, karis), await told(ola)) == (GONE, GONE, NOTHING)
    # The whole was for the citizen alone.
    await world.owner.execute("UPDATE record.claimed_before SET audience = 1")
    assert (await told(kari), await told(ola, karis)) == (GONE, NOTHING)
    # Row security alone says the same.
    seen = [(await seen_by(world, *reader))["taken_back"] for reader in ((KARI,), (OLA, KARI), (OLA,))]
    assert [len(rows) for rows in seen] == [2, 1, 0]


@pytest.mark.parametrize("links", [("before",), ("claim", "before"), ("claim", "claim", "before")])
async def test_what_a_whole_of_its_whole_may_have_closed_is_told_to_nobody(
    world: World, links: tuple[str, ...]
) -> None:
    await three(world)
    await say(world, version(1, observed(id_="p1"), BEGAN, id_="p1"), at=BEGAN)
    await said_and_taken_back(world, SECRET, WRONG)
    person = await person_of(world, KARI)
    kari = await world.log_in(KARI)
    assert await told(kari) == GONE
    member = ENTRY
    # Each stands and is open, but for what once held the uppermost.
    for link in links:
        above = await world.owner.fetchval(
            "SELECT entry_id FROM record.entry" if link == "claim" else "SELECT gen_random_uuid()"
        )
        put = (
            "INSERT INTO record.claim VALUES ($1, $2, $3, 1, false)"
            if link == "claim"
            else "INSERT INTO record.claimed_before VALUES ($1, $2, $3, 31, '9999-01-01+00')"
        )
        await world.owner.execute(put, person, member, above)
        member = above
    assert (await told(kari), await told(await world.log_in(OLA))) == (NOTHING, NOTHING)
    assert (await seen_by(world, KARI))["taken_back"] == []


async def test_neither_order_nor_batches_make_a_difference(world: World) -> None:
    await three(world)
    versions = [report(1, "4"), report(2, "2", part="b"), report(3, "1", "entered-in-error")]
    found = []
    for batches in ([[each] for each in versions], [versions], [[each] for each in versions[::-1]]):
        for batch in batches:
            await say(world, *batch, at=BEGAN)
        found.append(await _claimed(world))
        await world.owner.execute("DELETE FROM journal.resource WHERE kind = 'DiagnosticReport'")
        await world.owner.execute("DELETE FROM record.claimed_before")
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 2


async def _claimed(world: World) -> list[tuple[Any, ...]]:
    rows = await world.owner.fetch("SELECT * FROM record.claimed_before ORDER BY member_id")
    return [tuple(row) for row in rows]
