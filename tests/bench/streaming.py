"""What the benches of the stream stand on: a stream that is filled, and the processes beside it."""

import asyncio
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import msgspec
from nats.aio.client import Client

from bench import made_up
from bench.installation import Installation, Process
from innsyn.journal.bulk import Files
from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.port import Entry
from innsyn.journal.relay import Stream
from innsyn.journal.sequence_page import page_in
from innsyn.journal.stream_connection import connected
from innsyn.journal.stream_layout import end_of
from innsyn.journal.stream_state import state_of
from innsyn.processes import Child

SYNTHEA = Path(__file__).resolve().parents[3] / "shared" / "data" / "synthea-r4-bundles"
_PATIENCE_SECONDS = 600
_COPIED = "CREATE TABLE copied (feed text, kind text, id text, body bytea, PRIMARY KEY (feed, kind, id))"


async def fill(address: str, entries: int) -> None:
    """Put what the made-up journal says up to this number into the stream."""
    async with connected(address, "bench") as client:
        stream = Stream(client)
        await stream.open(copies=1)
        for seq in range(stream.reached + 1, entries + 1, made_up.PAGE):
            page = made_up.page(seq, entries)
            await stream.add(page_in(page, seq).found)


async def fill_with(address: str, entries: Sequence[Entry]) -> None:
    """Put these into the stream, a page at a time."""
    async with connected(address, "bench") as client:
        stream = Stream(client)
        await stream.open(copies=1)
        for first in range(0, len(entries), made_up.PAGE):
            await stream.add(entries[first : first + made_up.PAGE])


async def synthea() -> list[Entry]:
    """The Synthea population as a journal would say it: numbered, each with whom it is about ([] without the set)."""
    if not SYNTHEA.is_dir():
        return []
    files = Files([SYNTHEA], "synthea", datetime.now(UTC), name="synthea")
    found = [each async for batch in files.after(0) for each in batch if isinstance(each, Entry)]
    names = {alias: f"{each.kind}/{each.id}" for each in found for alias in each.aliases}
    return [
        msgspec.structs.replace(each, position=number, subject=_subject(each, names))
        for number, each in enumerate(found, 1)
    ]


def _subject(entry: Entry, names: Mapping[str, str]) -> str:
    if entry.kind == "Patient":
        return f"Patient/{entry.id}"
    said = _about(entry.resource or b"{}")
    reference = (said.subject or said.patient or Reference()).reference
    return names.get(reference, reference)


class _About(msgspec.Struct):
    subject: Reference | None = None
    patient: Reference | None = None


_about = msgspec.json.Decoder(_About).decode


def made_up_until(last: int) -> list[Entry]:
    """All that the made-up journal says up to this number."""
    return [
        each
        for seq in range(1, last + 1, made_up.PAGE)
        for each in page_in(made_up.page(seq, last), seq).found
        if isinstance(each, Entry)
    ]


async def copied(db: asyncpg.Connection, entries: Iterable[Entry]) -> float:
    """Seconds for COPY of the bytes of these into a table with a key."""
    await db.execute(_COPIED)
    rows = {("journal", each.kind, each.id): each.resource for each in entries}
    began = time.perf_counter()
    await db.copy_records_to_table("copied", records=[(*key, body) for key, body in rows.items()])
    return time.perf_counter() - began


async def until_read(client: Client, db: asyncpg.Connection) -> None:
    """Wait until workers have committed all that the stream holds now."""
    newest = (await state_of(client)).newest
    patience = time.monotonic() + _PATIENCE_SECONDS
    while True:
        rows = await db.fetch("SELECT part, position FROM journal.position WHERE feed = 'journal'")
        read = {row["part"]: row["position"] for row in rows}
        if all(read.get(part, 0) >= end_of(number) for part, number in newest.items()):
            return
        if time.monotonic() > patience:
            raise RuntimeError("the stream is not read through")
        await asyncio.sleep(0.02)


_A_WORKER = """
import asyncio, signal, sys
from innsyn.access.book.versions import HELSENORGE
from innsyn.records.writing import entry_id
from innsyn.work_parts import work_parts
async def run():
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await work_parts(sys.argv[1], sys.argv[2], stop, HELSENORGE)
asyncio.run(run())
"""


def worker(at: Installation, name: str, database: str, nats: str) -> Child:
    """A process that reads its share of the stream and does nothing else."""
    command = [sys.executable, "-c", _A_WORKER, at.server.dsn("innsyn_worker", database), nats]
    return at.children.start(name, command, log=at.folder / f"{name}.log", environment=at.environment)


def relay(at: Installation, feed: Process, nats: str) -> Child:
    """The relay process between a feed and the stream."""
    settings = {"INNSYN_JOURNAL_FEED": f"http://127.0.0.1:{feed.port}", "INNSYN_NATS": nats}
    command = [sys.executable, "-m", "innsyn.cli", "relay"]
    return at.children.start(
        "relay", command, log=at.folder / "relay.log", environment={**at.environment, **settings}
    )
