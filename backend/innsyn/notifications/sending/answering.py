"""What became of letters, and those that are to be tried again."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from innsyn.notifications import rules
from innsyn.notifications.channels.port import LONGEST, Answer, Letter, Outcome, Way
from innsyn.notifications.sending import letters, statements
from innsyn.notifications.sending.claiming import ADDRESS_IS_FRESH, AT_ONCE

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


async def claim_again(db: asyncpg.Connection, now: datetime, most: int = AT_ONCE) -> list[Letter]:
    """Letters that were not taken and are due again, of which something can still be read, and is not seen.

    As `claim`: in no transaction, and marked before they go.
    """
    async with db.transaction():
        rows = await db.fetch(statements.TRY_AGAIN, now, most)
        if not rows:
            return []
        left = await _left(db, rows, now)
        unseen = await letters.unseen_of(db, {row["receiver_id"] for row in rows})
        locales = await _locales(db, rows, now)
        gone = []
        for row in rows:
            key = (row["receiver_id"], row["sending_id"])
            if not (notices := left[key]):
                await db.execute(statements.GO_AGAIN, *key, now)
                await db.execute(statements.ANSWERED, *key, _SILENT, None, now)
                continue
            await db.execute(statements.GO_AGAIN, *key, now)
            sending = letters.Sending(
                *key, Way(row["channel"]), row["target"], notices, row["tries"] + 1, row["made_at"]
            )
            gone.append(letters.letter(sending, locales[key[0]], unseen[key[0]]))
        return gone


async def _left(
    db: asyncpg.Connection, rows: Sequence[Any], now: datetime
) -> dict[tuple[UUID, UUID], list[UUID]]:
    """Of each sending: what can be read now and is not seen yet."""
    pairs = [(row["receiver_id"], notice) for row in rows for notice in row["notices"]]
    there = await db.fetch(statements.OF_SENDING, *map(list, zip(*pairs, strict=True)))
    keys = [(row["receiver_id"], row["person_id"], row["notice_id"]) for row in there]
    found = await db.fetch(statements.READABLE, *map(list, zip(*keys, strict=True))) if keys else []
    open_ = {row["notice_id"] for row in found if row["opens_at"] <= now and row["read_at"] is None}
    left: dict[tuple[UUID, UUID], list[UUID]] = defaultdict(list)
    for row in rows:
        left[row["receiver_id"], row["sending_id"]] = [each for each in row["notices"] if each in open_]
    return left


async def _locales(db: asyncpg.Connection, rows: Sequence[Any], now: datetime) -> dict[UUID, str]:
    ids = sorted({row["receiver_id"] for row in rows})
    return {
        row["person_id"]: rules.locale_for(row["locale"], row["language"])
        for row in await db.fetch(statements.WHO, ids, now - ADDRESS_IS_FRESH)
    }
