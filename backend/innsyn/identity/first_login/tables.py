"""Versions of the terms, who has agreed to which, and what was said about the nearest relative."""

from sqlalchemy import Column, Date, DateTime, ForeignKey, Table, Text, Uuid, text

from innsyn.db.metadata import metadata
from innsyn.identity.tables import SCHEMA, person

terms = Table(
    "terms",
    metadata,
    # What they say stands in the catalogues of texts, under terms.<version>.
    Column("version", Text, primary_key=True),
    Column("valid_from", Date, nullable=False, unique=True),
    schema=SCHEMA,
    comment="Every version of the terms; the newest that has begun is the one to agree to",
)

accepted_terms = Table(
    "accepted_terms",
    metadata,
    Column("person_id", Uuid, ForeignKey(person.c.person_id), primary_key=True),
    Column("version", Text, ForeignKey(terms.c.version), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("session_id", Uuid, nullable=False),
    schema=SCHEMA,
)

kin_check = Table(
    "kin_check",
    metadata,
    Column("person_id", Uuid, ForeignKey(person.c.person_id), primary_key=True),
    Column("at", DateTime(timezone=True), primary_key=True, server_default=text("now()")),
    # right | wrong | later
    Column("answer", Text, nullable=False),
    # The row that leaves for the journal with what is wrong.
    Column("outbox_id", Uuid),
    schema=SCHEMA,
    comment="What the citizen said of the nearest relative that the journal holds",
)
