"""Permits, acting for somebody, and a signed context."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from innsyn.migrations import access, access_context, access_opening

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _columns()
    _tables()
    for statement in (
        *access_context.CONTEXT,
        *access_opening.OPENING,
        *access.SESSIONS,
        *access.OLD,
        *access.POLICIES,
        *access.ROW_SECURITY,
        *access.FOR_EVERYBODY,
        *access.GRANTS,
    ):
        op.execute(statement)


def _columns() -> None:
    now = sa.text("now()")
    # Without a value for the sessions there are: they cannot act for anybody until the next login.
    op.add_column("session", sa.Column("handle_key", sa.Uuid(), nullable=True), schema="identity")
    for column in (
        sa.Column("auth_time", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("method", sa.Text(), server_default="idporten", nullable=False),
        sa.Column("browser", sa.Text(), server_default="", nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.Column("ready", sa.Boolean(), server_default=sa.text("true"), nullable=False),
    ):
        op.add_column("session", column, schema="identity")
    for name in ("secret", "own_permits"):
        column = sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False)
        op.add_column("person", column, schema="identity")
    for name in ("refused", "act"):
        column = sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False)
        op.add_column("log", column, schema="access")
    op.drop_index("ix_log_subject_id_at", table_name="log", schema="access")


def _tables() -> None:
    op.create_table(
        "context_key",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_context_key")),
        schema="access",
        comment="Signs the context of a transaction; read by nobody but the functions that do",
    )
    op.create_table(
        "permit",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("permit_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("handle_on", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.Integer(), nullable=False),
        sa.Column("capabilities", sa.Integer(), nullable=False),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("book", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("origin_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "permit_id", name=op.f("pk_permit")),
        schema="access",
        comment="Who may do what in whose record, and when: SQL compares dates and knows no law",
    )
    op.create_index("ix_permit_actor_id", "permit", ["actor_id"], unique=False, schema="access")
    op.create_index("ix_permit_origin_id", "permit", ["origin_id"], unique=False, schema="access")
    op.create_table(
        "hidden",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("from_audience", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "entry_id", name=op.f("pk_hidden")),
        schema="access",
        comment="Entries that the person keeps from groups of readers",
    )
