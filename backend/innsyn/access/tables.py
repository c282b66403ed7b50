"""The access log: every reading, by whom, of whom, under which rule."""

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, Table, Text, Uuid, text

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
    schema=SCHEMA,
    comment="Append-only: written in the transaction of the reading itself",
)

Index("ix_log_subject_id_at", log.c.subject_id, log.c.at)
