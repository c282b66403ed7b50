"""Whose an entry is, when it opens and what it is part of: the same in whatever order the journal tells it."""

import asyncio
from itertools import permutations
from typing import Any

import httpx
import msgspec
import pytest

from innsyn.journal.port import Entry, Unusable
from records.test_reading import entries, titles
from world import FNR, KARI, OLA, Resource, World, patient, result, utc

# Synthetic as well: the day is moved by 40.
D_NUMBER = "52846800085"


def report(id_: str, of: str, results: list[str], name: str = "Blodprøver", **more: Any) -> Resource:  # noqa: ANN401
    return {
        "resourceType": "DiagnosticReport",
        "id": id_,
        "status": "final",
        "category": [{"coding": [{"code": "LAB"}]}],
        "code": {"text": name},
        "subject": {"reference": f"Patient/{of}"},
        "effectiveDateTime": "2026-11-20",
        "result": [{"reference": f"Observation/{each}"} for each in results],
        **more,
    }


def withheld(release_class: str = "3") -> dict[str, Any]:
    return {"meta": {"tag": [{"system": "urn:innsyn:release-class", "code": release_class}]}}


async def rows(world: World) -> Any:  # noqa: ANN401
    """All that decides who sees what."""
    columns = "entry_id, person_id, panel_id, audience, release_at"
    return await world.owner.fetch(f"SELECT {columns} FROM record.entry ORDER BY entry_id")  # noqa: S608


async def readable(browser: httpx.AsyncClient) -> set[object]:
    """The titles that words can be found in: of everything this reader may see the content of."""
    return {title for words in ("hba1c", "blodprøver", "syre") for title in await titles(browser, q=words)}


async def test_a_result_in_two_reports_opens_with_the_last_of_them_in_any_order(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"))
    kari = await world.log_in(KARI)
    said = [
        result("a", "kari"),
        report("withheld", "kari", ["a"], **withheld()),
        report("open", "kari", ["a"], "Syre og base"),
    ]
    outcomes = []
    for order in permutations(said):
        for each in order:
            await world.take(each)
        assert await readable(kari) == {"Syre og base"}
        outcomes.append(await rows(world))
        for each in order:
            await world.delete(each["resourceType"], each["id"], 1_000_000)
            await world.owner.execute("DELETE FROM journal.resource WHERE kind <> 'Patient'")
    await world.take(*said)
    outcomes.append(await rows(world))
    assert all(outcome == outcomes[0] for outcome in outcomes)


async def test_a_result_that_one_report_lets_go_is_still_held_by_the_other(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"), result("a", "kari"))
    await world.take(report("withheld", "kari", ["a"], **withheld()))
    await world.take(report("open", "kari", ["a"], "Syre og base"))
    await world.take(report("open", "kari", [], "Syre og base"))
    kari = await world.log_in(KARI)
    assert await readable(kari) == {"Syre og base"}
    await world.delete("DiagnosticReport", "withheld", 9)
    assert await readable(kari) == {"Syre og base", "HbA1c"}


async def test_a_report_withholds_the_parts_of_its_panels_too(world: World) -> None:
    panel = result("panel", "kari", "Syre", hasMember=[{"reference": "Observation/a"}])
    await world.take(patient("kari", KARI, "Kari"), result("earlier", "kari"))
    kari = await world.log_in(KARI)
    said = [result("a", "kari"), panel, report("whole", "kari", ["panel"], **withheld())]
    for order in permutations(said):
        for each in order:
            await world.take(each)
        assert len(await titles(kari, q="hba1c")) == 1
        assert await titles(kari, q="syre") == []
        for each in order:
            await world.delete(each["resourceType"], each["id"], 1_000_000)
            await world.owner.execute("DELETE FROM journal.resource WHERE kind <> 'Patient'")
    await world.take(*said)
    assert len(await titles(kari, q="hba1c")) == 1
    await world.take(report("whole", "kari", ["panel"], **withheld("1")))
    assert len(await titles(kari, q="hba1c")) == 2


async def test_a_report_that_opens_opens_the_results_that_come_again_with_it(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"))
    await world.take(result("a", "kari"), report("r", "kari", ["a"], **withheld()), version=1)
    kari = await world.log_in(KARI)
    assert await readable(kari) == set()
    await world.take(result("a", "kari", value=42), report("r", "kari", ["a"]), version=2)
    assert await readable(kari) == {"Blodprøver", "HbA1c"}


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_report_has_no_say_over_the_result_of_somebody_else(world: World, at_once: bool) -> None:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    said = [result("a", "ola"), report("r", "kari", ["a"], **withheld())]
    for batch in [said] if at_once else [[each] for each in said]:
        await world.take(*batch)
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    assert await titles(ola) == ["HbA1c"]
    [placeholder] = await entries(kari)
    assert placeholder["withheld"] == "doctor_only"
    assert (await kari.get(f"/api/entries/{placeholder['id']}")).json()["members"] == []


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
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        while not login.done() and not await world.owner.fetchval(waiting):
            pass
    assert await titles(await login) == ["HbA1c"]


@pytest.mark.parametrize(
    "odd",
    [
        {"effectiveDateTime": "0001"},
        {"effectiveDateTime": "0001-01-01"},
        {"effectiveDateTime": "0001-01-01T00:00:00Z"},
        {"effectiveDateTime": "0001-01-01T00:00:00+14:00"},
        {"effectiveDateTime": "9999-12-31"},
        {"effectiveDateTime": "9999-12-31T23:59:59.999999-12:00"},
        {"effectiveDateTime": "2026-11-20T24:00:00Z"},
        {
            "meta": {"tag": [{"system": "urn:innsyn:release-class", "code": "3"}]},
            "extension": [{"url": "urn:innsyn:release-at", "valueDateTime": "0001-01-01T00:00:00Z"}],
        },
        {"performer": [{"display": "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(5000))}]},
        {"code": {"text": "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(5000))}},
        {"note": [{"text": "".join(chr(0x1F300 + n * 7919 % 700) for n in range(5000))}]},
        {"valueString": "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(5000))},
        {"valueQuantity": {"value": 1, "unit": "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(5000))}},
    ],
)
async def test_one_odd_entry_stops_nobodys_feed(world: World, odd: dict[str, Any]) -> None:
    report_ = report("r", "kari", ["odd", "b"])
    odd_one = {**result("odd", "kari", "Kreatinin"), **odd}
    if "valueString" in odd:
        del odd_one["valueQuantity"]
    await world.take(patient("kari", KARI, "Kari"), odd_one, result("a", "kari"))
    await world.take(report_, result("b", "kari"))
    kari = await world.log_in(KARI)
    assert sorted(map(str, await titles(kari)))[-2:] == ["Blodprøver", "HbA1c"]
    assert (await kari.get("/journal/lab_results")).status_code == 200


@pytest.mark.parametrize("release_class", ["2", "3"])
async def test_one_recorded_at_the_end_of_time_stops_nobodys_feed(world: World, release_class: str) -> None:
    await world.take(patient("kari", KARI, "Kari"))
    last = utc(9999, 12, 31, 23)
    odd = Entry(
        position=2,
        source="st-olavs",
        kind="Observation",
        id="odd",
        recorded=last,
        resource=msgspec.json.encode(result("odd", "kari", **withheld(release_class))),
    )
    await world.intake.take([odd])
    await world.take(result("a", "kari"))
    kari = await world.log_in(KARI)
    assert "HbA1c" in await titles(kari)
    assert await world.owner.fetchval("SELECT last_contact_at <= now() FROM journal.source")


async def test_what_is_too_broken_to_read_stays_in_quarantine_when_an_earlier_version_is_shown_again(
    world: World,
) -> None:
    performer = [{"reference": "Practitioner/vik", "display": "Lege"}]
    await world.take(patient("kari", KARI, "Kari"), result("a", "kari", performer=performer))
    broken = Unusable(
        position=50,
        source="st-olavs",
        reason="too_deep",
        explanation="",
        body=b"{",
        kind="Observation",
        id="a",
    )
    await world.intake.take([broken])
    await world.take({"resourceType": "Practitioner", "id": "vik", "name": [{"text": "Anne Vik"}]})
    missing = "SELECT missing FROM journal.source"
    assert await world.owner.fetchval(missing) == 1
    mended = Entry(
        position=60,
        source="st-olavs",
        kind="Observation",
        id="a",
        resource=msgspec.json.encode(result("a", "kari", value=42)),
    )
    await world.intake.take([mended])
    assert await world.owner.fetchval(missing) == 0


async def test_what_was_in_quarantine_and_is_deleted_is_missed_no_longer(world: World) -> None:
    await world.take(result("a", "nobody"), result("b", "nobody"), version=1)
    missing = "SELECT missing FROM journal.source"
    assert await world.owner.fetchval(missing) == 2
    await world.delete("Observation", "a", 2)
    await world.take(result("b", "nobody", status="entered-in-error"), version=2)
    assert await world.owner.fetchval(missing) == 0


async def test_a_deleted_practitioner_is_a_name_no_longer_in_the_same_batch_or_later(world: World) -> None:
    doctor = {"resourceType": "Practitioner", "id": "vik", "name": [{"text": "Anne Vik"}]}
    performer = [{"reference": "Practitioner/vik", "display": "Lege"}]
    await world.take(patient("kari", KARI, "Kari"), doctor)
    gone = Entry(position=50, source="st-olavs", kind="Practitioner", id="vik", version=9, resource=None)
    late = [
        Entry(
            position=51 + n,
            source="st-olavs",
            kind="Observation",
            id=f"a{n}",
            resource=msgspec.json.encode(result(f"a{n}", "kari", performer=performer)),
        )
        for n in range(2)
    ]
    await world.intake.take([gone, late[0]])
    await world.intake.take([late[1]])
    kari = await world.log_in(KARI)
    assert [entry["author"] for entry in await entries(kari)] == ["Lege", "Lege"]


async def test_a_practitioner_who_came_unreadable_and_then_readable_gets_the_name_in_place(
    world: World,
) -> None:
    performer = [{"reference": "Practitioner/vik", "display": "Lege"}]
    await world.take(patient("kari", KARI, "Kari"), result("a", "kari", performer=performer))
    await world.take({"resourceType": "Practitioner", "id": "vik", "name": "Anne Vik"})
    await world.take({"resourceType": "Practitioner", "id": "vik", "name": [{"text": "Anne Vik"}]})
    assert [entry["author"] for entry in await entries(await world.log_in(KARI))] == ["Anne Vik"]


async def test_what_postgresql_cannot_hold_goes_to_quarantine_alone(world: World) -> None:
    good = [result(f"r{n}", "kari", f"Prøve {n}") for n in range(6)]
    batch: list[Entry | Unusable] = [
        Entry(
            position=10 + n,
            source="st-olavs",
            kind=each["resourceType"],
            id=each["id"],
            version=2**70 if n == 3 else 1,
            resource=msgspec.json.encode(each),
        )
        for n, each in enumerate([patient("kari", KARI, "Kari"), *good])
    ]
    tally = await world.intake.take(batch)
    assert [(bad.entry, bad.reason) for bad in tally.quarantined] == [("Observation/r2", "cannot_be_kept")]
    assert (tally.projected["Observation"], tally.balances, await world.intake.position()) == (5, True, 16)
    assert len(await entries(await world.log_in(KARI))) == 5
