"""A citizen writes to a unit: what is asked before, what leaves, and what the pages say of it."""

import json
import re

import pytest

from access.permits import handle, permit, person_of
from messages.written import begun, reply, there, thread_in, unit, unit_id, write
from world import KARI, OLA, World

_OUTBOX = "SELECT resource FROM journal.outbox ORDER BY number, queued_at"


async def test_before_writing_one_is_told_what_it_is_not_for_and_how_long_it_takes(world: World) -> None:
    await there(world)
    kari = await world.log_in(KARI)
    units = (await kari.get("/messages/new")).text
    page = (await kari.get(f"/messages/new/{await unit_id(world)}")).text
    assert "Steinkjer legesenter" in units
    for words in (
        'href="tel:113"',
        'href="tel:116117"',
        "De lover svar innen 5 virkedager.",
        "mandag–fredag 08.00–15.00",
        "Skriv kort.",
        "Hvilket legemiddel, og hvor mye er igjen?",
    ):
        assert words in page, words
    assert re.search(r"<title>([^<]+)", page)[1] == "Skriv en ny melding – Innsyn"  # type: ignore[index]


async def test_a_message_is_a_thread_and_leaves_for_the_journal_once(world: World) -> None:
    await there(world)
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    address = await begun(world, kari)
    sent = await write(world, kari, address)
    again = await write(world, kari, address)
    thread = thread_in(sent)
    assert thread_in(again) == thread
    page = (await kari.get(thread)).text
    assert "Når kommer svaret?" in page
    assert "Ikke sendt ennå" in page
    assert "<title>Samtale – Innsyn</title>" in page
    assert "Blodprøve" in (await kari.get("/messages")).text
    # Another citizen has no such thread.
    assert (await ola.get(thread)).status_code == 404
    assert "Blodprøve" not in (await ola.get("/messages")).text
    left = [json.loads(row["resource"]) for row in await world.owner.fetch(_OUTBOX)]
    (one,) = left
    person = str(await person_of(world, KARI))
    assert one["subject"]["identifier"] == {"system": "urn:innsyn:person", "value": person}
    assert one["sender"] == one["subject"]
    assert one["partOf"][0]["identifier"]["value"] == f"urn:uuid:{thread.rpartition('/')[2]}"
    assert one["category"][0]["coding"] == [{"system": "urn:innsyn:message-kind", "code": "question"}]
    assert one["topic"] == {"text": "Blodprøve"}
    assert one["payload"] == [{"contentString": "Når kommer svaret?"}]
    assert one["recipient"] == [{"reference": "HealthcareService/gp", "display": "Steinkjer legesenter"}]


async def test_what_is_missing_is_said_and_nothing_is_lost(world: World) -> None:
    await there(world)
    kari = await world.log_in(KARI)
    answer = await write(world, kari, topic="", kind="", text="Dette skrev jeg <b>")
    assert answer.status_code == 422
    for words in ("Dette skrev jeg &lt;b&gt;", "Skriv hva det gjelder", "Velg hva det gjelder"):
        assert words in answer.text, words
    assert await world.owner.fetchval("SELECT count(*) FROM journal.outbox") == 0


async def test_a_reply_goes_in_the_same_thread_after_what_it_answers(world: World) -> None:
    await there(world)
    kari = await world.log_in(KARI)
    thread = thread_in(await write(world, kari))
    assert thread_in(await reply(kari, thread, "Det haster ikke.")) == thread
    first, second = [json.loads(row["resource"]) for row in await world.owner.fetch(_OUTBOX)]
    assert second["inResponseTo"][0]["identifier"] == first["identifier"][0]
    assert second["partOf"] == first["partOf"]
    assert second["topic"] == first["topic"]
    assert await world.owner.fetchval("SELECT count(DISTINCT conversation) FROM journal.outbox") == 1


async def test_a_helper_who_may_write_does_so_in_their_own_name_and_one_who_may_not_meets_nothing(
    world: World,
) -> None:
    await there(world)
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    thread = thread_in(await write(world, kari))
    await permit(world, OLA, KARI, capabilities=1)
    base = f"/for/{await handle(world, ola, await person_of(world, KARI))}"
    assert (await ola.get(f"{base}{thread}")).status_code == 404
    assert (await ola.get(f"{base}/messages")).status_code == 404
    assert "/messages" not in (await ola.get(f"{base}/")).text
    await world.owner.execute("UPDATE access.permit SET capabilities = 3 WHERE actor_id <> subject_id")
    assert "Når kommer svaret?" in (await ola.get(f"{base}{thread}")).text
    assert thread_in(await reply(ola, f"{base}{thread}", "Jeg hjelper Kari.")) == f"{base}{thread}"
    page = (await kari.get(thread)).text
    assert "Jeg hjelper Kari." in page
    assert "Ola Nordli" in page
    left = [json.loads(row["resource"]) for row in await world.owner.fetch(_OUTBOX)]
    helper = str(await person_of(world, OLA))
    assert left[1]["sender"]["identifier"]["value"] == helper
    assert left[1]["subject"] == left[0]["subject"]


@pytest.mark.parametrize(("may_write", "own", "helping"), [("self_only", 303, 403), ("known", 403, 403)])
async def test_a_unit_says_who_may_write(world: World, may_write: str, own: int, helping: int) -> None:
    await there(world, unit("ward", "Avdelingen", may_write))
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    await permit(world, OLA, KARI, capabilities=3)
    base = f"/for/{await handle(world, ola, await person_of(world, KARI))}"
    ward = str(await unit_id(world, "Avdelingen"))
    for browser, at, status in ((kari, "", own), (ola, base, helping)):
        address = await begun(world, browser, at)
        answer = await write(world, browser, address, unit=ward)
        assert answer.status_code == status
