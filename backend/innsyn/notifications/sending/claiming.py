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
from innsyn.notifications.sending.letters import Sending

AT_ONCE: Final = 100
# How old an address may be that the contact register gave us: it says itself what is too old (contact/rules.py).
ADDRESS_IS_FRESH: Final = timedelta(days=2)
# When the register of addresses is asked again after it has failed.
_ASK_AGAIN: Final = timedelta(minutes=5)
_ADDRESSED: Final = frozenset({Way.EMAIL, Way.SMS})
_SENT, _SILENT, _DROPPED = "sent", "silent", "dropped"


class Out(NamedTuple):
    """What this installation has: the ways out, and whether a register of addresses is asked before each claim."""

    ways: frozenset[Way] = frozenset(Way)
    has_register: bool = False


EVERYTHING: Final = Out()


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
    out: Out = EVERYTHING,
) -> list[Letter]:
    """The letters that are to go now, marked as gone in this same transaction: nobody else gets them, ever.

    Who could be reached by an address alone, and has not been asked about yet, is told when the register has answered.

    To be called in no transaction. What is claimed and not answered (sending/answering.py) is lost after ten minutes,
    and not tried again: the thing itself stands in the list.
    """
    async with db.transaction():
        due = await _held(db, now, most)
        if not due:
            return []
        who = await who_they_are(db, {row["receiver_id"] for row in due}, now, subscriptions, out)
        ready = await _whose_hour_has_come(db, due, who, now)
        open_ = await _readable(db, ready, now)
        reachable = await _without_those_who_wait(db, open_, who, now) if out.has_register else open_
        sendings = await _send(db, reachable, who, now)
    return await letters.written(db, sendings, {each: who[each].locale for each in who})


async def _held(db: asyncpg.Connection, now: datetime, most: int) -> list[Any]:
    found = await db.fetch(statements.CANDIDATES, now, most)
    if not found:
        return []
    await db.execute(
        statements.HOLD,
        sorted({row["receiver_id"] for row in found} | {row["person_id"] for row in found}),
    )
    keys = [(row["receiver_id"], row["notice_id"]) for row in found]
    rows: list[Any] = await db.fetch(statements.DUE, now, *map(list, zip(*keys, strict=True)))
    return rows


async def who_they_are(
    db: asyncpg.Connection, receivers: set[UUID], now: datetime, subscriptions: Subscriptions, out: Out
) -> dict[UUID, Who]:
    """Each of these receivers, with the addresses that something may go to now."""
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
            _targets(row, pushed.get(row["person_id"], ()), out.ways),
            row["is_fresh"],
        )
        for row in await db.fetch(statements.WHO, ids, now - ADDRESS_IS_FRESH)
    }


def _targets(
    row: Any,  # noqa: ANN401 - a row of asyncpg
    subscriptions: Sequence[str],
    ways: frozenset[Way],
) -> dict[Way, Sequence[str]]:
    fresh = row["is_fresh"]
    there: dict[Way, Sequence[str]] = {
        Way.PUSH: subscriptions,
        Way.EMAIL: [row["email"]] if fresh and row["email"] else [],
        Way.SMS: [row["mobile"]] if fresh and row["mobile"] else [],
    }
    return {way: there[way] if way in ways else () for way in Way}


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
    wait = [row for row in open_ if _may_wait(row, who[row["receiver_id"]], now)]
    again_at = now + _ASK_AGAIN
    await _later(db, [(row["receiver_id"], row["notice_id"], again_at, False) for row in wait])
    waiting = {row["notice_id"] for row in wait}
    return [row for row in open_ if row["notice_id"] not in waiting]


def _may_wait(row: Any, receiver: Who, now: datetime) -> bool:  # noqa: ANN401 - a row of asyncpg
    # A digest is hours later than what it is about.
    first = rules.goes_at(receiver.hours, row["due_at"], row["due_at"])
    return (
        not receiver.has_fresh_address
        and now < first + LONGEST
        and bool(ways_of(row, receiver) & _ADDRESSED)
        and not _reached(row, receiver)
    )


def ways_of(row: Any, receiver: Who) -> frozenset[Way]:  # noqa: ANN401
    """By which ways the receiver hears of a notice: a row with its kind, receiver_id and person_id."""
    of_others = row["person_id"] != row["receiver_id"]
    return rules.ways_for(Told(row["kind"]), receiver.chosen, of_others=of_others)


def _reached(row: Any, receiver: Who) -> list[Way]:  # noqa: ANN401
    return [way for way in ways_of(row, receiver) if receiver.targets[way]]


async def _later(db: asyncpg.Connection, wait: Sequence[tuple[UUID, UUID, datetime, bool]]) -> None:
    if wait:
        await db.execute(statements.LATER, *map(list, zip(*wait, strict=True)))


async def _mark(db: asyncpg.Connection, marks: Sequence[tuple[UUID, UUID, str, str]], now: datetime) -> None:
    if marks:
        await db.execute(statements.MARK, *map(list, zip(*marks, strict=True)), now)


async def _send(
    db: asyncpg.Connection, open_: Sequence[Any], who: Mapping[UUID, Who], now: datetime
) -> list[Sending]:
    """One letter to each address of a receiver, however many things it is about."""
    by_way: dict[tuple[UUID, Way], list[UUID]] = defaultdict(list)
    marks = []
    for row in open_:
        receiver = row["receiver_id"]
        reached = _reached(row, who[receiver])
        for way in reached:
            by_way[receiver, way].append(row["notice_id"])
        why = "" if reached else "no_address" if ways_of(row, who[receiver]) else "chosen"
        marks.append((receiver, row["notice_id"], _SENT if reached else _SILENT, why))
    await _mark(db, marks, now)
    sendings = [
        Sending(receiver, uuid4(), way, target, notices, 1, now)
        for (receiver, way), notices in by_way.items()
        for target in who[receiver].targets[way]
    ]
    rows = [(*each[:2], each.way.value, each.target, each.notices, now) for each in sendings]
    await db.executemany(statements.SEND, rows)
    return sendings
