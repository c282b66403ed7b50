"""What nobody has called clean is neither shown nor sent: files that wait, of citizens and of units."""

import base64
import re
from typing import Any

from files import hostile
from files.corpus import CORPUS
from files.daemon import clamd, needs_clamd
from innsyn.files.scanning import Scanner
from innsyn.messages.files.settling import settle
from messages.files.test_added import add, only_file
from messages.written import answer_of, begun, there, thread_in, write
from world import KARI, OLA, World

DOWN = Scanner("/nowhere/clamd.sock")
OPENS = re.compile(r'href="(/messages/files/[0-9a-f-]{36})"')


def attached(title: str, body: bytes, content_type: str = "application/pdf") -> dict[str, Any]:
    """A file as a journal sends it."""
    data = base64.b64encode(body).decode()
    return {"contentAttachment": {"contentType": content_type, "title": title, "data": data}}


async def test_while_the_scanner_is_down_a_file_is_kept_and_the_message_stays_here(world: World) -> None:
    await there(world)
    world.litestar.state.scanner = DOWN
    kari = await world.log_in(KARI)
    address = await begun(world, kari)
    assert (await add(world, kari, address, hostile.picture())).status_code == 303
    page = (await kari.get(address)).text
    assert "sjekkes for virus" in page
    assert (await kari.get(await only_file(world))).status_code == 409
    held = await write(world, kari, address, topic="Sår", text="Se bildet.", revision="1")
    assert (held.status_code, "sår.jpg" in held.text) == (409, True), held.text[:500]
    assert await settle(world.worker, DOWN) == 0
    assert await world.owner.fetchval("SELECT count(*) FROM journal.outbox") == 0
    assert await settle(world.worker, Scanner("")) == 1
    assert (await kari.get(await only_file(world))).status_code == 200
    thread_in(await write(world, kari, address, topic="Sår", text="Se bildet.", revision="1"))
    assert await world.owner.fetchval("SELECT count(*) FROM journal.outbox") == 1


@needs_clamd
async def test_what_the_scanner_knows_when_it_is_back_is_gone_and_the_message_waits_for_the_writer(
    world: World,
) -> None:
    await there(world)
    world.litestar.state.scanner = DOWN
    kari = await world.log_in(KARI)
    address = await begun(world, kari)
    await add(world, kari, address, CORPUS["a document with harm in its page"].body(), "rapport.pdf")
    with clamd() as daemon:
        assert await settle(world.worker, Scanner(daemon.address)) == 1
        world.litestar.state.scanner = Scanner(daemon.address)
        answer = await add(
            world, kari, address, CORPUS["a photo with harm in its comment"].body(), revision="1"
        )
        assert (answer.status_code, "kjente igjen noe skadelig" in answer.text) == (422, True)
    (row,) = await world.owner.fetch("SELECT scan, reason, size, body FROM message.attachment")
    assert tuple(row) == ("refused", "infected", 0, b"")
    assert "Fjern filen for å sende meldingen" in (await kari.get(address)).text
    file = await only_file(world)
    assert (await kari.get(file)).status_code == 404
    sending = {"topic": "Sår", "text": "Se bildet.", "revision": "1"}
    assert (await write(world, kari, address, **sending)).status_code == 409
    assert (await kari.post(f"{file}/remove", data={})).status_code == 303
    thread_in(await write(world, kari, address, **sending))


async def test_files_of_a_unit_are_looked_into_before_they_are_shown_and_none_disappears(
    world: World,
) -> None:
    await there(world)
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    thread = thread_in(await write(world, kari))
    elsewhere = {"contentAttachment": {"title": "Bilde fra RIS", "url": "https://example.test/Binary/1"}}
    broken = {"contentAttachment": {"title": "halvt.pdf", "contentType": "application/pdf", "data": "%%%"}}
    said = answer_of(thread, "Se vedleggene.", payload=[
        {"contentString": "Se vedleggene."},
        attached("../epikrise\u202efdp.exe", hostile.acting()),
        attached("skjema.docm", hostile.ZIP),
        elsewhere,
        broken,
    ])  # fmt: skip
    await world.take(said)
    before = (await kari.get(thread)).text
    assert "blir undersøkt før du kan åpne det" in before
    assert OPENS.findall(before) == []
    waiting = await world.owner.fetch("SELECT file_id FROM message.attachment WHERE scan = 'waiting'")
    assert [(await kari.get(f"/messages/files/{row[0]}")).status_code for row in waiting] == [409, 409]
    assert await settle(world.worker, DOWN) == 1
    assert await settle(world.worker, Scanner("")) == 1
    after = (await kari.get(thread)).text
    (file,) = OPENS.findall(after)
    for words in (
        "epikrisefdp.pdf",
        "skjema.docm",
        "Det er ikke et bilde eller en PDF.",
        "Bilde fra RIS",
        "Det ligger et annet sted, som vi ikke henter fra.",
        "halvt.pdf",
        "Det kom ikke helt frem.",
        "Svar på meldingen hvis du trenger det på en annen måte.",
    ):
        assert words in after, words
    opened = await kari.get(file)
    assert (opened.status_code, opened.headers["content-type"]) == (200, "application/pdf")
    assert b"/JavaScript" not in opened.content
    assert (await ola.get(file)).status_code == 404
    # Said once more, in a newer version: what has been looked into stays as it is.
    await world.take(said, version=2)
    assert OPENS.findall((await kari.get(thread)).text) == [file]
    # Recalled, it is gone with what was in it.
    await world.take({**said, "status": "entered-in-error"}, version=3)
    assert (await kari.get(file)).status_code == 404


async def test_a_file_that_nobody_can_say_anything_of_holds_up_no_other(world: World) -> None:
    await there(world)
    kari = await world.log_in(KARI)
    thread = thread_in(await write(world, kari))
    names = [f"{number}.jpg" for number in range(3)]
    files = [attached(name, hostile.picture(), "image/jpeg") for name in names]
    await world.take(answer_of(thread, "Bilder", payload=files))
    assert await settle(world.worker, DOWN) == 0
    assert await settle(world.worker, Scanner("")) == len(names)
    found = OPENS.findall((await kari.get(thread)).text)
    assert [(await kari.get(each)).status_code for each in found] == [200] * len(names)
