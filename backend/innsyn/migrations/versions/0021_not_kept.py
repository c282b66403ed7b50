"""What is not kept here once the journal has it."""

import sqlalchemy as sa
from alembic import op

from innsyn.migrations import not_kept

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "outbox",
        sa.Column("keep", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        schema="journal",
    )
    for statement in (*not_kept.FUNCTIONS, *not_kept.GRANTS):
        op.execute(statement)
