"""The next batch of a feed is fetched while the one before is dealt with."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

from innsyn.journal.port import Entry, Unusable

Batch = list[Entry | Unusable]


async def ahead(batches: AsyncIterator[Batch]) -> AsyncGenerator[Batch]:
    """The same batches. Close it (contextlib.aclosing), so that nothing is fetched for nobody."""
    coming = asyncio.ensure_future(anext(batches, None))
    try:
        while (batch := await coming) is not None:
            coming = asyncio.ensure_future(anext(batches, None))
            yield batch
    finally:
        coming.cancel()
        # Nobody else would hear of a feed that failed while a batch of it failed too.
        await asyncio.gather(coming, return_exceptions=True)
