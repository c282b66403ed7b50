"""A feed in parts, read by several workers; a read model beside the running one."""

import sqlalchemy as sa
from alembic import op

from innsyn.migrations import parts

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in parts.POSITION:
        op.execute(statement)
    op.add_column(
        "resource",
        sa.Column("landing", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        schema="journal",
    )
    op.create_index("ix_resource_landing", "resource", ["landing"], unique=False, schema="journal")
    op.create_table(
        "turn",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.Column(
            "recent", sa.ARRAY(sa.BigInteger()), nullable=False, comment="the last landings, newest first"
        ),
        sa.PrimaryKeyConstraint("feed", name=op.f("pk_turn")),
        schema="journal",
        comment="How many batches of a feed have been taken in: who takes in beside others sees who was before",
    )
    op.create_table(
        "effect",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_effect")),
        schema="journal",
        comment="What has been done once and must not be done again when an entry comes again",
    )
    op.create_table(
        "merged",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("into_id", sa.Text(), nullable=False, comment="the Patient that it is replaced by"),
        sa.Column("home_id", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("feed", "patient_id", name=op.f("pk_merged")),
        schema="identity",
        comment="Patients that have been merged into others",
    )
    op.create_index(
        "ix_resource_person_id",
        "resource",
        ["person_id"],
        unique=False,
        schema="journal",
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    for statement in parts.GRANTS:
        op.execute(statement)
