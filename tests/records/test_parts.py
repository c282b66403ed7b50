"""What an entry is part of, and opens with: the same in whatever order the journal tells it."""

from itertools import permutations
from typing import Any

import httpx
import pytest

from records.test_reading import entries, titles
from world import KARI, OLA, Resource, World, patient, result


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


SECRET = {"id": "secret", "subject": {"reference": "Patient/kari"}}
CONDITION = {"resourceType": "Condition", "code": {"text": "Schizofreni"}, **SECRET}
PRESSURE = {
    "resourceType": "Observation",
    "status": "final",
    "category": [{"coding": [{"code": "vital-signs"}]}],
    "code": {"coding": [{"system": "http://loinc.org", "code": "8480-6"}]},
    "valueQuantity": {"value": 199, "unit": "mmHg", "code": "mm[Hg]"},
    "effectiveDateTime": "2026-11-20",
    **SECRET,
}
MEDICATION = {
    "resourceType": "MedicationRequest",
    "id": "m",
    "status": "active",
    "intent": "order",
    "medicationCodeableConcept": {"text": "Quetiapin"},
    "subject": {"reference": "Patient/kari"},
    "reasonReference": [{"reference": "Condition/secret"}],
}
PLAN = {
    "resourceType": "CarePlan",
    "id": "p",
    "status": "active",
    "intent": "plan",
    "title": "Plan",
    "subject": {"reference": "Patient/kari"},
    "addresses": [{"reference": "Condition/secret"}],
}


@pytest.mark.parametrize("release_class", ["2", "3", "4"])
@pytest.mark.parametrize(
    ("secret", "told_by", "words"),
    [
        (CONDITION, MEDICATION, "Schizofreni"),
        (CONDITION, PLAN, "Schizofreni"),
        (
            PRESSURE,
            report(
                "r", "kari", ["secret"], code={"coding": [{"system": "http://loinc.org", "code": "85354-9"}]}
            ),
            "199",
        ),
    ],
)
async def test_what_is_withheld_is_told_by_nothing_that_points_at_it(
    world: World, secret: Resource, told_by: Resource, words: str, release_class: str
) -> None:
    await world.take(patient("kari", KARI, "Kari"), {**secret, **withheld(release_class)}, told_by)
    kari = await world.log_in(KARI)

    async def everything() -> str:
        listed = (await kari.get("/api/entries")).json()["entries"]
        opened = [(await kari.get(f"/api/entries/{each['id']}")).text for each in listed]
        return "\n".join([str(listed), *opened, str(await entries(kari, q=words))])

    assert words not in await everything()
    await world.take(secret)
    assert words in await everything()


async def test_a_referral_is_listed_once_under_the_task_that_tells_where_it_is(world: World) -> None:
    about = {"reference": "Patient/kari"}
    referral = {
        "resourceType": "ServiceRequest",
        "id": "referral",
        "status": "active",
        "intent": "order",
        "category": [
            {"coding": [{"system": "http://snomed.info/sct", "code": "3457005"}], "text": "Henvisning"}
        ],
        "code": {"text": "Henvisning til øyelege"},
        "subject": about,
        "authoredOn": "2026-11-01",
    }
    task = {
        "resourceType": "Task",
        "id": "where",
        "status": "accepted",
        "intent": "order",
        "for": about,
        "focus": {"reference": "ServiceRequest/referral"},
        "authoredOn": "2026-11-02",
    }
    await world.take(patient("kari", KARI, "Kari"), referral, task)
    page = (await (await world.log_in(KARI)).get("/journal/referrals")).text
    assert page.count('<li class="line') == 1
