"""Drafts of forms, and what has been sent."""

import sqlalchemy as sa
from alembic import op

from innsyn.migrations import drafts

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in drafts.SCHEMA:
        op.execute(statement)
    op.create_table(
        "draft",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("occasion", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("questionnaire_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("step", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column("lost", sa.LargeBinary(), server_default=sa.text("''::bytea"), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "draft_id", name=op.f("pk_draft")),
        schema="form",
        comment="Forms that have been begun: their author's alone",
    )
    op.create_index(
        "uq_draft_occasion", "draft", ["person_id", "author_id", "occasion"], unique=True, schema="form"
    )
    op.create_index(
        "ix_draft_session_id",
        "draft",
        ["session_id"],
        unique=False,
        schema="form",
        postgresql_where=sa.text("session_id IS NOT NULL"),
    )
    op.create_table(
        "draft_kept",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("questionnaire_id", sa.Uuid(), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id", "draft_id"],
            ["form.draft.person_id", "form.draft.draft_id"],
            name=op.f("fk_draft_kept_person_id_draft_id_draft"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "draft_id", "revision", name=op.f("pk_draft_kept")),
        schema="form",
        comment="What a draft was at its last revisions: a page was made from one of them",
    )
    op.create_table(
        "sent",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sent_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("occasion", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("questionnaire_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column("response", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "sent_id", name=op.f("pk_sent")),
        sa.UniqueConstraint("person_id", "author_id", "key", name=op.f("uq_sent_person_id_author_id_key")),
        sa.UniqueConstraint("person_id", "draft_id", name=op.f("uq_sent_person_id_draft_id")),
        schema="form",
        comment="What has been sent, and how it is found again",
    )
    op.create_index("ix_sent_occasion", "sent", ["person_id", "occasion"], unique=False, schema="form")
    for statement in (*drafts.FUNCTIONS, *drafts.ROW_SECURITY, *drafts.GRANTS):
        op.execute(statement)
