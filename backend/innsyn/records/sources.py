"""How fresh the services are that have written in the opened record."""

from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Text, cast, func, literal_column, select

from innsyn.access.audience import Audience
from innsyn.access.opening import many, reader
from innsyn.access.visibility import visible
from innsyn.journal.tables import source as known
from innsyn.records.entries import contributor, entry


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A service, as the pages show it. `missing`: entries from it that could not be used."""

    key: str
    name: str
    service: str = ""
    contact: datetime | None = None
    delayed_since: datetime | None = None
    since: date | None = None
    missing: int = 0


# Who reads the whole record is told every service that has written in it; anybody else those that have written what
# they may see, or the name of a service would tell of the rest.
_whole = reader.c.audience == literal_column(str(int(Audience.SELF)))
_writing = (
    select(contributor.c.source)
    .where(contributor.c.person_id == reader.c.subject_id, _whole)
    .correlate(reader)
    .union(select(entry.c.source).where(visible(entry, reader), ~_whole).correlate(reader))
    .subquery("writing")
)
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
        "missing",
        func.coalesce(known.c.missing, 0),
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
