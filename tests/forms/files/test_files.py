"""Files of a draft through the front door: who adds, who sees, who takes away, and what is left."""

import io
import re
from typing import Any

import httpx
from PIL import Image

from files import hostile
from forms.drafts import begun
from innsyn.files.checking import MOST_TAKEN_IN
from innsyn.files.uploading import MOST_BODY
from innsyn.web.marks import mark_of
from world import KARI, OLA, World

# The first step is a group (0) with a question of files.
FILES = "1"
PLACE = re.compile(r"/forms/files/[0-9a-f-]{36}")


async def asked(world: World) -> tuple[httpx.AsyncClient, str]:
    """Kari has begun a form that wants pictures."""
    wanted = {"linkId": "picture", "type": "attachment", "text": "Bilde", "repeats": True}
    group: dict[str, Any] = {"linkId": "all", "type": "group", "text": "Alt", "item": [wanted]}
    await begun.asked(world, item=[group])
    kari = await world.log_in(KARI)
    return kari, await begun.begin(world, kari)


async def add(
    browser: httpx.AsyncClient, draft: str, body: bytes, name: str = "eske.jpg", **fields: str
) -> httpx.Response:
    sent = {"field": FILES, "step": "0", **fields}
    return await browser.post(f"{draft}/files", data=sent, files={"file": (name, body, "text/html")})


async def kept(world: World) -> int:
    found: int = await world.owner.fetchval("SELECT count(*) FROM form.file")
    return found


async def added(world: World, kari: httpx.AsyncClient, draft: str) -> str:
    """The address of a file that Kari has added."""
    answer = await add(kari, draft, hostile.screenshot(), "../min skjerm.svg")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{draft}?step=0#f-1"), answer.text
    file = await world.owner.fetchval("SELECT file_id FROM form.file ORDER BY at DESC LIMIT 1")
    return f"/forms/files/{file}"


async def test_a_file_is_added_seen_in_a_sandbox_and_taken_away(world: World) -> None:
    kari, draft = await asked(world)
    file = await added(world, kari, draft)
    assert "min skjerm.png" in (await kari.get(draft)).text
    seen = await kari.get(file)
    with Image.open(io.BytesIO(seen.content)) as shown:
        assert shown.format == "PNG"
    assert seen.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert seen.headers["content-disposition"] == "inline; filename*=UTF-8''min%20skjerm.png"
    assert seen.headers["x-content-type-options"] == "nosniff"
    assert (await kari.post(f"{file}/remove", data={"field": FILES, "step": "0"})).status_code == 303
    assert ((await kari.get(file)).status_code, await kept(world)) == (404, 0)
    assert "min skjerm" not in (await kari.get(draft)).text


async def test_it_is_nobody_elses_and_looking_at_it_is_logged(world: World) -> None:
    kari, draft = await asked(world)
    file = await added(world, kari, draft)
    for browser, status in ((await world.log_in(OLA), 404), (world.browser(), 401)):
        met = [
            (await browser.get(file)).status_code,
            (await browser.post(f"{file}/remove", data={})).status_code,
            (await add(browser, draft, hostile.picture())).status_code,
        ]
        assert met == [status] * 3
    assert await kept(world) == 1
    await kari.get(file)
    assert await world.owner.fetchval("SELECT count(*) FROM access.log WHERE purpose = 'forms.file'") >= 1


async def test_what_is_not_kept_is_told_and_the_draft_is_as_it_was(world: World) -> None:
    kari, draft = await asked(world)
    for body, words in (
        (hostile.SVG, "Vi kan ta imot bilder"),
        (hostile.pixel_bomb(), "for mange bildepunkter"),
        (hostile.document(encrypted=True), "låst med passord"),
        (b"\xff\xd8\xff" + bytes(MOST_TAKEN_IN), "Filen er for stor"),
        (b"", "Du valgte ingen fil"),
    ):
        answer = await add(kari, draft, body)
        assert (answer.status_code, words in answer.text) == (422, True), answer.text
    too_long = await add(kari, draft, bytes(MOST_BODY + 1))
    assert (too_long.status_code, await kept(world)) == (413, 0)


async def test_a_page_made_for_somebody_else_adds_nothing(world: World) -> None:
    kari, draft = await asked(world)
    ola = await world.owner.fetchval("SELECT person_id FROM identity.person_identifier WHERE value = $1", OLA)
    assert (await add(kari, draft, hostile.picture(), m=mark_of(ola))).status_code == 409
    assert (await add(kari, draft, hostile.picture(), field="0")).status_code == 404
    assert (await kari.post(draft, files={"file": ("a", b"b")})).status_code == 415
    head = {"content-type": "multipart/form-data; boundary=x"}
    assert (await kari.post(f"{draft}/files", content=b"--x\r\nnothing", headers=head)).status_code == 400
    assert await kept(world) == 0


async def test_a_draft_that_is_thrown_away_takes_its_files_with_it(world: World) -> None:
    kari, draft = await asked(world)
    await added(world, kari, draft)
    assert (await kari.post(f"{draft}/discard", data={})).status_code == 303
    assert await kept(world) == 0


async def test_what_is_sent_keeps_its_files_and_they_leave_with_it(world: World) -> None:
    kari, draft = await asked(world)
    file = await added(world, kari, draft)
    sent = await begun.send(kari, draft)
    assert sent.headers["location"].startswith("/forms/sent/"), sent.headers
    assert (await kari.get(file)).status_code == 200
    assert (await kari.post(f"{file}/remove", data={})).status_code in {404, 410}
    left = await world.owner.fetchval("SELECT convert_from(resource, 'UTF8') FROM journal.outbox")
    assert '"data":"iVBORw0KGgo' in left.replace(" ", "")
    assert (await (await world.log_in(OLA)).get(file)).status_code == 404
