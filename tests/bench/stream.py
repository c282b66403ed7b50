"""Through the stream: how fast workers take in what it holds, and how soon a citizen sees what a service writes.

One worker runs in this process, so that its start is not measured; two are processes of their own, stopped while the
stream is filled, so that both begin at once. Two cores are all that workers, PostgreSQL and NATS have together where
this was written: what two workers reach there is bounded by that, not by how they share.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from statistics import median
from threading import Thread
from urllib.request import Request, urlopen

import asyncpg
import msgspec

from bench import made_up
from bench.figures import Figure, at_least, at_most
from bench.installation import Installation, Session, installation
from bench.load import Answered, Asked, load
from bench.population import log_in
from bench.streaming import copied, fill, fill_with, made_up_until, relay, synthea, until_read, worker
from innsyn import embedded_nats
from innsyn.access.book.versions import HELSENORGE
from innsyn.journal.port import Entry
from innsyn.journal.stream_connection import connected
from innsyn.journal.stream_layout import ALL_PARTS
from innsyn.journal.stream_state import state_of
from innsyn.records.writing import entry_id
from innsyn.work_parts import work_parts

ENTRIES = int(os.environ.get("INNSYN_BENCH_ENTRIES", "6000"))
ROUNDS = int(os.environ.get("INNSYN_BENCH_ROUNDS", "3"))
DRAIN = int(os.environ.get("INNSYN_BENCH_DRAIN", "30000"))
SECONDS = int(os.environ.get("INNSYN_BENCH_SECONDS", "20"))
PER_SECOND = 50
_FIRST = 2000
_READERS = 8
_PATIENCE_SECONDS = 600


def measure() -> list[Figure]:
    """The figures of the stream."""
    with installation() as at:
        ratio, again = _one_worker(at)
        real = _real(at)
        two = _two_workers(at)
        waits = _to_the_screen(at)
        drained, before, while_draining = _drain(at)
    return [
        ratio,
        *real,
        again,
        two,
        at_most(
            f"feed to screen p99 at {PER_SECOND} entries/s",
            2,
            waits[len(waits) * 99 // 100],
            "s",
            beside=f"p50 {median(waits):.2f} s, {len(waits)} entries, while people read",
        ),
        at_most(f"drain of {DRAIN} entries", 300, drained, "s", beside=f"{DRAIN / drained:.0f}/s"),
        at_most(
            "readers' p99 while it drains / before",
            2,
            while_draining.p99 / before.p99,
            beside=f"{before.p99 * 1000:.0f} ms before, {while_draining.p99 * 1000:.0f} ms then",
        ),
    ]


def _one_worker(at: Installation) -> tuple[Figure, Figure]:
    rounds = []
    for number in range(ROUNDS):
        at.database(name := f"one_{number}")
        rounds.append(asyncio.run(_round(at, name)))
    first, copy, again = (median(ENTRIES / seconds for seconds in each) for each in zip(*rounds, strict=True))
    of_copy = median(each[1] / each[0] for each in rounds)
    of_first = median(each[0] / each[2] for each in rounds)
    return (
        at_least(
            "JetStream to rows / COPY of the bytes", 0.15, of_copy, beside=f"{first:.0f}/s, COPY {copy:.0f}/s"
        ),
        at_least("redelivery / first delivery", 1.0, of_first, beside=f"{again:.0f}/s"),
    )


def _real(at: Installation) -> list[Figure]:
    """The same with resources of the size that journals have, where they are there."""
    entries = asyncio.run(synthea())
    rounds = []
    for number in range(ROUNDS if entries else 0):
        at.database(name := f"real_{number}")
        rounds.append(asyncio.run(_round(at, name, entries)))
    if not rounds:
        return []
    first, copy = (median(len(entries) / each[which] for each in rounds) for which in (0, 1))
    of_copy = median(each[1] / each[0] for each in rounds)
    beside = f"{first:.0f}/s, COPY {copy:.0f}/s"
    return [at_least("JetStream to rows of Synthea / COPY of its bytes", 0.15, of_copy, beside=beside)]


async def _round(at: Installation, name: str, entries: Sequence[Entry] = ()) -> tuple[float, float, float]:
    """Seconds for the first delivery, for COPY of the same, and for the same messages again."""
    db = await asyncpg.connect(at.server.dsn("postgres", name))
    try:
        with embedded_nats.embedded(at.folder / f"nats-{name}") as nats:
            await (fill_with(nats.address, entries) if entries else fill(nats.address, ENTRIES))
            first = await _taken(at.server.dsn("innsyn_worker", name), nats.address, db)
            copy = await copied(db, entries or made_up_until(ENTRIES))
            await db.execute("UPDATE journal.position SET position = 0")
            again = await _taken(at.server.dsn("innsyn_worker", name), nats.address, db)
        return first, copy, again
    finally:
        await db.close()


async def _taken(dsn: str, address: str, db: asyncpg.Connection) -> float:
    """Seconds until one worker, which is connected already, has committed all that the stream holds."""
    stop = asyncio.Event()
    async with connected(address, "bench") as client:
        began = time.perf_counter()
        working = asyncio.create_task(work_parts(dsn, address, stop, HELSENORGE))
        await until_read(client, db)
        took = time.perf_counter() - began
    stop.set()
    await working
    return took


def _two_workers(at: Installation) -> Figure:
    seconds: dict[int, list[float]] = {1: [], 2: []}
    for number in range(ROUNDS):
        for workers, took in seconds.items():
            at.database(name := f"{workers}_together_{number}")
            took.append(asyncio.run(_side_by_side(at, name, workers)))
    one, two = seconds[1], seconds[2]
    beside = f"{ENTRIES / median(one):.0f}/s and {ENTRIES / median(two):.0f}/s, {os.cpu_count()} cores in all"
    return at_least("two workers / one", 1.7, median(one) / median(two), beside=beside)


async def _side_by_side(at: Installation, name: str, workers: int) -> float:
    db = await asyncpg.connect(at.server.dsn("postgres", name))
    with embedded_nats.embedded(at.folder / f"nats-{name}") as nats:
        begun = [worker(at, f"{name}-{number}", name, nats.address) for number in range(workers)]
        try:
            # The people and places that all the rest is about have come before.
            await fill(nats.address, _FIRST)
            await _until_shared(db, workers)
            async with connected(nats.address, "bench") as client:
                await until_read(client, db)
            for each in begun:
                each.process.send_signal(signal.SIGSTOP)
            await fill(nats.address, _FIRST + ENTRIES)
            async with connected(nats.address, "bench") as client:
                began = time.perf_counter()
                for each in begun:
                    each.process.send_signal(signal.SIGCONT)
                await until_read(client, db)
                return time.perf_counter() - began
        finally:
            for each in begun:
                each.process.send_signal(signal.SIGCONT)
                at.children.stop(each)
            await db.close()


async def _until_shared(db: asyncpg.Connection, workers: int) -> None:
    patience = time.monotonic() + 60
    wanted = [len(ALL_PARTS) // workers] * workers
    while time.monotonic() < patience:
        rows = await db.fetch(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 746302 GROUP BY pid"
        )
        if [row["count"] for row in rows] == wanted:
            return
        await asyncio.sleep(0.05)
    raise RuntimeError("the workers do not share the parts")


@asynccontextmanager
async def _read_already(at: Installation, name: str, nats: str) -> AsyncIterator[list[Session]]:
    """A database in which a worker has read what the stream holds, and sessions of some whom it is about."""
    db = await asyncpg.connect(at.server.dsn("postgres", name))
    try:
        async with connected(nats, "bench") as client:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while (await state_of(client)).reached < _FIRST:  # noqa: ASYNC110 - it is another process that comes
                    await asyncio.sleep(0.05)
            await until_read(client, db)
        await db.execute("VACUUM (ANALYZE)")
        yield await log_in(db, _READERS)
    finally:
        await db.close()


def _to_the_screen(at: Installation) -> list[float]:
    """Seconds from when the journal has an entry until its citizen's list shows it, in order."""
    at.database("screen")
    numbers = [str(_FIRST + SECONDS * PER_SECOND), str(_FIRST), str(PER_SECOND)]
    port = embedded_nats.free_port()
    feed = at._serve("feed", port, "/sources", ["-m", "bench.feed", str(port), *numbers], {})
    with embedded_nats.embedded(at.folder / "nats-screen") as nats:
        begun = [relay(at, feed, nats.address), worker(at, "worker", "screen", nats.address)]
        web = at.web("screen")
        sessions = asyncio.run(_sessions(at, "screen", nats.address))
        asked = [Asked("/api/entries", each.cookie) for each in sessions[:2]]
        reading = Thread(target=load, args=(at, web.port, asked, SECONDS))
        reading.start()
        waits = _watch(web.port, sessions, _began(feed.port))
        reading.join()
        for each in (*begun, web.child, feed.child):
            at.children.stop(each)
    return sorted(waits)


async def _sessions(at: Installation, name: str, nats: str) -> list[Session]:
    async with _read_already(at, name, nats) as sessions:
        return sessions


def _began(port: int) -> float:
    with urlopen(f"http://127.0.0.1:{port}/begin", timeout=5) as answer:
        return float(answer.read())


def _watch(port: int, sessions: list[Session], began: float) -> list[float]:
    waits: list[float] = []
    seqs = _seqs()
    seen = {each.cookie: _shown(port, each) for each in sessions}
    while time.time() < began + SECONDS:
        for each in sessions:
            for id_ in (shown := _shown(port, each)) - seen[each.cookie]:
                waits.append(time.time() - (began + (seqs[id_] - _FIRST) / PER_SECOND))
            seen[each.cookie] |= shown
    return waits


def _seqs() -> dict[str, int]:
    """Under which number the journal says what is shown under an id."""
    told = {seq: made_up.entry(seq) for seq in range(1, _FIRST + SECONDS * PER_SECOND + 1)}
    return {str(entry_id("journal", (str(each["kind"]), str(each["id"])))): seq for seq, each in told.items()}


def _shown(port: int, session: Session) -> set[str]:
    """The ids in a citizen's list."""
    headers = {"cookie": session.cookie, "sec-fetch-site": "same-origin"}
    asked = Request(f"http://127.0.0.1:{port}/api/entries", headers=headers)
    with urlopen(asked, timeout=30) as answer:  # noqa: S310
        return {each["id"] for each in msgspec.json.decode(answer.read())["entries"]}


def _drain(at: Installation) -> tuple[float, Answered, Answered]:
    """Seconds for what came while the worker was away, and how readers fared before and meanwhile."""
    at.database("drain")
    with embedded_nats.embedded(at.folder / "nats-drain") as nats:
        asyncio.run(fill(nats.address, _FIRST))
        working = worker(at, "worker", "drain", nats.address)
        web = at.web("drain")
        sessions = asyncio.run(_sessions(at, "drain", nats.address))
        asked = [Asked("/api/entries", each.cookie) for each in sessions[:2]]
        load(at, web.port, asked, 2)
        before = load(at, web.port, asked, 5)
        at.children.stop(working)
        asyncio.run(fill(nats.address, _FIRST + DRAIN))
        began = time.perf_counter()
        working = worker(at, "worker", "drain", nats.address)
        meanwhile: list[Answered] = []
        reading = Thread(target=lambda: meanwhile.append(load(at, web.port, asked, 10)))
        reading.start()
        asyncio.run(_through(at, "drain", nats.address))
        took = time.perf_counter() - began
        reading.join()
        for each in (working, web.child):
            at.children.stop(each)
    return took, before, meanwhile[0]


async def _through(at: Installation, name: str, nats: str) -> None:
    db = await asyncpg.connect(at.server.dsn("postgres", name))
    async with connected(nats, "bench") as client:
        await until_read(client, db)
    await db.close()
