"""The relay process: keeps the stream in step with the journal's feed, until it is told to stop."""

import asyncio
import signal

import httpx

from innsyn.journal.relay import relay
from innsyn.journal.sequence import SequenceFeed
from innsyn.operations.tracing import trace
from innsyn.settings import Settings
from innsyn.watching import watching_relay


async def run(settings: Settings) -> None:
    """Relay until SIGINT or SIGTERM. Raises TooSmall when NATS cannot take in what a journal has."""
    trace("relay")
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with httpx.AsyncClient(trust_env=False) as http, asyncio.TaskGroup() as tasks:
        journal = SequenceFeed("journal", settings.journal_feed, http)
        tasks.create_task(relay(journal, settings.nats, stop, settings.nats_copies))
        tasks.create_task(watching_relay(settings, stop))
