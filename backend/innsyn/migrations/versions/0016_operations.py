"""Quarantine that can be tried again, gaps that are known."""

import sqlalchemy as sa
from alembic import op

from innsyn.migrations import operations

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gap",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("after_position", sa.BigInteger(), nullable=False),
        sa.Column("until_position", sa.BigInteger(), nullable=False),
        sa.Column(
            "source",
            sa.Text(),
            nullable=False,
            comment="whose entries are missing; empty: nobody can tell whose",
        ),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("feed", "part", "after_position", name=op.f("pk_gap")),
        schema="journal",
        comment="Stretches of a feed that are known not to have come",
    )
    for column in (
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column(
            "tries",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="how often it was tried again",
        ),
        sa.Column("last_tried_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("quarantine", column, schema="journal")
    op.add_column(
        "source",
        sa.Column(
            "missing_since",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="since when the oldest of them is there",
        ),
        schema="journal",
    )
    # Of entries in quarantine there are few: the lock is short.
    op.create_index(
        "ix_quarantine_person_id",
        "quarantine",
        ["person_id"],
        unique=False,
        schema="journal",
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    for statement in (*operations.ROW_SECURITY, *operations.GRANTS):
        op.execute(statement)
