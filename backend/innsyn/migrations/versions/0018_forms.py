"""Forms and the tasks to fill them in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from innsyn.migrations import forms

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in forms.SCHEMA:
        op.execute(statement)
    op.create_table(
        "questionnaire",
        sa.Column("questionnaire_id", sa.Uuid(), nullable=False),
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("landed_version", sa.BigInteger(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("names", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("may_fill", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("wants", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("warnings", sa.LargeBinary(), nullable=False),
        sa.Column("landed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("by_choice", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("questionnaire_id", name=op.f("pk_questionnaire")),
        schema="form",
        comment="Forms as published, every version: about nobody",
    )
    op.create_index(
        "ix_questionnaire_names", "questionnaire", ["names"], schema="form", postgresql_using="gin"
    )
    op.create_index("ix_questionnaire_resource", "questionnaire", ["feed", "id"], schema="form")
    op.create_index(
        "ix_questionnaire_wants", "questionnaire", ["wants"], schema="form", postgresql_using="gin"
    )
    op.create_table(
        "value_set",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("options", sa.LargeBinary(), nullable=False),
        sa.Column("landed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("feed", "id", name=op.f("pk_value_set")),
        schema="form",
        comment="What forms offer to choose from: about nobody",
    )
    op.create_index("ix_value_set_url", "value_set", ["url"], schema="form")
    _task()
    for statement in (*forms.FUNCTIONS, *forms.ROW_SECURITY, *forms.GRANTS):
        op.execute(statement)


def _task() -> None:
    op.create_table(
        "task",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("questionnaire", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("questionnaire_version", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("may_fill", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("service_area", sa.Text(), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", postgresql.ARRAY(sa.DateTime(timezone=True)), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remind_next", sa.DateTime(timezone=True), nullable=True),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("landed_version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('requested', 'ready', 'in_progress', 'completed', 'cancelled')",
            name=op.f("ck_task_state"),
        ),
        sa.PrimaryKeyConstraint("person_id", "task_id", name=op.f("pk_task")),
        schema="form",
        comment="Forms that the care services ask a person to fill in",
    )
    op.create_index(
        "ix_task_remind_next",
        "task",
        ["remind_next"],
        schema="form",
        postgresql_where=sa.text("remind_next IS NOT NULL"),
    )
