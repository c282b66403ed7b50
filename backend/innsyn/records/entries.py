"""The one table: what a citizen reads is an entry, whatever FHIR resource it came from."""

from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import TSVECTOR

from innsyn.db.metadata import metadata

SCHEMA = "record"


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row of a list, prepared when projected; also what the API returns.

    `at` is a FHIR dateTime in its own precision ("2019-03", "2026-11-22T10:15:00+01:00"). `flag`: "" normal low
    high abnormal critical_low critical_high critical, of allergies severe. `value`, `low` and `high` are numbers
    as the source wrote them. `recorded`, `corrected` and `changed` are UTC instants: when it came to us, and when a
    later version did, one that says it corrects or another one. `opened`: when it opened for reading, if that was since
    this reader last looked. `withheld` is why this is a placeholder
    (doctor_first, doctor_only, own_wish_commented, own_wish_not_weekend, own_wish_asked), `opens` the date it opens at
    the latest.
    """

    id: str
    kind: str
    at: str = ""
    title: str = ""
    value: str = ""
    unit: str = ""
    flag: str = ""
    low: str = ""
    high: str = ""
    status: str = ""
    note: str = ""
    source: str = ""
    organisation: str = ""
    author: str = ""
    recorded: str = ""
    corrected: str = ""
    changed: str = ""
    parts: int = 0
    withheld: str = ""
    opens: str = ""
    opened: str = ""


class _Head(msgspec.Struct, frozen=True):
    id: UUID


read_line = msgspec.json.Decoder(Line).decode
_head = msgspec.json.Decoder(_Head).decode


def id_of(line: bytes) -> UUID:
    """The id of the entry that this line, as JSON, is about."""
    return _head(line).id


entry = Table(
    "entry",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("entry_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    # When the journal took the newest version in, and when it came to us: "new" is about the second.
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("landed_at", DateTime(timezone=True), nullable=False),
    Column("code", Text),
    Column("status", Text, nullable=False),
    Column("audience", Integer, nullable=False),
    Column("release_at", DateTime(timezone=True), nullable=False),
    # What this entry's own resource says; the two above also follow the panel it is part of.
    Column("own_audience", Integer, nullable=False),
    Column("own_release_at", DateTime(timezone=True), nullable=False),
    Column("panel_id", Uuid),
    Column("line", LargeBinary, nullable=False),
    Column("stub", LargeBinary),
    Column("detail", LargeBinary, nullable=False),
    Column("words", TSVECTOR, nullable=False),
    schema=SCHEMA,
)

claim = Table(
    "claim",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("member_id", Uuid, primary_key=True),
    Column("panel_id", Uuid, primary_key=True),
    Column("number", Integer, nullable=False, comment="its place in the panel"),
    # A report may have whole panels as its parts, a panel only single results: so no two can hide each other.
    Column("of_report", Boolean, nullable=False),
    schema=SCHEMA,
    comment="Which panel says that an entry is part of it, also before either has come",
)

document = Table(
    "document",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("entry_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    # From the content itself, never from what the sender called it.
    Column("media_type", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    schema=SCHEMA,
)

contributor = Table(
    "contributor",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("earliest", DateTime(timezone=True), nullable=False),
    schema=SCHEMA,
    comment="Which services have written in this person's journal",
)

Index("ix_claim_panel", claim.c.person_id, claim.c.panel_id)

# A list is answered from these alone (index-only): entries arrive in the order of the feed, so fifty of one person's
# would lie on fifty pages of the table. tests/bench counts the pages.
_SHOWN = ["source", "status", "recorded_at", "landed_at", "audience", "release_at", "line", "stub"]
Index(
    "ix_entry_timeline",
    entry.c.person_id,
    entry.c.occurred_at.desc(),
    entry.c.entry_id.desc(),
    postgresql_include=["kind", *_SHOWN],
    postgresql_where=entry.c.panel_id.is_(None),
)
Index(
    "ix_entry_kind",
    entry.c.person_id,
    entry.c.kind,
    entry.c.occurred_at.desc(),
    entry.c.entry_id.desc(),
    postgresql_include=["code", "panel_id", *_SHOWN],
)
