"""What tells of several people makes nobody of them another, whoever is known before."""

from typing import Any

import pytest

from access.family import JONAS, KARI, MARTE, OLAV, PER, certificate, citizen, nearest, parent, youth_access
from access.relations_reading import handle_of
from world import FNR, Resource, World, result


def naming(paper: Resource, *numbers: str) -> Resource:
    """The paper with these people as its actors."""
    named = [{"type": "RelatedPerson", "identifier": {"system": FNR, "value": number}} for number in numbers]
    return {**paper, "provision": {**paper["provision"], "actor": [{"reference": each} for each in named]}}


async def whose(world: World, *numbers: str) -> list[Any]:
    """The persons who have these numbers, in that order; None for a number that nobody has."""
    query = "SELECT person_id FROM identity.person_identifier WHERE value = $1"
    return [await world.owner.fetchval(query, number) for number in numbers]


async def status(world: World, number: str, of: str, id_: str) -> int:
    """What one gets who asks for the record of another by its handle, whether it is offered or not."""
    browser = await world.log_in(number)
    handle = await world.owner.fetchval(
        "SELECT access.handle_of(s.handle_key, i.person_id) FROM identity.session s, identity.person_identifier i "
        "WHERE i.value = $1 ORDER BY s.started_at DESC LIMIT 1",
        of,
    )
    answer = await browser.get(f"/for/{handle}/api/entries")
    assert (id_ in answer.text) is (answer.status_code == 200)
    return answer.status_code


@pytest.mark.parametrize("paper_first", [True, False])
async def test_both_parents_consent_and_stay_two_people(world: World, paper_first: bool) -> None:
    paper = naming(youth_access(JONAS, "2026-05-01"), MARTE, PER)
    parents = [parent(JONAS, MARTE, "mor", "mor"), parent(JONAS, PER, "far", "mor", "other")]
    vaccine = {
        "resourceType": "Immunization",
        "id": "v",
        "status": "completed",
        "patient": {"reference": "Patient/jonas"},
        "vaccineCode": {"text": "HPV-vaksine"},
        "occurrenceDateTime": "2026-10-01",
    }
    await world.take(citizen(JONAS), vaccine)
    await world.take(*([paper, *parents] if paper_first else [*parents, paper]))
    marte, per = await whose(world, MARTE, PER)
    assert None not in {marte, per}
    assert marte != per
    found = [await status(world, number, JONAS, "HPV-vaksine") for number in (MARTE, PER)]
    assert found == [200, 404]
    # The paper itself counts: it is of the youth alone.
    assert (await (await world.log_in(JONAS)).get("/journal")).status_code == 200


async def test_a_certificate_that_names_two_opens_to_neither(world: World) -> None:
    paper = certificate(OLAV, MARTE, "2026-01-01")
    await world.take(
        citizen(OLAV), naming(paper, MARTE, PER), nearest(OLAV, MARTE), result("lab", "olav"), version=1
    )
    assert [await status(world, number, OLAV, "HbA1c") for number in (MARTE, PER)] == [404, 404]
    await world.take(citizen(MARTE), result("m", "marte", "Ferritin"))
    assert [("Ferritin" in (await (await world.log_in(n)).get("/journal")).text) for n in (MARTE, PER)] == [
        True,
        False,
    ]
    # The same one twice is one.
    await world.take(naming(paper, MARTE, MARTE), version=2)
    assert [await status(world, number, OLAV, "HbA1c") for number in (MARTE, PER)] == [200, 404]


async def test_a_relative_with_the_numbers_of_two_is_neither(world: World) -> None:
    both = [{"system": FNR, "value": number} for number in (MARTE, PER)]
    await world.take(citizen(JONAS), {**parent(JONAS, MARTE), "identifier": both})
    assert await whose(world, MARTE, PER) == [None, None]
    marte, per = await world.log_in(MARTE), await world.log_in(PER)
    assert [await handle_of(browser, "Jonas") for browser in (marte, per)] == [None, None]
    marte_id, per_id = await whose(world, MARTE, PER)
    assert marte_id != per_id


async def test_a_relative_with_the_numbers_of_two_in_one_batch_with_each_of_them(world: World) -> None:
    both = [{"system": FNR, "value": number} for number in (KARI, PER)]
    await world.take(
        {**parent(JONAS, MARTE), "identifier": both}, parent(JONAS, PER, "far"), nearest(OLAV, KARI),
        citizen(JONAS), citizen(OLAV),
    )  # fmt: skip
    kari, per = await whose(world, KARI, PER)
    assert None not in {kari, per}
    assert kari != per
    kin = await world.owner.fetch("SELECT id, actor_id FROM access.relation ORDER BY id")
    assert [tuple(row) for row in kin] == [("jonas-per", per), ("olav-kari", kari)]
