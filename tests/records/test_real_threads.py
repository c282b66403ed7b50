"""Bundles that others made to show a leak between patients, and messages that come twice: each sees the own."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from innsyn.journal.port import Entry, Unusable
from records.populations import DATA, resources_of
from world import FNR, KARI, OLA, World, patient, result

_COMPARTMENTS = Path("msft-fhir-server-tests/smart-compartment")
_NUMBERS = {"smart-patient-A": KARI, "smart-patient-B": OLA}


def needs(name: Path | str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not (DATA / name).is_dir(), reason="no real input beside this checkout")


def everything(name: Path | str) -> list[dict[str, Any]]:
    return [each for _, each in resources_of(str(name)) if each.get("id")]


def batch(said: list[dict[str, Any]]) -> list[Entry | Unusable]:
    return [
        Entry(
            position=n,
            source="thread",
            kind=each["resourceType"],
            id=each["id"],
            resource=msgspec.json.encode(each),
        )
        for n, each in enumerate(said, start=1)
    ]


@needs(_COMPARTMENTS)
@pytest.mark.parametrize("turned", [False, True])
async def test_of_two_compartments_each_has_the_own(world: World, turned: bool) -> None:
    said = everything(_COMPARTMENTS)
    for each in said:
        if each["id"] in _NUMBERS:
            each["identifier"] = [{"system": FNR, "value": _NUMBERS[each["id"]]}]
    tally = await world.intake.take(batch(said[::-1] if turned else said))
    assert tally.balances
    rows = await world.owner.fetch(
        "SELECT p.patient_id, r.body FROM journal.resource r JOIN identity.patient p USING (person_id)"
        " WHERE r.kind NOT IN ('Patient')"
    )
    about = [(row["patient_id"], json.loads(row["body"])) for row in rows]
    for whose, resource in about:
        told = resource.get("subject") or resource.get("patient")
        assert told is None or told["reference"] == f"Patient/{whose}", resource["id"]
        others = [each for each in _NUMBERS if each != whose]
        assert not (told is None and any(each in json.dumps(resource) for each in others)), resource["id"]
    shown = await world.owner.fetch("SELECT count(*) FROM record.entry GROUP BY person_id")
    assert len(shown) == 2


@needs("medcom-carecommunication")
async def test_threads_that_come_twice_are_one_and_nobody_elses(world: World) -> None:
    await world.take(patient("ola", OLA, "Ola"), result("o", "ola"))
    said = everything("medcom-carecommunication")
    first = await world.intake.take(batch(said))
    rows = "SELECT * FROM {} ORDER BY 1, 2, 3, 4"
    tables = ("journal.resource", "identity.patient", "record.entry", "identity.person")
    before = [await world.owner.fetch(rows.format(table)) for table in tables]
    again = await world.intake.take(batch(said))
    assert (first.balances, again.balances) == (True, True)
    assert again.unchanged.total() + len(again.quarantined) == len(said)
    assert [await world.owner.fetch(rows.format(table)) for table in tables] == before
    patients = {each["id"] for each in said if each["resourceType"] == "Patient"}
    linked = await world.owner.fetch("SELECT patient_id FROM identity.patient WHERE patient_id <> 'ola'")
    assert {row["patient_id"] for row in linked} <= patients
    whose = "SELECT count(*) FROM record.entry e JOIN identity.patient p USING (person_id) WHERE p.patient_id = 'ola'"
    assert await world.owner.fetchval(whose) == 1
