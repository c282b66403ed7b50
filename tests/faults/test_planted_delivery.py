"""The way out: what is delivered through a hostile journal adds up, and faults that are planted in it are found."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import msgspec
import pytest

from innsyn.embedded_postgres import Server
from innsyn.journal import delivery, delivery_bundle, delivery_statements
from innsyn.journal.delivery_statements import Due
from journal.hostile import KARI, OLA, PACE, Outbox, open_outbox, running

_PUT = """
    INSERT INTO journal.outbox (person_id, outbox_id, author_id, conversation, number, resource_type, resource, key)
    SELECT $1, $2, $1, $3, 1, 'Task', resource, $2 FROM journal.outbox LIMIT 1
"""
_NO_MORE = "SELECT bool_and(state = 'received') FROM journal.outbox"


@pytest.fixture
def owner(postgres: Server, fresh_database: str) -> str:
    return postgres.dsn("postgres", fresh_database)


@pytest.fixture
async def outbox(postgres: Server, fresh_database: str, owner: str) -> AsyncIterator[Outbox]:
    worker = postgres.dsn("innsyn_worker", fresh_database)
    with running() as peer:
        async with open_outbox(owner, worker, peer) as opened:
            yield opened


@contextmanager
def without_idempotency_key() -> Iterator[None]:
    """Every try is another thing to the journal."""
    bundle_of = delivery_bundle.bundle_of

    def another(_id: UUID, *given: Any) -> bytes:  # noqa: ANN401
        return bundle_of(uuid4(), *given)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(delivery, "bundle_of", another)
        yield


@contextmanager
def beyond_the_last_alone() -> Iterator[None]:
    """Asks for what was put there after the last that it has seen."""
    claim = delivery_statements.claim
    last = datetime.min.replace(tzinfo=UTC)

    async def later(*given: Any) -> list[Due]:  # noqa: ANN401
        nonlocal last
        found = [each for each in await claim(*given) if each.queued_at > last or each.tries > 1]
        last = max([last, *(each.queued_at for each in found)])
        return found

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(delivery_statements, "claim", later)
        yield


async def _delivers(outbox: Outbox, owner: str) -> list[str]:
    """What is wrong when answers are lost and an act commits after one that began later."""
    await outbox.faults(error_after=0.5, seed=3)
    wanted = [await outbox.put(KARI, uuid4(), 1)]
    late = await asyncpg.connect(owner)
    try:
        act = late.transaction()
        await act.start()
        wanted.append(uuid4())
        await late.execute(_PUT, OLA, wanted[-1], uuid4())
        async with outbox.workers(2, msgspec.structs.replace(PACE, lease=30.0, most_tries=1000)):
            wanted += [await outbox.put(KARI, uuid4(), 1) for _ in range(6)]
            try:
                await outbox.until(_NO_MORE, seconds=3)
                await act.commit()
                await outbox.until(_NO_MORE, seconds=3)
            except AssertionError:
                return ["something waits for ever"]
    finally:
        late.terminate()
    came = sorted(await outbox.received())
    return [] if came == sorted(wanted) else [f"{len(came)} things came of {len(wanted)}"]


async def test_what_commits_late_and_what_is_answered_in_vain_come_once(outbox: Outbox, owner: str) -> None:
    assert await _delivers(outbox, owner) == []


PLANTED: dict[str, Callable[[], AbstractContextManager[None]]] = {
    "has no idempotency key": without_idempotency_key,
    "asks for what is beyond the last": beyond_the_last_alone,
}


@pytest.mark.parametrize("fault", PLANTED)
async def test_a_planted_fault_of_delivery_is_found(outbox: Outbox, owner: str, fault: str) -> None:
    with PLANTED[fault]():
        assert await _delivers(outbox, owner) != [], f"delivery that {fault} goes unnoticed"
