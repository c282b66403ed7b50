"""Taking what is due: whether it can be read is asked under lock, and that it goes is written, before anything goes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

import asyncpg

from innsyn.access.telling.kinds import Told
from innsyn.notifications import rules
from innsyn.notifications.channels.port import LONGEST, Letter, Subscriptions, Way
from innsyn.notifications.rules import Hours
from innsyn.notifications.sending import letters, statements

AT_ONCE: Final = 200
# How old an address may be that the contact register gave us: it says itself what is too old (contact/rules.py).
ADDRESS_IS_FRESH: Final = timedelta(days=2)
# When the register of addresses is asked again after it has failed.
_ASK_AGAIN: Final = timedelta(minutes=5)
_SENT, _SILENT, _DROPPED = "sent", "silent", "dropped"


class Who(NamedTuple):
    """A receiver: when and by which ways, and where they can be reached."""

    hours: Hours
    chosen: Mapping[tuple[Told, bool], frozenset[Way]]
    locale: str
    targets: Mapping[Way, Sequence[str]]
    has_fresh_address: bool


async def claim(
    db: asyncpg.Connection,
    now: datetime,
    subscriptions: Subscriptions,
    *,
    most: int = AT_ONCE,
    addresses_known: bool = True,
) -> list[Letter]:
    """The letters that are to go now, marked as gone in this same transaction: nobody else gets them, ever.

    Not `addresses_known`: the register of addresses did not answer, and who can be reached by it alone is told later.

    To be called in no transaction. What is claimed and not answered (sending/answering.py) is lost after ten minutes,
    and not tried again: the thing itself stands in the list.
    """
    async with db.transaction():
        due = await db.fetch(statements.DUE, now, most)
        if not due:
            return []
        who = await _who(db, {row["receiver_id"] for row in due}, now, subscriptions)
        ready = await _whose_hour_has_come(db, due, who, now)
        open_ = await _readable(db, ready, now)
        reachable = open_ if addresses_known else await _without_those_who_wait(db, open_, who, now)
        return await _send(db, reachable, who, now)


async def _who(
    db: asyncpg.Connection, receivers: set[UUID], now: datetime, subscriptions: Subscriptions
) -> dict[UUID, Who]:
    ids = sorted(receivers)
    chosen: dict[UUID, dict[tuple[Told, bool], frozenset[Way]]] = defaultdict(dict)
    for row in await db.fetch(statements.CHOICES, ids):
        chosen[row["receiver_id"]][Told(row["kind"]), row["of_others"]] = frozenset(map(Way, row["channels"]))
    pushed = await subscriptions.of(db, ids)
    return {
        row["person_id"]: Who(
            Hours(row["quiet_from"], row["quiet_until"], row["digest_at"]),
            chosen[row["person_id"]],
            rules.locale_for(row["locale"], row["language"]),
            _targets(row, pushed.get(row["person_id"], ())),
            row["is_fresh"],
        )
        for row in await db.fetch(statements.WHO, ids, now - ADDRESS_IS_FRESH)
    }


def _targets(row: Any, subscriptions: Sequence[str]) -> dict[Way, Sequence[str]]:  # noqa: ANN401 - a row of asyncpg
    fresh = row["is_fresh"]
    return {
        Way.PUSH: subscriptions,
        Way.EMAIL: [row["email"]] if fresh and row["email"] else [],
        Way.SMS: [row["mobile"]] if fresh and row["mobile"] else [],
    }


async def _whose_hour_has_come(
    db: asyncpg.Connection, due: Sequence[Any], who: Mapping[UUID, Who], now: datetime
) -> list[Any]:
    at = [rules.goes_at(who[row["receiver_id"]].hours, row["due_at"], now) for row in due]
    wait = [
        (row["receiver_id"], row["notice_id"], moment, False)
        for row, moment in zip(due, at, strict=True)
        if moment > now
    ]
    await _later(db, wait)
    return [row for row, moment in zip(due, at, strict=True) if moment <= now]


async def _readable(db: asyncpg.Connection, ready: Sequence[Any], now: datetime) -> list[Any]:
    """Those that can be read now. The others wait until they open, or are dropped; what has been read is not told."""
    if not ready:
        return []
    keys = [(row["receiver_id"], row["person_id"], row["notice_id"]) for row in ready]
    rows = await db.fetch(statements.READABLE, *map(list, zip(*keys, strict=True)))
    found = {row["notice_id"]: row for row in rows}
    wait, marks, open_ = [], [], []
    for row in ready:
        key = (row["receiver_id"], row["notice_id"])
        said = found.get(row["notice_id"])
        if said is None:
            marks.append((*key, _DROPPED, "not_readable"))
        elif said["opens_at"] > now:
            wait.append((*key, said["opens_at"], True))
        elif row["seen_at"] is not None or said["read_at"] is not None:
            marks.append((*key, _SILENT, "read"))
        else:
            open_.append(row)
    await _later(db, wait)
    await _mark(db, marks, now)
    return open_


async def _without_those_who_wait(
    db: asyncpg.Connection, open_: Sequence[Any], who: Mapping[UUID, Who], now: datetime
) -> list[Any]:
    """All but those whom only an address could reach, for as long as anybody waits for a letter."""
    wait = [
        row
        for row in open_
        if not who[row["receiver_id"]].has_fresh_address
        and row["due_at"] > now - LONGEST
        and _ways(row, who[row["receiver_id"]])
        and not _reached(row, who[row["receiver_id"]])
    ]
    again_at = now + _ASK_AGAIN
    await _later(db, [(row["receiver_id"], row["notice_id"], again_at, False) for row in wait])
    waiting = {row["notice_id"] for row in wait}
    return [row for row in open_ if row["notice_id"] not in waiting]


def _ways(row: Any, receiver: Who) -> frozenset[Way]:  # noqa: ANN401 - a row of asyncpg
    of_others = row["person_id"] != row["receiver_id"]
    return rules.ways_for(Told(row["kind"]), receiver.chosen, of_others=of_others)


def _reached(row: Any, receiver: Who) -> list[Way]:  # noqa: ANN401
    return [way for way in _ways(row, receiver) if receiver.targets[way]]


async def _later(db: asyncpg.Connection, wait: Sequence[tuple[UUID, UUID, datetime, bool]]) -> None:
    if wait:
        await db.execute(statements.LATER, *map(list, zip(*wait, strict=True)))


async def _mark(db: asyncpg.Connection, marks: Sequence[tuple[UUID, UUID, str, str]], now: datetime) -> None:
    if marks:
        await db.execute(statements.MARK, *map(list, zip(*marks, strict=True)), now)


async def _send(
    db: asyncpg.Connection, open_: Sequence[Any], who: Mapping[UUID, Who], now: datetime
) -> list[Letter]:
    """One letter to each address of a receiver, however many things it is about."""
    by_way: dict[tuple[UUID, Way], list[UUID]] = defaultdict(list)
    marks = []
    for row in open_:
        receiver = row["receiver_id"]
        reached = _reached(row, who[receiver])
        for way in reached:
            by_way[receiver, way].append(row["notice_id"])
        why = "" if reached else "no_address" if _ways(row, who[receiver]) else "chosen"
        marks.append((receiver, row["notice_id"], _SENT if reached else _SILENT, why))
    await _mark(db, marks, now)
    unseen = await letters.unseen_of(db, {receiver for receiver, _ in by_way})
    gone = []
    for (receiver, way), notices in by_way.items():
        for target in who[receiver].targets[way]:
            id_ = uuid4()
            await db.execute(statements.SEND, receiver, id_, way.value, target, notices, now)
            gone.append(
                letters.letter(
                    letters.Sending(receiver, id_, way, target, notices, 1, now),
                    who[receiver].locale,
                    unseen[receiver],
                )
            )
    return gone
