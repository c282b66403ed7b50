"""How far exports have come."""

from sqlalchemy import Boolean, Column, DateTime, Table, Text, text

from innsyn.db.metadata import metadata
from innsyn.journal.tables import SCHEMA

export = Table(
    "export",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("address", Text, primary_key=True),
    Column("since", Text, nullable=False, comment="transactionTime of the last export, as told"),
    Column("is_incomplete", Boolean, nullable=False, server_default=text("false")),
    Column("taken_at", DateTime(timezone=True)),
    schema=SCHEMA,
    comment="How far each group has been exported",
)
