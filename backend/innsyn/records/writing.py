"""Entries to rows: what a batch of projections becomes in the one table, in as few statements as there are tables."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from uuid import UUID

import asyncpg
import msgspec

from innsyn.access.release import NEVER, Release
from innsyn.db.batches import arrays
from innsyn.journal.fhir.reading import OSLO, clipped, instant
from innsyn.journal.lookup import Key, id_of
from innsyn.journal.versions import Landed
from innsyn.records import parts, statements
from innsyn.records.documents import Checked, check
from innsyn.records.entries import Line
from innsyn.records.outcome import Shown
from innsyn.records.projected import Projected


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

    @property
    def key(self) -> tuple[UUID, UUID]:
        return self.person_id, self.entry_id


def entry_id(feed: str, key: Key) -> UUID:
    """The id of the entry of a resource: the same at every replay, telling nothing of the resource's own id."""
    return id_of(feed, key)


async def write(db: asyncpg.Connection, feed: str, shown: Sequence[Shown], gone: Iterable[Landed]) -> None:
    """Put the entries of a batch in place and take away those that are not to be shown (any more)."""
    taken_away = _known_keys(feed, gone)
    replaced = _known_keys(feed, (each.landed for each in shown))
    loose = await parts.let_go(db, taken_away + replaced) if taken_away or replaced else []
    if taken_away:
        await statements.remove(db, taken_away)
    if replaced:
        await statements.remove_documents(db, replaced)
    if shown:
        rows = [row_of(feed, each) for each in shown]
        claims = [claim for each in shown for claim in claims_of(feed, each)]
        wholes = {(person_id, panel) for person_id, _, panel, *_ in claims}
        await _put(db, rows, claims, wholes)
        await statements.put_documents(db, (row for each in shown for row in _documents(feed, each)))
        await statements.contribute(db, _earliest(rows))
        loose += wholes
    await parts.settle(db, loose)


def _known_keys(feed: str, landed: Iterable[Landed]) -> list[tuple[UUID, UUID]]:
    return [(each.known_person, entry_id(feed, each.key)) for each in landed if each.known_person is not None]


async def _put(
    db: asyncpg.Connection, rows: Sequence[Row], claims: parts.Claims, wholes: Collection[tuple[UUID, UUID]]
) -> None:
    """The wholes first: their parts are written once, as the wholes let them."""
    await parts.claim_parts(db, claims)
    first = [row for row in rows if row.key in wholes]
    rest = {row.key: row for row in rows if row.key not in wholes}
    if first:
        await statements.put_entries(db, arrays(statements.ROW, map(_VALUES, first)))
    if not rest:
        return
    for person_id, id_, panel, audience, release_at in await parts.wholes_of(db, rest):
        row = rest[person_id, id_]
        row.panel_id = panel
        row.audience &= audience
        row.release_at = max(row.release_at, release_at)
    await statements.put_entries(db, arrays(statements.ROW, map(_VALUES, rest.values())))


# http://hl7.org/fhir/R4/valueset-observation-status.html, and the same words of reports and compositions. Any other
# later version (a medication stopped, an appointment moved) is a change and no correction.
_CORRECTIONS = frozenset({"amended", "corrected", "appended"})
_VALUES = attrgetter(*statements.ROW)


def row_of(feed: str, shown: Shown) -> Row:
    """Everything that a list or a page shows is prepared here, once."""
    landed, projected, release = shown.landed, shown.projected, shown.release
    id_ = entry_id(feed, landed.key)
    line = fitting(_line(id_, shown), _WITHHELD_LINE_BYTES if release.withheld else _LINE_BYTES)
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
        code=_series(projected) if projected.code else None,
        status=line.status,
        audience=int(projected.audience),
        release_at=release.at,
        own_audience=int(projected.audience),
        own_release_at=release.at,
        panel_id=None,
        line=msgspec.json.encode(line),
        stub=msgspec.json.encode(placeholder(line, release)) if release.withheld else None,
        detail=msgspec.json.encode(projected.detail),
        heading=_for_postgres(projected.title),
        text=_for_postgres(" ".join(filter(None, found_by))),
    )


def _series(projected: Projected) -> str:
    """Values of different units are no series."""
    code = f"{projected.code}|{projected.unit}"
    return code if len(code) <= _SERIES else hashlib.sha256(code.encode()).hexdigest()


# A row of an index, which a list is answered from, holds 2 700 bytes: a line, its placeholder and some columns.
_LINE_BYTES = 1400
_WITHHELD_LINE_BYTES = 1000
_SERIES = 100
_TEXTS = ("title", "value", "unit", "low", "high", "status", "note", "organisation", "author", "at")


def fitting(line: Line, most: int) -> Line:
    """A line of at most so many bytes: what is longest is cut first. The page of the entry has it whole."""
    while len(msgspec.json.encode(line)) > most:
        longest = max(_TEXTS, key=lambda name: len(msgspec.json.encode(getattr(line, name))))
        text = getattr(line, longest)
        line = msgspec.structs.replace(line, **{longest: clipped(text, len(text) // 2)})
    return line


def _line(id_: UUID, shown: Shown) -> Line:
    landed, projected = shown.landed, shown.projected
    later = _utc(landed.landed_at) if landed.follows else ""
    is_correction = projected.status in _CORRECTIONS
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
        corrected=later if is_correction else "",
        changed="" if is_correction else later,
        parts=len(shown.members),
    )


def placeholder(line: Line, release: Release) -> Line:
    """The placeholder tells the kind, the date and where; a title such as "Genetisk analyse" would tell too much."""
    return Line(
        id=line.id,
        kind=line.kind,
        at=line.at,
        source=line.source,
        organisation=line.organisation,
        recorded=line.recorded,
        withheld=release.withheld,
        opens="" if release.at == NEVER else release.at.astimezone(OSLO).date().isoformat(),
    )


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _for_postgres(text: str) -> str:
    # A tsvector holds at most 1 MB: nobody searches for the hundred-thousandth word of a note.
    return text.replace("\x00", " ")[:200_000]


def claims_of(feed: str, shown: Shown) -> Iterable[tuple[UUID, UUID, UUID, int, bool]]:
    """(person, member, panel, place, of a report): what this entry says are its parts. A report is never one."""
    panel = entry_id(feed, shown.landed.key)
    of_report = shown.landed.kind == "DiagnosticReport"
    for number, key in enumerate(shown.members):
        member = entry_id(feed, key)
        if member != panel and key[0] != "DiagnosticReport":
            yield shown.person_id, member, panel, number, of_report


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
        if row.own_release_at == NEVER and row.stub is None:
            # Of this nothing may be noticed, not even who wrote it.
            continue
        key = (row.person_id, row.source)
        earliest[key] = min(earliest.get(key, row.occurred_at), row.occurred_at)
    return [(*key, at) for key, at in earliest.items()]
