"""When somebody last looked at what is new in a record."""

from sqlalchemy import Column, DateTime, Table, Uuid

from innsyn.access.tables import SCHEMA
from innsyn.db.metadata import metadata

look = Table(
    "look",
    metadata,
    Column("actor_id", Uuid, primary_key=True),
    Column("subject_id", Uuid, primary_key=True),
    # The visit (identity.session.handle_key, kept when one logs in again in the same place) of the last look.
    Column("visit", Uuid, nullable=False),
    Column("looked_at", DateTime(timezone=True), nullable=False),
    # The last look of the visit before: what came after it is new throughout this one.
    Column("before", DateTime(timezone=True)),
    schema=SCHEMA,
    comment="When each reader last saw what is new in a record, of each record they read",
)
