"""The worker's way out: what is in the outbox goes to the journal, each thing once, in the order of its conversation.

A claim is a row that says who tries until when, so no transaction is open while the journal thinks. Whoever is killed
at any step leaves a claim that runs out, and what is sent twice has its effect once: the journal knows it by our
identifier.
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final, Protocol
from uuid import UUID, uuid4

import asyncpg
import structlog

from innsyn.db.pool import LOST
from innsyn.journal import delivery_statements as statements
from innsyn.journal.delivery_bundle import Named, NoResource, NotNamed, bundle_of, placeholders_in
from innsyn.journal.delivery_circuit import Circuit
from innsyn.journal.delivery_rules import Came, Outcome, Pace, Step, step_after
from innsyn.journal.delivery_statements import Due
from innsyn.journal.outbox_tables import CHANNEL
from innsyn.measures import DATABASE_ERRORS, DELIVERIES, DELIVERY_SECONDS
from innsyn.spans import span

log = structlog.get_logger()

_AGAIN_SECONDS: Final = 1.0
_SHORTEST_WAIT: Final = 0.02

# (outcome, state it led to): for whoever counts.
Told = Callable[[Outcome, Step], None]


class Client(Protocol):
    """What hands a transaction over: innsyn.journal.delivery_client.JournalClient."""

    async def post(self, bundle: bytes, key: UUID) -> Outcome: ...


class Naming(Protocol):
    """What finds the journal's names of persons and of entries: pairs of whose they are and which."""

    def __call__(
        self, db: asyncpg.Connection, persons: Collection[UUID], entries: Collection[tuple[UUID, UUID]]
    ) -> Awaitable[Named]: ...


async def deliver(
    dsn: str,
    client: Client,
    stop: asyncio.Event,
    *,
    naming: Naming,
    pace: Pace = Pace(),  # noqa: B008 - frozen
    jitter: Callable[[], float] = random.random,
    told: Told = lambda _outcome, _step: None,
) -> None:
    """Deliver until told to stop, whatever becomes of the database meanwhile; several may do so at once."""
    delivery = _Delivery(client, naming, pace, jitter, told)
    asked = asyncio.ensure_future(stop.wait())
    asked.add_done_callback(lambda _: delivery.woken.set())
    try:
        while True:
            try:
                async with _connected(dsn) as db:
                    await delivery.run(db, stop)
                    return
            except LOST as lost:
                DATABASE_ERRORS.inc()
                log.warning(
                    "outbox_lost_database", reason=type(lost).__name__, again_in_seconds=_AGAIN_SECONDS
                )
                if stop.is_set():
                    return
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), _AGAIN_SECONDS)
    finally:
        asked.cancel()
        delivery.drop()


@asynccontextmanager
async def _connected(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    db = await asyncpg.connect(
        dsn, timeout=5, command_timeout=10, server_settings={"application_name": "innsyn-deliver"}
    )
    try:
        yield db
    except BaseException:
        db.terminate()
        raise
    await db.close(timeout=5)


class _Delivery:
    """One worker's deliveries. `unsettled` are tries that have ended and are not written down."""

    def __init__(
        self, client: Client, naming: Naming, pace: Pace, jitter: Callable[[], float], told: Told
    ) -> None:
        self._client, self._naming, self._pace = client, naming, pace
        self._jitter, self._told = jitter, told
        self._circuit = Circuit()
        # One for each life: what an earlier one claimed is not ours.
        self._token = uuid4()
        self._sending: dict[asyncio.Task[None], Due] = {}
        self.unsettled: list[tuple[Due, Step]] = []
        self.woken = asyncio.Event()

    async def run(self, db: asyncpg.Connection, stop: asyncio.Event) -> None:
        """Deliver until told to stop, then let what is under way come home."""
        await db.add_listener(CHANNEL, lambda *_: self.woken.set())
        while not stop.is_set():
            self.woken.clear()
            await self._settle(db)
            claimed = await self._claim(db)
            if claimed and not self._is_full():
                continue
            await self._wait(None if claimed else await statements.seconds_until_due(db))
        await self._end(db)

    def drop(self) -> None:
        """Let go of what is being sent: somebody else will send it again."""
        for task in self._sending:
            task.cancel()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _room(self) -> int:
        most = self._circuit.may_send(self._now(), self._pace.at_once)
        return max(0, most - len(self._sending))

    def _is_full(self) -> bool:
        return self._room() == 0

    async def _claim(self, db: asyncpg.Connection) -> bool:
        if self._is_full():
            return False
        lease = timedelta(seconds=self._pace.lease)
        rows = await statements.claim(db, self._token, lease, self._room())
        if rows:
            await self._send(db, rows)
        return bool(rows)

    async def _send(self, db: asyncpg.Connection, rows: list[Due]) -> None:
        wanted = [(due, placeholders_in(due.resource)) for due in rows]
        named = await self._naming(
            db,
            {each for _, found in wanted for each in found.persons},
            {(due.person_id, each) for due, found in wanted for each in found.entries},
        )
        for due in rows:
            try:
                bundle = bundle_of(due.outbox_id, due.person_id, due.resource, named)
            except NotNamed as missing:
                self._ended(due, Outcome(Came.HELD, str(missing)))
                continue
            except NoResource:
                self._ended(due, Outcome(Came.REFUSED, "no_resource"))
                continue
            task = asyncio.create_task(self._try(due, bundle))
            self._sending[task] = due
            task.add_done_callback(self._gone)

    def _gone(self, task: asyncio.Task[None]) -> None:
        self._sending.pop(task, None)
        self.woken.set()

    async def _try(self, due: Due, bundle: bytes) -> None:
        try:
            with DELIVERY_SECONDS.time(), span("delivery"):
                outcome = await self._client.post(bundle, due.outbox_id)
        except Exception:
            # A defect of ours must not look like a silence of the journal's: it is logged, and a human meets the row.
            log.exception("outbox_try_failed", outbox_id=str(due.outbox_id))
            outcome = Outcome(Came.UNSURE, "defect")
        self._ended(due, outcome)

    def _ended(self, due: Due, outcome: Outcome) -> None:
        jitter = self._jitter()
        was_open = self._circuit.is_open
        self._circuit.heard(outcome, self._now(), jitter)
        if self._circuit.is_open != was_open:
            log.warning(
                "outbox_journal_away" if not was_open else "outbox_journal_back", reason=outcome.reason
            )
        step = step_after(
            outcome,
            tries=due.tries,
            age=due.at - due.queued_at,
            unsure=due.unsure,
            pace=self._pace,
            jitter=jitter,
        )
        self.unsettled.append((due, step))
        self._told(outcome, step)
        DELIVERIES.labels(step.state if step.state == "dead" else outcome.came.value).inc()
        if step.state in {"dead", "refused"}:
            log.error(
                "outbox_not_delivered",
                outbox_id=str(due.outbox_id),
                state=step.state,
                reason=step.reason,
                tries=due.tries,
            )

    async def _settle(self, db: asyncpg.Connection) -> None:
        steps = self.unsettled[:]
        if steps:
            await statements.settle(db, self._token, steps)
            # Only now: what the database has not taken is written again on the next connection.
            del self.unsettled[: len(steps)]

    async def _wait(self, due_in: float | None) -> None:
        pause = self._pace.look_again
        if due_in is not None:
            pause = min(pause, max(due_in, _SHORTEST_WAIT))
        opens_in = self._circuit.open_until - self._now()
        if opens_in > 0:
            # What is due is not looked at before: nothing else can wake it.
            pause = opens_in if due_in is None else max(opens_in, _SHORTEST_WAIT)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.woken.wait(), pause)

    async def _end(self, db: asyncpg.Connection) -> None:
        if self._sending:
            await asyncio.wait(self._sending, timeout=self._pace.grace)
        late = list(self._sending.items())
        for task, due in late:
            task.cancel()
            self._ended(due, Outcome(Came.UNSURE, "stopped"))
        if late:
            await asyncio.wait([task for task, _ in late], timeout=1)
        await self._settle(db)
