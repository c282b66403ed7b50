"""Patients that the journal says have been replaced by others: two entries in its register that are one person."""

from sqlalchemy import Column, DateTime, Table, Text, Uuid, text

from innsyn.db.metadata import metadata
from innsyn.identity.tables import SCHEMA

merged = Table(
    "merged",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("patient_id", Text, primary_key=True),
    Column("into_id", Text, nullable=False, comment="the Patient that it is replaced by"),
    # Whom it was, and is again if the journal takes it back.
    Column("home_id", Uuid, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("undone_at", DateTime(timezone=True)),
    schema=SCHEMA,
    comment="Patients that have been merged into others",
)
