"""From a form to the journal and back: what a page says is what is so, with a real journal that fails at will."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import msgspec
import pytest

from innsyn.embedded_postgres import Server
from journal.hostile import PACE, Outbox, running
from world import KARI, OLA, World, patient, result

REQUEST = UUID(int=78)
UNIT = {"key": str(REQUEST), "what": "block_unit", "target": "Hudpoliklinikken", "understood": "1"}
SLOW = msgspec.structs.replace(PACE, most_tries=2)


@pytest.fixture(scope="module")
def peer() -> Iterator[str]:
    with running(0, "kari", "ola") as base:
        yield base


@pytest.fixture
async def outbox(world: World, postgres: Server, fresh_database: str, peer: str) -> AsyncIterator[Outbox]:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"), result("a", "kari", "CRP"))
    async with httpx.AsyncClient(trust_env=False) as http:
        opened = Outbox(world.owner, postgres.dsn("innsyn_worker", fresh_database), peer, http)
        await opened.faults()
        yield opened


async def the_only(outbox: Outbox) -> asyncpg.Record:
    [row] = await outbox.owner.fetch("SELECT * FROM journal.outbox")
    return row


async def blocks(browser: httpx.AsyncClient) -> str:
    """What a page says of the one block."""
    page = (await browser.get("/access/blocks")).text
    [said] = re.findall(r"<strong>(.*?)</strong>", page)
    return str(said)


async def take_back(world: World, outbox: Outbox, **changes: Any) -> None:  # noqa: ANN401
    """The journal's feed tells what it has made of what came, as it stands now or as `changes` say."""
    ours = str((await the_only(outbox))["outbox_id"])
    [made] = [each for each in await outbox.sent_in() if ours in str(each["identifier"])]
    await world.take(made | changes)


async def test_from_waiting_to_in_force(world: World, outbox: Outbox) -> None:
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    await kari.post("/access/blocks", data=UNIT)
    assert await blocks(kari) == "Venter hos oss."
    await outbox.faults(error_after=1.0)
    async with outbox.workers():
        await outbox.until("SELECT unsure FROM journal.outbox")
        assert await blocks(kari) == "Sendt, ikke besvart ennå."
        await outbox.faults()
        await outbox.until_state((await the_only(outbox))["outbox_id"], "received")
    assert await blocks(kari) == "Mottatt av journalen, ikke avgjort ennå."
    await take_back(world, outbox)
    assert await blocks(kari) == "Mottatt av journalen, ikke avgjort ennå."
    await take_back(world, outbox, status="active")
    assert await blocks(kari) == "Gjelder nå."
    assert "Hudpoliklinikken" not in (await ola.get("/access/blocks")).text


async def test_a_block_of_an_entry_leaves_with_the_journals_name_of_it(world: World, outbox: Outbox) -> None:
    kari = await world.log_in(KARI)
    entry = (await kari.get("/api/entries")).json()["entries"][0]["id"]
    await kari.post(f"/access/blocks/entry/{entry}", data={"key": str(REQUEST), "understood": "1"})
    async with outbox.workers():
        # The journal knows no such thing, and says so: it was asked about by its own name.
        row = await outbox.until_state((await the_only(outbox))["outbox_id"], "refused")
    assert row["answer"] == "a reference leads to nothing"
    assert await blocks(kari) == "Avvist."
    page = (await kari.get("/access/blocks")).text
    assert "a reference leads to nothing" not in page
    assert "Journalen kunne ikke ta imot den, og den gjelder ikke." in page


async def test_of_an_entry_that_is_gone_no_other_is_blocked(world: World, outbox: Outbox) -> None:
    kari = await world.log_in(KARI)
    entry = (await kari.get("/api/entries")).json()["entries"][0]["id"]
    await kari.post(f"/access/blocks/entry/{entry}", data={"key": str(REQUEST), "understood": "1"})
    await world.owner.execute("DELETE FROM record.entry")
    async with outbox.workers():
        await outbox.until("SELECT reason = 'no_entry' FROM journal.outbox")
    assert await blocks(kari) == "Venter hos oss."


async def test_what_was_given_up_is_told_and_what_comes_back_has_arrived(
    world: World, outbox: Outbox
) -> None:
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    await kari.post("/access/blocks", data=UNIT)
    await outbox.faults(error_after=1.0, seed=1)
    async with outbox.workers(1, SLOW):
        await outbox.until_state((await the_only(outbox))["outbox_id"], "dead")
    assert await blocks(kari) == "Ikke bekreftet."
    assert "Ikke bekreftet" in (await kari.get("/")).text
    assert "Ikke bekreftet" not in (await ola.get("/")).text
    # It had arrived all along: the feed tells.
    await take_back(world, outbox)
    row = await the_only(outbox)
    assert (row["state"], row["reason"], row["unsure"]) == ("received", "came_back", False)
    assert await blocks(kari) == "Mottatt av journalen, ikke avgjort ennå."
    assert "Ikke bekreftet" not in (await kari.get("/")).text


async def test_somebody_elses_echo_is_no_receipt(world: World, outbox: Outbox) -> None:
    kari = await world.log_in(KARI)
    await kari.post("/access/blocks", data=UNIT)
    row = await the_only(outbox)
    echo = msgspec.json.decode(row["resource"]) | {"id": "echo", "patient": {"reference": "Patient/ola"}}
    own = {"system": "urn:innsyn:outbox", "value": str(row["outbox_id"])}
    await world.take(echo | {"performer": [], "identifier": [own]})
    assert (await the_only(outbox))["state"] == "queued"
    await world.take(
        echo | {"id": "mine", "performer": [], "identifier": [own], "patient": {"reference": "Patient/kari"}}
    )
    assert (await the_only(outbox))["state"] == "received"


async def test_what_never_left_is_told_on_the_first_page(world: World, outbox: Outbox) -> None:
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    await kari.post("/access/blocks", data=UNIT)
    assert "banner" not in (await kari.get("/")).text
    await world.owner.execute("UPDATE journal.outbox SET queued_at = now() - interval '25 hours'")
    said = (await kari.get("/")).text
    assert "Ikke levert ennå: forespørselen din om sperring" in said
    await outbox.faults(busy=1.0)
    async with outbox.workers(1, SLOW):
        await outbox.until_state((await the_only(outbox))["outbox_id"], "dead")
    said = (await kari.get("/")).text
    assert "Ikke levert: forespørselen din om sperring" in said
    assert 'href="/access/blocks"' in said
    assert await blocks(kari) == "Ikke levert."
    assert "Ikke levert" not in (await ola.get("/")).text
    # Tried again by somebody, it goes, and nothing is said any longer.
    await outbox.faults()
    await world.owner.execute("UPDATE journal.outbox SET state = 'queued', next_try_at = now()")
    async with outbox.workers():
        await outbox.until_state((await the_only(outbox))["outbox_id"], "received")
    assert "Ikke levert" not in (await kari.get("/")).text


async def test_it_leaves_at_once(world: World, outbox: Outbox) -> None:
    kari = await world.log_in(KARI)
    async with outbox.workers(1, msgspec.structs.replace(PACE, look_again=60.0)):
        # The loop has looked, and sleeps until it is woken.
        await asyncio.sleep(0)
        await kari.post("/access/blocks", data=UNIT)
        await outbox.until_state((await the_only(outbox))["outbox_id"], "received", 5)
