"""Forms that have been begun. A draft is its author's alone, in the record that it is about."""

from sqlalchemy import Column, DateTime, ForeignKeyConstraint, Index, Integer, LargeBinary, Table, Uuid, text

from innsyn.db.metadata import metadata

SCHEMA = "form"

draft = Table(
    "draft",
    metadata,
    # Whom it is about; `author_id` is who fills in, who may be a helper.
    Column("person_id", Uuid, primary_key=True),
    Column("draft_id", Uuid, primary_key=True),
    Column("author_id", Uuid, nullable=False),
    # What it is begun for: the task, or (of its feed and id there) the form itself. There is one draft for each.
    Column("occasion", Uuid, nullable=False),
    Column("task_id", Uuid),
    Column("questionnaire_id", Uuid, nullable=False),
    # Only within this login, where the form wants no draft to be kept.
    Column("session_id", Uuid),
    Column("started_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("saved_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
    Column("step", Integer, nullable=False, server_default=text("0")),
    # As engine/values.py writes them.
    Column("answers", LargeBinary, nullable=False),
    # What a new version of the form had no place for, until the person has seen it: JSON of engine/carrying.py.
    Column("lost", LargeBinary, nullable=False, server_default=text("''::bytea")),
    schema=SCHEMA,
    comment="Forms that have been begun: their author's alone",
)
Index("uq_draft_occasion", draft.c.person_id, draft.c.author_id, draft.c.occasion, unique=True)
Index("ix_draft_session_id", draft.c.session_id, postgresql_where=draft.c.session_id.is_not(None))

draft_kept = Table(
    "draft_kept",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("draft_id", Uuid, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("author_id", Uuid, nullable=False),
    Column("questionnaire_id", Uuid, nullable=False),
    Column("answers", LargeBinary, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    ForeignKeyConstraint(
        ["person_id", "draft_id"], [draft.c.person_id, draft.c.draft_id], ondelete="CASCADE"
    ),
    schema=SCHEMA,
    comment="What a draft was at its last revisions: a page was made from one of them",
)
