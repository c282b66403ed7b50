"""What never reaches a handler, and what does although it looks odd."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import product
from typing import Annotated

from litestar import post
from litestar.enums import RequestEncodingType
from litestar.params import Body

from world import BASE, KARI, World, patient

FORM = "application/x-www-form-urlencoded"
SITES = ("same-origin", "same-site", "cross-site", "none", None)
ORIGINS = (BASE, "https://evil.example", "null", None)
# From our own pages; or from a browser too old to say where from, but with our origin. A page of ours whose browser
# hides the origin says "null".
OURS = {("same-origin", BASE), ("same-origin", "null"), ("same-origin", None), (None, BASE)}


async def test_another_site_can_neither_choose_a_language_nor_log_anybody_out(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"))
    kari = await world.log_in(KARI)
    del kari.headers["sec-fetch-site"]
    for address, form in (("/settings", {"locale": "nn"}), ("/logout", {})):
        refused = set()
        for site, origin in set(product(SITES, ORIGINS)) - OURS:
            answer = await kari.post(address, data=form, headers=_told(site, origin))
            refused.add((answer.status_code, answer.content, "set-cookie" in answer.headers))
        assert refused == {(403, b"", False)}, address
    assert (await kari.get("/api/me")).json() == {"name": "Kari Nordli", "locale": ""}


async def test_our_own_pages_can(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"))
    for site, origin in OURS:
        kari = await world.log_in(KARI)
        del kari.headers["sec-fetch-site"]
        chosen = await kari.post("/settings", data={"locale": "nn"}, headers=_told(site, origin))
        assert chosen.status_code == 303, (site, origin)
        assert (await kari.get("/api/me")).json()["locale"] == "nn"
        ended = await kari.post("/logout", headers=_told(site, origin))
        assert ended.status_code == 303, (site, origin)
        assert (await kari.get("/api/me")).status_code == 401


def _told(site: str | None, origin: str | None) -> dict[str, str]:
    given = {"sec-fetch-site": site, "origin": origin}
    return {name: value for name, value in given.items() if value is not None}


async def test_a_form_is_sent_as_a_form(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"))
    kari = await world.log_in(KARI)
    for declared in ("text/plain", "application/json", "multipart/form-data; boundary=x", "", FORM + "x"):
        answer = await kari.post("/settings", content=b"locale=nn", headers={"content-type": declared})
        assert (answer.status_code, answer.content) == (415, b""), declared
    undeclared = await kari.post("/settings", content=b"locale=nn")
    in_pieces = await kari.post("/settings", content=_pieces(), headers={"content-type": "text/plain"})
    undeclared_in_pieces = await kari.post("/settings", content=_pieces())
    assert {one.status_code for one in (undeclared, in_pieces, undeclared_in_pieces)} == {415}
    assert (await kari.get("/api/me")).json()["locale"] == ""


async def _pieces() -> AsyncIterator[bytes]:
    yield b"locale="
    yield b"nn"


async def test_a_body_that_nobody_meant_is_refused_and_never_breaks_anything(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"))
    kari = await world.log_in(KARI)
    deep = b"[" * 100_000
    bodies = {
        b"locale=nn%00": 400,
        b"locale=n\0n": 400,
        b"locale=\xff\xfe": 400,
        b"locale=%ED%A0%80": 400,
        b"locale=nn&locale=nb": 400,
        b"locale=nn&person_id=1": 400,
        b"": 400,
        b"locale": 400,
        b"&".join([b"a=1"] * 10_000): 400,
        deep: 413,
        b"locale=" + deep[:60_000]: 400,
        b"x" * 10_000_000: 413,
    }
    for body, status in bodies.items():
        answer = await kari.post("/settings", content=body, headers={"content-type": FORM})
        assert answer.status_code == status, (body[:40], len(body))
    as_json = await kari.post("/settings", content=deep, headers={"content-type": "application/json"})
    assert as_json.status_code == 415
    assert (await kari.get("/api/me")).json()["locale"] == ""


async def test_a_nul_and_an_endless_question_are_turned_away(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"))
    kari = await world.log_in(KARI)
    for address in (
        "/journal?q=%00",
        "/journal/lab%00_results",
        "/journal?%00=1",
        f"/journal?q={'x' * 4000}",
    ):
        answer = await kari.get(address)
        assert (answer.status_code, answer.content) == (400, b""), address[:40]
        told = await kari.get("/api" + address)
        assert (told.status_code, told.headers["content-type"]) == (400, "application/problem+json")


async def test_no_field_of_any_form_has_a_nul(world: World) -> None:
    @dataclass
    class Said:
        text: str

    @post("/said", status_code=200)
    async def said(data: Annotated[Said, Body(media_type=RequestEncodingType.URL_ENCODED)]) -> str:
        return data.text

    world.litestar.register(said)
    bodies: list[tuple[list[bytes], int]] = [
        ([b"text=a"], 200),
        ([b"text=%25", b"00%2", b"50"], 200),
        ([b"text=a%00"], 400),
        ([b"text=a\0"], 400),
        ([b"text=a%", b"00"], 400),
        ([b"text=a%0", b"0"], 400),
        ([b"text=a", b"%", b"0", b"0", b"b"], 400),
    ]
    for pieces, status in bodies:
        answer = await world.browser().post("/said", content=_each(pieces), headers={"content-type": FORM})
        assert answer.status_code == status, pieces


async def _each(pieces: list[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def test_the_longest_search_in_any_script_passes(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"))
    kari = await world.log_in(KARI)
    assert (await kari.get("/api/entries", params={"q": "𠀀" * 200})).status_code == 200


async def test_asking_changes_nothing(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"))
    kari = await world.log_in(KARI)
    override = {"x-http-method-override": "POST", "content-type": FORM}
    for method, address in product(
        ("GET", "HEAD", "OPTIONS"),
        ("/settings?locale=nn&_method=POST", "/logout", "/logout?_method=POST", "/?locale=nn", "/settings"),
    ):
        answer = await kari.request(method, address, headers=override)
        assert answer.status_code in {200, 204, 405}, (method, address)
        assert "set-cookie" not in answer.headers
    assert (await kari.get("/api/me")).json() == {"name": "Kari Nordli", "locale": ""}


async def test_cookies_of_rubbish_are_nobody(world: World) -> None:
    for cookie in ("x", "=" * 43, "A" * 43, "A" * 4000, "\\x00", '"', "æøå", "A" * 42 + "="):
        answer = await world.browser().get("/api/me", headers={b"cookie": f"innsyn={cookie}".encode()})
        assert answer.status_code == 401, cookie
    language = await world.browser().get("/", headers={"cookie": "innsyn_locale=<script>"})
    assert (language.status_code, language.headers["content-language"]) == (200, "nb")
