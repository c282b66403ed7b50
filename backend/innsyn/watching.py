"""How each process is watched as it is set up: what it is asked about the feed, and over which address."""

import asyncio
from collections.abc import Mapping
from typing import Final

import httpx
import msgspec

from innsyn.journal.stream_connection import connected
from innsyn.journal.stream_layout import STREAM, end_of, message_at
from innsyn.journal.stream_state import state_of
from innsyn.operations.process import watch, watch_relay
from innsyn.operations.seen import Furthest
from innsyn.settings import Settings

_PATIENCE_SECONDS: Final = 4.0


class _Page(msgspec.Struct, frozen=True):
    last: int


_decode = msgspec.json.Decoder(_Page).decode


async def watching_worker(settings: Settings, stop: asyncio.Event) -> None:
    """Let the worker be looked at until it is told to stop. Raises SettingMissing when its port is taken."""
    if settings.nats:
        messages = _Messages(settings.nats)
        await watch(settings, stop, messages.furthest, messages.up_to)
    else:
        await watch(settings, stop, _of_journal(settings.journal_feed), _itself)


async def watching_relay(settings: Settings, stop: asyncio.Event) -> None:
    """The same for the relay: how far the stream is behind the journal."""
    journal = _of_journal(settings.journal_feed)

    async def reached() -> int:
        async with connected(settings.nats, "innsyn-operations") as client:
            return (await state_of(client)).reached

    await watch_relay(settings, stop, journal, reached)


class _Messages:
    """Counts messages of a stream by their numbers, which begin anywhere. Of one part they are at most as many."""

    def __init__(self, addresses: str) -> None:
        self._addresses = addresses
        self._before = 0

    async def furthest(self) -> Mapping[str, int]:
        # A line of its own each time: one that hangs is not waited for the next time.
        async with connected(self._addresses, "innsyn-operations") as client:
            state = await state_of(client)
            if state.last:
                self._before = (await client.jetstream().stream_info(STREAM)).state.first_seq - 1
        return {part: end_of(message) for part, message in state.newest.items()}

    def up_to(self, position: int) -> int:
        return max(0, message_at(position) - self._before)


def _of_journal(base: str) -> Furthest:
    async def furthest() -> Mapping[str, int]:
        async with httpx.AsyncClient(trust_env=False, timeout=_PATIENCE_SECONDS) as http:
            answer = await http.get(f"{base}/feed", params={"seq": 1, "limit": 1})
        return {"": _decode(answer.raise_for_status().content).last}

    return furthest


def _itself(position: int) -> int:
    return position
