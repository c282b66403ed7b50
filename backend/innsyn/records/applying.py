"""From what became of a batch to the read model: the one way, for what comes now and for what is taken in anew."""

from collections.abc import Sequence

import asyncpg

from innsyn.journal.versions import Landed
from innsyn.records import writing
from innsyn.records.history import keeping as history
from innsyn.records.outcome import NOT_WHOSE_IT_WAS, Outcome
from innsyn.records.own_wishes import applying as own_wishes
from innsyn.records.projecting import Projecting


async def apply(
    db: asyncpg.Connection, feed: str, projecting: Projecting, outcome: Outcome, landed: Sequence[Landed] = ()
) -> None:
    """Write everything in the schema `record`, and nothing else: the same versions give the same rows.

    `innsyn feed replay` calls this too, with a connection that writes beside the running read model.
    """
    shown = await history.keep(db, feed, projecting, outcome, landed)
    # Only now: a history can tell that the newest version is not about whom the first was about.
    gone = gone_of(outcome)
    await writing.write(db, feed, shown, gone)
    await own_wishes.apply(db, feed, shown, gone)


def gone_of(outcome: Outcome) -> Sequence[Landed]:
    """What is shown no longer: taken back, deleted, or nobody's any more."""
    gone = [each for each, _ in outcome.not_shown]
    return gone + [each.landed for each in outcome.bad if each.reason in NOT_WHOSE_IT_WAS]
