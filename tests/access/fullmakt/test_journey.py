"""From the draft to the end, as the two meet it."""

from datetime import date, timedelta

import httpx

from access.fullmakt.giving import (
    STEP_UP_OVER,
    claimed,
    code_for,
    drafted,
    facts,
    given,
    headings,
    moved,
    permits,
)
from access.permits import handle, person_of
from world import KARI, OLA, World


async def titles(browser: httpx.AsyncClient, base: str) -> list[str]:
    answer = await browser.get(f"{base}/api/entries")
    return [entry["title"] for entry in answer.json()["entries"]] if answer.status_code == 200 else []


async def test_from_the_draft_to_the_end(four: World) -> None:
    kari, ola = await four.log_in(KARI), await four.log_in(OLA)
    karis = f"/for/{await handle(four, ola, await person_of(four, KARI))}"
    address = await drafted(kari, label="Nabo-Ola")
    code = await code_for(kari, address)
    assert "Koden er ikke brukt ennå." in (await kari.get("/access")).text
    assert (await ola.get(address)).status_code == 404
    assert await titles(ola, karis) == []
    went = await claimed(ola, code.lower().replace("-", " "), "nordli, kari")
    assert (went.status_code, went.headers["location"]) == (303, address)
    # The receiver sees what it would be and whose, and never what the giver calls them.
    theirs = (await ola.get(address)).text
    assert headings(theirs)[:2] == ["Din tilgang til journalen til Kari Nordli", "Bare lese"]
    assert "Nabo-Ola" not in theirs
    assert await titles(ola, karis) == []
    # The giver sees who it is, and says so.
    assert "Ola Nordli har brukt koden du laget til Nabo-Ola." in (await kari.get(address)).text
    assert "Bekreft at det er riktig person." in (await kari.get("/access")).text
    assert (await moved(kari, address, "confirm")).headers["location"] == address
    assert sorted(await titles(ola, karis)) == ["Karis prøve", "Karis time"]
    assert "Kari Nordli" in (await ola.get("/people")).text
    page = (await kari.get(address)).text
    assert headings(page)[0] == "Tilgang for Ola Nordli"
    assert facts(page)["Kan ikke"] == (
        "se brev og notater, behandlinger; se timer og besøk som har vært; bestille og endre timer; "
        "skrive og lese meldinger; svare på skjema; gi andre tilgang"
    )
    assert "Sist brukt" in facts(page)
    # Over, at once, and told to both.
    assert (await moved(kari, address, "end")).status_code == 303
    assert await titles(ola, karis) == []
    for browser in (kari, ola):
        assert "Avsluttet av den som ga tilgangen." in (await browser.get(address)).text
        assert "Avsluttet (1)" in (await browser.get("/access")).text
    assert await permits(four) == [("fullmakt", 1, (await _standard_kinds(four)), False)]


async def _standard_kinds(four: World) -> list[str]:
    found: list[str] = await four.owner.fetchval("SELECT kinds FROM access.fullmakt")
    return found


async def test_the_receiver_ends_it_and_the_giver_sees_it(four: World) -> None:
    kari, ola = await four.log_in(KARI), await four.log_in(OLA)
    karis = f"/for/{await handle(four, ola, await person_of(four, KARI))}"
    address = await given(kari, ola, "Kari Nordli")
    assert await titles(ola, karis) != []
    assert (await moved(ola, address, "end")).status_code == 303
    assert await titles(ola, karis) == []
    assert "Avsluttet av den som hadde tilgangen." in (await kari.get(address)).text


async def test_what_the_helper_sees_is_seen_before_and_after_it_is_given(four: World) -> None:
    kari, ola = await four.log_in(KARI), await four.log_in(OLA)
    karis = f"/for/{await handle(four, ola, await person_of(four, KARI))}"
    address = await drafted(kari, without=["lab_results"])
    before = await moved(kari, address, "preview")
    assert before.status_code == 303
    as_ola = before.headers["location"].rstrip("/")
    assert await titles(kari, as_ola) == ["Karis time"]
    shown = await kari.get(f"{as_ola}/journal")
    assert "Slik ser hjelperen journalen din." in shown.text
    assert "Karis prøve" not in shown.text
    await claimed(ola, await code_for(kari, address), "Kari Nordli")
    # The draft has become an invitation: what was previewed then is over.
    assert (await kari.get(f"{as_ola}/journal")).status_code == 404
    await moved(kari, address, "confirm")
    again = (await moved(kari, address, "preview")).headers["location"].rstrip("/")
    assert await titles(kari, again) == await titles(ola, karis) == ["Karis time"]
    # It opens nothing to anybody else, and nothing is done in it.
    assert (await ola.get(f"{again}/journal")).status_code == 404
    await four.owner.execute(
        "UPDATE access.permit SET valid_until = now() WHERE origin = 'preview' AND valid_until > now()"
    )
    assert (await kari.get(f"{again}/journal")).status_code == 404
    assert "Karis prøve" in await titles(kari, "")


async def test_giving_and_widening_takes_a_person_who_has_just_logged_in(four: World) -> None:
    kari, ola = await four.log_in(KARI), await four.log_in(OLA)
    address = await given(kari, ola, "Kari Nordli")
    other = await drafted(kari)
    await four.owner.execute(STEP_UP_OVER)
    assert (await kari.get("/access/give")).status_code == 403
    assert (await moved(kari, other, "invite")).status_code == 403
    # Less at once, with no questions asked.
    less = {"level": "read", "without": ["lab_results", "imaging"], "lasts": "year"}
    assert (await kari.post(f"{address}/change", data=less)).headers["location"] == address
    assert "lab_results" not in ((await permits(four))[0][2] or [])
    # More only after a login.
    more = {"level": "full", "without": "notes", "lasts": "open"}
    assert (await kari.post(f"{address}/change", data=more)).status_code == 403
    assert (await permits(four))[0][1] == 1
    await four.owner.execute("UPDATE identity.session SET auth_time = now()")
    assert 'value="lab_results" checked' in (await kari.get(f"{address}/change")).text
    assert (await kari.post(f"{address}/change", data=more)).headers["location"] == address
    [(_, capabilities, kinds, _)] = await permits(four)
    assert (capabilities, {"notes", "encounters.past"} & {*(kinds or ())}) == (15, {"encounters.past"})
    # Ending takes nothing.
    await four.owner.execute(STEP_UP_OVER)
    assert (await moved(kari, address, "end")).status_code == 303
    history = (await kari.get(address)).text
    for line in ("Tilgangen ble mindre.", "Tilgangen ble større.", "Tilgangen ble bekreftet."):
        assert line in history


async def test_a_secret_address_tells_nobody_why(four: World) -> None:
    kari, ola = await four.log_in(KARI), await four.log_in(OLA)
    address = await drafted(kari)
    await claimed(ola, await code_for(kari, address), "Kari Nordli")
    await four.owner.execute(
        "UPDATE identity.person SET secret = true WHERE person_id = $1", await person_of(four, OLA)
    )
    assert (await moved(kari, address, "confirm")).status_code == 303
    page = (await kari.get(address)).text
    assert "Det gikk ikke å gi denne tilgangen." in page
    assert "adresse" not in page
    assert await four.owner.fetchval("SELECT reason FROM access.fullmakt") == "secret_address"
    assert await permits(four) == []


async def test_who_is_too_young_can_neither_give_nor_be_given(four: World) -> None:
    kari, ola = await four.log_in(KARI), await four.log_in(OLA)
    code = await code_for(kari, await drafted(kari))
    for number, years in ((KARI, 15), (OLA, 17)):
        born = date.today() - timedelta(days=365 * years)  # noqa: DTZ011 - a day more or less is no matter
        await four.owner.execute(
            "UPDATE identity.person SET birth_date = $2 WHERE person_id = $1",
            await person_of(four, number),
            born,
        )
    refused = await kari.post("/access/give", data={"label": "Ola", "level": "read"})
    assert refused.status_code == 403
    assert "under 16 år" in refused.text
    refused = await claimed(ola, code, "Kari Nordli")
    assert refused.status_code == 403
    assert "under 18 år" in refused.text


async def test_a_yes_that_nobody_repeats_ends_by_itself(four: World) -> None:
    kari, ola = await four.log_in(KARI), await four.log_in(OLA)
    karis = f"/for/{await handle(four, ola, await person_of(four, KARI))}"
    address = await given(kari, ola, "Kari Nordli", lasts="open")
    assert "Det er ingenting å svare på nå." in (await kari.get("/access/review")).text
    await _years_ago(four, "11 months 20 days")
    assert "Er tilgangen fortsatt riktig?" in (await kari.get("/access")).text
    review = await kari.get("/access/review")
    assert "Ola Nordli" in review.text
    assert (await moved(kari, address, "still_right")).headers["location"] == "/access/review?said=1"
    assert "Takk. Tilgangen gjelder videre." in (await kari.get("/access/review?said=1")).text
    assert await titles(ola, karis) != []
    # A year and 30 days later, and nobody has answered.
    await _years_ago(four, "1 year 32 days")
    assert await titles(ola, karis) == []
    for browser in (kari, ola):
        assert "ikke ble bekreftet i tide" in (await browser.get(address)).text
    refused = await moved(kari, address, "still_right")
    assert refused.status_code == 409
    assert "Tilgangen er allerede avsluttet." in refused.text


async def test_another_year_takes_a_giver_who_has_just_proved_who_they_are(four: World) -> None:
    kari, ola = await four.log_in(KARI), await four.log_in(OLA)
    address = await given(kari, ola, "Kari Nordli", lasts="open")
    await _years_ago(four, "11 months 20 days")
    lasts = "SELECT valid_until FROM access.permit WHERE origin = 'fullmakt'"
    before = await four.owner.fetchval(lasts)
    await four.owner.execute(STEP_UP_OVER)
    refused = await moved(kari, address, "still_right")
    assert (refused.status_code, "/login?prompt=login" in refused.text) == (403, True)
    assert await four.owner.fetchval(lasts) == before
    kari, ola = await four.log_in(KARI), await four.log_in(OLA)
    assert (await moved(ola, address, "still_right")).status_code == 404
    assert (await moved(kari, address, "still_right")).status_code == 303
    assert await four.owner.fetchval(lasts) > before
    # To end it takes no more than to be logged in.
    await four.owner.execute(STEP_UP_OVER)
    assert (await moved(kari, address, "end")).status_code == 303


async def _years_ago(four: World, past: str) -> None:
    """As if the giver had said so that long ago."""
    await four.owner.execute(
        "UPDATE access.fullmakt SET last_confirmed_at = last_confirmed_at - $1::text::interval, "
        "permit_until = permit_until - $1::text::interval",
        past,
    )
    await four.owner.execute(
        "UPDATE access.permit p SET valid_until = f.permit_until "
        "FROM access.fullmakt f WHERE f.fullmakt_id = p.origin_id"
    )


async def test_the_first_page_is_one_round_trip(four: World) -> None:
    kari, ola = await four.log_in(KARI), await four.log_in(OLA)
    for _ in range(3):
        four.pool.asked = 0
        assert (await kari.get("/access")).status_code == 200
        assert four.pool.asked == 1
        await given(kari, ola, "Kari Nordli")
