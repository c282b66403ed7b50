"""What the worker keeps of a batch for forms: those that are published, and those that somebody is asked to fill in."""

from collections.abc import Sequence

import asyncpg

from innsyn.forms import published_writing
from innsyn.forms.tasks import writing as tasks_writing
from innsyn.journal.projected import Became
from innsyn.journal.versions import Landed


async def take(db: asyncpg.Connection, feed: str, became: Became, gone: Sequence[Landed]) -> None:
    """In the transaction of the batch."""
    await published_writing.take(db, feed, became, gone)
    await tasks_writing.take(db, feed, became, gone)
