"""Persons, the identifiers they are known by, and who is logged in."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Interval,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)

from innsyn.db.metadata import metadata

SCHEMA = "identity"

person = Table(
    "person",
    metadata,
    Column("person_id", Uuid, primary_key=True, server_default=text("gen_random_uuid()")),
    Column("name", Text, nullable=False, server_default=""),
    Column("given_name", Text, nullable=False, server_default=""),
    # From its own field in the register; a fødselsnummer tells neither birth date nor sex (facts: the 2032 change).
    Column("birth_date", Date),
    Column("deceased", Boolean, nullable=False, server_default=text("false")),
    Column("locale", Text, nullable=False, server_default=""),
    # Address confidentiality (codes 6 and 7): neither represents anybody nor is represented.
    Column("secret", Boolean, nullable=False, server_default=text("false")),
    # The own access is dated rows too (access.permit): of those under 16.
    Column("own_permits", Boolean, nullable=False, server_default=text("false")),
    schema=SCHEMA,
)

person_identifier = Table(
    "person_identifier",
    metadata,
    # fnr | dnr | fhn: the only place where these numbers stand, apart from the raw landing.
    Column("system", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("person_id", Uuid, ForeignKey(person.c.person_id), nullable=False, index=True),
    schema=SCHEMA,
)

patient = Table(
    "patient",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("patient_id", Text, primary_key=True),
    # NULL since a version came that would be two persons: then it is nobody, until the journal has mended it.
    Column("person_id", Uuid, ForeignKey(person.c.person_id), index=True),
    # Whom it was, while it is nobody: what it said of that person holds.
    Column("was_id", Uuid, index=True),
    # What this Patient says of the address, and of death: one of them that says yes is enough for the person.
    Column("secret", Boolean, nullable=False, server_default=text("false")),
    Column("deceased", Boolean, nullable=False, server_default=text("false")),
    schema=SCHEMA,
    comment="Which person a journal's Patient is",
)

session = Table(
    "session",
    metadata,
    Column("session_id", Uuid, primary_key=True, server_default=text("gen_random_uuid()")),
    # SHA-256 of the cookie: a copy of this table opens nothing.
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("person_id", Uuid, ForeignKey(person.c.person_id), nullable=False, index=True),
    Column("acr", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("sid", Text, nullable=False),
    # Who this is to the provider: a pseudonym that means nothing at other services.
    Column("sub", Text, nullable=False, server_default=""),
    Column("started_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("last_used_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("idle_limit", Interval, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    # When this person last used Innsyn before this login: what came later is new to them.
    Column("new_since", DateTime(timezone=True)),
    # What the handles of other people's records are made from: they mean nothing in another session.
    Column("handle_key", Uuid),
    # When the person last proved who they are at ID-porten.
    Column("auth_time", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    # idporten | passkey
    Column("method", Text, nullable=False, server_default="idporten"),
    # In words ("Chrome, Android"): never the whole of what the browser says of itself.
    Column("browser", Text, nullable=False, server_default=""),
    Column("device_id", Uuid),
    # logout | elsewhere | provider | …
    Column("ended_why", Text),
    # Nothing is shown before the terms have been agreed to.
    Column("ready", Boolean, nullable=False, server_default=text("true")),
    schema=SCHEMA,
)

login_attempt = Table(
    "login_attempt",
    metadata,
    Column("state_hash", LargeBinary, primary_key=True),
    # SHA-256 of a cookie of the browser that began: a callback in another browser is refused (login CSRF).
    Column("browser_hash", LargeBinary, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("verifier", Text, nullable=False),
    Column("next", Text, nullable=False),
    Column("fresh", Boolean, nullable=False),
    Column("begun_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    schema=SCHEMA,
)

Index("ix_session_issuer_sid", session.c.issuer, session.c.sid)
Index("ix_session_issuer_sub", session.c.issuer, session.c.sub)
