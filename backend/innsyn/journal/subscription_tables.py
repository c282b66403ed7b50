"""What the journal has promised to tell of."""

from sqlalchemy import BigInteger, Column, DateTime, LargeBinary, Table, Text, text

from innsyn.db.metadata import metadata
from innsyn.journal.tables import SCHEMA

subscription = Table(
    "subscription",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("address", Text, nullable=False, comment="of the Subscription at the journal"),
    # Event number n of this subscription is position base + n: a subscription made anew counts from 1 again.
    Column("base", BigInteger, nullable=False),
    # SHA-256 of what a notification has to bring along.
    Column("secret", LargeBinary, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    schema=SCHEMA,
    comment="What the journal has promised to tell of",
)
