"""A form that one person opened and another sends from the same browser, with no script to notice."""

import re
from uuid import uuid4

import httpx

from access.permits import person_of
from access.sessions.coming_back import logs_in_again, passes
from innsyn.web.marks import mark_of
from innsyn.web.templates import FOLDER, is_page
from world import KARI, OLA, World, patient

# A form that is posted, and what stands right after its tag.
_FORMS = re.compile(r'<form\b[^>]* method="post"[^>]*>(<input type=hidden name=m value=[A-Za-z0-9_-]{6}>)?')
_ADDRESSES = (
    "/",
    "/settings",
    "/settings/sessions",
    "/access/give",
    "/access/blocks",
    "/access/wishes",
    "/people",
)


async def _marks(browser: httpx.AsyncClient, address: str) -> list[str]:
    return [found[1] for found in _FORMS.finditer((await browser.get(address)).text)]


async def _both(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))


async def test_every_form_of_a_page_for_somebody_carries_their_mark_in_forty_bytes(world: World) -> None:
    await _both(world)
    karis, olas = [
        f"<input type=hidden name=m value={mark_of(await person_of(world, n))}>" for n in (KARI, OLA)
    ]
    assert karis != olas
    assert len(karis) <= 40
    # Also where nothing has been agreed to yet, and nowhere for nobody.
    newcomer = await world.log_in(KARI, agreed=False)
    assert karis in await _marks(newcomer, "/start")
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    for address in _ADDRESSES:
        for browser, mark in ((kari, karis), (ola, olas)):
            found = await _marks(browser, address)
            assert found, address
            assert set(found) == {mark}, address
    assert "name=m" not in (await world.browser().get("/unlock")).text


def test_no_template_has_a_form_that_is_posted_and_not_found() -> None:
    posted = 0
    for file in FOLDER.rglob("*.html"):
        if is_page(str(file.relative_to(FOLDER))):
            text = file.read_text("utf-8")
            forms = re.findall(r"<form\b", text)
            found = len(_FORMS.findall(text)) + len(re.findall(r'<form\b[^>]* method="get"[^>]*>', text))
            assert len(forms) == found, file
            posted += len(_FORMS.findall(text))
    assert posted > 20


async def test_what_another_person_in_the_same_browser_sends_is_refused(world: World) -> None:
    """Kari writes; Ola logs in in another tab; Kari's tab is sent, with Ola's cookie."""
    await _both(world)
    browser = await world.log_in(KARI)
    mark = mark_of(await person_of(world, KARI))
    written = {"m": mark, "label": "Karis hjelper", "level": "read", "lasts": "year"}
    given = "SELECT count(*) FROM access.fullmakt"
    await logs_in_again(world, browser, OLA)
    for address, fields in (
        ("/access/give", written),
        ("/settings", {"m": mark, "locale": "nn"}),
        ("/settings/sessions/end-others", {"m": mark}),
        ("/people", {"m": mark, "handle": ""}),
        ("/access/blocks", {"what": "block_unit", "target": "Karis sted", "key": str(uuid4()), "m": mark}),
    ):
        refused = await browser.post(address, data=fields)
        assert refused.status_code == 409, address
        assert "Det var en annen som skrev dette. Ingenting er sendt." in refused.text
        assert "Karis" not in refused.text
    # Nor once he has been logged out by time: it is not kept for him to send.
    await passes(world, 31)
    late = await browser.post("/access/give", data=written)
    assert (late.status_code, "Karis" in late.text) == (409, False)
    assert await world.owner.fetchval(given) == 0
    # When she is back, her tab sends what she wrote.
    await logs_in_again(world, browser, KARI)
    assert (await browser.post("/access/give", data=written)).status_code == 303
    giver = await world.owner.fetchval("SELECT giver_id FROM access.fullmakt")
    assert giver == await person_of(world, KARI)


async def test_what_is_kept_for_oneself_is_sent_again_without_the_mark(world: World) -> None:
    await _both(world)
    browser = await world.log_in(KARI)
    mark = mark_of(await person_of(world, KARI))
    await passes(world, 31)
    kept = await browser.post("/settings", data={"locale": "nn", "m": mark})
    assert kept.status_code == 401
    assert 'name="locale" value="nn"' in kept.text
    assert mark not in kept.text
    action = re.search(r'action="(/session/send/[^"]+)"', kept.text)
    assert action
    await logs_in_again(world, browser, KARI)
    sent = await browser.post(action[1], data={"locale": "nn"}, follow_redirects=False)
    assert sent.status_code == 307
    assert (await browser.post("/settings", data={"locale": "nn", "m": mark})).status_code == 303


async def test_a_form_without_a_mark_and_one_in_pieces_are_read_as_they_are(world: World) -> None:
    await _both(world)
    browser = await world.log_in(KARI)
    assert (await browser.post("/settings", data={"locale": "nn"})).status_code == 303
    mark = mark_of(await person_of(world, KARI))

    async def pieces(*parts: bytes) -> int:
        async def each() -> object:
            for part in parts:
                yield part

        form = {"content-type": "application/x-www-form-urlencoded"}
        return (await browser.post("/settings", content=each(), headers=form)).status_code  # type: ignore[arg-type]

    assert await pieces(b"loc", b"ale=en&", b"m=", mark.encode()) == 303
    assert await pieces(b"m=" + mark.encode() + b"&locale=nb") == 303
    assert await pieces(b"m=AAAAAA&locale=nb") == 409
    assert await pieces(b"locale=nb&text=%00&m=" + mark.encode()) == 400
    assert await pieces(b"locale=nb&text=" + b"x" * 70_000) == 413
