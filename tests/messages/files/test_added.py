"""Files of messages through the front door: who adds, who sees, who takes away, and what leaves."""

import base64
import io
import json
import re
from uuid import UUID

import httpx
import pikepdf
from PIL import Image

from access.permits import handle, permit, person_of
from files import hostile
from innsyn.files.checking import MOST_TAKEN_IN
from innsyn.messages.files.rules import MOST_FILES
from innsyn.web.marks import mark_of
from messages.written import begun, reply, there, thread_in, unit_id, write
from world import KARI, OLA, World

DRAFT = re.compile(r"/messages/drafts/([0-9a-f-]{36})")


async def add(
    world: World, browser: httpx.AsyncClient, address: str, body: bytes, name: str = "sår.jpg", **typed: str
) -> httpx.Response:
    """Add a file to what is written at this address, as its page sends it."""
    fields = {
        "unit": str(await unit_id(world)),
        "kind": "question",
        "topic": "Sår",
        "text": "Se bildet.",
        "revision": "0",
    }
    return await browser.post(
        f"{address}/files", data={**fields, **typed}, files={"file": (name, body, "text/html")}
    )


async def only_file(world: World) -> str:
    """The address of the one file there is."""
    (row,) = await world.owner.fetch("SELECT file_id FROM message.attachment")
    return f"/messages/files/{row['file_id']}"


async def test_what_is_added_is_kept_with_what_was_typed_and_leaves_with_the_message(world: World) -> None:
    await there(world)
    kari = await world.log_in(KARI)
    address = await begun(world, kari)
    answer = await add(world, kari, address, hostile.photo(), "../mitt sår.exe")
    assert (answer.status_code, answer.headers["location"]) == (303, address), answer.text[:2000]
    page = (await kari.get(address)).text
    assert "Se bildet." in page
    assert "mitt sår.jpg" in page
    assert "Filer blir ikke virussjekket i denne installasjonen." in page
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision
    thread = thread_in(
        await write(world, kari, address, topic="Sår", text="Se bildet nå.", revision=revision[1])
    )
    (left,) = [json.loads(row[0]) for row in await world.owner.fetch("SELECT resource FROM journal.outbox")]
    text, file = left["payload"]
    assert text == {"contentString": "Se bildet nå."}
    sent = file["contentAttachment"]
    assert (sent["contentType"], sent["title"]) == ("image/jpeg", "mitt sår.jpg")
    body = base64.b64decode(sent["data"])
    assert hostile.PLACE not in body
    assert "mitt sår.jpg" in (await kari.get(thread)).text
    seen = await kari.get(await only_file(world))
    assert seen.content == body
    assert seen.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert seen.headers["content-disposition"] == "inline; filename*=UTF-8''mitt%20s%C3%A5r.jpg"
    assert seen.headers["x-content-type-options"] == "nosniff"
    assert "no-store" in seen.headers["cache-control"]
    # What has been sent is not taken away.
    assert (await kari.post(f"{await only_file(world)}/remove", data={})).status_code == 404


async def test_it_is_nobody_elses_and_each_look_at_it_is_logged(world: World) -> None:
    await there(world)
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    address = await begun(world, kari)
    await add(world, kari, address, hostile.document(), "svar.pdf")
    file = await only_file(world)
    person = await person_of(world, KARI)
    # Ola may write for Kari, and still sees nothing of what she has begun herself.
    await permit(world, OLA, KARI, capabilities=3)
    base = f"/for/{await handle(world, ola, person)}"
    for browser, before, status in ((ola, "", 404), (ola, base, 404), (world.browser(), "", 401)):
        assert (await browser.get(before + file)).status_code == status
        assert (await browser.post(f"{before}{file}/remove", data={})).status_code == status
    thread = thread_in(await write(world, kari, address, topic="Sår", text="Se bildet.", revision="1"))
    assert (await ola.get(file)).status_code == 404
    count = "SELECT count(*) FROM access.log WHERE purpose = 'messages.file' AND actor_id = $1 AND subject_id = $2"
    helper = await person_of(world, OLA)
    before_it = await world.owner.fetchval(count, helper, person)
    opened = await ola.get(base + file)
    assert opened.status_code == 200
    assert await world.owner.fetchval(count, helper, person) == before_it + 1
    assert opened.headers["content-disposition"] == "attachment; filename*=UTF-8''svar.pdf"
    with pikepdf.open(io.BytesIO(opened.content)) as pdf:
        assert len(pdf.pages) == 1
    # Whoever may see and not write, sees no message and none of its files.
    await world.owner.execute("DELETE FROM access.permit WHERE actor_id = $1", helper)
    await permit(world, OLA, KARI, capabilities=1)
    base = f"/for/{await handle(world, ola, person)}"
    assert (await ola.get(base + file)).status_code == 404
    assert (await ola.get(base + thread)).status_code == 404
    assert (await add(world, ola, base + address, hostile.picture())).status_code == 404


async def test_what_is_not_kept_is_told_and_what_was_typed_is_there(world: World) -> None:
    await there(world)
    kari = await world.log_in(KARI)
    address = await begun(world, kari)
    for body, words in (
        (hostile.EXE, "Vi kan ta imot bilder"),
        (hostile.document(encrypted=True), "låst med passord"),
        (b"\xff\xd8\xff" + bytes(MOST_TAKEN_IN), "Filen er for stor"),
        (b"", "Du valgte ingen fil"),
    ):
        answer = await add(world, kari, address, body)
        assert (answer.status_code, words in answer.text) == (422, True), answer.text
    assert await world.owner.fetchval("SELECT count(*) FROM message.attachment") == 0
    assert "Se bildet." in (await kari.get(address)).text
    assert (await add(world, kari, address, hostile.picture(), m=mark_of(UUID(int=1)))).status_code == 409
    assert (await add(world, kari, address, hostile.picture(), unit="")).status_code == 404
    assert (await kari.post(address, files={"file": ("a", b"b")})).status_code == 415


async def test_there_is_room_for_so_many(world: World) -> None:
    await there(world)
    kari = await world.log_in(KARI)
    address = await begun(world, kari)
    assert (await add(world, kari, address, hostile.picture())).status_code == 303
    await world.owner.execute(
        """
        INSERT INTO message.attachment (person_id, draft_id, author_id, number, name, media_type, size, body, scan)
        SELECT person_id, draft_id, author_id, n, name, media_type, size, body, scan
        FROM message.attachment, generate_series(2, $1) AS n
        """,
        MOST_FILES,
    )
    full = await add(world, kari, address, hostile.picture(), revision="1")
    assert (full.status_code, "Den kan ha 10 filer" in full.text) == (422, True)
    await world.owner.execute("DELETE FROM message.attachment WHERE number > 1")
    # Five megabytes by five megabytes, in other drafts: there is an end to what one keeps without sending it.
    await world.owner.execute(
        """
        INSERT INTO message.draft (person_id, draft_id, author_id, unit_id)
        SELECT person_id, gen_random_uuid(), author_id, unit_id FROM message.draft, generate_series(1, 4)
        """
    )
    await world.owner.execute(
        """
        INSERT INTO message.attachment (person_id, draft_id, author_id, number, name, media_type, size, body, scan)
        SELECT d.person_id, d.draft_id, d.author_id, 1, 'a.pdf', 'application/pdf', 26214400,
            decode(repeat('00', 26214400), 'hex'), 'clean'
        FROM message.draft d WHERE d.text = ''
        """
    )
    assert (await add(world, kari, address, hostile.picture(), revision="1")).status_code == 422


async def test_taking_one_away_keeps_what_is_typed_and_a_draft_takes_its_files_with_it(world: World) -> None:
    await there(world)
    kari = await world.log_in(KARI)
    thread = thread_in(await write(world, kari))
    page = (await kari.get(thread)).text
    found = DRAFT.search(page)
    assert found
    address, of = found[0], {"thread": thread.rpartition("/")[2], "unit": ""}
    answer = await add(world, kari, address, hostile.screenshot(), "skjerm.png", text="Her er", **of)
    assert answer.headers["location"] == address
    assert (await kari.get(address)).headers["location"] == f"{thread}#reply"
    page = (await kari.get(thread)).text
    assert "skjerm.png" in page
    file = await only_file(world)
    with Image.open(io.BytesIO((await kari.get(file)).content)) as shown:
        assert shown.format == "PNG"
    typed = {**of, "text": "Her er den ikke", "revision": "1", "topic": ""}
    assert (await kari.post(f"{file}/remove", data=typed)).headers["location"] == address
    page = (await kari.get(thread)).text
    assert "Her er den ikke" in page
    assert "skjerm.png" not in page
    assert (await kari.get(file)).status_code == 404
    await add(
        world, kari, address, hostile.screenshot(), "skjerm.png", text="Her er den ikke", **of, revision="2"
    )
    assert await world.owner.fetchval("SELECT count(*) FROM message.attachment") == 1
    await kari.post(f"{address}/discard", data={})
    assert await world.owner.fetchval("SELECT count(*) FROM message.attachment") == 0


async def test_what_another_window_has_kept_is_not_written_over(world: World) -> None:
    await there(world)
    kari = await world.log_in(KARI)
    address = await begun(world, kari)
    await write(world, kari, address, text="Fra det ene vinduet", do="keep")
    answer = await add(world, kari, address, hostile.picture(), text="Fra det andre vinduet")
    assert (answer.status_code, "Fra det andre vinduet" in answer.text) == (422, True)
    assert await world.owner.fetchval("SELECT text FROM message.draft") == "Fra det ene vinduet"
    assert await world.owner.fetchval("SELECT count(*) FROM message.attachment") == 0


async def test_a_file_that_was_chosen_and_not_added_is_not_left_out_unseen(world: World) -> None:
    await there(world)
    kari = await world.log_in(KARI)
    address = await begun(world, kari)
    await add(world, kari, address, hostile.screenshot(), "den første.png")
    # Without a script the form is sent with the name of what was chosen.
    sending = {"topic": "Sår", "text": "Se bildet.", "revision": "1"}
    answer = await write(world, kari, address, **sending, file="den andre.png")
    assert answer.status_code == 422
    for words in ("Du har valgt en fil som ikke er lagt ved ennå", "den første.png", "Se bildet."):
        assert words in answer.text, words
    thread_in(await write(world, kari, address, **sending, file=""))


async def test_what_has_been_sent_takes_no_more_files(world: World) -> None:
    await there(world)
    kari = await world.log_in(KARI)
    address = await begun(world, kari)
    thread = thread_in(await write(world, kari, address))
    answer = await add(world, kari, address, hostile.picture())
    # What was typed beside it is another text than the one that went: it is there to send.
    assert answer.status_code == 409
    assert thread_in(await reply(kari, thread, "Uten fil")) == thread
    assert await world.owner.fetchval("SELECT count(*) FROM message.attachment") == 0
