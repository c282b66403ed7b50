"""Access that a citizen gives: what it is now, and what has happened to it."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from innsyn.access.tables import SCHEMA
from innsyn.db.metadata import metadata

_NOW = text("now()")

fullmakt = Table(
    "fullmakt",
    metadata,
    Column("giver_id", Uuid, primary_key=True),
    Column("fullmakt_id", Uuid, primary_key=True, server_default=text("gen_random_uuid()")),
    # NULL until somebody has used the code.
    Column("receiver_id", Uuid, index=True),
    Column("state", Text, nullable=False, server_default="draft"),
    # Why it is there (rules.Reason); '' goes without saying.
    Column("reason", Text, nullable=False, server_default=""),
    # What the giver calls the helper. Nobody else is shown it.
    Column("label", Text, nullable=False),
    # levels.Level, and which form or unit a task is for.
    Column("level", Text, nullable=False),
    Column("task", Text, nullable=False, server_default=""),
    Column(
        "capabilities", Integer, nullable=False, comment="bits of Capability; for a task, of that task alone"
    ),
    Column("kinds", ARRAY(Text)),
    # The end date that was chosen; 9999 is none.
    Column("until", DateTime(timezone=True), nullable=False),
    # What the permit says: without what holds for one form or unit alone, and ended where nobody confirms it.
    Column("permit_capabilities", Integer, nullable=False),
    Column("permit_until", DateTime(timezone=True), nullable=False),
    Column("book", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    # Keyed, so that the table alone gives no codes to try.
    Column("code_hash", Text),
    # The words of the giver's name as it was then, for the receiver to know them.
    Column("giver_words", ARRAY(Text)),
    # Until when the code can be used; after that, until when the giver can say that it is the right person.
    Column("invited_until", DateTime(timezone=True)),
    Column("active_since", DateTime(timezone=True)),
    Column("last_confirmed_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    CheckConstraint(
        "state IN ('draft', 'invited', 'claimed', 'active', 'ended', 'declined', 'withdrawn')", name="state"
    ),
    CheckConstraint("receiver_id <> giver_id", name="not_oneself"),
    CheckConstraint("receiver_id IS NOT NULL OR state IN ('draft', 'invited', 'withdrawn')", name="receiver"),
    # MANAGE (16), who else has access, is nobody's to give.
    CheckConstraint("capabilities & 16 = 0", name="capabilities"),
    CheckConstraint("length(label) BETWEEN 1 AND 60", name="label"),
    schema=SCHEMA,
    comment="Access that a citizen gives; what it opens stands in permit",
)
Index("ix_fullmakt_code_hash", fullmakt.c.code_hash)
# It is named by its id alone, so nobody can make one of their own with the id of another's.
Index("ix_fullmakt_fullmakt_id", fullmakt.c.fullmakt_id, unique=True)

fullmakt_event = Table(
    "fullmakt_event",
    metadata,
    Column("giver_id", Uuid, primary_key=True),
    Column("fullmakt_id", Uuid, primary_key=True),
    Column("event_id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    Column("actor_id", Uuid, nullable=False),
    Column("from_state", Text, nullable=False),
    Column("to_state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    # What it gave from then on.
    Column("level", Text, nullable=False),
    Column("capabilities", Integer, nullable=False),
    Column("kinds", ARRAY(Text)),
    Column("until", DateTime(timezone=True), nullable=False),
    schema=SCHEMA,
    comment="Append-only: written in the transaction of the move itself",
)

claim_try = Table(
    "claim_try",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("try_id", BigInteger, Identity(always=True), primary_key=True),
    # Of what was typed: a code that is nobody's is counted like one that is.
    Column("code_hash", Text, nullable=False, index=True),
    Column("at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    schema=SCHEMA,
    comment="How often somebody has tried a code lately",
)
