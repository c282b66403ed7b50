"""Access that a citizen gives."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from innsyn.migrations import fullmakt

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _fullmakt()
    _events()
    for statement in (*fullmakt.FUNCTIONS, *fullmakt.ROW_SECURITY, *fullmakt.GRANTS):
        op.execute(statement)


def _fullmakt() -> None:
    op.create_table(
        "fullmakt",
        sa.Column("giver_id", sa.Uuid(), nullable=False),
        sa.Column("fullmakt_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("receiver_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "capabilities",
            sa.Integer(),
            nullable=False,
            comment="bits of Capability; for a task, of that task alone",
        ),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("permit_capabilities", sa.Integer(), nullable=False),
        sa.Column("permit_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("book", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=True),
        sa.Column("giver_words", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("invited_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'invited', 'claimed', 'active', 'ended', 'declined', 'withdrawn')",
            name=op.f("ck_fullmakt_state"),
        ),
        sa.CheckConstraint("receiver_id <> giver_id", name=op.f("ck_fullmakt_not_oneself")),
        sa.CheckConstraint(
            "receiver_id IS NOT NULL OR state IN ('draft', 'invited', 'withdrawn')",
            name=op.f("ck_fullmakt_receiver"),
        ),
        sa.CheckConstraint("capabilities & 16 = 0", name=op.f("ck_fullmakt_capabilities")),
        sa.CheckConstraint("length(label) BETWEEN 1 AND 60", name=op.f("ck_fullmakt_label")),
        sa.PrimaryKeyConstraint("giver_id", "fullmakt_id", name=op.f("pk_fullmakt")),
        schema="access",
        comment="Access that a citizen gives; what it opens stands in permit",
    )
    op.create_index("ix_fullmakt_receiver_id", "fullmakt", ["receiver_id"], unique=False, schema="access")
    op.create_index("ix_fullmakt_fullmakt_id", "fullmakt", ["fullmakt_id"], unique=True, schema="access")
    op.create_index("ix_fullmakt_code_hash", "fullmakt", ["code_hash"], unique=False, schema="access")


def _events() -> None:
    op.create_table(
        "fullmakt_event",
        sa.Column("giver_id", sa.Uuid(), nullable=False),
        sa.Column("fullmakt_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("capabilities", sa.Integer(), nullable=False),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("giver_id", "fullmakt_id", "event_id", name=op.f("pk_fullmakt_event")),
        schema="access",
        comment="Append-only: written in the transaction of the move itself",
    )
    op.create_table(
        "claim_try",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("try_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "try_id", name=op.f("pk_claim_try")),
        schema="access",
        comment="How often somebody has tried a code lately",
    )
    op.create_index("ix_claim_try_code_hash", "claim_try", ["code_hash"], unique=False, schema="access")
