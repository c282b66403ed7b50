"""Workers share the stream: each entry has its effect once, whoever dies and whatever is away for a while."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest

from innsyn import embedded_nats
from innsyn.embedded_postgres import Server
from innsyn.journal import gaps
from innsyn.journal.parts import part_of
from innsyn.journal.stream_connection import connected
from innsyn.journal.stream_layout import ALL_PARTS, DIRECTORY_PART, STREAM, end_of
from innsyn.processes import Children
from worker_streaming import Journal, shares, shown, until, working
from world import KARI, OLA, World, patient, result


@pytest.fixture
def nats(tmp_path: Path) -> Iterator[embedded_nats.Server]:
    with embedded_nats.embedded(tmp_path / "nats") as server:
        yield server


@pytest.fixture
def journal(nats: embedded_nats.Server) -> Journal:
    return Journal(nats.address)


@pytest.fixture
def dsn(postgres: Server, fresh_database: str) -> str:
    return postgres.dsn("innsyn_worker", fresh_database)


@pytest.fixture
async def owner(postgres: Server, fresh_database: str) -> AsyncIterator[asyncpg.Connection]:
    db = await asyncpg.connect(postgres.dsn("postgres", fresh_database))
    yield db
    await db.close()


async def titles(world: World, number: str) -> list[str]:
    browser = await world.log_in(number)
    return sorted(line["title"] for line in (await browser.get("/api/entries")).json()["entries"])


async def test_two_workers_share_the_parts_and_each_entry_is_shown_to_its_own_once(
    world: World, owner: asyncpg.Connection, dsn: str, journal: Journal, nats: embedded_nats.Server
) -> None:
    async with working(dsn, nats.address), working(dsn, nats.address):
        await until(shares(owner), [8, 8])
        await journal.say(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
        await journal.say(*(result(f"of-{who}-{n}", who) for n in range(5) for who in ("kari", "ola")))
        await until(shown(owner), 10)
        await until(_name(owner), "St. Olavs hospital")
    assert await titles(world, KARI) == await titles(world, OLA) == ["HbA1c"] * 5
    assert await owner.fetchval("SELECT count(*) FROM journal.quarantine") == 0


def _name(owner: asyncpg.Connection) -> Callable[[], Awaitable[str]]:
    async def ask() -> str:
        return str(await owner.fetchval("SELECT name FROM journal.source"))

    return ask


async def test_what_one_who_died_had_is_taken_over_within_two_seconds(
    owner: asyncpg.Connection, dsn: str, journal: Journal, nats: embedded_nats.Server
) -> None:
    command = (sys.executable, "-c", _A_WORKER, dsn, nats.address)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    other = await asyncio.create_subprocess_exec(*command, env=environment)
    try:
        await until(shares(owner), [16])
        async with working(dsn, nats.address):
            await until(shares(owner), [8, 8])
            await journal.say(patient("kari", KARI, "Kari"), *(result(f"n-{n}", "kari") for n in range(3)))
            other.kill()
            assert await until(shares(owner), [16]) < 2
            await journal.say(*(patient(f"p-{n}", KARI, "Kari") for n in range(40)))
            await until(shown(owner), 3)
            await until(_landed(owner), 44)
    finally:
        with suppress(ProcessLookupError):
            other.kill()
        await other.wait()


_A_WORKER = """
import asyncio, sys
from innsyn.access.book.versions import HELSENORGE
from innsyn.work_parts import work_parts
asyncio.run(work_parts(sys.argv[1], sys.argv[2], asyncio.Event(), HELSENORGE))
"""


def _landed(owner: asyncpg.Connection) -> Callable[[], Awaitable[int]]:
    async def ask() -> int:
        return int(await owner.fetchval("SELECT count(*) FROM journal.resource"))

    return ask


async def test_when_its_connections_are_ended_it_goes_on_by_itself(
    owner: asyncpg.Connection, dsn: str, journal: Journal, nats: embedded_nats.Server
) -> None:
    async with working(dsn, nats.address):
        await journal.say(patient("kari", KARI, "Kari"))
        for number in range(4):
            await journal.say(result(f"n-{number}", "kari"))
            ended = await owner.fetchval(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE application_name = 'innsyn-worker' AND datname = current_database()"
            )
            assert number == 0 or ended == 3
            await until(shown(owner), number + 1)


async def test_when_the_stream_is_away_it_goes_on_when_it_is_back(
    owner: asyncpg.Connection, dsn: str, tmp_path: Path
) -> None:
    with Children() as children:
        server = embedded_nats.start(children, tmp_path / "nats")
        journal = Journal(server.address)
        async with working(dsn, server.address):
            await journal.say(patient("kari", KARI, "Kari"), result("before", "kari"))
            await until(shown(owner), 1)
            server.child.process.kill()
            server.child.process.wait()
            children.stop(server.child)
            server = embedded_nats.start(children, tmp_path / "nats", port=server.port)
            await journal.say(result("after", "kari"))
            assert await until(shown(owner), 2) < 5


async def test_told_to_stop_it_finishes_the_batch_in_hand(
    owner: asyncpg.Connection, dsn: str, journal: Journal, nats: embedded_nats.Server
) -> None:
    part = part_of("Patient/kari")
    async with working(dsn, nats.address) as stop:
        await journal.say(patient("kari", KARI, "Kari"))
        await until(_landed(owner), 1)
        async with owner.transaction():
            await owner.execute("SELECT FROM journal.position WHERE part = $1 FOR UPDATE", part)
            await journal.say(result("in-hand", "kari"))
            await until(_waits_for_a_lock(owner), True)  # noqa: FBT003
            stop.set()
    assert await shown(owner)() == 1


def _waits_for_a_lock(owner: asyncpg.Connection) -> Callable[[], Awaitable[bool]]:
    async def ask() -> bool:
        # What is told of activity is kept for a transaction, which this one is.
        await owner.execute("SELECT pg_stat_clear_snapshot()")
        return bool(
            await owner.fetchval("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        )

    return ask


async def test_what_is_broken_is_in_quarantine_and_stops_nobody(
    owner: asyncpg.Connection, dsn: str, journal: Journal, nats: embedded_nats.Server
) -> None:
    async with connected(nats.address, "test") as client:
        await journal.say(patient("kari", KARI, "Kari"), b"broken in the journal", result("a", "kari"))
        await client.jetstream().publish(
            f"innsyn.journal.{part_of('Patient/kari')}", b"broken in the stream", headers={}
        )
        await journal.say(result("b", "kari"))
    async with working(dsn, nats.address):
        await until(shown(owner), 2)
        await until(_held(owner), 2)
        found = await owner.fetch(
            "SELECT reason, convert_from(body, 'UTF8') FROM journal.quarantine ORDER BY 1"
        )
    assert [tuple(row) for row in found] == [
        ("not_an_entry", "broken in the stream"),
        ("not_json", "broken in the journal"),
    ]


def _held(owner: asyncpg.Connection) -> Callable[[], Awaitable[int]]:
    async def ask() -> int:
        return int(await owner.fetchval("SELECT count(*) FROM journal.quarantine"))

    return ask


async def test_what_is_missing_in_the_stream_is_a_known_gap(
    owner: asyncpg.Connection, dsn: str, journal: Journal, nats: embedded_nats.Server
) -> None:
    part = part_of("Patient/kari")
    async with connected(nats.address, "test") as client:
        await journal.say(patient("kari", KARI, "Kari"))
        await journal.say(result("lost", "kari"))
        lost = (await client.jetstream().stream_info(STREAM)).state.last_seq
        await journal.say(result("here", "kari"))
        await client.jetstream().delete_msg(STREAM, lost)
    async with working(dsn, nats.address):
        await until(shown(owner), 1)
    [gap] = await gaps.known(owner)
    assert (gap.part, gap.after, gap.until) == (part, end_of(lost - 1), end_of(lost))


async def test_a_stream_older_than_what_was_read_is_read_again(
    owner: asyncpg.Connection, dsn: str, journal: Journal, nats: embedded_nats.Server
) -> None:
    await journal.say(patient("kari", KARI, "Kari"), result("a", "kari"))
    async with connected(nats.address, "test") as client:
        newest = (await client.jetstream().stream_info(STREAM)).state.last_seq
    part, beyond = part_of("Patient/kari"), end_of(newest + 1)
    await owner.execute(
        "INSERT INTO journal.position (feed, part, position, moved_at) VALUES ('journal', $1, $2, now())",
        part,
        beyond,
    )
    async with working(dsn, nats.address):
        await until(shown(owner), 1)
    assert await owner.fetchval("SELECT position FROM journal.position WHERE part = $1", part) == end_of(
        newest
    )
    assert [(gap.part, gap.after, gap.until) for gap in await gaps.known(owner)] == [
        (part, end_of(newest), beyond)
    ]


async def test_redelivery_changes_nothing(
    owner: asyncpg.Connection, dsn: str, journal: Journal, nats: embedded_nats.Server
) -> None:
    await journal.say(patient("kari", KARI, "Kari"), *(result(f"n-{n}", "kari") for n in range(3)))
    before = []
    for _ in range(2):
        async with working(dsn, nats.address):
            await until(_read(owner), len(ALL_PARTS))
            await until(shown(owner), 3)
        before.append(await owner.fetch("SELECT * FROM record.entry ORDER BY entry_id"))
        await owner.execute("UPDATE journal.position SET position = 0")
    assert before[0] == before[1]


def _read(owner: asyncpg.Connection) -> Callable[[], Awaitable[int]]:
    async def ask() -> int:
        return int(await owner.fetchval("SELECT count(*) FROM journal.position WHERE feed = 'journal'"))

    return ask


async def test_whom_entries_point_at_is_read_before_them(
    world: World, owner: asyncpg.Connection, dsn: str, journal: Journal, nats: embedded_nats.Server
) -> None:
    by = [{"reference": "Practitioner/eirik"}]
    eirik = {
        "resourceType": "Practitioner",
        "id": "eirik",
        "name": [{"given": ["Eirik"], "family": "Solbakken"}],
    }
    await journal.say(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    await journal.say(
        *(result(f"of-{who}-{n}", who, performer=by) for n in range(5) for who in ("kari", "ola")), eirik
    )
    await owner.execute(_NOBODY_WAITS)
    async with working(dsn, nats.address):
        await until(shown(owner), 10)
    browser = await world.log_in(KARI)
    lines = (await browser.get("/api/entries")).json()["entries"]
    assert [line["author"] for line in lines] == ["Eirik Solbakken"] * 5


# Whoever has to be projected a second time is put there.
_NOBODY_WAITS = """
    CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'somebody waits'; END $$;
    CREATE TRIGGER nobody_waits BEFORE INSERT ON journal.waiting FOR EACH ROW EXECUTE FUNCTION public.refuse()
"""


async def test_nobody_waits_long_for_a_directory_that_nobody_reads(
    owner: asyncpg.Connection, dsn: str, journal: Journal, nats: embedded_nats.Server
) -> None:
    await journal.say({"resourceType": "Practitioner", "id": "eirik"})
    await journal.say(patient("kari", KARI, "Kari"), result("of-kari", "kari"))
    # Somebody has the part, and hangs.
    await owner.execute("SELECT pg_advisory_lock(746302, $1::int)", int(DIRECTORY_PART))
    async with working(dsn, nats.address):
        assert await until(shown(owner), 1) < 3
