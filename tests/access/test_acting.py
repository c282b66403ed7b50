"""Somebody else's record: what a permit opens, what it does not, and when it is over."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from access.permits import handle, permit, person_of, site
from innsyn.access.audience import Audience
from world import FNR, KARI, OLA, World, patient, result

EVA = "05895894984"
NEXT_YEAR = {"start": "2099-01-10T10:00:00+01:00", "end": "2099-01-10T10:30:00+01:00"}


@pytest.fixture
async def two(world: World) -> World:
    """Kari with a result, a diagnosis and two appointments; Ola and Eva with one result each."""
    await world.take(
        patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"), patient("eva", EVA, "Eva", "Lie")
    )
    await world.take(
        result("a", "kari", "Karis prøve"),
        result("b", "ola", "Olas prøve"),
        result("c", "eva", "Evas prøve"),
        appointment("coming", "Kommende kontroll", "2099-01-10T10:00:00+01:00", "booked"),
        appointment("past", "Avsluttet kontroll", "2020-01-10T10:00:00+01:00", "booked"),
        {
            "resourceType": "Condition",
            "id": "d",
            "subject": {"reference": "Patient/kari"},
            "code": {"text": "Karis diagnose"},
            "recordedDate": "2020-01-01",
        },
    )
    return world


def appointment(id_: str, what: str, start: str, status: str) -> dict[str, Any]:
    return {
        "resourceType": "Appointment",
        "id": id_,
        "status": status,
        "description": what,
        "start": start,
        "participant": [{"actor": {"reference": "Patient/kari"}, "status": "accepted"}],
    }


async def open_as(world: World, actor: str, subject: str) -> tuple[httpx.AsyncClient, str]:
    """The browser of the actor, and what the addresses of the subject's record begin with."""
    browser = await world.log_in(actor)
    return browser, f"/for/{await handle(world, browser, await person_of(world, subject))}"


async def titles(browser: httpx.AsyncClient, base: str, **asked: str) -> list[str]:
    answer = await browser.get(f"{base}/api/entries", params=asked)
    assert answer.status_code == 200, answer.text
    return [entry["title"] for entry in answer.json()["entries"]]


async def test_a_permit_opens_the_whole_of_one_record_and_no_other(two: World) -> None:
    await permit(two, OLA, KARI)
    ola, karis = await open_as(two, OLA, KARI)
    assert sorted(await titles(ola, karis)) == [
        "Avsluttet kontroll",
        "Karis diagnose",
        "Karis prøve",
        "Kommende kontroll",
    ]
    assert await titles(ola, "") == ["Olas prøve"]
    page = (await ola.get(f"{karis}/")).text
    assert "Du ser journalen til Kari Nordli." in page
    assert f'href="{karis}/journal"' in page
    assert 'href="/journal' not in page
    _, evas = await open_as(two, OLA, EVA)
    assert (await ola.get(f"{evas}/api/entries")).status_code == 404
    # Kari sees who has read, and that it was not she herself.
    rows = await two.owner.fetch(
        "SELECT rule, purpose, refused FROM access.log WHERE subject_id = $1 ORDER BY log_id",
        await person_of(two, KARI),
    )
    assert [tuple(row) for row in rows] == [
        ("fullmakt.full", "timeline.all.api", False),
        ("fullmakt.full", "overview", False),
    ]


async def test_an_address_of_another_session_opens_nothing(two: World) -> None:
    await permit(two, OLA, KARI)
    await permit(two, EVA, KARI)
    ola, karis = await open_as(two, OLA, KARI)
    eva, _ = await open_as(two, EVA, KARI)
    for browser, base in ((eva, karis), (await two.log_in(OLA), karis)):
        answer = await browser.get(f"{base}/journal")
        unknown = await browser.get("/for/AAAAAAAAAAAAAAAA/journal")
        assert (answer.status_code, answer.content) == (404, unknown.content)
    assert (await ola.get(f"{karis}/journal")).status_code == 200
    assert (await two.browser().get(f"{karis}/journal")).status_code == 401


async def test_two_tabs_never_mix_two_persons(two: World) -> None:
    await permit(two, OLA, KARI)
    await permit(two, OLA, EVA)
    ola, karis = await open_as(two, OLA, KARI)
    evas = f"/for/{await handle(two, ola, await person_of(two, EVA))}"
    for _ in range(5):
        assert "Karis prøve" in await titles(ola, karis)
        assert await titles(ola, evas) == ["Evas prøve"]
        assert await titles(ola, "") == ["Olas prøve"]


async def test_only_the_kinds_of_the_permit_and_no_trace_of_the_others(two: World) -> None:
    await permit(two, OLA, KARI, kinds=["diagnoses"])
    ola, karis = await open_as(two, OLA, KARI)
    assert await titles(ola, karis) == ["Karis diagnose"]
    entries = [str(row["entry_id"]) for row in await two.owner.fetch("SELECT entry_id FROM record.entry")]
    before = await site(ola, karis, ids=entries)
    assert "Karis prøve" not in before
    await two.take(result("new", "kari", "Karis nye prøve"), source="et-annet-sykehus")
    assert await site(ola, karis, ids=entries) == before


async def test_coming_appointments_without_those_that_have_been(two: World) -> None:
    await permit(two, OLA, KARI, kinds=["encounters"])
    ola, karis = await open_as(two, OLA, KARI)
    assert await titles(ola, karis) == ["Kommende kontroll"]
    await permit(two, OLA, KARI, kinds=["encounters", "encounters.past"])
    assert await titles(ola, karis) == ["Kommende kontroll", "Avsluttet kontroll"]


async def test_what_is_hidden_leaves_no_trace(two: World) -> None:
    await permit(two, OLA, KARI)
    ola, karis = await open_as(two, OLA, KARI)
    before = await site(ola, karis)
    await two.take(result("secret", "kari", "Karis hemmelige prøve"), source="et-annet-sykehus")
    hidden = await two.owner.fetchval("SELECT entry_id FROM record.entry WHERE source = 'et-annet-sykehus'")
    kari_id = await person_of(two, KARI)
    await two.owner.execute(
        "INSERT INTO access.hidden (person_id, entry_id, from_audience, by_id) VALUES ($1, $2, $3, $1)",
        kari_id,
        hidden,
        int(Audience.HELPER),
    )
    assert await site(ola, karis) == before
    assert (await ola.get(f"{karis}/journal/lab_results/{hidden}")).status_code == 404
    kari = await two.log_in(KARI)
    assert "Karis hemmelige prøve" in await titles(kari, "")


@pytest.mark.parametrize("fact", ["secret", "deceased"])
@pytest.mark.parametrize("who", [KARI, OLA])
async def test_a_secret_address_or_a_death_shuts_everything_at_once(two: World, who: str, fact: str) -> None:
    await permit(two, OLA, KARI)
    ola, karis = await open_as(two, OLA, KARI)
    assert (await ola.get(f"{karis}/journal")).status_code == 200
    await two.owner.execute(
        f"UPDATE identity.person SET {fact} = true WHERE person_id = $1",  # noqa: S608 - one of the two above
        await person_of(two, who),
    )
    assert (await ola.get(f"{karis}/journal")).status_code == 404
    # The other one's log does not say which of them, nor why.
    told = await two.owner.fetch("SELECT rule FROM access.log WHERE refused")
    assert {row["rule"] for row in told} == {"shut"}
    assert "Kari" not in (await ola.get("/people")).text
    # One's own journal is one's own.
    assert await titles(ola, "") == ["Olas prøve"]


async def test_a_permit_that_has_ended_names_its_rule_in_the_log(two: World) -> None:
    await permit(two, OLA, KARI, until=datetime.now(UTC) - timedelta(hours=1), rule="parent.child")
    ola, karis = await open_as(two, OLA, KARI)
    answer = await ola.get(f"{karis}/journal")
    nobody = await ola.get("/for/AAAAAAAAAAAAAAAA/journal")
    assert (answer.status_code, answer.content) == (404, nobody.content)
    rows = await two.owner.fetch("SELECT subject_id, rule, refused FROM access.log WHERE refused")
    assert [tuple(row) for row in rows] == [(await person_of(two, KARI), "parent.child", True)]


async def test_a_dated_denial_opens_nothing(two: World) -> None:
    await permit(two, OLA, KARI, audience=Audience(0), rule="guardian")
    ola, karis = await open_as(two, OLA, KARI)
    assert (await ola.get(f"{karis}/journal")).status_code == 404


async def test_own_access_by_dated_rows(two: World) -> None:
    kari_id = await person_of(two, KARI)
    await two.owner.execute("UPDATE identity.person SET own_permits = true WHERE person_id = $1", kari_id)
    kari, ola = await two.log_in(KARI), await two.log_in(OLA)
    assert (await kari.get("/api/entries")).status_code == 404
    await permit(
        two, KARI, KARI, audience=Audience.YOUTH, kinds=["diagnoses"], rule="self.youth", origin="relation"
    )
    assert await titles(kari, "") == ["Karis diagnose"]
    assert await titles(ola, "") == ["Olas prøve"]


async def test_a_preview_is_the_own_record_as_a_helper_sees_it(two: World) -> None:
    await permit(two, OLA, KARI, kinds=["diagnoses"])
    kari, ola = await two.log_in(KARI), await two.log_in(OLA)
    fullmakt = await person_of(two, EVA)  # any id: what is previewed
    await permit(two, KARI, KARI, kinds=["diagnoses"], rule="preview", origin="preview", handle_on=fullmakt)
    as_ola = f"/for/{await handle(two, kari, fullmakt)}"
    theirs = f"/for/{await handle(two, ola, await person_of(two, KARI))}"
    assert await titles(kari, as_ola) == await titles(ola, theirs) == ["Karis diagnose"]
    assert "Slik ser hjelperen journalen din" in (await kari.get(f"{as_ola}/journal")).text
    assert len(await titles(kari, "")) == 4


async def test_changing_person_gives_a_new_cookie_and_the_old_one_is_dead(two: World) -> None:
    await permit(two, OLA, KARI)
    ola, karis = await open_as(two, OLA, KARI)
    before = ola.cookies["innsyn"]
    page = await ola.get("/people")
    assert "Åpne journalen til Kari" in page.text
    went = await ola.post("/people", data={"handle": karis.removeprefix("/for/")})
    assert (went.status_code, went.headers["location"]) == (303, f"{karis}/")
    assert ola.cookies["innsyn"] != before
    assert (await ola.get(f"{karis}/journal")).status_code == 200
    assert (await two.browser(before).get("/journal")).status_code == 401
    assert (await ola.post("/people", data={"handle": "../../x"})).status_code == 400


async def test_pages_about_oneself_are_nobody_elses(two: World) -> None:
    await permit(two, OLA, KARI)
    ola, karis = await open_as(two, OLA, KARI)
    for address in ("/settings", "/people", "/access", "/api/me", "/login"):
        assert (await ola.get(f"{karis}{address}")).status_code == 404


async def test_a_page_of_somebody_elses_record_is_one_round_trip(two: World) -> None:
    await permit(two, OLA, KARI)
    ola, karis = await open_as(two, OLA, KARI)
    for address in ("/", "/journal", "/journal/lab_results", "/api/entries"):
        two.pool.asked = 0
        await ola.get(f"{karis}{address}")
        assert two.pool.asked == 1, address
    assert FNR not in (await ola.get(f"{karis}/")).text


async def test_programs_find_the_same_people_under_the_same_addresses(two: World) -> None:
    await permit(two, OLA, KARI, kinds=["diagnoses"])
    ola, karis = await open_as(two, OLA, KARI)
    told = (await ola.get("/api/people")).json()
    assert told["people"] == [
        {"name": "Kari Nordli", "base": karis, "rule": "fullmakt.full", "until": "9999-01-01"}
    ]
    assert (await (await two.log_in(EVA)).get("/api/people")).json() == {"people": []}
