"""A form that is sent after the session has ended: nothing that was written is lost, and nobody else sends it."""

import html
import re
from typing import Annotated

import httpx
import msgspec
import pytest
from litestar import post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromQuery

from access.sessions.coming_back import logs_in_again, passes
from innsyn.access.acting import Acts
from innsyn.access.sessions.rules import fits, is_own_form
from world import KARI, OLA, World

FORM = {"locale": "nn", "text": 'Linje én\r\nlinje "to" <b>&amp;', "empty": ""}


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    locale: str
    text: str
    empty: str


class Letters:
    """A form with room for words, and one that needs a fresh login; `sent` is what has arrived."""

    def __init__(self, world: World) -> None:
        self.sent: list[Written] = []

        @post(["/access/letter", "/access/grave"], status_code=200)
        async def letter(
            acts: NamedDependency[Acts],
            fresh: FromQuery[bool],
            data: Annotated[Written, Body(media_type=RequestEncodingType.URL_ENCODED)],
        ) -> str:
            async with acts.begin("letter", fresh=fresh):
                self.sent.append(data)
            return "sent"

        world.litestar.register(letter)


@pytest.fixture
def letters(world: World) -> Letters:
    return Letters(world)


async def sent_too_late(world: World, browser: httpx.AsyncClient) -> httpx.Response:
    await passes(world, 31)
    answer = await browser.post("/access/letter?fresh=0", data=FORM)
    assert answer.status_code == 401
    return answer


def kept_in(page: str) -> tuple[str, dict[str, str]]:
    """Where the form of the page goes, and what is in it."""
    (action,) = re.findall(r'<form method="post" action="(/session/send/[^"]+)">', page)
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return html.unescape(action), {html.unescape(name): html.unescape(value) for name, value in fields}


async def test_all_that_was_written_is_in_the_page_and_in_nothing_else(
    world: World, letters: Letters
) -> None:
    kari = await world.log_in(KARI)
    answer = await sent_too_late(world, kari)
    action, fields = kept_in(answer.text)
    assert (fields, action[:14], action[-22:]) == (FORM, "/session/send/", "/access/letter?fresh=0")
    assert "Linje" not in str(answer.headers)
    assert answer.headers["cache-control"] == "no-store"
    assert letters.sent == []


async def test_after_a_new_login_the_same_person_sends_it_on_as_it_was(
    world: World, letters: Letters
) -> None:
    kari = await world.log_in(KARI)
    action, fields = kept_in((await sent_too_late(world, kari)).text)
    # Too early: it is kept once more.
    early = await kari.post(action, data=fields)
    assert (early.status_code, kept_in(early.text)) == (401, (action, fields))
    await logs_in_again(world, kari, KARI)
    passed_on = await kari.post(action, data=fields)
    assert (passed_on.status_code, passed_on.headers["location"]) == (307, "/access/letter?fresh=0")
    assert letters.sent == []
    sent = await kari.post(action, data=fields, follow_redirects=True)
    assert (sent.status_code, letters.sent) == (200, [Written(**FORM)])


async def test_another_person_in_the_same_browser_sends_nothing_of_it(world: World) -> None:
    browser = await world.log_in(KARI)
    await passes(world, 31)
    action, _ = kept_in((await browser.post("/settings", data={"locale": "nn"})).text)
    await logs_in_again(world, browser, OLA)
    refused = await browser.post(action, data={"locale": "nn"})
    assert refused.status_code == 409
    assert "Det var en annen som skrev dette. Ingenting er sendt." in refused.text
    assert await world.owner.fetchval("SELECT count(*) FROM identity.person WHERE locale <> ''") == 0


async def test_the_same_person_in_another_browser_sends_nothing_of_it_either(world: World) -> None:
    kari = await world.log_in(KARI)
    await passes(world, 31)
    action, _ = kept_in((await kari.post("/settings", data={"locale": "nn"})).text)
    elsewhere = await world.log_in(KARI)
    assert (await elsewhere.post(action, data={"locale": "nn"})).status_code == 409


async def test_a_form_of_another_site_can_not_send_it(world: World) -> None:
    kari = await world.log_in(KARI)
    await passes(world, 31)
    action, _ = kept_in((await kari.post("/settings", data={"locale": "nn"})).text)
    await logs_in_again(world, kari, KARI)
    for site in ("cross-site", "same-site", "none"):
        answer = await kari.post(action, data={"locale": "nn"}, headers={"sec-fetch-site": site})
        assert answer.status_code == 403


async def test_nothing_is_kept_for_whoever_never_had_a_session(world: World, letters: Letters) -> None:
    for browser in (world.browser(), world.browser("A" * 43)):
        answer = await browser.post("/access/letter?fresh=0", data=FORM)
        assert (answer.status_code, "Linje" in answer.text) == (401, False)
    assert letters.sent == []


async def test_what_is_too_much_is_not_kept(world: World, letters: Letters) -> None:
    kari = await world.log_in(KARI)
    await passes(world, 31)
    answer = await kari.post("/access/letter?fresh=0", data={**FORM, "text": "x" * 49 * 1024})
    assert (answer.status_code, "xxx" in answer.text) == (401, False)
    assert letters.sent == []
    assert fits([("a", "b")] * 2_000)
    assert not fits([("a", "b")] * 2_001)


@pytest.mark.parametrize("address", ["/settings", "/access/give?step=2", "/for/abcdefghijklmnop/journal/x"])
def test_a_form_of_ours_may_be_sent_again(address: str) -> None:
    assert is_own_form(address)


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example/settings",
        "/\\evil.example",
        "https://evil.example/settings",
        "/settings//evil.example",
        "/settings/../logout",
        "/settings/%2e%2e/logout",
        "/login",
        "/logout",
        "/logout/back",
        "/live",
        "/session/renew",
        "/session/send/AAAAAAAAAAAAAAAA/settings",
        "/settings\n",
        "/settings?next=//evil.example",
        "/api/entries",
        "/settings?" + "a" * 500,
        "",
    ],
)
async def test_nothing_else_is_ever_sent_to(world: World, address: str) -> None:
    assert not is_own_form(address)
    kari = await world.log_in(KARI)
    mark = (await kari.get("/live")).json()["mark"]
    typed = address.replace("\n", "%0A")
    answer = await kari.post(f"/session/send/{mark}{typed}", data=FORM)
    assert answer.status_code in {400, 404, 405}, answer.headers


async def test_a_form_that_needs_a_fresh_login_keeps_what_was_written_too(
    world: World, letters: Letters
) -> None:
    kari = await world.log_in(KARI)
    await passes(world, 11, used=True)
    answer = await kari.post("/access/grave?fresh=1", data=FORM)
    action, fields = kept_in(answer.text)
    assert (answer.status_code, fields) == (403, FORM)
    assert 'href="/login?prompt=login&amp;next=/session/back"' in answer.text
    await logs_in_again(world, kari, KARI)
    assert (await kari.post(action, data=fields, follow_redirects=True)).text == "sent"
    assert letters.sent == [Written(**FORM)]
