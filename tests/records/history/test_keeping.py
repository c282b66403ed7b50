"""What is kept of earlier versions follows from the versions, and from nothing else."""

import asyncio
from collections.abc import Sequence
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from innsyn.journal.port import Entry
from innsyn.records.writing import entry_id
from records.history.said import kept, observed, say, tagged, version
from world import KARI, World, patient, utc

NOON = utc(2026, 11, 22, 12)
# What a version can be: a value, the same again, withheld, open to few, wrong, empty, unreadable, or gone.
CONTENTS: dict[str, dict[str, Any] | None] = {
    "41": observed(41),
    "47": observed(47, status="corrected"),
    "doctor_first": observed(47) | tagged("2"),
    "never": observed(41) | tagged("4"),
    "wrong": observed(41, status="entered-in-error"),
    "empty": observed(41) | {"valueQuantity": None},
    "unreadable": {"resourceType": "Observation", "id": "a", "status": ["x"]},
    "deleted": None,
}
_ids = count(1)


async def _history(world: World, batches: Sequence[Sequence[tuple[int, str]]]) -> list[Any]:
    """What is kept, and shown, of a resource that comes in these batches."""
    id_ = f"r{next(_ids)}"

    def one(number: int, content: str) -> Entry:
        resource = CONTENTS[content]
        if resource is not None:
            # Not the same bytes: what comes again word for word never lands.
            meta = resource.get("meta", {}) | {"versionId": str(number)}
            resource = {name: value for name, value in resource.items() if value is not None}
            resource |= {"id": id_, "meta": meta}
        return version(number, resource, NOON, id_=id_)

    for batch in batches:
        await say(world, *(one(number, content) for number, content in batch), at=NOON)
    entry = entry_id("journal", ("Observation", id_))
    return [await kept(world, table, entry) for table in ("version", "taken_back", "entry")]


def _cut(versions: list[tuple[int, str]], places: set[int]) -> list[list[tuple[int, str]]]:
    batches: list[list[tuple[int, str]]] = [[]]
    for place, each in enumerate(versions):
        if place in places:
            batches.append([])
        batches[-1].append(each)
    return batches


def _lands(contents: list[str]) -> bool:
    """A second deletion says nothing new, and is not kept."""
    return contents.count("deleted") <= 1


@st.composite
def _arrivals(draw: st.DrawFn) -> tuple[list[tuple[int, str]], list[list[tuple[int, str]]]]:
    contents = draw(st.lists(st.sampled_from(sorted(CONTENTS)), min_size=2, max_size=4).filter(_lands))
    versions = list(enumerate(contents, start=1))
    again = draw(st.lists(st.sampled_from(versions), max_size=2))
    places = draw(st.sets(st.integers(1, len(versions) + len(again))))
    return versions, _cut(draw(st.permutations(versions + again)), places)


async def test_neither_order_nor_batches_make_a_difference(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"), now=NOON)
    loop = asyncio.get_running_loop()

    def history(batches: Sequence[Sequence[tuple[int, str]]]) -> list[Any]:
        return asyncio.run_coroutine_threadsafe(_history(world, batches), loop).result(timeout=30)

    @settings(
        max_examples=40,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(_arrivals())
    def compare(arrivals: tuple[list[tuple[int, str]], list[list[tuple[int, str]]]]) -> None:
        versions, batches = arrivals
        assert history(batches) == history([[each] for each in versions])

    await asyncio.to_thread(compare)
