"""Entries to rows: what a batch of projections becomes in the one table, in as few statements as there are tables."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

import asyncpg
import msgspec

from innsyn.access.release import NEVER, Release
from innsyn.db.batches import arrays
from innsyn.journal.fhir.reading import instant
from innsyn.journal.lookup import Key
from innsyn.journal.versions import Landed
from innsyn.records import statements
from innsyn.records.documents import Checked, check
from innsyn.records.entries import Line
from innsyn.records.projecting import Shown


class Claim(NamedTuple):
    """An entry says that another is part of it."""

    person_id: UUID
    member: UUID
    panel: UUID
    number: int
    of_report: bool


class Row(msgspec.Struct, kw_only=True):
    """A row of record.entry, with the texts that become its search words."""

    person_id: UUID
    entry_id: UUID
    kind: str
    source: str
    version: int
    occurred_at: datetime
    recorded_at: datetime
    landed_at: datetime
    code: str | None
    status: str
    audience: int
    release_at: datetime
    own_audience: int
    own_release_at: datetime
    panel_id: UUID | None
    line: bytes
    stub: bytes | None
    detail: bytes
    heading: str
    text: str


def entry_id(feed: str, key: Key) -> UUID:
    """The id of the entry of a resource: the same at every replay, telling nothing of the resource's own id."""
    return UUID(bytes=hashlib.blake2b(f"{feed}/{key[0]}/{key[1]}".encode(), digest_size=16).digest())


async def write(db: asyncpg.Connection, feed: str, shown: Sequence[Shown], gone: Iterable[Landed]) -> None:
    """Put the entries of a batch in place and take away those that are not to be shown (any more)."""
    taken_away = [
        (each.known_person, entry_id(feed, each.key)) for each in gone if each.known_person is not None
    ]
    if taken_away:
        await statements.remove(db, taken_away)
    if not shown:
        return
    rows = {row.entry_id: row for row in (_row(feed, each) for each in shown)}
    again = [
        (each.person_id, entry_id(feed, each.landed.key))
        for each in shown
        if each.landed.known_person is not None
    ]
    if again:
        await statements.forget_parts(db, again)
    claims = [claim for each in shown for claim in _claims(feed, each)]
    await _claim(db, rows, claims)
    await statements.put_entries(db, arrays(statements.ROW, map(_VALUES, rows.values())))
    await statements.follow_panels(db, [claim for claim in claims if claim.member not in rows])
    await statements.put_documents(db, (row for each in shown for row in _documents(feed, each)))
    await statements.contribute(db, _earliest(rows.values()))


_VALUES = attrgetter(*statements.ROW)


def _row(feed: str, shown: Shown) -> Row:
    """Everything that a list or a page shows is prepared here, once."""
    landed, projected, release = shown.landed, shown.projected, shown.release
    id_ = entry_id(feed, landed.key)
    line = _line(id_, shown)
    found_by = (projected.value, projected.note, projected.organisation, projected.author, *projected.words)
    return Row(
        person_id=shown.person_id,
        entry_id=id_,
        kind=projected.kind,
        source=landed.source,
        version=landed.version,
        occurred_at=instant(projected.at) or landed.recorded_at,
        recorded_at=landed.recorded_at,
        landed_at=landed.landed_at,
        # Values of different units are no series.
        code=f"{projected.code}|{projected.unit}" if projected.code else None,
        status=projected.status,
        audience=int(projected.audience),
        release_at=release.at,
        own_audience=int(projected.audience),
        own_release_at=release.at,
        panel_id=None,
        line=msgspec.json.encode(line),
        stub=msgspec.json.encode(_stub(line, release)) if release.withheld else None,
        detail=msgspec.json.encode(projected.detail),
        heading=_for_postgres(projected.title),
        text=_for_postgres(" ".join(filter(None, found_by))),
    )


def _line(id_: UUID, shown: Shown) -> Line:
    landed, projected = shown.landed, shown.projected
    corrected = landed.landed_at if landed.first_landed_at < landed.landed_at else None
    return Line(
        id=str(id_),
        kind=projected.kind,
        at=projected.at,
        title=projected.title,
        value=projected.value,
        unit=projected.unit,
        flag=projected.flag,
        low=projected.low,
        high=projected.high,
        status=projected.status,
        note=projected.note,
        source=landed.source,
        organisation=projected.organisation,
        author=projected.author,
        recorded=_utc(landed.first_landed_at),
        corrected=_utc(corrected) if corrected else "",
        parts=len(shown.members),
    )


def _stub(line: Line, release: Release) -> Line:
    """The placeholder tells the kind, the date and where; a title such as "Genetisk analyse" would tell too much."""
    return Line(
        id=line.id,
        kind=line.kind,
        at=line.at,
        source=line.source,
        organisation=line.organisation,
        recorded=line.recorded,
        withheld=release.withheld,
        opens="" if release.at == NEVER else release.at.date().isoformat(),
    )


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _for_postgres(text: str) -> str:
    # A tsvector holds at most 1 MB: nobody searches for the hundred-thousandth word of a note.
    return text.replace("\x00", " ")[:200_000]


def _claims(feed: str, shown: Shown) -> Iterable[Claim]:
    """What this entry says are its parts. A report is never a part."""
    panel = entry_id(feed, shown.landed.key)
    of_report = shown.landed.kind == "DiagnosticReport"
    for number, key in enumerate(shown.members):
        member = entry_id(feed, key)
        if member != panel and key[0] != "DiagnosticReport":
            yield Claim(shown.person_id, member, panel, number, of_report)


async def _claim(db: asyncpg.Connection, rows: Mapping[UUID, Row], claims: Sequence[Claim]) -> None:
    """Parts follow the whole: a member is listed under its panel and opens no earlier than it does."""
    if claims:
        await statements.put_claims(db, claims)
    keys = [(row.person_id, row.entry_id) for row in rows.values()]
    for member, panel, audience, release_at in await statements.panels_of(db, keys):
        _follow(rows[member], panel, audience, release_at)
    panels = {claim.panel for claim in claims}
    for claim in claims:
        if claim.member in rows and (claim.of_report or claim.member not in panels):
            whole = rows[claim.panel]
            _follow(rows[claim.member], claim.panel, whole.own_audience, whole.own_release_at)


def _follow(member: Row, panel: UUID, audience: int, release_at: datetime) -> None:
    member.panel_id = panel
    member.audience &= audience
    member.release_at = max(member.release_at, release_at)


def _documents(feed: str, shown: Shown) -> Iterable[tuple[object, ...]]:
    """The files that are what they may be. What is refused is not lost: the raw landing has it."""
    for number, file in enumerate(shown.files, start=1):
        checked = check(file.body, file.claimed)
        if isinstance(checked, Checked):
            key = (shown.person_id, entry_id(feed, shown.landed.key), number)
            yield (*key, file.title, checked.media_type, checked.body)


def _earliest(rows: Iterable[Row]) -> list[tuple[UUID, str, datetime]]:
    earliest: dict[tuple[UUID, str], datetime] = {}
    for row in rows:
        key = (row.person_id, row.source)
        earliest[key] = min(earliest.get(key, row.occurred_at), row.occurred_at)
    return [(*key, at) for key, at in earliest.items()]
