"""From inside an entry: what is wrong or not understood is told to those who wrote it, and its outcome stands there."""

import html
import json
import re
from datetime import UTC, datetime

from access.permits import handle, permit, person_of
from messages.written import there, unit_id
from world import KARI, OLA, World, result


async def _entry(world: World) -> str:
    found = await world.owner.fetchval("SELECT entry_id::text FROM record.entry WHERE kind = 'lab_results'")
    assert found
    return str(found)


async def test_what_is_wrong_is_told_to_the_unit_and_its_outcome_stands_beside_the_entry(
    world: World,
) -> None:
    await there(world, result("r1", "kari", conclusion="", note=[{"text": "Tatt fastende."}]))
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    entry = await _entry(world)
    address = f"/messages/about/{entry}/wrong"
    page = (await kari.get(address)).text
    assert 'value="Tatt fastende."' in page
    assert "<title>Si fra om noe i journalen – Innsyn</title>" in page
    draft = re.search(r'name="draft" value="([^"]+)"', page)
    assert draft
    typed = {"draft": draft[1], "unit": str(await unit_id(world)), "quote": "Tatt fastende."}
    missing = await kari.post(address, data=typed)
    assert missing.status_code == 422
    assert "Velg hva som er galt." in missing.text
    typed |= {"reason": "mistake", "comment": "Jeg hadde spist."}
    sent, again = [await kari.post(address, data=typed) for _ in range(2)]
    assert sent.status_code == again.status_code == 303
    assert sent.headers["location"] == again.headers["location"]
    row = await world.owner.fetchrow("SELECT count(*) OVER () AS n, resource FROM journal.outbox")
    left = json.loads(row["resource"])
    assert row["n"] == 1
    assert left["about"] == [{"identifier": {"system": "urn:innsyn:entry", "value": entry}}]
    assert left["category"][0]["coding"][0]["code"] == "wrong"
    words = "Det stemmer ikke\n\n«Tatt fastende.»\n\nJeg hadde spist."
    assert left["payload"] == [{"contentString": words}]

    beside = (await kari.get(f"/journal/lab_results/{entry}")).text
    assert "Det du har sagt fra om" in beside
    assert "Noe er feil i journalen" in beside
    await world.owner.execute(
        "INSERT INTO message.told (person_id, told_id, thread_id, standing, at, outcome, feed) "
        "SELECT person_id, gen_random_uuid(), thread_id, 'closed', $1, 'Rettet i dag.', 'journal' FROM message.thread",
        datetime.now(UTC),
    )
    assert "Rettet i dag." in (await kari.get(f"/journal/lab_results/{entry}")).text
    thread = sent.headers["location"].partition("?")[0]
    way = re.search(r'href="([^"]+/entry)"', (await kari.get(thread)).text)
    assert way
    assert (await kari.get(way[1])).headers["location"] == f"/journal/lab_results/{entry}"
    for path in (address, way[1], thread):
        assert (await ola.get(path)).status_code == 404


async def test_one_sentence_can_be_pointed_at_and_nothing_that_is_not_there(world: World) -> None:
    told = "Dr. Aas tok prøven kl. 08. Du hadde spist. Ny prøve om ca. 3 uker!"
    long = " ".join(f"Lagt inn for {nth}. gang." for nth in range(200))
    await there(world, result("r1", "kari", conclusion="", note=[{"text": told}, {"text": long}]))
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    address = f"/messages/about/{await _entry(world)}/wrong"
    page = (await kari.get(address)).text
    choices = [html.unescape(each) for each in re.findall(r'name="quote" value="([^"]*)"', page)]
    begin = choices.index(told)
    sentences = ["Dr. Aas tok prøven kl. 08.", "Du hadde spist.", "Ny prøve om ca. 3 uker!"]
    assert choices[begin + 1 : begin + 4] == sentences
    # What is longer than can be quoted is parted between two sentences, and all of it is there.
    parts = [each for each in choices if len(each) > 100]
    assert " ".join(parts) == long
    assert max(map(len, parts)) <= 2_000

    draft = re.search(r'name="draft" value="([^"]+)"', page)
    assert draft
    typed = {"draft": draft[1], "unit": str(await unit_id(world)), "reason": "mistake", "comment": "Nei."}
    refused = await kari.post(address, data=typed | {"quote": "Du er frisk."})
    assert refused.status_code == 422
    assert "Det du valgte, står ikke slik i journalen lenger. Velg på nytt." in refused.text
    assert "Nei.</textarea>" in refused.text
    assert (await ola.post(address, data=typed | {"quote": sentences[1]})).status_code == 404
    assert await world.owner.fetchval("SELECT count(*) FROM journal.outbox") == 0
    assert (await kari.post(address, data=typed | {"quote": sentences[1]})).status_code == 303
    left = json.loads(await world.owner.fetchval("SELECT resource FROM journal.outbox"))
    assert left["payload"] == [{"contentString": "Det stemmer ikke\n\n«Du hadde spist.»\n\nNei."}]


async def test_a_helper_who_may_only_read_points_at_nothing(world: World) -> None:
    await there(world, result("r1", "kari"))
    ola = await world.log_in(OLA)
    await permit(world, OLA, KARI, capabilities=1)
    base = f"/for/{await handle(world, ola, await person_of(world, KARI))}"
    entry = await _entry(world)
    page = await ola.get(f"{base}/journal/lab_results/{entry}")
    assert page.status_code == 200
    assert "/messages/" not in page.text
    for what in ("wrong", "word"):
        assert (await ola.get(f"{base}/messages/about/{entry}/{what}")).status_code == 404
