"""Earlier versions of entries, and entries that are no longer there."""

import msgspec
from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, LargeBinary, Table, Text, Uuid

from innsyn.db.metadata import metadata
from innsyn.records.entries import SCHEMA


class TakenBack(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is told of an entry that is no longer there: never what stood in it.

    `at` is the FHIR dateTime that the entry had, `taken` the UTC instant when we heard. `why` is entered_in_error,
    deleted, or another reason of a projection (records/projected.py NotShown); `said` the source's own words for it.
    """

    id: str
    kind: str
    at: str = ""
    source: str = ""
    organisation: str = ""
    taken: str = ""
    why: str = ""
    said: str = ""


class Files(msgspec.Struct, frozen=True):
    """The files of a version, and of the newest: (title, what its content is known by) of each."""

    then: tuple[tuple[str, str], ...] = ()
    now: tuple[tuple[str, str], ...] = ()


version = Table(
    "version",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("entry_id", Uuid, primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("landed_at", DateTime(timezone=True), nullable=False),
    # What this version itself says. What the entry says today holds beside it.
    Column("audience", Integer, nullable=False),
    Column("release_at", DateTime(timezone=True), nullable=False),
    Column("line", LargeBinary, nullable=False),
    Column("detail", LargeBinary, nullable=False),
    Column("files", LargeBinary, nullable=False),
    schema=SCHEMA,
    comment="What an entry said before: every version but the newest, as it would have been shown",
)

taken_back = Table(
    "taken_back",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("entry_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    # When it came, and when it went: what came and went at once, nobody has seen.
    Column("first_landed_at", DateTime(timezone=True), nullable=False),
    Column("landed_at", DateTime(timezone=True), nullable=False),
    # As the last version that was shown had them: whoever could not see that, hears nothing of this.
    Column("audience", Integer, nullable=False),
    Column("release_at", DateTime(timezone=True), nullable=False),
    Column("stub", LargeBinary),
    Column("line", LargeBinary, nullable=False),
    schema=SCHEMA,
    comment="Entries that were shown and are not any longer, told without what stood in them",
)

claimed_before = Table(
    "claimed_before",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("member_id", Uuid, primary_key=True),
    Column("panel_id", Uuid, primary_key=True),
    # As the last version of the panel that claimed it had them.
    Column("audience", Integer, nullable=False),
    Column("release_at", DateTime(timezone=True), nullable=False),
    schema=SCHEMA,
    comment="Parts of a panel by its earlier versions, and not by its newest: it may have closed them",
)
Index("ix_claimed_before_panel", claimed_before.c.person_id, claimed_before.c.panel_id)
