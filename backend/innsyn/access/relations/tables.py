"""What the feed says of two people, one row for each resource that says it."""

from enum import IntFlag

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)

from innsyn.access.tables import SCHEMA
from innsyn.db.metadata import metadata
from innsyn.identity.tables import person


class Says(IntFlag):
    """What a resource says: of the actor, or (the last two) on paper."""

    PARENT = 1
    GUARDIAN = 2
    RELATIVE = 4
    CERTIFICATE = 8
    CONSENT = 16


_NO = text("false")

relation = Table(
    "relation",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    # The name under which the resource points at its Patient (lookup.digest_of): some names carry a number.
    Column("about", LargeBinary, nullable=False),
    # NULL until that Patient has come.
    Column("subject_id", Uuid, ForeignKey(person.c.person_id), index=True),
    # NULL for somebody without a national number: who cannot log in can still live with the child.
    Column("actor_id", Uuid, ForeignKey(person.c.person_id), index=True),
    Column("says", Integer, nullable=False, comment="bits of Says"),
    Column("responsibility", Boolean, nullable=False, server_default=_NO),
    Column("lives_with", Boolean, nullable=False, server_default=_NO),
    # The actor's own address is secret: also of one who has no journal.
    Column("actor_secret", Boolean, nullable=False, server_default=_NO),
    Column("valid_from", DateTime(timezone=True), nullable=False),
    Column("valid_until", DateTime(timezone=True), nullable=False),
    schema=SCHEMA,
    comment="Facts about two people; what follows from them stands in permit",
)

Index("ix_relation_about", relation.c.feed, relation.c.about)
