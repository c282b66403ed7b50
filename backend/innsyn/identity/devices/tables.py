"""Devices, and logins that came to nothing though it was known whose they were."""

from sqlalchemy import Column, DateTime, ForeignKey, Index, LargeBinary, Table, Text, Uuid, text

from innsyn.db.metadata import metadata
from innsyn.identity.tables import SCHEMA, person, session

device = Table(
    "device",
    metadata,
    Column("person_id", Uuid, ForeignKey(person.c.person_id), primary_key=True),
    Column("device_id", Uuid, primary_key=True, server_default=text("gen_random_uuid()")),
    # SHA-256 of the device's cookie. Two persons at one machine are two rows, and know nothing of each other.
    Column("cookie_hash", LargeBinary, nullable=False),
    # In words ("Chrome, Android"): never the whole of what the browser says of itself.
    Column("browser", Text, nullable=False, server_default=""),
    Column("first_seen_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("last_seen_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    schema=SCHEMA,
    comment="A browser that a person has logged in with",
)

refused_login = Table(
    "refused_login",
    metadata,
    Column("person_id", Uuid, ForeignKey(person.c.person_id), primary_key=True),
    Column("refused_id", Uuid, primary_key=True, server_default=text("gen_random_uuid()")),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    # A word for the reason (level_too_low), never what was received.
    Column("why", Text, nullable=False),
    Column("browser", Text, nullable=False, server_default=""),
    schema=SCHEMA,
    comment="Somebody proved to be this person, and was not let in",
)

Index("uq_device_person_id_cookie_hash", device.c.person_id, device.c.cookie_hash, unique=True)
Index("ix_device_last_seen_at", device.c.last_seen_at)
Index("ix_refused_login_at", refused_login.c.at)
# What is too old is forgotten, whoever it is of.
Index("ix_session_started_at", session.c.started_at)
