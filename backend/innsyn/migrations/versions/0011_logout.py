"""Logging out from elsewhere."""

import sqlalchemy as sa
from alembic import op

from innsyn.migrations import logout

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "session", sa.Column("sub", sa.Text(), server_default="", nullable=False), schema="identity"
    )
    op.create_table(
        "logout_attempt",
        sa.Column("state_hash", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_logout_attempt")),
        schema="identity",
        comment="Logouts that the provider is asked for: who comes back with the state has been there",
    )
    op.create_table(
        "logout_token",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("good_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_logout_token")),
        schema="identity",
        comment="Logout tokens that have been used, until they are too old to be used again",
    )
    for statement in (*logout.LOG_IN, *logout.BY_PROVIDER, *logout.ROW_SECURITY, *logout.GRANTS):
        op.execute(statement)
