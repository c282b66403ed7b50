"""What the journal sent, as it came: the raw landing, the position in each feed, quarantine and freshness."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)

from innsyn.db.metadata import metadata

SCHEMA = "journal"

resource = Table(
    "resource",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("source", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("landed_at", DateTime(timezone=True), nullable=False),
    # The person it was about when it came: a later version about somebody else must not be shown to either.
    Column("person_id", Uuid),
    Column("digest", LargeBinary, nullable=False),
    # None: the journal deleted it. The earlier versions stay, so that the deletion can be explained.
    Column("body", LargeBinary),
    # The transaction it came in: in this order everything is taken in anew when the read model is rebuilt.
    Column("landing", BigInteger, nullable=False, server_default=text("0")),
    # Where it was kept under another number. 0: comparing found that the source lacks it.
    Column("source_version", BigInteger, comment="the number that the source gave it, where it is another"),
    schema=SCHEMA,
    comment="Every version of every resource, as received",
)

alias = Table(
    "alias",
    metadata,
    Column("feed", Text, primary_key=True),
    # SHA-256 of the name, because a name can be `Patient?identifier=…|fødselsnummer`.
    Column("name", LargeBinary, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    schema=SCHEMA,
    comment="Other names by which references point at a resource",
)

waiting = Table(
    "waiting",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("target", LargeBinary, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    schema=SCHEMA,
    comment="Resources that point at something which has not come: projected again when it does",
)

position = Table(
    "position",
    metadata,
    Column("feed", Text, primary_key=True),
    # What one worker reads at a time (journal/parts.py); '' where one reads the whole feed.
    Column("part", Text, primary_key=True, server_default=""),
    Column("position", BigInteger, nullable=False),
    Column("moved_at", DateTime(timezone=True), nullable=False),
    schema=SCHEMA,
    comment="How far each part of a feed is read: committed with the rows",
)

turn = Table(
    "turn",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("turn", BigInteger, nullable=False),
    # How often something has changed that workers remember between batches.
    Column("changes", BigInteger, nullable=False),
    Column("recent", ARRAY(BigInteger), nullable=False, comment="the last landings, newest first"),
    schema=SCHEMA,
    comment="How many batches of a feed have been taken in: who takes in beside others sees who was before",
)

effect = Table(
    "effect",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    schema=SCHEMA,
    comment="What has been done once and must not be done again when an entry comes again",
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("entry", Text, primary_key=True, comment="kind/id, or the digest of what could not be read"),
    Column("source", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("landed_at", DateTime(timezone=True), nullable=False),
    Column("reason", Text, nullable=False),
    Column("explanation", Text, nullable=False),
    Column("body", LargeBinary),
    # Whom it is about, where that could be told: they are told that something of theirs is missing.
    Column("person_id", Uuid),
    Column(
        "tries", Integer, nullable=False, server_default=text("0"), comment="how often it was tried again"
    ),
    Column("last_tried_at", DateTime(timezone=True)),
    schema=SCHEMA,
    comment="Entries that could not be used, whole, with the reason",
)

gap = Table(
    "gap",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("part", Text, primary_key=True),
    Column("after_position", BigInteger, primary_key=True),
    Column("until_position", BigInteger, nullable=False),
    Column("source", Text, nullable=False, comment="whose entries are missing; empty: nobody can tell whose"),
    Column("noticed_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    schema=SCHEMA,
    comment="Stretches of a feed that are known not to have come",
)

source = Table(
    "source",
    metadata,
    Column("source", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("since", Date),
    Column("last_entry_at", DateTime(timezone=True)),
    Column("last_contact_at", DateTime(timezone=True)),
    Column("delayed_since", DateTime(timezone=True)),
    Column("missing", Integer, nullable=False, server_default=text("0"), comment="entries in quarantine"),
    Column("missing_since", DateTime(timezone=True), comment="since when the oldest of them is there"),
    schema=SCHEMA,
    comment="The services that write in the journal, and how fresh each is",
)

Index("ix_quarantine_source", quarantine.c.source)
Index("ix_quarantine_person_id", quarantine.c.person_id, postgresql_where=quarantine.c.person_id.is_not(None))
Index("ix_resource_landing", resource.c.landing)
# What is about one person: when two Patients turn out to be one, or one to be two.
Index("ix_resource_person_id", resource.c.person_id, postgresql_where=resource.c.person_id.is_not(None))
