"""What stands beside messages: what is begun, files, how far each reader has read, how long units take to answer."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """The tables, in a migration."""
    for each in (_draft, _attachment, _seen, _reply_time):
        each()


def _draft() -> None:
    op.create_table(
        "draft",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("topic", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("text", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("about_kind", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("about_id", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("about_entry", sa.Uuid(), nullable=True),
        sa.Column("quote", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("key", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "draft_id", name=op.f("pk_draft")),
        schema="message",
        comment="Messages that have been begun: their author's alone",
    )
    op.create_index(
        "uq_draft_thread",
        "draft",
        ["person_id", "author_id", "thread_id"],
        unique=True,
        schema="message",
        postgresql_where=sa.text("thread_id IS NOT NULL"),
    )


def _attachment() -> None:
    op.create_table(
        "attachment",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("scan", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("scan IN ('clean', 'waiting', 'refused')", name=op.f("ck_attachment_scan")),
        sa.CheckConstraint("num_nonnulls(message_id, draft_id) = 1", name=op.f("ck_attachment_belongs")),
        sa.CheckConstraint("size = octet_length(body)", name=op.f("ck_attachment_size")),
        sa.ForeignKeyConstraint(
            ["person_id", "draft_id"],
            ["message.draft.person_id", "message.draft.draft_id"],
            name=op.f("fk_attachment_person_id_draft_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "message_id"],
            ["message.message.person_id", "message.message.message_id"],
            name=op.f("fk_attachment_person_id_message_id"),
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "file_id", name=op.f("pk_attachment")),
        schema="message",
        comment="Files of messages and of drafts",
    )
    op.create_index(
        "ix_attachment_draft", "attachment", ["person_id", "draft_id"], unique=False, schema="message"
    )
    op.create_index(
        "ix_attachment_message", "attachment", ["person_id", "message_id"], unique=False, schema="message"
    )
    op.create_index(
        "ix_attachment_waiting",
        "attachment",
        ["at"],
        unique=False,
        schema="message",
        postgresql_where=sa.text("scan = 'waiting'"),
    )


def _seen() -> None:
    op.create_table(
        "seen",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("up_to", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "reader_id", "thread_id", name=op.f("pk_seen")),
        schema="message",
        comment="How far each reader has read each thread",
    )


def _reply_time() -> None:
    op.create_table(
        "reply_time",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("median", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("threads", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "kind", name=op.f("pk_reply_time")),
        schema="message",
        comment="How long units take to answer, where enough have been: about nobody",
    )
