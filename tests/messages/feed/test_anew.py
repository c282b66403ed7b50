"""Messages where the read model is made anew, where two workers share the feed, and where real ones are read."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from innsyn.embedded_postgres import Server
from innsyn.feed_messages_anew import take_messages_anew
from messages.feed.saying import answered, messages, threads, told, unit, uuid, written
from records.beside import said, together
from world import KARI, OLA, World, open_world, patient

_TABLES = ("message", "message_before", "told", "thread", "attachment", "unit")


class Place:
    """A world, and where its database is."""

    def __init__(self, world: World, worker: str) -> None:
        self.world, self.worker = world, worker


@pytest.fixture
async def place(
    postgres: Server, fresh_database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Place]:
    async with open_world(postgres, fresh_database, tmp_path_factory.mktemp("home")) as world:
        await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
        yield Place(world, postgres.dsn("innsyn_worker", fresh_database))


async def _everything(world: World) -> list[list[asyncpg.Record]]:
    return [
        await world.owner.fetch(f'SELECT * FROM message.{table} t ORDER BY t::text COLLATE "C"')  # noqa: S608
        for table in _TABLES
    ]


async def _story(world: World) -> None:
    await world.take(unit(), written("m"), answered("a"), written("x", of="ola"), told("read"), version=1)
    await world.take(answered("a", text="Rettet"), version=2)
    await world.take(answered("b"), version=1)
    await world.take(answered("b", status="entered-in-error"), version=2)


async def test_taken_in_anew_nothing_is_another_lost_or_doubled(place: Place) -> None:
    await _story(place.world)
    before = await _everything(place.world)
    assert await take_messages_anew(place.worker) == 6
    assert await _everything(place.world) == before


async def test_threads_are_made_anew_from_what_has_landed_and_what_citizens_have_stays(place: Place) -> None:
    world = place.world
    await _story(world)
    before = [
        await threads(world, "unit", "standing", "last_side"),
        await messages(world, "text", "is_recalled"),
    ]
    ours = await world.owner.fetchval(
        "SELECT person_id FROM identity.person_identifier WHERE value = $1", OLA
    )
    await world.owner.execute("TRUNCATE message.message, message.told, message.unit CASCADE")
    await world.owner.execute("DELETE FROM message.thread")
    await world.owner.execute(
        "INSERT INTO message.message (person_id, message_id, thread_id, sent_at, side, author_id, unit, text, key) "
        "VALUES ($1, $2, $2, now(), 'citizen', $1, 'X', 'Ikke kommet tilbake', $2)",
        ours,
        uuid("own"),
    )
    await take_messages_anew(place.worker)
    found = [
        await threads(world, "unit", "standing", "last_side"),
        await messages(world, "text", "is_recalled"),
    ]
    assert found[0] == [*before[0], ("Ola", "X", "", "citizen")]
    # What was recalled before it could be shown is not told of.
    assert found[1] == [
        *(row for row in before[1] if not row[2]),
        ("Ola", "Ikke kommet tilbake", False),
    ]


async def test_two_parts_at_once_come_to_the_same(place: Place) -> None:
    other = await asyncpg.connect(place.worker)
    try:
        stories = (said(written("m"), told("read"), first=1), said(answered("a"), first=1))
        for at in (8, 20, 26):
            await place.world.owner.execute(
                "TRUNCATE message.message, message.told, message.thread, journal.resource, journal.position CASCADE"
            )
            await together(place.world.worker, other, "journal", stories, at)
            assert await threads(place.world, "messages", "standing") == [("Kari", 2, "answered")], at
    finally:
        await other.close()
