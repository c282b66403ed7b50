"""What the worker keeps of a batch for messages: what is written and told of threads, and whom one can write to."""

from collections.abc import Sequence

import asyncpg

from innsyn.journal.lookup import id_of
from innsyn.journal.projected import Became
from innsyn.journal.versions import Landed
from innsyn.messages import writing, writing_beside


async def take(db: asyncpg.Connection, feed: str, became: Became, gone: Sequence[Landed]) -> None:
    """In the transaction of the batch."""
    lost = [
        (each.kind, (each.known_person, id_of(feed, each.key)))
        for each in gone
        if each.known_person is not None
    ]
    services = [each.id for each in gone if each.kind == writing.SERVICE]
    await writing_beside.put_units(db, feed, became.shared, services)
    await writing.remove(db, [key for kind, key in lost if kind == "Communication"])
    await writing_beside.remove_told(db, [key for kind, key in lost if kind == "Task"])
    # A Task may tell of what comes in the same batch: the messages last, so that a thread is gathered with both.
    await writing_beside.put_told(db, feed, became.noted)
    await writing.put(db, feed, became.noted)
    await writing_beside.take_for_received(db, became.noted)
