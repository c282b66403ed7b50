"""Subscriptions to push: which browsers of whom are told that there is something new."""

import sqlalchemy as sa
from alembic import op

from innsyn.migrations import push

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subscription",
        sa.Column("receiver_id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("p256dh", sa.LargeBinary(), nullable=False),
        sa.Column("auth", sa.LargeBinary(), nullable=False),
        sa.Column("browser", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("octet_length(p256dh) = 65", name=op.f("ck_subscription_p256dh")),
        sa.CheckConstraint("octet_length(auth) = 16", name=op.f("ck_subscription_auth")),
        sa.CheckConstraint("length(endpoint) <= 1000", name=op.f("ck_subscription_endpoint")),
        sa.PrimaryKeyConstraint("receiver_id", "subscription_id", name=op.f("pk_subscription")),
        schema="notice",
        comment="Browsers that want to be told: an address at a push service, and keys that only the browser opens",
    )
    op.create_index("uq_subscription_endpoint", "subscription", ["endpoint"], unique=True, schema="notice")
    op.create_index("uq_subscription_id", "subscription", ["subscription_id"], unique=True, schema="notice")
    for statement in (*push.FUNCTIONS, *push.ROW_SECURITY, *push.GRANTS):
        op.execute(statement)
