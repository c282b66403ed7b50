"""A value set says whether it is in use, so that a draft of the next version is not offered for it."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "value_set",
        sa.Column("status", sa.Text(), server_default=sa.text("''"), nullable=False),
        schema="form",
    )
