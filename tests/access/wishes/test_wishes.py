"""A wish delays what comes, of its own person alone; "show now" lifts it, and nothing that a source withholds."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from access.wishes.people import base, permit
from innsyn.access.audience import Audience
from innsyn.records.own_wishes.applying import catch_up
from world import KARI, OLA, World, patient, result

AT_ONCE = {"lab_results": "at_once", "imaging": "at_once", "notes": "at_once"}


@pytest.fixture
async def two(world: World) -> World:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    return world


async def wishes(world: World, browser: httpx.AsyncClient, **wished: str) -> None:
    answer = await browser.post("/access/wishes", data=AT_ONCE | wished)
    assert (answer.status_code, answer.headers["location"]) == (303, "/access/wishes?saved=1")
    await catch_up(world.worker)


async def entries(browser: httpx.AsyncClient, before: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await browser.get(f"{before}/api/entries")).json()["entries"]
    return found


async def told(browser: httpx.AsyncClient, before: str = "") -> list[tuple[str, str, str]]:
    """(title, why withheld, when it opens) of each."""
    return [
        (each.get("title", ""), each.get("withheld", ""), each.get("opens", ""))
        for each in await entries(browser, before)
    ]


async def test_hidden_until_asked_and_shown_when_asked(two: World) -> None:
    kari, ola = await two.log_in(KARI), await two.log_in(OLA)
    await two.take(result("before", "kari", "Ferritin"))
    await wishes(two, kari, lab_results="asked")
    await two.take(result("a", "kari", "CRP", 987), result("b", "ola", "CRP", 987))
    assert sorted(await told(kari)) == [("", "own_wish_asked", ""), ("Ferritin", "", "")]
    assert await told(ola) == [("CRP", "", "")]
    [stub] = [each for each in await entries(kari) if "withheld" in each]
    page = f"/journal/lab_results/{stub['id']}"
    shown = (await kari.get(page)).text
    assert "Skjult etter eget ønske." in shown
    assert "/access/wishes/show-now" in shown
    assert "987" not in shown + (await kari.get("/journal")).text + (await kari.get("/journal?q=crp")).text
    # Nobody else can show it.
    assert (await ola.post("/access/wishes/show-now", data={"entry_id": stub["id"]})).status_code == 404
    await catch_up(two.worker)
    assert ("", "own_wish_asked", "") in await told(kari)

    answer = await kari.post("/access/wishes/show-now", data={"entry_id": stub["id"]})
    opening = f"/access/wishes/opening/{stub['id']}"
    assert (answer.status_code, answer.headers["location"]) == (303, opening)
    waiting = await kari.get(opening)
    assert (waiting.status_code, waiting.headers["refresh"]) == (200, "1")
    assert await catch_up(two.worker) == 1
    assert (await kari.get(opening)).headers["location"] == page
    assert "987" in (await kari.get(page)).text
    # And it stays shown when it is written again.
    await two.take(result("a", "kari", "CRP", 55))
    assert sorted(await told(kari)) == [("CRP", "", ""), ("Ferritin", "", "")]


async def test_changing_a_wish_changes_what_waits_and_taking_it_back_opens_all(two: World) -> None:
    kari = await two.log_in(KARI)
    await wishes(two, kari, lab_results="asked")
    now = datetime.now(UTC)
    await two.take(result("a", "kari", "CRP"), now=now)
    await wishes(two, kari, lab_results="commented")
    [stub] = await entries(kari)
    assert (stub["withheld"], stub["opens"]) == (
        "own_wish_commented",
        (now + timedelta(days=14)).date().isoformat(),
    )
    before = await two.owner.fetchrow("SELECT own_release_at, stub FROM record.entry")
    await wishes(two, kari)
    assert await told(kari) == [("CRP", "", "")]
    assert await two.owner.fetchval("SELECT count(*) FROM record.own_wait") == 0
    # What had come before the next wish stays.
    await wishes(two, kari, lab_results="asked")
    assert await told(kari) == [("CRP", "", "")]
    assert before["stub"] is not None


async def test_a_wish_is_about_its_own_kind(two: World) -> None:
    kari = await two.log_in(KARI)
    await wishes(two, kari, imaging="asked", notes="asked")
    await two.take(result("a", "kari", "CRP"))
    assert await told(kari) == [("CRP", "", "")]


def panel(conclusion: str = "", *parts: str) -> dict[str, Any]:
    return {
        "resourceType": "DiagnosticReport",
        "id": "panel",
        "status": "final",
        "category": [{"coding": [{"code": "LAB"}]}],
        "code": {"text": "Infeksjonsprøver"},
        "subject": {"reference": "Patient/kari"},
        "effectiveDateTime": "2026-11-20",
        "result": [{"reference": f"Observation/{part}"} for part in parts],
        **({"conclusion": conclusion} if conclusion else {}),
    }


async def test_a_comment_on_the_report_opens_all_its_results(two: World) -> None:
    kari = await two.log_in(KARI)
    await wishes(two, kari, lab_results="commented")
    # The result is here before its report, and the report before its comment.
    await two.take(result("a", "kari", "CRP"))
    assert [each["withheld"] for each in await entries(kari)] == ["own_wish_commented"]
    await two.take(panel("", "a"))
    assert [each["withheld"] for each in await entries(kari)] == ["own_wish_commented"]
    assert "CRP" not in (await kari.get("/journal/lab_results?q=crp")).text
    await two.take(panel("Ingen tegn til infeksjon.", "a"))
    [line] = await entries(kari)
    assert line["title"] == "Infeksjonsprøver"
    opened = (await kari.get(f"/api/entries/{line['id']}")).json()
    assert [each["title"] for each in opened["members"]] == ["CRP"]
    # Without the report it is a result alone again, and nobody has commented it.
    await two.delete("DiagnosticReport", "panel", 9)
    assert [each["withheld"] for each in await entries(kari)] == ["own_wish_commented"]


async def test_asking_for_a_panel_shows_its_parts_and_those_that_come_later(two: World) -> None:
    kari = await two.log_in(KARI)
    await wishes(two, kari, lab_results="asked")
    await two.take(panel("", "a", "b"), result("a", "kari", "CRP"))
    [stub] = await entries(kari)
    await kari.post("/access/wishes/show-now", data={"entry_id": stub["id"]})
    await catch_up(two.worker)
    await two.take(result("b", "kari", "Leukocytter"))
    opened = (await kari.get(f"/api/entries/{stub['id']}")).json()
    assert [each["title"] for each in opened["members"]] == ["CRP", "Leukocytter"]


async def test_what_the_source_withholds_stays_withheld_when_the_own_wish_is_lifted(two: World) -> None:
    kari = await two.log_in(KARI)
    await wishes(two, kari, lab_results="asked")
    tags = {code: {"tag": [{"system": "urn:innsyn:release-class", "code": code}]} for code in "234"}
    await two.take(*(result(code, "kari", f"Klasse {code}", meta=meta) for code, meta in tags.items()))
    # Of class 4 there is no placeholder, wish or not; class 3 is the doctor's alone.
    assert sorted(each["withheld"] for each in await entries(kari)) == ["doctor_only", "own_wish_asked"]
    for stub in await entries(kari):
        await kari.post("/access/wishes/show-now", data={"entry_id": stub["id"]})
    await catch_up(two.worker)
    assert sorted(each["withheld"] for each in await entries(kari)) == ["doctor_first", "doctor_only"]
    assert "Klasse" not in (await kari.get("/api/entries")).text


async def test_a_helper_sees_it_no_earlier_and_can_not_lift_the_wish(two: World) -> None:
    kari, ola = await two.log_in(KARI), await two.log_in(OLA)
    await permit(two, "Ola", "Kari", Audience.HELPER)
    await wishes(two, kari, lab_results="asked")
    await two.take(result("a", "kari", "CRP"))
    for_kari = await base(ola)
    [stub] = await entries(ola, for_kari)
    assert (stub["withheld"], stub.get("title")) == ("own_wish_asked", None)
    page = (await ola.get(f"{for_kari}/journal/lab_results/{stub['id']}")).text
    assert "Skjult etter eget ønske." in page
    assert "show-now" not in page
    assert (await ola.post("/access/wishes/show-now", data={"entry_id": stub["id"]})).status_code == 404
    assert (
        await ola.post(f"{for_kari}/access/wishes/show-now", data={"entry_id": stub["id"]})
    ).status_code == 404
    await catch_up(two.worker)
    assert [each["withheld"] for each in await entries(kari)] == ["own_wish_asked"]


async def test_wishes_are_seen_by_their_person_alone(two: World) -> None:
    kari, ola = await two.log_in(KARI), await two.log_in(OLA)
    before = (await ola.get("/access/wishes")).content
    await wishes(two, kari, lab_results="asked", imaging="commented", notes="not_weekend")
    checked = (await kari.get("/access/wishes")).text
    for kind, wish in (("lab_results", "asked"), ("imaging", "commented"), ("notes", "not_weekend")):
        assert f'id="{kind}-{wish}" value="{wish}" checked' in checked
    assert (await ola.get("/access/wishes")).content == before


@pytest.mark.parametrize("wished", [{"notes": "commented"}, {"imaging": "never"}, {"allergies": "asked"}])
async def test_what_can_not_be_wished_is_refused(two: World, wished: dict[str, str]) -> None:
    kari = await two.log_in(KARI)
    assert (await kari.post("/access/wishes", data=AT_ONCE | wished)).status_code == 400
    assert await two.owner.fetchval("SELECT count(*) FROM access.release_wish") == 0


async def test_a_replay_from_zero_gives_the_same_rows(two: World) -> None:
    kari = await two.log_in(KARI)
    await wishes(two, kari, lab_results="asked")
    said = [panel("", "a"), result("a", "kari", "CRP"), result("c", "kari", "Ferritin")]
    columns = "entry_id, audience, release_at, own_release_at, panel_id, line, stub"
    everything = f"SELECT {columns} FROM record.entry ORDER BY 1"  # noqa: S608 - the names above
    for each in said:
        await two.take(each)
    once = [tuple(row) for row in await two.owner.fetch(everything)]
    # What has landed keeps when it landed: only the rows that are shown are made anew.
    await catch_up(two.worker)
    for each in reversed(said):
        await two.take(each)
    assert [tuple(row) for row in await two.owner.fetch(everything)] == once
