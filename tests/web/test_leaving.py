"""Whoever holds connections open hears first that the process is to end, and the server hears as well."""

import asyncio
import os
import signal
import threading
from types import FrameType

import pytest

from innsyn.web.leaving import hears_of_leaving


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_both_hear_of_the_signal_and_afterwards_the_server_alone(number: signal.Signals) -> None:
    told: list[str] = []
    heard = asyncio.Event()

    def server(_number: int, _frame: FrameType | None) -> None:
        told.append("server")

    def stop() -> None:
        told.append("streams")
        heard.set()

    before = signal.signal(number, server)
    try:
        with hears_of_leaving(stop):
            os.kill(os.getpid(), number)
            async with asyncio.timeout(1):
                await heard.wait()
        os.kill(os.getpid(), number)
        assert told == ["server", "streams", "server"]
        assert signal.getsignal(number) is server
    finally:
        signal.signal(number, before)


async def test_what_the_system_does_by_itself_is_left_to_it() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with hears_of_leaving(lambda: None):
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)


def test_outside_the_main_thread_nothing_is_touched() -> None:
    here = signal.getsignal(signal.SIGTERM)
    entered: list[bool] = []

    def run() -> None:
        with hears_of_leaving(lambda: None):
            entered.append(signal.getsignal(signal.SIGTERM) is here)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert entered == [True]
