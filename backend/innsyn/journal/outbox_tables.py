"""What is to leave for the journal: written with the act itself, delivered afterwards."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from innsyn.db.metadata import metadata
from innsyn.journal.tables import SCHEMA

STATES = ("queued", "sent", "received", "refused", "dead")

outbox = Table(
    "outbox",
    metadata,
    # Whose journal it is about; `author_id` is who wrote it, who may be a helper.
    Column("person_id", Uuid, primary_key=True),
    Column("outbox_id", Uuid, primary_key=True, server_default=text("gen_random_uuid()")),
    Column("author_id", Uuid, nullable=False),
    # What belongs together leaves in the order of its numbers, without a gap.
    Column("conversation", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("resource_type", Text, nullable=False),
    Column("resource", LargeBinary, nullable=False),
    # Chosen when the form was shown: a form that is sent twice is one thing.
    Column("key", Uuid, nullable=False),
    Column("state", Text, nullable=False, server_default="queued"),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("next_try_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("queued_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("sent_at", DateTime(timezone=True)),
    Column("answered_at", DateTime(timezone=True)),
    Column("answer", Text, nullable=False, server_default=""),
    CheckConstraint("state IN ('queued', 'sent', 'received', 'refused', 'dead')", name="state"),
    UniqueConstraint("person_id", "conversation", "number"),
    UniqueConstraint("person_id", "author_id", "key"),
    schema=SCHEMA,
    comment="What is to leave for the journal, in the transaction of the act",
)

Index("ix_outbox_due", outbox.c.next_try_at, postgresql_where=outbox.c.state == "queued")
