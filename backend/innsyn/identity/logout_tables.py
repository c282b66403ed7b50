"""What has to be remembered of logouts: on their way to the provider, and told of by it."""

from sqlalchemy import Column, DateTime, LargeBinary, Table, text

from innsyn.db.metadata import metadata
from innsyn.identity.tables import SCHEMA

logout_attempt = Table(
    "logout_attempt",
    metadata,
    Column("state_hash", LargeBinary, primary_key=True),
    Column("begun_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    schema=SCHEMA,
    comment="Logouts that the provider is asked for: who comes back with the state has been there",
)

logout_token = Table(
    "logout_token",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("good_until", DateTime(timezone=True), nullable=False),
    schema=SCHEMA,
    comment="Logout tokens that have been used, until they are too old to be used again",
)
