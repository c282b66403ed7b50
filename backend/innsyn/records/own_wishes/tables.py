"""What the source said of an entry whose release and placeholder are those of its citizen's wish just now."""

from sqlalchemy import Column, DateTime, LargeBinary, Table, Uuid

from innsyn.db.metadata import metadata
from innsyn.records.entries import SCHEMA

own_wait = Table(
    "own_wait",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("entry_id", Uuid, primary_key=True),
    Column("source_release_at", DateTime(timezone=True), nullable=False),
    Column("source_stub", LargeBinary),
    schema=SCHEMA,
    comment="Entries that wait for the person's own wish, with what their source says",
)
