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
    op.create_table(
        "release_wish",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind IN ('lab_results', 'imaging', 'notes')", name=op.f("ck_release_wish_kind")),
        sa.CheckConstraint(
            "wish IN ('at_once', 'commented', 'not_weekend', 'asked')", name=op.f("ck_release_wish_wish")
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_release_wish")),
        schema="access",
        comment="When the person wants to see new entries of a kind",
    )
    op.create_table(
        "shown_now",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "entry_id", name=op.f("pk_shown_now")),
        schema="access",
        comment="Entries that the person has asked to see in spite of the own wish",
    )
    op.create_table(
        "wish_due",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_wish_due")),
        schema="access",
        comment="Whose wishes have changed: the worker applies them to what is there, and takes the row away",
    )
    op.create_table(
        "request",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "what IN ('block_unit', 'block_person', 'block_entry', 'reservation')",
            name=op.f("ck_request_what"),
        ),
        sa.CheckConstraint(
            "outcome IN ('', 'in_force', 'refused', 'ended')", name=op.f("ck_request_outcome")
        ),
        sa.CheckConstraint("length(target) <= 200", name=op.f("ck_request_target")),
        sa.PrimaryKeyConstraint("person_id", "request_id", name=op.f("pk_request")),
        schema="access",
        comment="Blocks and reservations: asked of the journal, which decides and enforces",
    )
    op.create_table(
        "own_wait",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("source_release_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source_stub", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("person_id", "entry_id", name=op.f("pk_own_wait")),
        schema="record",
        comment="Entries that wait for the person's own wish, with what their source says",
    )
    for statement in (*requests.FUNCTIONS, *requests.ROW_SECURITY, *requests.GRANTS):
        op.execute(statement)
