"""Which browsers of whom are told by push."""

from sqlalchemy import CheckConstraint, Column, DateTime, Index, LargeBinary, Table, Text, Uuid, text

from innsyn.access.telling.tables import SCHEMA
from innsyn.db.metadata import metadata

subscription = Table(
    "subscription",
    metadata,
    Column("receiver_id", Uuid, primary_key=True),
    Column("subscription_id", Uuid, primary_key=True, server_default=text("gen_random_uuid()")),
    Column("endpoint", Text, nullable=False),
    # The browser's public key (an uncompressed point of P-256) and the secret it shares with us: RFC 8291.
    Column("p256dh", LargeBinary, nullable=False),
    Column("auth", LargeBinary, nullable=False),
    # In words ("Firefox, Android"), as devices are told of.
    Column("browser", Text, nullable=False, server_default=text("''")),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("reached_at", DateTime(timezone=True)),
    CheckConstraint("octet_length(p256dh) = 65", name="p256dh"),
    CheckConstraint("octet_length(auth) = 16", name="auth"),
    CheckConstraint("length(endpoint) <= 1000", name="endpoint"),
    schema=SCHEMA,
    comment="Browsers that want to be told: an address at a push service, and keys that only the browser opens",
)
Index("uq_subscription_endpoint", subscription.c.endpoint, unique=True)
Index("uq_subscription_id", subscription.c.subscription_id, unique=True)
