"""Sending what is due, for as long as the process runs: claimed, handed over side by side, and what came of it kept."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

import asyncpg
import structlog

from innsyn.measures import NOTICES
from innsyn.notifications.channels.port import Answer, Channel, Letter, Outcome, Way
from innsyn.notifications.channels.web_push import WebPush
from innsyn.notifications.contact.keeping import Addresses
from innsyn.notifications.sending.answering import answered, claim_again, give_up_lost
from innsyn.notifications.sending.claiming import Out, claim
from innsyn.notifications.subscriptions import commands as subscriptions

AT_ONCE: Final = 20
_LOOK_AGAIN_SECONDS: Final = 15.0
_SOON: Final = 0.2
_NEXT: Final = """
    SELECT extract(epoch FROM least(
        (SELECT min(n.send_at) FROM notice.notice n WHERE n.state = 'queued'),
        (SELECT min(s.again_at) FROM notice.sending s WHERE s.state = 'later')) - $1)::float8
"""
_log = structlog.get_logger()


class Ways(NamedTuple):
    """The ways out that this installation has; None or missing: it has not that one.

    Without a register nobody has an address or a number, and then there is push alone.
    """

    push: WebPush | None
    others: Mapping[Way, Channel]
    addresses: Addresses | None = None

    def out(self) -> Out:
        """As whoever claims letters has to know it."""
        there = {Way.PUSH} if self.push is not None else set()
        return Out(frozenset({*there, *self.others}), has_register=self.addresses is not None)


async def keep_sending(
    db: asyncpg.Connection, stop: asyncio.Event, ways: Ways, clock: Callable[[], datetime]
) -> None:
    """Send whatever is due until told to stop. Several may do so at once: nobody sends what another has claimed."""
    woken = asyncio.Event()
    await db.add_listener("notice_due", lambda *_: woken.set())
    asked = asyncio.ensure_future(stop.wait())
    asked.add_done_callback(lambda _: woken.set())
    try:
        while not stop.is_set():
            woken.clear()
            if await send_due(db, ways, clock, stop) == 0:
                await _wait(woken, await db.fetchval(_NEXT, clock()))
    finally:
        asked.cancel()


async def send_due(
    db: asyncpg.Connection, ways: Ways, clock: Callable[[], datetime], stop: asyncio.Event | None = None
) -> int:
    """Send what is due now, each letter once; returns how many there were. What nobody has answered is given up.

    Told to stop it hands over no more: what has not left goes later, from whoever sends then.
    """
    now = clock()
    if lost := await give_up_lost(db, now):
        _log.warning("notices_lost", letters=lost)
    if ways.addresses is not None:
        await ways.addresses.bring_up_to_date(db, now)
    out, kept = ways.out(), subscriptions.Kept()
    letters = [*await claim(db, now, kept, out=out), *await claim_again(db, now, kept, out=out)]
    room = asyncio.Semaphore(AT_ONCE)
    # One connection: keys are read before, and answers written as they come.
    sends = [_handing(room, letter, await _way(db, ways, letter), stop) for letter in letters]
    for handed in asyncio.as_completed(sends):
        letter, answer = await handed
        await _settle(db, letter, answer, clock())
    return len(letters)


async def _way(db: asyncpg.Connection, ways: Ways, letter: Letter) -> Callable[[], Awaitable[Answer]]:
    """How this letter goes; what has no way is refused, and one whose browser was let go has none."""
    if letter.way is Way.PUSH and ways.push is not None:
        push = ways.push
        to = await subscriptions.keys_of(db, letter.receiver_id, UUID(letter.target))
        return (lambda: push.send(letter, to)) if to is not None else _gone
    channel = ways.others.get(letter.way)
    return (lambda: channel.send(letter)) if channel is not None else _none


async def _gone() -> Answer:
    return Answer(Outcome.GONE)


async def _none() -> Answer:
    return Answer(Outcome.REFUSED)


async def _handing(
    room: asyncio.Semaphore, letter: Letter, send: Callable[[], Awaitable[Answer]], stop: asyncio.Event | None
) -> tuple[Letter, Answer]:
    async with room:
        if stop is not None and stop.is_set():
            return letter, Answer(Outcome.LATER)
        try:
            return letter, await send()
        except Exception as failed:  # noqa: BLE001 - a defect of ours must not take the other letters along
            # Its words may name an address: its kind is enough to find it.
            _log.error("notice_failed", way=letter.way.value, error=type(failed).__name__)
            return letter, Answer(Outcome.LOST)


async def _settle(db: asyncpg.Connection, letter: Letter, answer: Answer, now: datetime) -> None:
    NOTICES.labels(letter.way.value, answer.outcome.value).inc()
    async with db.transaction():
        if letter.way is Way.PUSH and answer.outcome is Outcome.GONE:
            await subscriptions.let_go(db, letter.receiver_id, UUID(letter.target))
        if letter.way is Way.PUSH and answer.outcome is Outcome.SENT:
            await subscriptions.reached(db, letter.receiver_id, UUID(letter.target), now)
        await answered(db, letter, answer, now)


async def _wait(woken: asyncio.Event, due_in: float | None) -> None:
    # What is due and was not there to take is in another sender's hands.
    pause = _LOOK_AGAIN_SECONDS if due_in is None else min(max(due_in, _SOON), _LOOK_AGAIN_SECONDS)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(woken.wait(), pause)
