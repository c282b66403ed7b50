"""The access log, sealed."""

import sqlalchemy as sa
from alembic import op

from innsyn.access.audit.tables import Xid8
from innsyn.migrations import seal

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    now = sa.text("pg_current_xact_id()")
    # The rows there are get the number of this migration: they are the first to be sealed.
    op.add_column("log", sa.Column("xid", Xid8(), server_default=now, nullable=False), schema="access")
    op.create_index("ix_log_xid_log_id", "log", ["xid", "log_id"], unique=False, schema="access")
    op.create_table(
        "seal",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_xid", Xid8(), nullable=False),
        sa.Column("last_log_id", sa.BigInteger(), nullable=False),
        sa.Column("leaves", sa.LargeBinary(), nullable=False),
        sa.Column("peaks", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_seal")),
        schema="access",
        comment="Append-only: hashes and signatures, nothing of a person",
    )
    op.create_index(
        "ix_seal_last_xid_last_log_id", "seal", ["last_xid", "last_log_id"], unique=True, schema="access"
    )
    for statement in (*seal.STORED, *seal.ROW_SECURITY, *seal.GRANTS):
        op.execute(statement)
