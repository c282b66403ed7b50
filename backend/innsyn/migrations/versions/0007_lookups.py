"""Who in the health service looked."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from innsyn.migrations import lookups

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lookup",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("lookup_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("unit_reference", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column(
            "areas",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="kinds of entries that were opened, where the source tells",
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("self_authorised", sa.Boolean(), nullable=False),
        sa.Column(
            "by_patient",
            sa.Boolean(),
            nullable=False,
            comment="the person opened the own record through another service",
        ),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("encounter_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "lookup_id", name=op.f("pk_lookup")),
        schema="access",
        comment="Look-ups by health personnel, from the journal's AuditEvents",
    )
    op.create_index(
        "ix_lookup_at", "lookup", ["person_id", sa.literal_column("at DESC")], unique=False, schema="access"
    )
    for statement in (*lookups.ROW_SECURITY, *lookups.FUNCTIONS, *lookups.GRANTS):
        op.execute(statement)
