"""What an operator sees of what has not arrived, and does about it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import asyncpg
import msgspec
import pytest
from click.testing import CliRunner

from innsyn.cli import main
from innsyn.embedded_postgres import Server
from innsyn.operations.queries import state_of
from innsyn.operations.rules import Outgoing
from journal.hostile import KARI, OLA, PACE, Outbox, open_outbox, running

replace = msgspec.structs.replace


@pytest.fixture(scope="module")
def peer() -> Iterator[str]:
    with running() as base:
        yield base


@pytest.fixture
async def outbox(postgres: Server, worker_dsn: str, peer: str) -> AsyncIterator[Outbox]:
    async with open_outbox(postgres.dsn("postgres", "of_this_test"), worker_dsn, peer) as opened:
        await opened.faults()
        yield opened


async def test_the_dead_hold_back_their_conversation_alone_until_an_operator_acts(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INNSYN_DATABASE_WORKER", outbox.dsn)
    monkeypatch.setenv("INNSYN_HOME", "/nonexistent")
    await outbox.faults(busy=1.0)
    one, other = uuid4(), uuid4()
    pace = replace(PACE, most_tries=2)
    async with outbox.workers(2, pace):
        first, second = await outbox.put(KARI, one, 1), await outbox.put(KARI, one, 2)
        row = await outbox.until_state(first, "dead", 20)
        assert (row["tries"], row["reason"], row["unsure"]) == (2, "answer_429", False)
        await outbox.faults()
        olas = await outbox.put(OLA, other, 1)
        await outbox.until_state(olas, "received")
        assert (await outbox.states())[second] == "queued"
        listed = await command("list")
        assert str(first) in listed
        assert str(olas) not in listed
        assert "throttled" not in await command("show", str(first))
        assert "answer_429" in await command("show", str(first))
        assert await command("retry", str(first)) == "It is tried again now.\n"
        await outbox.until_state(second, "received")
    assert [each for each in await outbox.received() if each in {first, second}] == [first, second]
    assert "Nothing was changed: it is received." in await command("give-up", str(second))
    assert await command("list") == "Everything has arrived.\n"


async def command(*words: str) -> str:
    """What `innsyn outbox` prints. It runs a loop of its own."""
    result = await asyncio.to_thread(CliRunner().invoke, main, ["outbox", *words])
    return result.output


async def test_what_is_given_up_lets_the_next_go(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INNSYN_DATABASE_WORKER", outbox.dsn)
    monkeypatch.setenv("INNSYN_HOME", "/nonexistent")
    await outbox.faults(error_after=1.0)
    conversation = uuid4()
    async with outbox.workers(1, replace(PACE, most_tries=1)):
        first, second = await outbox.put(KARI, conversation, 1), await outbox.put(KARI, conversation, 2)
        row = await outbox.until_state(first, "dead")
        assert row["unsure"]
        await outbox.faults()
        assert "dead, may have arrived" in await command("show", str(first))
        assert [(each.state, each.count) for each in await outgoing(outbox)] == [("dead", 1), ("queued", 1)]
        assert await command("give-up", str(first)) == "It is given up.\n"
        await outbox.until_state(second, "received")
    assert (await outbox.states())[first] == "dead"
    # Nobody is called for what somebody has let be.
    assert await outgoing(outbox) == []


async def outgoing(outbox: Outbox) -> list[Outgoing]:
    db = await asyncpg.connect(outbox.dsn)
    try:
        return sorted((await state_of(db)).outgoing, key=lambda each: each.state)
    finally:
        await db.close()
