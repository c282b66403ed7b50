"""Earlier versions of an entry, and what was taken back."""

import sqlalchemy as sa
from alembic import op

from innsyn.migrations import history

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "version",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("landed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audience", sa.Integer(), nullable=False),
        sa.Column("release_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.Column("files", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "entry_id", "version", name=op.f("pk_version")),
        schema="record",
        comment="What an entry said before: every version but the newest, as it would have been shown",
    )
    op.create_table(
        "taken_back",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_landed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("landed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audience", sa.Integer(), nullable=False),
        sa.Column("release_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stub", sa.LargeBinary(), nullable=True),
        sa.Column("line", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "entry_id", name=op.f("pk_taken_back")),
        schema="record",
        comment="Entries that were shown and are not any longer, told without what stood in them",
    )
    op.create_table(
        "claimed_before",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.Integer(), nullable=False),
        sa.Column("release_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "member_id", "panel_id", name=op.f("pk_claimed_before")),
        schema="record",
        comment="Parts of a panel by its earlier versions, and not by its newest: it may have closed them",
    )
    op.create_index(
        "ix_claimed_before_panel", "claimed_before", ["person_id", "panel_id"], unique=False, schema="record"
    )
    op.create_table(
        "look",
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("visit", sa.Uuid(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("actor_id", "subject_id", name=op.f("pk_look")),
        schema="access",
        comment="When each reader last saw what is new in a record, of each record they read",
    )
    # Before row security holds back the one who migrates.
    op.execute(history.LOOKED_BEFORE)
    for statement in (*history.LOOKING, *history.ROW_SECURITY, *history.GRANTS):
        op.execute(statement)
