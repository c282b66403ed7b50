"""The process is told to stop: whoever holds connections open hears of it first.

A server waits for its open connections before it tells the application anything, and a stream that stays open would
keep it waiting.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def hears_of_leaving(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` in this event loop when the process is told to end; the server's own handler runs as before.

    Outside the main thread, where no signals come, it does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in _SIGNALS}

    def told(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop)
        then = before[signal.Signals(number)]
        if callable(then):
            then(number, frame)

    ours = [number for number in _SIGNALS if callable(before[number])]
    for number in ours:
        signal.signal(number, told)
    try:
        yield
    finally:
        for number in ours:
            if signal.getsignal(number) is told:
                signal.signal(number, before[number])
