"""Whatever one entry says, the others are read; and nothing is missed longer than it is missing."""

from typing import Any

import msgspec
import pytest

from innsyn.journal.port import Entry, Unusable
from innsyn.worker import REGISTRY, Intake
from records.test_parts import report, withheld
from records.test_reading import entries, titles
from world import KARI, World, patient, result, utc


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


async def test_two_workers_of_one_feed_know_what_the_other_has_learnt(world: World) -> None:
    performer = [{"reference": "Practitioner/vik"}]
    doctor = {"resourceType": "Practitioner", "id": "vik", "name": [{"text": "Anne Vik"}]}
    other = Intake(world.worker, "journal", REGISTRY)
    await world.take(patient("kari", KARI, "Kari"), doctor, result("a", "kari", performer=performer))
    renamed = {**doctor, "name": [{"text": "Anne Moe"}]}
    await other.take(
        [
            Entry(
                position=50,
                source="st-olavs",
                kind="Practitioner",
                id="vik",
                resource=msgspec.json.encode(renamed),
            )
        ]
    )
    await world.take(result("b", "kari", performer=performer))
    told = await entries(await world.log_in(KARI))
    assert sorted(str(entry["author"]) for entry in told) == ["Anne Moe", "Anne Vik"]
