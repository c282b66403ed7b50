"""Messages: what has been written to and by units, the threads it makes, and what is begun."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from innsyn.migrations import messages, messages_beside, messages_gathering

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in messages.SCHEMA:
        op.execute(statement)
    for create in (_unit, _message, _message_before, _told, _thread):
        create()
    messages_beside.create()
    for statement in (
        *messages.FUNCTIONS,
        *messages.LISTENING,
        *messages_gathering.GATHERING,
        *messages.ROW_SECURITY,
        *messages.GRANTS,
    ):
        op.execute(statement)


def _unit() -> None:
    op.create_table(
        "unit",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("may_write", sa.Text(), nullable=False),
        sa.Column("opening", sa.LargeBinary(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("promise", sa.Integer(), nullable=True),
        sa.Column("templates", sa.LargeBinary(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("landed_version", sa.BigInteger(), nullable=False),
        sa.Column("landed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("may_write IN ('everyone', 'known', 'self_only')", name=op.f("ck_unit_may_write")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_unit")),
        schema="message",
        comment="Whom one can write to: about nobody",
    )


def _message() -> None:
    op.create_table(
        "message",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("unit_ref", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("unit", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("handed_to_ref", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("handed_to", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("kind", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("topic", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("about_kind", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("about_id", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("about_entry", sa.Uuid(), nullable=True),
        sa.Column("is_sensitive", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answers", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("is_recalled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("landed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=True),
        sa.Column("feed", sa.Text(), nullable=True),
        sa.Column("resource_id", sa.Uuid(), nullable=True),
        sa.Column("landed_version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("side IN ('citizen', 'unit')", name=op.f("ck_message_side")),
        sa.CheckConstraint(
            "feed IS NOT NULL OR key IS NOT NULL", name=op.f("ck_message_comes_from_somewhere")
        ),
        sa.PrimaryKeyConstraint("person_id", "message_id", name=op.f("pk_message")),
        schema="message",
        comment="Each message, whoever wrote it",
    )
    op.create_index(
        "ix_message_on_its_way",
        "message",
        ["person_id"],
        unique=False,
        schema="message",
        postgresql_where=sa.text("feed IS NULL"),
    )
    op.create_index(
        "ix_message_resource_id",
        "message",
        ["resource_id"],
        unique=False,
        schema="message",
        postgresql_where=sa.text("resource_id IS NOT NULL"),
    )
    op.create_index(
        "ix_message_thread", "message", ["person_id", "thread_id", "sent_at"], unique=False, schema="message"
    )


def _message_before() -> None:
    op.create_table(
        "message_before",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id", "message_id"],
            ["message.message.person_id", "message.message.message_id"],
            name=op.f("fk_message_before_person_id_message_id"),
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "message_id", "version", name=op.f("pk_message_before")),
        schema="message",
        comment="What a message said before it was corrected",
    )


def _told() -> None:
    op.create_table(
        "told",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("told_id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_to_ref", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("handed_to", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("outcome", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("feed", sa.Text(), nullable=True),
        sa.Column("landed_version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "standing IN ('', 'read', 'handed_on', 'answered', 'closed')", name=op.f("ck_told_standing")
        ),
        sa.PrimaryKeyConstraint("person_id", "told_id", name=op.f("pk_told")),
        schema="message",
        comment="What has been told of a thread as such: each Task about one, and what the citizen has said of it",
    )
    op.create_index("ix_told_thread", "told", ["person_id", "thread_id"], unique=False, schema="message")


def _thread() -> None:
    op.create_table(
        "thread",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("unit_ref", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("unit", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("kind", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("topic", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("started_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_side", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("news_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("standing", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("standing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_to_ref", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("handed_to", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("outcome", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("about_kind", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("about_id", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("about_entry", sa.Uuid(), nullable=True),
        sa.Column("is_sensitive", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("messages", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("feed", sa.Text(), nullable=True),
        sa.Column("landed_version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "thread_id", name=op.f("pk_thread")),
        schema="message",
        comment="Gathered by message.gather() out of messages and what is told of them; written by nothing else",
    )
    op.create_index(
        "ix_thread_about",
        "thread",
        ["person_id", "about_entry"],
        unique=False,
        schema="message",
        postgresql_where=sa.text("about_entry IS NOT NULL"),
    )
    op.create_index(
        "ix_thread_last_at",
        "thread",
        ["person_id", sa.literal_column("last_at DESC")],
        unique=False,
        schema="message",
    )
    op.create_index(
        "ix_thread_unit",
        "thread",
        ["unit_id", "started_at"],
        unique=False,
        schema="message",
        postgresql_where=sa.text("unit_id IS NOT NULL AND started_by = 'citizen'"),
    )
