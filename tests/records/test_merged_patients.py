"""Two entries in the journal's register that are one person, or are not after all: what the citizen sees then."""

from typing import Any

import pytest

from records.test_reading import entries, titles
from records.test_whose_it_is import D_NUMBER, with_numbers
from world import FNR, KARI, OLA, Resource, World, patient, result


def replaced(id_: str, by: str, number: str = "", kind: str = "replaced-by", **more: Any) -> Resource:  # noqa: ANN401
    """A Patient that says it is not to be used any longer."""
    made = with_numbers(id_, *([number] if number else []))
    return {
        **made,
        "active": False,
        "link": [{"other": {"reference": f"Patient/{by}"}, "type": kind}],
        **more,
    }


async def sorted_titles(world: World, number: str) -> list[str]:
    return sorted(map(str, await titles(await world.log_in(number))))


async def as_it_began(world: World) -> None:
    """Kari has come twice: in an emergency with a D-number, and with her national number. Ola is another person."""
    await world.take(
        with_numbers("emergency", D_NUMBER), patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola")
    )
    await world.take(
        result("e", "emergency", "Ferritin"), result("k", "kari"), result("o", "ola", "Kreatinin")
    )


@pytest.mark.parametrize("said_first", [True, False])
async def test_what_is_known_of_one_that_is_replaced_is_seen_by_who_replaces_it(
    world: World, said_first: bool
) -> None:
    if said_first:
        await world.take(result("e", "emergency", "Ferritin"), replaced("emergency", "kari", D_NUMBER))
        await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
        await world.take(result("k", "kari"), result("o", "ola", "Kreatinin"))
    else:
        await as_it_began(world)
        assert await sorted_titles(world, KARI) == ["HbA1c"]
        await world.take(replaced("emergency", "kari", D_NUMBER))
    assert await sorted_titles(world, KARI) == ["Ferritin", "HbA1c"]
    assert await sorted_titles(world, OLA) == ["Kreatinin"]
    await world.take(result("later", "emergency", "Natrium"), result("e", "emergency", "Ferritin", value=9))
    assert await sorted_titles(world, KARI) == ["Ferritin", "HbA1c", "Natrium"]
    assert await world.owner.fetchval("SELECT count(*) FROM journal.quarantine") == 0
    me = (await (await world.log_in(KARI)).get("/api/me")).json()
    assert me["name"] == "Kari Nordli"


async def test_a_merge_that_is_taken_back_leaves_each_with_the_own(world: World) -> None:
    await as_it_began(world)
    await world.take(replaced("emergency", "kari", D_NUMBER), version=2)
    await world.take(result("later", "emergency", "Natrium"))
    assert await sorted_titles(world, KARI) == ["Ferritin", "HbA1c", "Natrium"]
    await world.take(with_numbers("emergency", D_NUMBER), version=3)
    assert await sorted_titles(world, KARI) == ["HbA1c"]
    assert await sorted_titles(world, OLA) == ["Kreatinin"]
    numbers = await world.owner.fetch(
        "SELECT p.patient_id, i.value FROM identity.patient p JOIN identity.person_identifier i USING (person_id)"
    )
    assert sorted(map(tuple, numbers)) == [("emergency", D_NUMBER), ("kari", KARI), ("ola", OLA)]
    sources = await world.owner.fetchval("SELECT count(*) FROM record.contributor")
    assert sources == 3
    # And said once more, it is one person again.
    await world.take(replaced("emergency", "kari", D_NUMBER), result("o2", "ola", "Kalium"), version=4)
    assert await sorted_titles(world, KARI) == ["Ferritin", "HbA1c", "Natrium"]
    assert await sorted_titles(world, OLA) == ["Kalium", "Kreatinin"]


async def test_a_login_with_the_former_number_is_the_same_person(world: World) -> None:
    await as_it_began(world)
    await world.take(replaced("emergency", "kari", D_NUMBER))
    who = await world.owner.fetchval("SELECT count(DISTINCT person_id) FROM identity.person_identifier")
    assert who == 2
    assert (
        await world.owner.fetchval(
            "SELECT count(DISTINCT person_id) FROM identity.person_identifier WHERE value IN ($1, $2)",
            KARI,
            D_NUMBER,
        )
        == 1
    )


@pytest.mark.parametrize("number", [OLA, ""])
async def test_two_people_with_a_number_each_never_become_one(world: World, number: str) -> None:
    await as_it_began(world)
    bad = await world.take(replaced("ola", "kari", number))
    assert [each.reason for each in bad.quarantined] == ["replaced_by_another"]
    await world.take(result("o2", "ola", "Kalium"))
    assert await sorted_titles(world, KARI) == ["HbA1c"]
    assert await sorted_titles(world, OLA) == ["Kalium", "Kreatinin"]


@pytest.mark.parametrize("kind", ["replaces", "seealso", "refer"])
async def test_what_another_says_of_one_gives_it_to_nobody(world: World, kind: str) -> None:
    await as_it_began(world)
    await world.take(replaced("kari", "emergency", KARI, kind))
    assert await sorted_titles(world, KARI) == ["HbA1c"]
    assert await sorted_titles(world, OLA) == ["Kreatinin"]


async def test_one_that_is_not_active_is_still_whose_it_was(world: World) -> None:
    await as_it_began(world)
    await world.take({**patient("kari", KARI, "Kari"), "active": False}, result("k2", "kari", "Natrium"))
    assert await sorted_titles(world, KARI) == ["HbA1c", "Natrium"]
    assert await sorted_titles(world, OLA) == ["Kreatinin"]


async def test_a_chain_and_a_ring_of_replacements_end_with_one_person(world: World) -> None:
    await as_it_began(world)
    await world.take(patient("third", "", "Kari"), result("t", "third", "Natrium"))
    await world.take(replaced("third", "emergency"))
    await world.take(replaced("emergency", "kari", D_NUMBER))
    assert await sorted_titles(world, KARI) == ["Ferritin", "HbA1c", "Natrium"]
    await world.take(replaced("kari", "third", KARI))
    assert await sorted_titles(world, KARI) == ["Ferritin", "HbA1c", "Natrium"]
    assert await sorted_titles(world, OLA) == ["Kreatinin"]


async def test_what_is_hidden_stays_hidden_and_what_is_told_in_one_batch_is_too(world: World) -> None:
    await as_it_began(world)
    await world.owner.execute(
        "INSERT INTO access.hidden (person_id, entry_id, from_audience, by_id)"
        " SELECT person_id, entry_id, 30, person_id FROM record.entry WHERE line LIKE '%Ferritin%'"
    )
    await world.take(
        replaced("emergency", "kari", D_NUMBER),
        result("e", "emergency", "Ferritin", value=7, status="corrected"),
    )
    kari = await world.log_in(KARI)
    assert [each["value"] for each in await entries(kari) if each["title"] == "Ferritin"] == ["7"]
    same = "SELECT count(*) FROM access.hidden h JOIN record.entry e USING (person_id, entry_id)"
    assert await world.owner.fetchval(same) == 1
    assert await sorted_titles(world, OLA) == ["Kreatinin"]
    told: dict[str, Any] = {"subject": {"identifier": {"system": FNR, "value": D_NUMBER}}}
    await world.take(result("by-number", "", "Natrium", **told))
    assert "Natrium" in await sorted_titles(world, KARI)
