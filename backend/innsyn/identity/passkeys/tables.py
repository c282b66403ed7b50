"""Passkeys and the challenges that have been given out."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)

from innsyn.db.metadata import metadata
from innsyn.identity.tables import SCHEMA, person

passkey = Table(
    "passkey",
    metadata,
    Column("passkey_id", Uuid, primary_key=True, server_default=text("gen_random_uuid()")),
    Column("person_id", Uuid, ForeignKey(person.c.person_id), nullable=False, index=True),
    # Unique over all persons (WebAuthn § 7.1, step 26): whoever registers somebody else's is refused.
    Column("credential_id", LargeBinary, nullable=False, unique=True),
    # As COSE; it tells the algorithm too.
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    # Which make of authenticator says that it is (16 bytes; zeros where it does not tell).
    Column("aaguid", Uuid, nullable=False),
    Column("backup_eligible", Boolean, nullable=False),
    Column("backed_up", Boolean, nullable=False),
    Column("name", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("last_used_at", DateTime(timezone=True)),
    CheckConstraint("length(credential_id) BETWEEN 1 AND 1023", name="credential_id_length"),
    schema=SCHEMA,
)

passkey_challenge = Table(
    "passkey_challenge",
    metadata,
    Column("challenge_hash", LargeBinary, primary_key=True),
    # SHA-256 of the session's token (registering) or of a cookie of this browser (unlocking).
    Column("holder_hash", LargeBinary, nullable=False),
    # register | unlock
    Column("ceremony", Text, nullable=False),
    Column("given_at", DateTime(timezone=True), nullable=False, server_default=text("now()"), index=True),
    schema=SCHEMA,
    comment="Challenges that have been given out: each is good for one answer, for five minutes",
)
