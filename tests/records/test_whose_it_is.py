"""Whose an entry is: by every name that a patient has, and nobody's where it could be two people's."""

import asyncio
from typing import Any

import msgspec
import pytest

from innsyn.journal.port import Entry
from records.test_reading import entries, titles
from waiting import until
from world import FNR, KARI, OLA, Resource, World, patient, result

# Synthetic as well: the day is moved by 40.
D_NUMBER = "52846800085"


def named(kind: str, id_: str, system: str, value: str, **more: Any) -> Resource:  # noqa: ANN401
    return {
        "resourceType": kind,
        "id": id_,
        "identifier": [{"system": system, "value": value}],
        "name": [{"text": id_}],
        **more,
    }


def known_by(system: str, value: str) -> dict[str, Any]:
    """A subject that is told by an identifier alone."""
    return {"subject": {"identifier": {"system": system, "value": value}}}


async def test_a_number_finds_the_patient_also_where_a_helper_or_a_doctor_has_the_same(world: World) -> None:
    relative = named("RelatedPerson", "kari-as-helper", FNR, KARI, patient={"reference": "Patient/ola"})
    await world.take(named("Practitioner", "kari-as-doctor", FNR, KARI), relative)
    await world.take(patient("ola", OLA, "Ola"), patient("kari", KARI, "Kari"))
    told = await world.take(result("a", "", **known_by(FNR, KARI)))
    assert (told.projected["Observation"], told.quarantined) == (1, [])
    assert await titles(await world.log_in(KARI)) == ["HbA1c"]
    assert await titles(await world.log_in(OLA)) == []


@pytest.mark.parametrize("at_once", [True, False])
async def test_an_identifier_that_two_people_have_is_nobodys(world: World, at_once: bool) -> None:
    told = []
    for id_, number in (("kari", KARI), ("ola", OLA)):
        person = patient(id_, number, id_)
        told.append({**person, "identifier": [*person["identifier"], {"system": "urn:mrn", "value": "17"}]})
    for batch in [told] if at_once else [[each] for each in told]:
        await world.take(*batch)
    bad = await world.take(result("a", "", **known_by("urn:mrn", "17")))
    assert [each.reason for each in bad.quarantined] == ["unknown_patient"]
    assert await entries(await world.log_in(KARI)) == []
    assert await entries(await world.log_in(OLA)) == []


@pytest.mark.parametrize(
    "subject",
    [
        {"identifier": {"system": FNR, "value": KARI}},
        {"reference": f"Patient?identifier={FNR}|{KARI}"},
        {"reference": "urn:uuid:1f1b"},
    ],
)
async def test_a_result_waits_for_a_patient_told_by_any_name(world: World, subject: dict[str, Any]) -> None:
    await world.take(result("a", "", subject=subject))
    kari = Entry(
        position=2,
        source="st-olavs",
        kind="Patient",
        id="kari",
        resource=msgspec.json.encode(patient("kari", KARI, "Kari")),
        aliases=("urn:uuid:1f1b",),
    )
    await world.intake.take([kari])
    assert await titles(await world.log_in(KARI)) == ["HbA1c"]
    assert await titles(await world.log_in(OLA)) == []
    assert await world.owner.fetchval("SELECT count(*) FROM journal.quarantine") == 0


@pytest.mark.parametrize("ola_first", [True, False])
async def test_a_reference_to_one_and_a_number_of_another_is_shown_to_neither(
    world: World, ola_first: bool
) -> None:
    subject = {"reference": "Patient/kari", "identifier": {"system": FNR, "value": OLA}}
    said = [patient("ola", OLA, "Ola"), result("a", "kari", subject=subject)]
    await world.take(patient("kari", KARI, "Kari"))
    for each in said if ola_first else said[::-1]:
        await world.take(each)
    assert await entries(await world.log_in(KARI)) == []
    assert await entries(await world.log_in(OLA)) == []
    reasons = await world.owner.fetch("SELECT reason FROM journal.quarantine")
    assert [row["reason"] for row in reasons] == ["two_patients"]


@pytest.mark.parametrize("subject", [{"reference": "Patient/nobody"}, {"display": "?"}, None])
async def test_a_result_that_is_no_longer_ones_own_is_gone_although_nobody_else_has_it(
    world: World, subject: dict[str, Any] | None
) -> None:
    await world.take(patient("kari", KARI, "Kari"))
    await world.take(result("a", "kari"), version=1)
    kari = await world.log_in(KARI)
    assert await titles(kari) == ["HbA1c"]
    changed = {name: value for name, value in result("a", "kari", subject=subject).items() if value}
    bad = await world.take(changed, version=2)
    assert len(bad.quarantined) == 1
    assert await entries(kari) == []
    await world.take(result("a", "kari", value=42), version=3)
    assert [entry["value"] for entry in await entries(kari)] == ["42"]


def with_numbers(id_: str, *numbers: str, old: str = "") -> Resource:
    identifiers = [{"system": FNR, "value": number} for number in numbers]
    identifiers += [{"system": FNR, "value": old, "use": "old"}] if old else []
    return {**patient(id_, "", "Kari"), "identifier": identifiers}


async def test_a_patient_who_becomes_somebody_else_takes_no_journal_along(world: World) -> None:
    await world.take(patient("p", OLA, "Ola"), result("a", "p"), version=1)
    bad = await world.take(with_numbers("p", KARI), result("b", "p", "Kreatinin"), version=2)
    assert [each.reason for each in bad.quarantined] == ["another_person", "unknown_patient"]
    # Not when it is said once more, either.
    await world.take(with_numbers("p", KARI), result("c", "p", "Ferritin"), version=3)
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    assert await entries(kari) == []
    assert await titles(ola) == ["HbA1c"]
    assert (await ola.get("/api/me")).json()["name"] == "Ola Nordli"
    await world.take(patient("p", OLA, "Ola"), version=4)
    assert sorted(map(str, await titles(ola))) == ["Ferritin", "HbA1c", "Kreatinin"]
    assert await world.owner.fetchval("SELECT count(*) FROM journal.quarantine") == 0


async def test_a_patient_with_the_numbers_of_two_people_is_neither(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    bad = await world.take(with_numbers("both", KARI, OLA), result("a", "both"))
    assert [each.reason for each in bad.quarantined] == ["another_person", "unknown_patient"]
    assert await entries(await world.log_in(KARI)) == []
    assert await entries(await world.log_in(OLA)) == []


@pytest.mark.parametrize("logs_in_first", [True, False])
async def test_a_d_number_becomes_a_national_number_and_the_journal_comes_along(
    world: World, logs_in_first: bool
) -> None:
    await world.take(with_numbers("kari", D_NUMBER), result("a", "kari"), version=1)
    if logs_in_first:
        await world.log_in(KARI)
    told = await world.take(with_numbers("kari", KARI, old=D_NUMBER), version=2)
    assert told.quarantined == []
    assert await titles(await world.log_in(KARI)) == ["HbA1c"]
    assert await entries(await world.log_in(OLA)) == []


async def test_who_logs_in_while_the_journal_first_comes_is_the_same_person(world: World) -> None:
    async with world.worker.transaction():
        await world.take(patient("kari", KARI, "Kari"), result("a", "kari"))
        login = asyncio.create_task(world.log_in(KARI))

        async def is_done_or_waits() -> bool:
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
            return login.done() or bool(await world.owner.fetchval(waiting))

        await until(is_done_or_waits, "the login is done, or waits for the batch")
    assert await titles(await login) == ["HbA1c"]


async def test_a_result_that_moves_within_one_batch_is_shown_to_neither(world: World) -> None:
    told = [
        patient("kari", KARI, "Kari"),
        patient("ola", OLA, "Ola"),
        result("a", "kari"),
        result("a", "ola"),
    ]
    tally = await world.take(*told)
    assert [bad.reason for bad in tally.quarantined] == ["moved_to_another_person"]
    assert tally.balances
    assert await entries(await world.log_in(KARI)) == []
    assert await entries(await world.log_in(OLA)) == []


async def test_bytes_that_have_rotted_where_they_lie_stop_nobody(world: World) -> None:
    await world.take(
        patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"), result("a", "kari"), result("b", "ola")
    )
    await world.owner.execute(
        "UPDATE journal.resource SET body = '\\x7b22ff' WHERE id IN ('a', 'kari') AND feed = 'journal'"
    )
    told = await world.take(result("a", "kari", "CRP"), result("b", "ola", "CRP"), result("c", "ola", "LDL"))
    assert (told.balances, told.quarantined) == (True, [])
    assert await titles(await world.log_in(KARI)) == ["CRP"]
    assert set(await titles(await world.log_in(OLA))) == {"CRP", "LDL"}
