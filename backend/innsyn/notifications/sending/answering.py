"""What became of letters, and those that are to be tried again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from innsyn.notifications import rules
from innsyn.notifications.channels.port import LONGEST, Answer, Letter, Outcome, Subscriptions, Way
from innsyn.notifications.sending import letters, statements
from innsyn.notifications.sending.claiming import AT_ONCE, EVERYTHING, Out, Who, ways_of, who_they_are
from innsyn.notifications.sending.letters import Sending

_SILENT: Final = "silent"


async def answered(db: asyncpg.Connection, letter: Letter, answer: Answer, now: datetime) -> None:
    """What the way out answered. A letter that was answered already, or is lost, stays as it is."""
    again = None
    state = answer.outcome
    if state is Outcome.LATER:
        again = rules.again_at(letter.tries, answer.again_in, now, letter.made_at + LONGEST)
        state = Outcome.LATER if again else Outcome.REFUSED
    await db.execute(statements.ANSWERED, letter.receiver_id, letter.sending_id, state.value, again, now)


async def give_up_lost(db: asyncpg.Connection, now: datetime) -> int:
    """Letters that were begun and never answered. Returns how many."""
    return len(await db.fetch(statements.LOST, now))


async def claim_again(
    db: asyncpg.Connection,
    now: datetime,
    subscriptions: Subscriptions,
    *,
    most: int = AT_ONCE,
    out: Out = EVERYTHING,
) -> list[Letter]:
    """Letters that were not taken and are due again, where all that held for them the first time holds yet.

    It can still be read and is not seen, its way is chosen and its address theirs, and no hour is quiet. As `claim`: in
    no transaction, and marked before they go.
    """
    async with db.transaction():
        rows = await _held(db, now, most)
        if not rows:
            return []
        who = await who_they_are(db, {row["receiver_id"] for row in rows}, now, subscriptions, out)
        left = await _left(db, rows, who, now)
        gone = []
        for row in rows:
            key = (row["receiver_id"], row["sending_id"])
            if (at := rules.quiet_until(who[key[0]].hours, now)) > now:
                await db.execute(statements.NOT_YET, *key, at)
                continue
            await db.execute(statements.GO_AGAIN, *key, now)
            if not left[key]:
                await db.execute(statements.ANSWERED, *key, _SILENT, None, now)
                continue
            gone.append(
                Sending(*key, Way(row["channel"]), row["target"], left[key], row["tries"] + 1, row["made_at"])
            )
    return await letters.written(db, gone, {each: who[each].locale for each in who})


async def _held(db: asyncpg.Connection, now: datetime, most: int) -> list[Any]:
    found = await db.fetch(statements.WHOM_AGAIN, now, most)
    if not found:
        return []
    about = {person for row in found for person in row["about"] or ()}
    await db.execute(statements.HOLD, sorted({row["receiver_id"] for row in found} | about))
    keys = [(row["receiver_id"], row["sending_id"]) for row in found]
    rows: list[Any] = await db.fetch(statements.TRY_AGAIN, now, *map(list, zip(*keys, strict=True)))
    return rows


async def _left(
    db: asyncpg.Connection, rows: Sequence[Any], who: Mapping[UUID, Who], now: datetime
) -> dict[tuple[UUID, UUID], list[UUID]]:
    """Of each sending whose address is theirs yet: what can be read now, is not seen, and is to go that way."""
    pairs = [(row["receiver_id"], notice) for row in rows for notice in row["notices"]]
    there = await db.fetch(statements.OF_SENDING, *map(list, zip(*pairs, strict=True)))
    keys = [(row["receiver_id"], row["person_id"], row["notice_id"]) for row in there]
    found = await db.fetch(statements.READABLE, *map(list, zip(*keys, strict=True))) if keys else []
    open_ = {row["notice_id"] for row in found if row["opens_at"] <= now and row["read_at"] is None}
    ways = {row["notice_id"]: ways_of(row, who[row["receiver_id"]]) for row in there}
    left: dict[tuple[UUID, UUID], list[UUID]] = {}
    for row in rows:
        way = Way(row["channel"])
        is_theirs = row["target"] in who[row["receiver_id"]].targets[way]
        left[row["receiver_id"], row["sending_id"]] = [
            each for each in row["notices"] if is_theirs and each in open_ and way in ways[each]
        ]
    return left
