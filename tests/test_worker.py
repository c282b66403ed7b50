"""The worker follows a feed: everything up to where it fails is kept, and the failure is told."""

from collections.abc import AsyncIterator

import msgspec
import pytest

from innsyn.journal.port import Entry, Source, Unusable
from innsyn.worker import REGISTRY, Intake, follow
from world import KARI, World, patient, result


class FeedThatFails:
    """Says two batches, then breaks off."""

    name = "journal"

    async def after(self, position: int) -> AsyncIterator[list[Entry | Unusable]]:
        for number, said in enumerate((patient("kari", KARI, "Kari"), result("hba1c", "kari")), start=1):
            if number > position:
                yield [
                    Entry(
                        position=number,
                        source="st-olavs",
                        kind=said["resourceType"],
                        id=said["id"],
                        resource=msgspec.json.encode(said),
                    )
                ]
        raise ConnectionError("the line is down")

    async def sources(self) -> list[Source]:
        return []


async def test_what_came_before_a_feed_failed_is_kept_and_the_failure_told(world: World) -> None:
    with pytest.raises(ConnectionError):
        await follow(world.intake, FeedThatFails(), world.worker)
    assert await world.intake.position() == 2
    browser = await world.log_in(KARI)
    titles = [line["title"] for line in (await browser.get("/api/entries")).json()["entries"]]
    assert titles == ["HbA1c"]


async def test_when_a_batch_can_not_be_written_nothing_after_it_is(world: World) -> None:
    class Full(Intake):
        async def take(self, *_: object) -> None:  # type: ignore[override]
            raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        await follow(Full(world.worker, "journal", REGISTRY), FeedThatFails(), world.worker)
    assert await world.intake.position() == 0
