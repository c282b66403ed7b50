"""How long a unit takes: from enough threads of enough people, with those who still wait, and of nothing older."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from innsyn.messages.reply_times import count
from world import World

_NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
_UNIT = uuid4()
_WRITE = """
    INSERT INTO message.message (person_id, message_id, thread_id, sent_at, side, unit_id, unit_ref, unit, kind, text,
                                 landed_at, feed)
    VALUES ($1, gen_random_uuid(), $2, $3, $4, $5, 'HealthcareService/x', 'X', $6, 'a', $3, 'journal')
"""


async def _threads(
    world: World,
    hours: list[float | None],
    *,
    people: int = 5,
    kind: str = "question",
    unit: UUID = _UNIT,
    ago: timedelta = timedelta(days=30),
) -> None:
    """One thread for each, answered after so many hours (None: not yet), by these people in turn."""
    persons = [uuid4() for _ in range(people)]
    for number, after in enumerate(hours):
        person, thread, at = persons[number % people], uuid4(), _NOW - ago + timedelta(minutes=number)
        await world.owner.execute(_WRITE, person, thread, at, "citizen", unit, kind)
        if after is not None:
            answered = at + timedelta(hours=after)
            await world.owner.execute(_WRITE, person, thread, answered, "unit", unit, "")


async def _counted(world: World) -> list[tuple[object, ...]]:
    await count(world.worker, _NOW)
    rows = await world.worker.fetch(
        "SELECT kind, median / 3600, most / 3600, threads, people FROM message.reply_time ORDER BY kind"
    )
    return [tuple(row) for row in rows]


async def test_half_and_nine_of_ten_were_answered_within(world: World) -> None:
    await _threads(world, [1, 2, 3, 4, 5, 6, 7, 8, 9, 50])
    assert await _counted(world) == [("", 5, 9, 10, 5), ("question", 5, 9, 10, 5)]


async def test_each_kind_has_its_own_and_all_have_one_together(world: World) -> None:
    await _threads(world, [1] * 10)
    await _threads(world, [20] * 10, kind="prescription")
    await _threads(world, [99] * 9, kind="why")
    assert await _counted(world) == [
        ("", 20, 99, 29, 15),
        ("prescription", 20, 20, 10, 5),
        ("question", 1, 1, 10, 5),
    ]


@pytest.mark.parametrize(
    ("hours", "people", "ago"),
    [([1.0] * 9, 5, 30), ([1.0] * 10, 4, 30), ([1.0] * 10, 5, 91)],
    ids=("too few threads", "too few people", "too long ago"),
)
async def test_too_little_tells_nothing(
    world: World, hours: list[float | None], people: int, ago: int
) -> None:
    await _threads(world, hours, people=people, ago=timedelta(days=ago))
    assert await _counted(world) == []


async def test_those_who_still_wait_count_for_as_long_as_they_have(world: World) -> None:
    await _threads(world, [*range(1, 11), *[None] * 10])
    # Ten of twenty: half have been answered within ten hours; of nine of ten nobody knows, and nothing is said.
    assert await _counted(world) == []
    await world.owner.execute("TRUNCATE message.message, message.thread CASCADE")
    await _threads(world, [*range(1, 20), None])
    assert await _counted(world) == [("", 10, 18, 19, 5), ("question", 10, 18, 19, 5)]
    await world.owner.execute("TRUNCATE message.message, message.thread CASCADE")
    await _threads(world, [1.0] * 10)
    # Whoever has only just written has not yet waited long enough to say anything.
    await _threads(world, [None] * 10, ago=timedelta(minutes=30))
    assert await _counted(world) == [("", 1, 1, 10, 5), ("question", 1, 1, 10, 5)]


async def test_two_who_count_at_once_do_it_once(world: World) -> None:
    await _threads(world, [1.0] * 10)
    async with world.owner.transaction():
        await world.owner.execute("SELECT pg_advisory_xact_lock(7462)")
        assert await count(world.worker, _NOW) == 0
    assert await count(world.worker, _NOW) == 2
