"""Nothing is shown before the terms in force are agreed to, and a new version asks again."""

import re

import pytest

from innsyn.access.first_login.views import sections_of
from innsyn.web.locale import LOCALES
from world import KARI, OLA, World, patient, result

_ACCEPTED = """
    SELECT i.value, a.version, a.session_id = s.session_id AS here, s.ready
    FROM identity.accepted_terms a JOIN identity.person_identifier i USING (person_id)
    JOIN identity.session s USING (person_id) ORDER BY a.at, s.started_at
"""
OF_A_RECORD = ("/", "/journal", "/journal/lab_results", "/settings", "/settings/passkeys", "/start/kin")


async def two(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    await world.take(result("a", "kari", "Karis prøve"), result("b", "ola", "Olas prøve"))


def agreeing(version: str = "1", locale: str = "nb", onward: str = "/") -> dict[str, str]:
    return {"version": version, "locale": locale, "next": onward}


@pytest.mark.parametrize("address", OF_A_RECORD)
async def test_every_page_leads_to_the_terms(world: World, address: str) -> None:
    await two(world)
    kari = await world.log_in(KARI, agreed=False)
    answer = await kari.get(address, params={"q": "x"} if address == "/journal" else None)
    onward = "/journal%3Fq%3Dx" if address == "/journal" else address
    assert (answer.status_code, answer.headers["location"]) == (303, f"/start?next={onward}")
    assert "Karis prøve" not in answer.text


async def test_programs_are_refused(world: World) -> None:
    await two(world)
    kari = await world.log_in(KARI, agreed=False)
    answer = await kari.get("/api/entries")
    assert (answer.status_code, "Karis prøve" in answer.text) == (403, False)


async def test_nothing_is_done_before_either(world: World) -> None:
    kari = await world.log_in(KARI, agreed=False)
    key = "0b5b2c1e-2f50-4f0e-9d28-0f5d2a3f7c11"
    answer = await kari.post("/start/kin", data={"answer": "wrong", "key": key})
    assert answer.status_code in {303, 404}
    assert await world.owner.fetchval("SELECT count(*) FROM identity.kin_check") == 0


async def test_who_agrees_comes_to_the_page_that_was_asked_for_and_is_not_asked_again(world: World) -> None:
    await two(world)
    kari, ola = await world.log_in(KARI, agreed=False), await world.log_in(OLA, agreed=False)
    page = (await kari.get("/start?next=/journal/lab_results")).text
    assert "Hei, Kari." in page
    assert "Vilkår, versjon 1, gjelder fra 1. november 2026" in page
    assert dict(re.findall(r'name="(\w+)" value="([^"]*)"', page)) == agreeing(onward="/journal/lab_results")
    agreed = await kari.post("/start", data=agreeing(onward="/journal/lab_results"))
    assert agreed.headers["location"] == "/start/kin?next=/journal/lab_results"
    assert "Karis prøve" in (await kari.get("/journal/lab_results")).text
    assert (await kari.get("/start?next=/journal")).headers["location"] == "/journal"
    # He has not, whatever she did.
    assert (await ola.get("/journal")).headers["location"] == "/start?next=/journal"
    rows = [tuple(row) for row in await world.owner.fetch(_ACCEPTED)]
    assert rows == [(KARI, "1", True, True)]
    assert "Karis prøve" in (await (await world.log_in(KARI, agreed=False)).get("/journal")).text


async def test_it_counts_for_the_sessions_one_has_open_elsewhere_too(world: World) -> None:
    await two(world)
    phone, desk = await world.log_in(KARI, agreed=False), await world.log_in(KARI, agreed=False)
    await phone.post("/start", data=agreeing())
    assert (await desk.get("/journal")).status_code == 200


async def test_a_new_version_asks_again_and_the_old_one_can_still_be_read(world: World) -> None:
    await two(world)
    await (await world.log_in(KARI, agreed=False)).post("/start", data=agreeing())
    await world.owner.execute("INSERT INTO identity.terms VALUES ('2', current_date), ('3', '2999-01-01')")
    kari = await world.log_in(KARI, agreed=False)
    assert (await kari.get("/journal")).headers["location"] == "/start?next=/journal"
    assert "Vilkår, versjon 2" in (await kari.get("/start")).text
    # The page of before, sent again; one that does not begin before long; one that there is not.
    for version in ("1", "3", "x"):
        answer = await kari.post("/start", data=agreeing(version, onward="/journal"))
        assert answer.headers["location"] == "/start?next=/journal"
    assert (await kari.get("/journal")).status_code == 303
    await kari.post("/start", data=agreeing("2"))
    assert (await kari.get("/journal")).status_code == 200
    page = (await kari.get("/settings/terms")).text
    assert (page.index("Versjon 2") < page.index("Versjon 1"), "Du leser din egen journal" in page) == (
        True,
        True,
    )
    ola = await world.log_in(OLA, agreed=False)
    await ola.post("/start", data=agreeing("2"))
    assert "Versjon 1" not in (await ola.get("/settings/terms")).text


async def test_the_language_that_it_was_read_in_is_kept(world: World) -> None:
    kari = await world.log_in(KARI, agreed=False)
    page = await kari.get("/start?locale=nn")
    assert (page.headers["content-language"], "Eg godtek vilkåra" in page.text) == ("nn", True)
    # Only looking keeps nothing.
    assert (await kari.get("/start")).headers["content-language"] == "nb"
    await kari.post("/start", data=agreeing(locale="nn"))
    assert (await kari.get("/settings/terms")).headers["content-language"] == "nn"
    ola = await world.log_in(OLA)
    assert (await ola.get("/settings/terms")).headers["content-language"] == "nb"


async def test_who_declines_is_logged_out_and_nothing_is_kept(world: World) -> None:
    kari = await world.log_in(KARI, agreed=False)
    page = (await kari.get("/start")).text
    assert "Sier du nei, logger vi deg ut. Journalen og behandlingen din er som før" in page
    assert '<form method="post" action="/logout">' in page
    assert (await kari.post("/logout")).status_code == 303
    assert (await kari.get("/start")).status_code == 401
    assert await world.owner.fetchval("SELECT count(*) FROM identity.accepted_terms") == 0
    # And may come back.
    again = await world.log_in(KARI, agreed=False)
    assert (await again.get("/start")).status_code == 200


async def test_a_page_elsewhere_is_no_place_to_be_led_to(world: World) -> None:
    kari = await world.log_in(KARI, agreed=False)
    for onward in ("//evil.example", "https://evil.example", "javascript:1"):
        assert "evil.example" not in (await kari.get("/start", params={"next": onward})).text
        answer = await kari.post("/start", data=agreeing(onward=onward))
        assert answer.headers["location"] == "/start/kin?next=/"


@pytest.mark.parametrize("locale", LOCALES)
async def test_every_version_has_its_words(world: World, locale: str) -> None:
    versions = [row["version"] for row in await world.owner.fetch("SELECT version FROM identity.terms")]
    assert versions == ["1"]
    for version in versions:
        sections = sections_of(version, locale)
        assert len(sections) == len(sections_of(version, "nb")) == 7
        assert all(section.title and section.text for section in sections)
