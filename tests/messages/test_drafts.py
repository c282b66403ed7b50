"""What is being written is kept, is its author's alone, and is never written over by an older page."""

import re

from access.permits import handle, permit, person_of
from messages.written import begun, reply, there, thread_in, unit_id, write
from world import KARI, OLA, World


async def test_a_draft_is_found_again_and_becomes_the_message(world: World) -> None:
    await there(world)
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    address = await begun(world, kari)
    assert (await write(world, kari, address, do="later")).headers["location"] == "/messages"
    listed = (await kari.get("/messages")).text
    assert address in listed
    assert "Blodprøve" in listed
    page = (await kari.get(address)).text
    assert "Når kommer svaret?" in page
    assert 'name="revision" value="1"' in page
    assert re.search(r'value="question" checked', page)
    assert (await ola.get(address)).status_code == 404
    assert "Blodprøve" not in (await ola.get("/messages")).text
    assert await world.owner.fetchval("SELECT count(*) FROM journal.outbox") == 0
    thread = thread_in(await write(world, kari, address, revision="1"))
    assert await world.owner.fetchval("SELECT count(*) FROM message.draft") == 0
    # Whoever has its page open still is led to what it became.
    assert (await kari.get(address)).headers["location"] == thread


async def test_a_helpers_draft_is_the_helpers(world: World) -> None:
    await there(world)
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    thread = thread_in(await write(world, kari))
    await permit(world, OLA, KARI, capabilities=3)
    base = f"/for/{await handle(world, ola, await person_of(world, KARI))}"
    await reply(ola, f"{base}{thread}", "Halvferdig fra Ola", do="later")
    assert "Halvferdig fra Ola" in (await ola.get(f"{base}{thread}")).text
    assert "Halvferdig fra Ola" not in (await kari.get(thread)).text
    assert "Påbegynt" not in (await kari.get("/messages")).text


async def test_two_pages_of_one_answer_lose_nothing(world: World) -> None:
    await there(world)
    kari = await world.log_in(KARI)
    thread = thread_in(await write(world, kari))
    old = (await kari.get(thread)).text
    address = re.search(r'action="([^"]*/messages/drafts/[0-9a-f-]{36})"', old)
    assert address
    await reply(kari, thread, "Fra den ene siden", do="later")
    fields = {"thread": thread.rpartition("/")[2], "text": "Fra den andre", "revision": "0"}
    live = await kari.post(f"{address[1]}/live", data=fields)
    assert (live.status_code, live.json()) == (409, {"conflict": True})
    for verb in ("later", "send"):
        clash = await kari.post(address[1], data={**fields, "do": verb})
        assert clash.status_code == 409
        assert "Fra den ene siden" in clash.text
        assert "Fra den andre" in clash.text
    # The page that shows both goes on from what is kept.
    shown = re.search(r'action="([^"]*/messages/drafts/[0-9a-f-]{36})"', clash.text)
    revision = re.search(r'name="revision" value="(\d+)"', clash.text)
    assert shown
    assert revision
    assert (
        thread_in(await kari.post(shown[1], data={**fields, "revision": revision[1], "do": "send"})) == thread
    )
    assert await world.owner.fetchval("SELECT count(*) FROM message.draft") == 0


async def test_what_is_typed_is_kept_as_it_is_typed(world: World) -> None:
    await there(world)
    kari = await world.log_in(KARI)
    address = await begun(world, kari)
    fields = {"unit": str(await unit_id(world)), "topic": "", "text": "Hei", "revision": "0"}
    first = await kari.post(f"{address}/live", data=fields)
    assert first.status_code == 200
    assert first.json()["revision"] == 1
    # The answer was lost on its way: the page goes on with the revision it had.
    second = await kari.post(f"{address}/live", data={**fields, "text": "Hei, jeg lurer"})
    assert second.json()["revision"] == 2
    assert await world.owner.fetchval("SELECT text FROM message.draft") == "Hei, jeg lurer"
    assert (await kari.post(f"{address}/discard")).headers["location"] == "/messages"
    assert (await kari.get(address)).status_code == 404


async def test_what_was_written_after_it_was_sent_is_not_lost(world: World) -> None:
    await there(world)
    kari = await world.log_in(KARI)
    address = await begun(world, kari)
    await write(world, kari, address)
    late = await write(world, kari, address, text="Og en ting til.")
    assert late.status_code == 409
    assert "Meldingen er allerede sendt." in late.text
    assert "Og en ting til." in late.text
    assert await world.owner.fetchval("SELECT count(*) FROM journal.outbox") == 1
    live = await kari.post(f"{address}/live", data={"unit": str(await unit_id(world)), "text": "x"})
    assert (live.status_code, live.json()) == (410, {"gone": True})


async def test_no_more_is_begun_than_is_kept(world: World) -> None:
    await there(world)
    kari = await world.log_in(KARI)
    for number in range(20):
        assert (await write(world, kari, topic=f"Emne {number}", do="later")).status_code == 303
    assert (await write(world, kari, do="later")).status_code == 409
    # Sending needs no room.
    assert (await write(world, kari)).status_code == 303
