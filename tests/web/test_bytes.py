"""What a visit weighs, headers and all, as `make bench` measures it in a browser; here without one, at every run."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from access.live.streams import listening, served
from innsyn.web.compression import dictionaries
from innsyn.web.statics import published
from world import KARI, World, patient, result

# The goals are 25 and 3 kB; a little is left for what a real browser's connection adds. The first visit has come near
# its goal since logging out, on every page, has to take away what a form has left on the device (leave-nothing.js).
FIRST, REPEATED = 24_600, 2_800
CODINGS = "gzip, deflate, br, zstd"
SERVICES = ("st-olavs", "levanger", "steinkjer-legesenter", "steinkjer-kommune")
NAMES = ("HbA1c", "Hemoglobin", "Kreatinin", "Kalium", "Natrium", "Ferritin", "Kolesterol", "Albumin")


@pytest.fixture
async def kari(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """A phone with a session, and a journal of twenty results from four services, as in a page of the demo record."""
    await world.take(patient("kari", KARI, "Kari"))
    for number in range(20):
        day = f"2026-{11 - number // 4:02}-{3 + number:02}T10:15:00+01:00"
        lab = result(f"r{number}", "kari", NAMES[number % 8], 30 + number, effectiveDateTime=day)
        await world.take(lab, source=SERVICES[number % 4])
    browser = await world.log_in(KARI)
    async with served(world) as address:
        cookie = f"innsyn={browser.cookies['innsyn']}"
        headers = {"accept-encoding": CODINGS, "accept-language": "nb", "cookie": cookie}
        async with httpx.AsyncClient(base_url=address, headers=headers, trust_env=False) as phone:
            yield phone


async def weight(answer: httpx.Response) -> int:
    """Bytes of the answer on the wire."""
    line = len(f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}\r\n\r\n")
    head = sum(len(name) + len(value) + 4 for name, value in answer.headers.raw)
    return line + head + sum([len(part) async for part in answer.aiter_raw()])


async def got(browser: httpx.AsyncClient, address: str, **headers: str) -> tuple[int, httpx.Response]:
    async with browser.stream("GET", address, headers=headers) as answer:
        assert answer.status_code == 200, address
        return await weight(answer), answer


async def stream(browser: httpx.AsyncClient) -> int:
    """What a page that has opened hears."""
    cookies = httpx.AsyncClient(cookies={"innsyn": browser.headers["cookie"].removeprefix("innsyn=")})
    async with listening(str(browser.base_url), cookies) as page:
        head = sum(len(name) + len(value) + 4 for name, value in page.headers.raw)
        said = await page.next()
        return len("HTTP/1.1 200 OK\r\n\r\n30\r\nretry: 1000\nevent: data: \n\n\r\n") + head + len(said)


@pytest.mark.parametrize("path", ["/", "/journal"])
async def test_a_first_visit(kari: httpx.AsyncClient, path: str) -> None:
    name = re.search(r'"(/dictionary/[^"]+)"', (await kari.get(path)).text)
    assert name
    files = [published()[file] for file in ("app.css", "app.js", "icon.svg")]
    asked = [path, *files, "/sw.js", name[1], "/offline"]
    weights = {address: (await got(kari, address))[0] for address in asked} | {"/live": await stream(kari)}
    assert sum(weights.values()) <= FIRST, weights


@pytest.mark.parametrize("path", ["/", "/journal", "/journal/lab_results"])
async def test_a_page_of_somebody_who_has_been_here(kari: httpx.AsyncClient, path: str) -> None:
    name = re.search(r'"(/dictionary/[^"]+)"', (await kari.get(path)).text)
    assert name
    held = dictionaries()[name[1].removeprefix("/dictionary/")].available.decode()
    asked = {"accept-encoding": f"{CODINGS}, dcb, dcz", "available-dictionary": held}
    page, answer = await got(kari, path, **asked)
    assert answer.headers["content-encoding"] == "dcz"
    weights = {path: page, "/live": await stream(kari)}
    assert sum(weights.values()) <= REPEATED, weights
