"""Faults planted in the worker, one at a time: a simulation that does not find each of them proves nothing."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

import msgspec
import pytest

from faults.simulation import FromPosition, Worker
from innsyn.journal import effects, landing, versions
from innsyn.journal.lookup import Key
from innsyn.journal.port import Entry
from innsyn.journal.versions import Landed
from innsyn.records.history import statements

Planting = Callable[[], AbstractContextManager[type[Worker]]]


class AcknowledgesFirst(Worker):
    """Says that it has everything before it is committed."""

    async def deliver(self, batch: list[Entry]) -> None:
        self.stream.acknowledge(batch)
        await self.intake.take(batch)


class PositionFirst(FromPosition):
    """Keeps how far it has come outside the transaction of the rows."""

    async def deliver(self, batch: list[Entry]) -> None:
        await _move(self.db._db, self.feed, batch[-1].position)
        await super().deliver(batch)


async def _move(db: Any, feed: str, to: int) -> None:  # noqa: ANN401
    async with db.transaction():
        await landing.hold(db, feed, "", datetime.now(UTC))
        await landing.move(db, feed, "", to)


@contextmanager
def the_last_to_come_wins() -> Iterator[type[Worker]]:
    """No guard of versions: what comes last is shown."""
    sort_out = versions.sort_out

    def without_guard(*given: Any) -> list[Landed]:  # noqa: ANN401
        landed = sort_out(*given)
        last = {each.key: number for number, each in enumerate(landed)}
        return [
            msgspec.structs.replace(each, newest=last[each.key] == number)
            for number, each in enumerate(landed)
        ]

    landed_versions = statements.landed_versions

    async def as_they_came(*given: Any) -> dict[Key, list[Landed]]:  # noqa: ANN401
        found = await landed_versions(*given)
        return {key: sorted(of_one, key=attrgetter("landed_at")) for key, of_one in found.items()}

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(versions, "sort_out", without_guard)
        # The history of a resource is a second guard.
        patched.setattr(statements, "landed_versions", as_they_came)
        yield Worker


@contextmanager
def nobody_is_bound() -> Iterator[type[Worker]]:
    """A version may be about another person than those before it."""
    known = landing.known

    async def without_person(*given: Any) -> Any:  # noqa: ANN401
        return {
            key: msgspec.structs.replace(each, person_id=None) for key, each in (await known(*given)).items()
        }

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(landing, "known", without_person)
        yield Worker


@contextmanager
def nothing_is_waited_for() -> Iterator[type[Worker]]:
    """What points at something that has not come is never looked at again."""

    async def forget(*_: object) -> None:
        """Nothing is noted."""

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(landing, "wait", forget)
        yield Worker


class InPieces(Worker):
    """Every statement is a transaction of its own."""

    def start(self) -> None:
        self.db.transaction = nullcontext  # type: ignore[attr-defined]
        super().start()


@contextmanager
def effects_without_a_key() -> Iterator[type[Worker]]:
    """What was done is done again when its entry comes again."""

    async def always(*_: object) -> bool:
        return True

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(effects, "once", always)
        yield Worker


PLANTED: dict[str, Planting] = {
    "acknowledges before the commit": lambda: nullcontext(AcknowledgesFirst),
    "keeps its position outside the transaction": lambda: nullcontext(PositionFirst),
    "commits every statement": lambda: nullcontext(InPieces),
    "has no guard of versions": the_last_to_come_wins,
    "binds no resource to a patient": nobody_is_bound,
    "waits for nothing": nothing_is_waited_for,
    "has no inbox for its effects": effects_without_a_key,
}
