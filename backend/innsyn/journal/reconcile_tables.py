"""What the source says that it has, while it is compared with what has landed."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, LargeBinary, Table, Text, text

from innsyn.db.metadata import metadata
from innsyn.journal.tables import SCHEMA

# As many rows as there are resources, written anew each time: a crash empties it, and nothing is lost by that.
compared = Table(
    "compared",
    metadata,
    Column("feed", Text, nullable=False),
    Column("number", BigInteger, nullable=False, comment="its place in the source's list"),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("source", Text, nullable=False, server_default=""),
    Column("version", BigInteger),
    Column("digest", LargeBinary),
    Column("is_gone", Boolean, nullable=False, server_default=text("false")),
    Column("position", BigInteger, nullable=False),
    Column("recorded_at", DateTime(timezone=True)),
    Column("difference", Text, comment="reconcile.Difference, where there is one"),
    Column("landed_version", BigInteger),
    schema=SCHEMA,
    comment="What the source says that it has, as of the last comparison",
    prefixes=["UNLOGGED"],
)

Index(
    "ix_compared_difference",
    compared.c.feed,
    compared.c.number,
    postgresql_where=compared.c.difference.is_not(None),
)
