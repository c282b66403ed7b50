"""The sealed log: what it costs a reading, how soon a row is sealed while many read, and how fast it is checked.

Rows are counted per second of CPU, which is that of one core with nothing else to do; time on the clock stands beside.
"""

import asyncio
import contextlib
import resource
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from statistics import median

import asyncpg
import psutil
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.figures import Figure, at_least, at_most
from bench.installation import Installation, installation
from bench.population import log_in
from innsyn.access.audit import export, verify
from innsyn.access.audit.checkpoints import Target
from innsyn.access.audit.sealing import Sealer, keep_sealing
from innsyn.access.audit.signing import Signer
from innsyn.db.pool import open_pool

READERS = 8
SECONDS = 16.0
BACKLOG = 200_000
LOOPS = 40_000

_READ = "SELECT session_id FROM access.begin_access($1, NULL, 'timeline.all.page', NULL)"
_PERSONS = (
    "INSERT INTO identity.person (name, given_name) SELECT 'Kari Nordli', 'Kari' FROM generate_series(1, $1)"
)
_BACKLOG = """
    INSERT INTO access.log (subject_id, actor_id, session_id, rule, purpose)
    SELECT md5('person' || n % 1000)::uuid, md5('person' || n % 1000)::uuid, md5('session' || n)::uuid, 'self',
        'timeline.all.page'
    FROM generate_series(1, $1) n
"""
_FIRST_OF_EACH_SEAL = """
    SELECT s.number, (SELECT min(l.at) FROM access.log l
        WHERE (l.xid, l.log_id) > (coalesce(s.from_xid, '0'), coalesce(s.from_log_id, 0))
          AND (l.xid, l.log_id) <= (s.last_xid, s.last_log_id)) AS first
    FROM (SELECT number, last_xid, last_log_id, lag(last_xid) OVER (ORDER BY number) AS from_xid,
                 lag(last_log_id) OVER (ORDER BY number) AS from_log_id FROM access.seal) s
"""
# A row of the log without and with what sealing needs: the number of the transaction, and an index to find what is new.
_PLAIN = """
    CREATE TABLE public.plain (LIKE access.log INCLUDING DEFAULTS INCLUDING IDENTITY);
    ALTER TABLE public.plain DROP COLUMN xid, ADD PRIMARY KEY (subject_id, log_id);
    CREATE TABLE public.sealable (LIKE access.log INCLUDING DEFAULTS INCLUDING IDENTITY);
    ALTER TABLE public.sealable ADD PRIMARY KEY (subject_id, log_id);
    CREATE INDEX ON public.sealable (xid, log_id);
"""
_LOOP = """
    DO $$
    DECLARE
        people uuid[] := (SELECT array_agg(gen_random_uuid()) FROM generate_series(1, 5000));
    BEGIN
        FOR i IN 1..{loops} LOOP
            INSERT INTO public.{table} (subject_id, actor_id, session_id, rule, purpose)
            VALUES (people[1 + i * 7919 % 5000], people[1 + i * 7919 % 5000], people[1 + i % 5000], 'self', 'list');
        END LOOP;
    END $$
"""


class Timed:
    """Looks at a file of checkpoints from outside: remembers when each was seen in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seen: dict[int, float] = {}

    async def watch(self, stop: asyncio.Event) -> None:
        """Until told to stop, some times a second."""
        while not stop.is_set():
            self.look()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 0.1)

    def look(self) -> None:
        """Now."""
        now, text = time.time(), self.path.read_text() if self.path.exists() else ""
        for number in verify.CHECKPOINT.finditer(text):
            self.seen.setdefault(int(number["number"]), now)


def measure() -> list[Figure]:
    """The figures of the log."""
    with installation() as at:
        at.database("audit")
        return asyncio.run(_measure(at))


async def _measure(at: Installation) -> list[Figure]:
    owner = await asyncpg.connect(at.server.dsn("postgres", "audit"))
    signer, place = Signer(Ed25519PrivateKey.generate()), at.folder / "checkpoints"
    try:
        return [
            await _cost(owner),
            *await _delay(at, owner, signer, place),
            await _throughput(at, owner, signer, place),
            *await _verification(at, signer, place),
        ]
    finally:
        await owner.close()


async def _cost(owner: asyncpg.Connection) -> Figure:
    await owner.execute(_PLAIN)
    backend = psutil.Process(await owner.fetchval("SELECT pg_backend_pid()"))
    took: dict[str, list[float]] = {"plain": [], "sealable": []}
    for _ in range(5):
        for table, found in took.items():
            before = sum(backend.cpu_times()[:2])
            await owner.execute(_LOOP.format(table=table, loops=LOOPS))
            found.append((sum(backend.cpu_times()[:2]) - before) * 1e6 / LOOPS)
    without, with_ = (median(found) for found in took.values())
    beside = f"CPU of a row: {without:.1f} µs without, {with_:.1f} with"
    return at_most("what sealing adds to a row of the log", 5, with_ - without, "µs", beside)


async def _delay(at: Installation, owner: asyncpg.Connection, signer: Signer, place: Path) -> list[Figure]:
    await owner.execute(_PERSONS, READERS)
    sessions = await log_in(owner, READERS)
    pool = await open_pool(at.server.dsn("innsyn_web", "audit"))
    stop = asyncio.Event()
    sealing = asyncio.create_task(
        keep_sealing(at.server.dsn("innsyn_sealer", "audit"), signer, [Target(place)], stop)
    )
    watched = Timed(place)
    watching = asyncio.create_task(watched.watch(stop))
    until = time.monotonic() + SECONDS
    read = sum(await asyncio.gather(*(_read(pool, each.token, until) for each in sessions)))
    stop.set()
    await asyncio.gather(sealing, watching)
    watched.look()
    await pool.close()
    first: dict[int, datetime] = dict(await owner.fetch(_FIRST_OF_EACH_SEAL))
    delay = max(watched.seen[number] - began.timestamp() for number, began in first.items())
    beside = (
        f"{read / SECONDS:.0f} readings/s, {len(first)} seals, from the row to its checkpoint on the disk"
    )
    return [at_most("longest wait of a row for its seal", 10, delay, "s", beside)]


async def _read(pool: asyncpg.Pool, token: bytes, until: float) -> int:
    number = 0
    while time.monotonic() < until:
        await pool.fetchrow(_READ, token)
        number += 1
    return number


async def _throughput(at: Installation, owner: asyncpg.Connection, signer: Signer, place: Path) -> Figure:
    for _ in range(10):
        await owner.execute(_BACKLOG, BACKLOG // 10)
    db = await asyncpg.connect(at.server.dsn("innsyn_sealer", "audit"))
    began, cpu = time.perf_counter(), time.process_time()
    done = await Sealer(db, signer, [Target(place)]).round()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    await db.close()
    beside = f"{done.rows} that had waited, {done.rows / seconds:.0f} a second on the clock"
    return at_least("rows sealed in a second of CPU", 10_000, done.rows / cpu, "/s", beside)


async def _verification(at: Installation, signer: Signer, place: Path) -> list[Figure]:
    keys = [verify.Key(signer.key)]
    db = await asyncpg.connect(at.server.dsn("innsyn_auditor", "audit"))
    began, cpu = time.perf_counter(), time.process_time()
    audit = verify.Audit(keys, verify.checkpoints([place], keys))
    if await export.check(db, audit) != verify.INTACT:
        raise RuntimeError("the log that was just sealed does not verify")
    in_database = _rate("database", audit.rows, time.perf_counter() - began, time.process_time() - cpu)
    exported = at.folder / "export"
    with exported.open("w", encoding="utf-8") as file:
        async for line in export.lines(db):
            file.write(f"{line}\n")
    await db.close()
    command = [
        sys.executable,
        verify.__file__,
        str(exported),
        "--key",
        signer.key,
        "--checkpoints",
        str(place),
    ]
    began, cpu = time.perf_counter(), _of_children()
    await asyncio.to_thread(subprocess.run, command, check=True, stdout=subprocess.DEVNULL)
    return [_rate("export", audit.rows, time.perf_counter() - began, _of_children() - cpu), in_database]


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _rate(name: str, rows: int, seconds: float, cpu: float) -> Figure:
    beside = f"{rows} rows, {rows / seconds:.0f} a second on the clock"
    return at_least(f"rows checked in a second of CPU, {name}", 50_000, rows / cpu, "/s", beside)
