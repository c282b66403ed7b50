"""What a thread says of itself: unread until it is read, and in words how far what was written has come."""

import re

from messages.written import answer_of, delivered, reply, there, thread_in, write
from world import KARI, OLA, World

_READ = {
    "resourceType": "Task",
    "id": "t1",
    "identifier": [{"system": "urn:ietf:rfc:3986", "value": "urn:uuid:6a1d4c5e-5e0c-4a0e-8f57-0a4b1c2d3e4f"}],
    "status": "accepted",
    "intent": "order",
    "code": {"coding": [{"system": "urn:innsyn:task", "code": "message"}]},
    "for": {"reference": "Patient/kari"},
    "lastModified": "2027-01-01T10:00:00+01:00",
}


def _task(thread: str, standing: str, **more: object) -> dict[str, object]:
    guid = f"urn:uuid:{thread.rpartition('/')[2]}"
    return {
        **_READ,
        "focus": {"type": "Communication", "identifier": {"system": "urn:ietf:rfc:3986", "value": guid}},
        "businessStatus": {"coding": [{"system": "urn:innsyn:message-standing", "code": standing}]},
        **more,
    }


def _badge(page: str) -> str:
    found = re.search(r'class="badge"[^>]*><span aria-hidden="true">(\d+)', page)
    return found[1] if found else ""


async def test_what_the_unit_writes_is_unread_on_the_first_page_and_in_the_list_until_it_is_read(
    world: World,
) -> None:
    await there(world)
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    thread = thread_in(await write(world, kari))
    assert _badge((await kari.get("/")).text) == ""
    await delivered(world)
    await world.take(answer_of(thread, "Det kommer i morgen."))
    home, listed = (await kari.get("/")).text, (await kari.get("/messages")).text
    assert _badge(home) == _badge(listed) == "1"
    assert "1 samtale med noe nytt" in home
    assert "message-unread" in listed
    assert "Besvart" in listed
    page = (await kari.get(thread)).text
    assert "Det kommer i morgen." in page
    assert '<span class="ds-tag" data-color="sun">Ny</span>' in page
    # It was read by that.
    assert _badge(page) == ""
    assert _badge((await kari.get("/")).text) == ""
    again = (await kari.get(thread)).text
    assert '<span class="ds-tag" data-color="sun">Ny</span>' not in again
    for address in ("/", "/messages"):
        assert "Det kommer" not in (await ola.get(address)).text


async def test_how_it_stands_is_said_in_words(world: World) -> None:
    await there(world)
    kari = await world.log_in(KARI)
    thread = thread_in(await write(world, kari))
    for state, words in (
        ("queued", "Ikke sendt ennå"),
        ("sent", "Sendt"),
        ("received", "Mottatt i journalen"),
        ("dead", "Kom ikke fram. Ring dem."),
        ("refused", "Ikke tatt imot. Ring dem."),
    ):
        await world.owner.execute("UPDATE journal.outbox SET state = $1", state)
        for address in (thread, "/messages"):
            assert words in (await kari.get(address)).text, (state, address)
    await delivered(world)
    for version, (standing, words) in enumerate(
        (("read", "Lest av helsetjenesten"), ("handed_on", "Gitt videre"), ("closed", "Avsluttet")), 1
    ):
        await world.take(_task(thread, standing), version=version)
        assert words in (await kari.get(thread)).text, standing
    assert "Skriver du her igjen, blir den åpnet på nytt." in (await kari.get(thread)).text


async def test_what_was_corrected_shows_what_it_said_and_what_was_recalled_says_nothing(world: World) -> None:
    await there(world)
    kari = await world.log_in(KARI)
    thread = thread_in(await write(world, kari))
    said = answer_of(thread, "Ta to tabletter.")
    await world.take(said, version=1)
    await world.take({**said, "payload": [{"contentString": "Ta en tablett."}]}, version=2)
    page = (await kari.get(thread)).text
    assert "Ta en tablett." in page
    assert "Slik sto det før" in page
    assert "Ta to tabletter." in page
    await world.take({**said, "status": "entered-in-error"}, version=3)
    page = (await kari.get(thread)).text
    assert "trukket tilbake" in page
    assert "tablett" not in page


async def test_the_citizen_says_that_it_is_solved(world: World) -> None:
    await there(world)
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    thread = thread_in(await write(world, kari))
    await delivered(world)
    await world.take(answer_of(thread, "Det er normalt."))
    assert (await ola.post(f"{thread}/close")).status_code == 404
    for _ in range(2):
        assert (await kari.post(f"{thread}/close")).status_code == 303
    await delivered(world)
    assert "Samtalen er avsluttet." in (await kari.get(thread)).text
    assert await world.owner.fetchval("SELECT count(*) FROM journal.outbox WHERE resource_type = 'Task'") == 1
    await reply(kari, thread, "Jeg lurer likevel.")
    page = (await kari.get(thread)).text
    assert "Samtalen er avsluttet." not in page
    assert "Ikke sendt ennå" in page


async def test_it_is_late_when_it_has_taken_longer_than_nine_of_ten_do(world: World) -> None:
    await there(world)
    kari = await world.log_in(KARI)
    thread = thread_in(await write(world, kari))
    assert "lengre tid enn vanlig" not in (await kari.get(thread)).text
    await world.owner.execute(
        "INSERT INTO message.reply_time SELECT unit_id, 'question', 3600, 90000, 12, 6, now() FROM message.unit"
    )
    page = (await kari.get(thread)).text
    assert "Halvparten får svar innen 1 time, ni av ti innen 25 timer." in page
    await world.owner.execute("UPDATE message.message SET sent_at = sent_at - interval '2 days'")
    page = (await kari.get(thread)).text
    assert "Dette har tatt lengre tid enn vanlig." in page
    assert "Ring Steinkjer legesenter" in page
