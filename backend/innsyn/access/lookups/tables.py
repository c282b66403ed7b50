"""Look-ups by health personnel: written from the feed, read by the person they are about and by nobody else."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, DateTime, Index, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

from innsyn.access.tables import SCHEMA
from innsyn.db.metadata import metadata

lookup = Table(
    "lookup",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("lookup_id", Uuid, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    # The time as the source told it ('' where it told none): a day without a clock stays one.
    Column("told", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    # Where a question about it goes: a FHIR reference of this feed, '' where the source told none.
    Column("unit_reference", Text, nullable=False),
    # read | written | changed | deleted | searched | exported | done
    Column("act", Text, nullable=False),
    Column(
        "areas",
        ARRAY(Text),
        nullable=False,
        comment="kinds of entries that were opened, where the source tells",
    ),
    # A reason in our own words (rules.REASONS), '' for one that we have none for; `decision` is the source's.
    Column("reason", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("emergency", Boolean, nullable=False),
    Column("self_authorised", Boolean, nullable=False),
    Column(
        "by_patient",
        Boolean,
        nullable=False,
        comment="the person opened the own record through another service",
    ),
    Column("refused", Boolean, nullable=False),
    # The entry of the contact that it was part of, whether or not that has come.
    Column("encounter_id", Uuid),
    Column("source", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    schema=SCHEMA,
    comment="Look-ups by health personnel, from the journal's AuditEvents",
)

reply = Table(
    "reply",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    # The question, as it left: its conversation in the outbox.
    Column("request_id", Uuid, primary_key=True),
    # accepted | answered | declined
    Column("standing", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    CheckConstraint("standing IN ('accepted', 'answered', 'declined')", name="standing"),
    schema=SCHEMA,
    comment="What became of questions that a person has asked, as the journal tells it",
)

Index("ix_lookup_at", lookup.c.person_id, lookup.c.at.desc())
