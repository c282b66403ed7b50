"""Keeps what is there in step with the wishes, as they change."""

import asyncio

import asyncpg
import structlog

from innsyn.access.wishes.tables import CHANNEL
from innsyn.records.own_wishes.applying import catch_up

log = structlog.get_logger()

# Whoever is woken can be woken in vain or too early: what is due stands in a table, and is looked for now and then.
_LOOK_AGAIN_SECONDS = 5.0


async def keep_up(db: asyncpg.Connection, stop: asyncio.Event) -> None:
    """Apply wishes until told to stop: woken when somebody's wish changes, on a connection of its own."""
    woken = asyncio.Event()
    await db.add_listener(CHANNEL, lambda *_: woken.set())
    while not stop.is_set():
        woken.clear()
        try:
            if persons := await catch_up(db):
                log.info("wishes_applied", persons=persons)
        except Exception:
            log.exception("wishes_failed", again_in_seconds=_LOOK_AGAIN_SECONDS)
            if db.is_closed():
                raise
        await _either(stop, woken)


async def _either(stop: asyncio.Event, woken: asyncio.Event) -> None:
    waits = [asyncio.ensure_future(each.wait()) for each in (stop, woken)]
    try:
        await asyncio.wait(waits, timeout=_LOOK_AGAIN_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waits:
            each.cancel()
