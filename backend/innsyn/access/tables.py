"""Who may see what, when; what is hidden; and the access log: every reading, by whom, of whom, under which rule."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from innsyn.db.metadata import metadata

SCHEMA = "access"

log = Table(
    "log",
    metadata,
    Column("subject_id", Uuid, primary_key=True),
    Column("log_id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("actor_id", Uuid, nullable=False),
    Column("session_id", Uuid, nullable=False),
    Column("rule", Text, nullable=False),
    # What was asked for, as the name of a question (lab_results.entry), never its words or its answer.
    Column("purpose", Text, nullable=False),
    Column("entry_id", Uuid),
    # Asked for and not given: `rule` is the one that said no.
    Column("refused", Boolean, nullable=False, server_default=text("false")),
    # Something was done and not only read.
    Column("act", Boolean, nullable=False, server_default=text("false")),
    schema=SCHEMA,
    comment="Append-only: written in the transaction of the reading itself",
)

context_key = Table(
    "context_key",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    schema=SCHEMA,
    comment="Signs the context of a transaction; read by nobody but the functions that do",
)

permit = Table(
    "permit",
    metadata,
    Column("subject_id", Uuid, primary_key=True),
    Column("permit_id", Uuid, primary_key=True, server_default=text("gen_random_uuid()")),
    Column("actor_id", Uuid, nullable=False, index=True),
    # What the handle in an address stands for: the subject, or the fullmakt that is previewed.
    Column("handle_on", Uuid, nullable=False),
    # Bits of Audience; 0 is a denial with dates, which names its rule.
    Column("audience", Integer, nullable=False),
    Column("capabilities", Integer, nullable=False),
    # Names of records.kinds.Kind, and 'encounters.past' (without it only coming appointments). NULL: everything.
    Column("kinds", ARRAY(Text)),
    Column("valid_from", DateTime(timezone=True), nullable=False),
    Column("valid_until", DateTime(timezone=True), nullable=False),
    Column("rule", Text, nullable=False),
    # The version of the rule book that this was computed from.
    Column("book", Text, nullable=False),
    # relation | fullmakt | preview, and which one.
    Column("origin", Text, nullable=False),
    Column("origin_id", Uuid, nullable=False, index=True),
    schema=SCHEMA,
    comment="Who may do what in whose record, and when: SQL compares dates and knows no law",
)

hidden = Table(
    "hidden",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("entry_id", Uuid, primary_key=True),
    Column("from_audience", Integer, nullable=False),
    Column("by_id", Uuid, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    schema=SCHEMA,
    comment="Entries that the person keeps from groups of readers",
)
