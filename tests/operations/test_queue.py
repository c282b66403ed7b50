"""The queue for the database has an end: who would wait too long is told so at once, and the others are served."""

import asyncio
import time

import httpx
import pytest
from litestar import get
from sqlalchemy import Text, cast, func, literal_column, select

from innsyn.access.opening import Question, ReadSession, one, who_is_here
from innsyn.db.pool import open_pool
from innsyn.db.queue import Queue
from innsyn.db.refusals import Busy
from innsyn.embedded_postgres import Server
from innsyn.identity.sessions import token_of
from world import KARI, OLA, World, patient


def test_the_queue_reckons_with_how_long_connections_are_held() -> None:
    queue = Queue(2)
    for _ in range(200):
        queue.held(0.5)
    queue.busy = 2
    rooms = []
    for queue.waiting in (0, 3, 6, 7, 8, 20):
        rooms.append(queue.has_room())
    # The eighth in line would wait for eight times half a second, shared by two connections.
    assert rooms == [True, True, True, True, False, False]


def test_one_who_finds_a_free_connection_is_never_sent_away() -> None:
    queue = Queue(2)
    queue.held(1000)
    queue.busy = 1
    assert queue.has_room()


def test_a_queue_of_which_nothing_is_known_has_an_end_too() -> None:
    queue = Queue(1)
    queue.busy, queue.waiting = 1, 60
    assert not queue.has_room()


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> float:
    """A quarter of what it is, so that the tests take a quarter of the time."""
    monkeypatch.setattr("innsyn.db.queue.PATIENCE_SECONDS", 0.5)
    return 0.5


async def test_nobody_waits_longer_than_can_be_borne(
    postgres: Server, fresh_database: str, patience: float
) -> None:
    async with await open_pool(postgres.dsn("innsyn_web", fresh_database), most=1) as pool:

        async def asked() -> tuple[str, float]:
            began = time.perf_counter()
            try:
                await pool.fetchval("SELECT pg_sleep(0.06)")
            except Busy:
                return "busy", time.perf_counter() - began
            return "served", time.perf_counter() - began

        # Until the queue knows how long this takes: the first ones wait in vain, but not for ever.
        await asyncio.gather(*(asked() for _ in range(12)))
        told = await asyncio.gather(*(asked() for _ in range(60)))
    served = [seconds for outcome, seconds in told if outcome == "served"]
    busy = [seconds for outcome, seconds in told if outcome == "busy"]
    assert len(served) >= 7
    assert max(served) < patience + 0.5
    # Most are told at once, and not after they have waited.
    assert sorted(busy)[len(busy) // 2] < 0.2
    assert pool.queue.waiting == 0
    assert pool.queue.busy == 0


async def test_it_is_said_calmly_and_with_a_time_to_come_again(
    world: World,
    postgres: Server,
    fresh_database: str,
    patience: float,
) -> None:
    @get(["/slow", "/api/slow"], include_in_schema=False)
    async def slow() -> str:
        await world.litestar.state.pool.fetchval("SELECT pg_sleep($1)", 0.7 * patience)
        return "done"

    world.litestar.register(slow)
    async with await open_pool(postgres.dsn("innsyn_web", fresh_database), most=1) as pool:
        world.litestar.state.pool, before = pool, world.litestar.state.pool
        try:
            browser = world.browser()
            answers = await asyncio.gather(*(browser.get(path) for path in ("/slow", "/api/slow") * 4))
        finally:
            world.litestar.state.pool = before
    assert {answer.status_code for answer in answers} == {200, 503}
    for path, kind in (("/slow", "text/html"), ("/api/slow", "application/problem+json")):
        turned_away = [each for each in answers if each.status_code == 503 and each.url.path == path]
        assert turned_away
        for answer in turned_away:
            _is_calm(answer, kind)


def _is_calm(answer: httpx.Response, kind: str) -> None:
    assert answer.headers["retry-after"] == "5"
    assert answer.headers["content-type"].startswith(kind)
    said = "Det er stor pågang akkurat nå." if kind == "text/html" else "urn:innsyn:problem:unavailable"
    assert said in answer.text


_SLOW = Question("test.slow", slept=one(select(cast(func.pg_sleep(literal_column("0.08")), Text))))


async def test_one_who_asks_for_very_much_keeps_nobody_else_waiting(
    world: World,
    postgres: Server,
    fresh_database: str,
    patience: float,  # noqa: ARG001 - shortened
) -> None:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    kari = token_of((await world.log_in(KARI)).cookies["innsyn"])
    ola = token_of((await world.log_in(OLA)).cookies["innsyn"])
    async with await open_pool(postgres.dsn("innsyn_web", fresh_database), most=5) as pool:
        much = [asyncio.create_task(_asked(ReadSession(pool, kari), _SLOW)) for _ in range(200)]
        waits = []
        for _ in range(20):
            outcome, seconds = await _asked(ReadSession(pool, ola), who_is_here)
            assert outcome == "served"
            waits.append(seconds)
        told = await asyncio.gather(*much)
    assert max(waits) < 1
    served = [seconds for outcome, seconds in told if outcome == "served"]
    # Three at a time, for as long as one waits: they are served too, and the rest is told to come again.
    assert 3 <= len(served) <= 3 * 10
    assert pool.turns.lines == {}


async def _asked(session: ReadSession, question: Question) -> tuple[str, float]:
    began = time.perf_counter()
    try:
        await session.ask(question)
    except Busy:
        return "busy", time.perf_counter() - began
    return "served", time.perf_counter() - began
