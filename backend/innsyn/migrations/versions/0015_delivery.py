"""Delivery of what is to leave for the journal."""

import sqlalchemy as sa
from alembic import op

from innsyn.migrations import delivery

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("unsure", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("claim", sa.Uuid(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("outbox", column, schema="journal")
    op.drop_index("ix_outbox_due", table_name="outbox", schema="journal")
    op.create_index(
        "ix_outbox_under_way",
        "outbox",
        ["next_try_at"],
        unique=False,
        schema="journal",
        postgresql_where=sa.text("state IN ('queued', 'sent')"),
    )
    op.create_index(
        "ix_outbox_dead",
        "outbox",
        ["person_id"],
        unique=False,
        schema="journal",
        postgresql_where=sa.text("state = 'dead'"),
    )
    # The feed waits while the landing is read through once; readers do not.
    op.create_index(
        "ix_resource_landed_at",
        "resource",
        ["landed_at"],
        unique=False,
        schema="journal",
        postgresql_using="brin",
        postgresql_with={"pages_per_range": "32", "autosummarize": "on"},
    )
    op.create_table(
        "reply",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "standing IN ('accepted', 'answered', 'declined')", name=op.f("ck_reply_standing")
        ),
        sa.PrimaryKeyConstraint("person_id", "request_id", name=op.f("pk_reply")),
        schema="access",
        comment="What became of questions that a person has asked, as the journal tells it",
    )
    for statement in (*delivery.FUNCTIONS, *delivery.ROW_SECURITY, *delivery.GRANTS):
        op.execute(statement)
