"""How fresh the services are that have written in the opened record."""

from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Text, cast, func, literal_column, or_, select

from innsyn.access.audience import Audience
from innsyn.access.opening import many, reader
from innsyn.access.visibility import visible
from innsyn.journal.tables import gap, quarantine
from innsyn.journal.tables import source as known
from innsyn.records.entries import contributor, entry


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A service, as the pages show it.

    When it wrote last, about anybody, is not told: of a small surgery that would be when somebody was there.
    `may_lack`: something that it sent, about anybody, has not come or could not be used; since when, where that is
    known. How much is told to nobody: it would be of others. `own` is how much of it is about the reader; it is 0 to
    everybody who reads somebody else's record.
    """

    key: str
    name: str
    service: str = ""
    contact: datetime | None = None
    delayed_since: datetime | None = None
    since: date | None = None
    may_lack: bool = False
    lacks_since: datetime | None = None
    own: int = 0
    own_since: datetime | None = None


# Who reads the whole record is told every service that has written in it; anybody else those that have written what
# they may see, or the name of a service would tell of the rest.
_whole = reader.c.audience == literal_column(str(int(Audience.SELF)))
# A service of which nothing could be used yet has written too.
_writing = (
    select(contributor.c.source)
    .where(contributor.c.person_id == reader.c.subject_id, _whole)
    .correlate(reader)
    .union(
        select(entry.c.source).where(visible(entry, reader), ~_whole).correlate(reader),
        select(quarantine.c.source)
        .where(
            quarantine.c.person_id == reader.c.subject_id, quarantine.c.source != literal_column("''"), _whole
        )
        .correlate(reader),
    )
    .subquery("writing")
)
_gap_since = (
    select(func.min(gap.c.noticed_at))
    .where(
        gap.c.closed_at.is_(None),
        or_(gap.c.source == _writing.c.source, gap.c.source == literal_column("''")),
    )
    .scalar_subquery()
)
_lacks_since = func.least(known.c.missing_since, _gap_since)


def _own(what: Any) -> ColumnElement[Any]:  # noqa: ANN401 - of any type
    """Of what is in quarantine about the reader: the database shows it to nobody else."""
    about = quarantine.c.person_id == reader.c.subject_id
    return select(what).where(about, quarantine.c.source == _writing.c.source, _whole).scalar_subquery()


_as_json = cast(
    func.json_build_object(
        "key",
        _writing.c.source,
        "name",
        func.coalesce(known.c.name, _writing.c.source),
        "service",
        func.coalesce(known.c.service, ""),
        "contact",
        func.coalesce(known.c.last_contact_at, known.c.last_entry_at),
        "delayed_since",
        known.c.delayed_since,
        "since",
        known.c.since,
        "may_lack",
        or_(func.coalesce(known.c.missing, 0) > literal_column("0"), _gap_since.is_not(None)),
        "lacks_since",
        _lacks_since,
        "own",
        _own(func.count()),
        "own_since",
        _own(func.min(quarantine.c.landed_at)),
    ),
    Text,
)

# The services with something in this record, each as JSON.
sources_of: ColumnElement[Any] = many(
    select(_as_json)
    .select_from(_writing.outerjoin(known, known.c.source == _writing.c.source))
    .order_by(known.c.name, _writing.c.source)
)

_decode = msgspec.json.Decoder(Source).decode


def read_sources(answer: list[str]) -> list[Source]:
    """The answer to `sources_of`."""
    return [_decode(each) for each in answer]
