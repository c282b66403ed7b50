"""The worker's part of a wish: what was written as its source says is delayed as its citizen wishes.

In the transaction of the batch itself, so that nobody sees an entry before its wish; and when a wish has changed, for
what is there already.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from innsyn.access.release import Coming, Release, Wish, release_wished
from innsyn.access.telling.queueing import follow_opening
from innsyn.journal.versions import Landed
from innsyn.records import parts
from innsyn.records.choices.keeping import keep
from innsyn.records.entries import read_line
from innsyn.records.outcome import Shown
from innsyn.records.own_wishes import statements
from innsyn.records.writing import entry_id, fitting, placeholder

# The line beside it was given the room of one without a placeholder (records/writing.py).
_PLACEHOLDER_BYTES = 700


class _Said(msgspec.Struct, frozen=True):
    """The parts of a detail in which a doctor comments; every kind has some of them."""

    comment: str = ""
    conclusion: str = ""
    text: str = ""


_said = msgspec.json.Decoder(_Said).decode


async def apply(db: asyncpg.Connection, feed: str, shown: Sequence[Shown], gone: Iterable[Landed]) -> None:
    """After a batch is written: delay what its citizens wish to wait for."""
    written = {(each.person_id, entry_id(feed, each.landed.key)) for each in shown}
    written |= {
        (each.known_person, entry_id(feed, each.key)) for each in gone if each.known_person is not None
    }
    wishing = await statements.wishing(db, {person_id for person_id, _ in written})
    if wishing:
        # What has been written anew is as its source says, whatever it was before.
        await statements.forget(db, [key for key in written if key[0] in wishing])
        await settle(db, wishing)


async def catch_up(db: asyncpg.Connection) -> int:
    """Apply what has been wished or hidden lately to what is there. Returns how many persons' it was."""
    if not await statements.any_due(db):
        return 0
    async with db.transaction():
        # A batch that is being written has read the wishes as they were: it is waited for, and the next one waits.
        await db.execute("LOCK TABLE journal.position IN SHARE MODE")
        persons = await statements.take_due(db)
        if persons:
            await settle(db, persons)
            await keep(db, persons)
            await follow_opening(db, persons)
    return len(persons)


async def settle(db: asyncpg.Connection, persons: Sequence[UUID]) -> None:
    """Let the entries of these persons open as they wish, or as their sources say where they wish nothing."""
    changed, waiting, over = [], [], []
    for row in await statements.concerned(db, persons):
        key = (row["person_id"], row["entry_id"])
        at, stub = _source(row)
        source = Release(at, read_line(stub).withheld if stub else "")
        wished = _wished(row, source)
        if wished == source:
            if row["waits"]:
                over.append(key)
        else:
            if not row["waits"]:
                waiting.append((*key, at, stub))
            line = fitting(placeholder(read_line(row["line"]), wished), _PLACEHOLDER_BYTES)
            at, stub = wished.at, msgspec.json.encode(line)
        if (at, stub) != (row["own_release_at"], row["stub"]):
            changed.append((*key, at, stub))
    await statements.remember(db, waiting)
    await statements.forget(db, over)
    if changed:
        await statements.release(db, changed)
        await parts.settle(db, [(person_id, id_) for person_id, id_, *_ in changed])


def _source(row: Any) -> tuple[Any, Any]:  # noqa: ANN401 - a row of asyncpg
    if row["waits"]:
        return row["source_release_at"], row["source_stub"]
    return row["own_release_at"], row["stub"]


def _wished(row: Any, source: Release) -> Release:  # noqa: ANN401 - a row of asyncpg
    entry = Coming(
        recorded=row["recorded_at"],
        landed=row["landed_at"],
        commented=row["detail"] is not None and _commented(row["detail"], row["code"]),
        within=row["within"],
        asked_for=row["asked_for"],
    )
    return release_wished(source, Wish(row["wish"]), row["since"], entry)


def _commented(detail: bytes, code: str | None) -> bool:
    """A single result has a code, and its conclusion is the answer itself; of a report it is the doctor's."""
    said = _said(detail)
    return bool(said.comment or (code is None and (said.conclusion or said.text)))
