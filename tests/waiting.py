"""Waiting for what others do: asked again and again, and never for ever."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

# Far more than anything here takes on a machine that is busy with something else.
PATIENCE_SECONDS = 30.0


async def until(is_so: Callable[[], Awaitable[object]], what: str) -> None:
    """Ask again until the answer is true. Fails with `what` has not come to be."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await is_so():  # noqa: ASYNC110 - what PostgreSQL is about to do makes no event
                # Who is waited for gets the processor in between.
                await asyncio.sleep(0.002)
    except TimeoutError:
        pytest.fail(f"not so after {PATIENCE_SECONDS:.0f} seconds: {what}")
