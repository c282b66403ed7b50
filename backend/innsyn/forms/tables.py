"""Forms that have been published, the value sets they point at, and the tasks to fill them in."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from innsyn.db.metadata import metadata

SCHEMA = "form"
_EMPTY = text("''")

questionnaire = Table(
    "questionnaire",
    metadata,
    # Of the resource and its version: a draft points at what it was begun with.
    Column("questionnaire_id", Uuid, primary_key=True),
    Column("feed", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("landed_version", BigInteger, nullable=False),
    Column("url", Text, nullable=False),
    Column("version", Text, nullable=False),
    # The form's number (blankett-nummer), '' without one.
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False),
    # http://hl7.org/fhir/R4/valueset-publication-status.html
    Column("status", Text, nullable=False),
    # What a task may call it: see published.py.
    Column("names", ARRAY(Text), nullable=False),
    # Codes of access/filling.py, {} for the standard.
    Column("may_fill", ARRAY(Text), nullable=False),
    # How many questions there are: about how long it takes.
    Column("questions", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    # Canonicals (url or url|version) of value sets that it points at and does not carry.
    Column("wants", ARRAY(Text), nullable=False),
    # What the operator is told, as JSON.
    Column("warnings", LargeBinary, nullable=False),
    Column("landed_at", DateTime(timezone=True), nullable=False),
    # When anything of it last changed here, also what it points at.
    Column("revised_at", DateTime(timezone=True), nullable=False),
    # The newest of its resource, and not withdrawn: new answers begin with it.
    Column("is_current", Boolean, nullable=False),
    # A citizen may begin it unasked.
    Column("by_choice", Boolean, nullable=False),
    schema=SCHEMA,
    comment="Forms as published, every version: about nobody",
)
Index("ix_questionnaire_names", questionnaire.c.names, postgresql_using="gin")
Index("ix_questionnaire_resource", questionnaire.c.feed, questionnaire.c.id)
Index("ix_questionnaire_wants", questionnaire.c.wants, postgresql_using="gin")

value_set = Table(
    "value_set",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("url", Text, nullable=False, index=True),
    Column("version", Text, nullable=False),
    # The options of engine/model.py, as JSON.
    Column("options", LargeBinary, nullable=False),
    Column("landed_at", DateTime(timezone=True), nullable=False),
    # http://hl7.org/fhir/R4/valueset-publication-status.html, '' where it came before this was kept.
    Column("status", Text, nullable=False, server_default=_EMPTY),
    schema=SCHEMA,
    comment="What forms offer to choose from: about nobody",
)

task = Table(
    "task",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("task_id", Uuid, primary_key=True),
    Column("feed", Text, nullable=False),
    # kind/id in the feed.
    Column("key", Text, nullable=False),
    # What it calls the form, any of questionnaire.names; and the version that is asked for ('' any).
    Column("questionnaire", ARRAY(Text), nullable=False),
    Column("questionnaire_version", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("unit", Text, nullable=False),
    # Why it is asked, and why it was cancelled, in the unit's own words.
    Column("why", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("may_fill", ARRAY(Text), nullable=False),
    Column("service_area", Text, nullable=False),
    # The first moment that is too late.
    Column("deadline", DateTime(timezone=True)),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    # When to remind; when that was last done; and the next time, NULL where there is none.
    Column("remind_at", ARRAY(DateTime(timezone=True)), nullable=False),
    Column("reminded_at", DateTime(timezone=True)),
    Column("remind_next", DateTime(timezone=True)),
    # The Task's own identifier (a GUID), for the response that answers it: system|value.
    Column("identifier", Text, nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Column("source", Text, nullable=False, server_default=_EMPTY),
    Column("landed_version", BigInteger, nullable=False),
    CheckConstraint("state IN ('requested', 'ready', 'in_progress', 'completed', 'cancelled')", name="state"),
    schema=SCHEMA,
    comment="Forms that the care services ask a person to fill in",
)
Index("ix_task_remind_next", task.c.remind_next, postgresql_where=task.c.remind_next.is_not(None))
