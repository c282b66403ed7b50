"""Comparing with the source, and what a subscription has told."""

import sqlalchemy as sa
from alembic import op

from innsyn.migrations import reconcile

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "export",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False, comment="transactionTime of the last export, as told"),
        sa.Column("is_incomplete", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("feed", "address", name=op.f("pk_export")),
        schema="journal",
        comment="How far each group has been exported",
    )
    op.create_table(
        "subscription",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False, comment="of the Subscription at the journal"),
        sa.Column("base", sa.BigInteger(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("feed", name=op.f("pk_subscription")),
        schema="journal",
        comment="What the journal has promised to tell of",
    )
    op.create_table(
        "compared",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False, comment="its place in the source's list"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("is_gone", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("difference", sa.Text(), nullable=True, comment="reconcile.Difference, where there is one"),
        sa.Column("landed_version", sa.BigInteger(), nullable=True),
        schema="journal",
        comment="What the source says that it has, as of the last comparison",
        prefixes=["UNLOGGED"],
    )
    op.create_index(
        "ix_compared_difference",
        "compared",
        ["feed", "number"],
        unique=False,
        schema="journal",
        postgresql_where=sa.text("difference IS NOT NULL"),
    )
    op.add_column(
        "resource",
        sa.Column(
            "source_version",
            sa.BigInteger(),
            nullable=True,
            comment="the number that the source gave it, where it is another",
        ),
        schema="journal",
    )
    for statement in (*reconcile.ROW_SECURITY, *reconcile.GRANTS):
        op.execute(statement)
