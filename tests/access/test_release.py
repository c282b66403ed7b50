"""What opens when, and what may be told of it until then."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from innsyn.access.release import NEVER, OPEN, Release, release_of
from world import KARI, OLA, World, patient, result

RECORDED = datetime(2026, 11, 1, tzinfo=UTC)
SOON = datetime(2026, 11, 5, tzinfo=UTC)
LATE = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("release_class", "source_says", "expected"),
    [
        ("", None, Release(OPEN)),
        ("1", None, Release(OPEN)),
        ("2", None, Release(RECORDED + timedelta(days=14), "doctor_first")),
        ("2", SOON, Release(SOON, "doctor_first")),
        ("2", LATE, Release(RECORDED + timedelta(days=14), "doctor_first")),
        ("3", None, Release(NEVER, "doctor_only")),
        ("3", LATE, Release(LATE, "doctor_only")),
        ("4", None, Release(NEVER)),
        ("4", SOON, Release(NEVER)),
        ("9", None, Release(NEVER, "doctor_only")),
    ],
)
def test_the_table_of_classes(release_class: str, source_says: datetime | None, expected: Release) -> None:
    assert release_of(release_class, RECORDED, source_says) == expected


def classed(id_: str, release_class: str, name: str = "Hemmelig analyse", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    tag = {"system": "urn:innsyn:release-class", "code": release_class}
    return {**result(id_, "kari", name, 98765, meta={"tag": [tag]}), **more}


async def _site(browser: httpx.AsyncClient, entry_id: str) -> str:
    """Everything that a reader can look at."""
    addresses = [
        "/",
        "/journal",
        "/journal/lab_results",
        "/journal?q=hemmelig",
        "/api/entries",
    ]
    addresses += ["/api/entries?q=hemmelig", f"/journal/lab_results/{entry_id}", f"/api/entries/{entry_id}"]
    return "\n".join([(await browser.get(address)).text for address in addresses])


async def test_a_result_of_class_2_is_a_placeholder_until_it_opens_by_itself(world: World) -> None:
    now = datetime.now(UTC)
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"), classed("a", "2"), now=now)
    kari = await world.log_in(KARI)
    [stub] = (await kari.get("/api/entries")).json()["entries"]
    assert stub == {
        "id": stub["id"],
        "kind": "lab_results",
        "at": "2026-11-20T10:15:00+01:00",
        "source": "st-olavs",
        "recorded": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "withheld": "doctor_first",
        "opens": (now + timedelta(days=14)).date().isoformat(),
    }
    site = await _site(kari, stub["id"])
    assert "Hemmelig" not in site.replace("hemmelig", "")
    assert "98765" not in site
    opened = (await kari.get(f"/api/entries/{stub['id']}")).json()
    assert (opened["detail"], opened["members"], opened["trend"], opened["documents"]) == (None, [], [], [])
    # Time passes.
    await world.owner.execute("UPDATE record.entry SET release_at = now() - interval '1 second'")
    assert "Hemmelig analyse" in await _site(kari, stub["id"])
    assert (await (await world.log_in(OLA)).get("/api/entries")).json()["entries"] == []


async def test_the_doctor_lets_it_go_with_a_new_version(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"), classed("a", "3"))
    kari = await world.log_in(KARI)
    assert [entry["withheld"] for entry in (await kari.get("/api/entries")).json()["entries"]] == [
        "doctor_only"
    ]
    await world.take(classed("a", "1"))
    assert [entry["title"] for entry in (await kari.get("/api/entries")).json()["entries"]] == [
        "Hemmelig analyse"
    ]


async def test_of_class_4_nothing_can_be_noticed(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"), result("b", "kari", "Vanlig"))
    kari = await world.log_in(KARI)
    [entry] = (await kari.get("/api/entries")).json()["entries"]
    before = await _site(kari, entry["id"])
    await world.take(classed("a", "4"))
    assert await _site(kari, entry["id"]) == before


async def test_parts_open_no_earlier_than_their_panel(world: World) -> None:
    report = {
        "resourceType": "DiagnosticReport",
        "id": "panel",
        "status": "final",
        "category": [{"coding": [{"code": "LAB"}]}],
        "code": {"text": "Patologi"},
        "subject": {"reference": "Patient/kari"},
        "result": [{"reference": "Observation/a"}],
        "meta": {"tag": [{"system": "urn:innsyn:release-class", "code": "3"}]},
    }
    await world.take(patient("kari", KARI, "Kari"), classed("a", "1"))
    await world.take(report)
    kari = await world.log_in(KARI)
    assert "Hemmelig" not in (await kari.get("/api/entries", params={"q": "hemmelig"})).text
    assert [entry["withheld"] for entry in (await kari.get("/api/entries")).json()["entries"]] == [
        "doctor_only"
    ]


async def test_a_service_that_has_written_only_what_nobody_may_see_is_not_named(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"), result("a", "kari"))
    await world.take(classed("b", "4"), source="genetikk")
    kari = await world.log_in(KARI)
    assert "genetikk" not in (await kari.get("/")).text + (await kari.get("/journal")).text


async def test_a_placeholder_opens_on_the_day_of_a_norwegian_calendar(world: World) -> None:
    extension = [{"url": "urn:innsyn:release-at", "valueDateTime": "2099-12-01T23:30:00Z"}]
    await world.take(patient("kari", KARI, "Kari"), classed("a", "3", extension=extension))
    [stub] = (await (await world.log_in(KARI)).get("/api/entries")).json()["entries"]
    assert stub["opens"] == "2099-12-02"


async def test_a_hidden_entry_is_no_place_in_the_list(world: World) -> None:
    later = result("b", "kari", "Senere", effectiveDateTime="2026-11-22")
    earlier = result("c", "kari", "Før", effectiveDateTime="2026-11-01")
    await world.take(patient("kari", KARI, "Kari"), classed("a", "4"), later, earlier)
    kari = await world.log_in(KARI)
    hidden = await world.owner.fetchval("SELECT entry_id::text FROM record.entry WHERE release_at > now()")
    unknown = "0b5b2c1e-2f50-4f0e-9d28-0f5d2a3f7c11"
    answers = [
        (await kari.get("/api/entries", params={"cursor": cursor})).content for cursor in (hidden, unknown)
    ]
    assert answers[0] == answers[1]
