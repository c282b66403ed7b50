"""Out of order, twice, half way: the rules that every feed is taken in by."""

from itertools import permutations
from typing import Any

import asyncpg
import msgspec
import pytest

from innsyn.journal import loading
from innsyn.journal.port import Entry
from innsyn.worker import REGISTRY, Intake
from records.beside import Stopping, said
from records.test_reading import entries, titles
from world import KARI, OLA, World, patient, result


def version(number: int, resource: dict[str, Any] | None) -> Entry:
    body = msgspec.json.encode(resource) if resource else None
    return Entry(
        position=10 + number, source="st-olavs", kind="Observation", id="a", version=number, resource=body
    )


@pytest.mark.parametrize("order", [*permutations([1, 2, 3])])
@pytest.mark.parametrize("at_once", [True, False])
async def test_a_deletion_holds_in_whatever_order_it_comes(
    world: World, order: tuple[int, ...], at_once: bool
) -> None:
    corrected = dict(result("a", "kari", value=47))
    told = {1: version(1, dict(result("a", "kari"))), 2: version(2, corrected), 3: version(3, None)}
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"), result("o", "ola"))
    said_so = [told[number] for number in order]
    for batch in [said_so] if at_once else [[each] for each in said_so]:
        # And each again: a feed says everything at least once.
        await world.intake.take([*batch, *batch])
    assert await entries(await world.log_in(KARI)) == []
    assert await titles(await world.log_in(OLA)) == ["HbA1c"]
    assert await world.owner.fetchval("SELECT count(*) FROM journal.resource WHERE id = 'a'") == 3


@pytest.mark.parametrize("at", [1, 3, 5, 8, 11, 14, 16])
async def test_of_a_batch_that_is_broken_off_nothing_has_happened_and_again_all(
    world: World, at: int
) -> None:
    batch = said(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"), result("a", "kari"), first=10)

    class Ended(Stopping):
        """The process is killed before its statement number `at`."""

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401
            found = super().__getattr__(name)
            if name not in {"execute", "fetch", "fetchrow", "fetchval"}:
                return found
            if self.asked + 1 == at:
                raise asyncpg.ConnectionDoesNotExistError
            return found

    with pytest.raises(asyncpg.ConnectionDoesNotExistError):
        await Intake(Ended(world.worker, 0), "journal", REGISTRY).take(batch)
    left = "SELECT (SELECT count(*) FROM journal.resource) + (SELECT count(*) FROM journal.position)"
    assert await world.owner.fetchval(left) == 0
    await world.intake.take(batch)
    assert await world.intake.position() == 12
    assert await titles(await world.log_in(KARI)) == ["HbA1c"]
    assert await entries(await world.log_in(OLA)) == []


async def test_a_feed_in_parts_is_one_feed_to_the_operator(world: World) -> None:
    for part, first in (("1", 10), ("2", 70)):
        await Intake(world.worker, "journal", REGISTRY, part=part).take(
            said(result(part, "kari"), first=first)
        )
    [status] = await loading.feeds(world.worker)
    assert (status.feed, status.position, status.versions, status.quarantined) == ("journal", 70, 2, 2)
