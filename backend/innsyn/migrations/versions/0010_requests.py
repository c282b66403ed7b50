"""What is to leave for the journal, and what a citizen wishes of the own record."""

import sqlalchemy as sa
from alembic import op

from innsyn.migrations import requests

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("outbox_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("conversation", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("resource_type", sa.Text(), nullable=False),
        sa.Column("resource", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'sent', 'received', 'refused', 'dead')", name=op.f("ck_outbox_state")
        ),
        sa.PrimaryKeyConstraint("person_id", "outbox_id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("person_id", "author_id", "key", name=op.f("uq_outbox_person_id_author_id_key")),
        sa.UniqueConstraint(
            "person_id",
            "conversation",
            "number",
            name=op.f("uq_outbox_person_id_conversation_number"),
        ),
        schema="journal",
        comment="What is to leave for the journal, in the transaction of the act",
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["next_try_at"],
        unique=False,
        schema="journal",
        postgresql_where=sa.text("state = 'queued'"),
    )
    for statement in (*requests.FUNCTIONS, *requests.ROW_SECURITY, *requests.GRANTS):
        op.execute(statement)
