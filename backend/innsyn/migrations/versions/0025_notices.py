"""Notices: what somebody is to be told of, what they have chosen, and what has gone out."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from innsyn.migrations import notices, notices_readable

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS notice")
    _notice()
    _chosen()
    _sending()
    for statement in (
        *notices_readable.READABLE,
        *notices.FUNCTIONS,
        *notices.ROW_SECURITY,
        *notices.GRANTS,
    ):
        op.execute(statement)


def _at(name: str, *, default: bool = False, nullable: bool = False) -> sa.Column[object]:
    now = sa.text("now()") if default else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=now, nullable=nullable)


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    said = None if default is None else sa.text(f"'{default}'")
    return sa.Column(name, sa.Text(), server_default=said, nullable=False)


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("receiver_id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        _text("kind"),
        sa.Column("item", sa.Uuid(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=True),
        _at("queued_at", default=True),
        _at("due_at"),
        _at("send_at"),
        _text("state", "queued"),
        _text("why", ""),
        _at("sent_at", nullable=True),
        _at("seen_at", nullable=True),
        sa.CheckConstraint("state IN ('queued', 'sent', 'silent', 'dropped')", name=op.f("ck_notice_state")),
        sa.PrimaryKeyConstraint("receiver_id", "notice_id", name=op.f("pk_notice")),
        sa.UniqueConstraint("receiver_id", "key", name=op.f("uq_notice_receiver_id_key")),
        schema="notice",
        comment="What somebody is to be told of; whether they may read it is asked anew whenever it is shown or sent",
    )
    op.create_index(
        "ix_notice_send_at",
        "notice",
        ["send_at"],
        unique=False,
        schema="notice",
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_notice_unseen",
        "notice",
        ["receiver_id", "due_at"],
        unique=False,
        schema="notice",
        postgresql_where=sa.text("seen_at IS NULL"),
    )
    op.create_index("ix_notice_item", "notice", ["person_id", "item"], unique=False, schema="notice")


def _chosen() -> None:
    op.create_table(
        "choice",
        sa.Column("receiver_id", sa.Uuid(), nullable=False),
        _text("kind"),
        sa.Column("of_others", sa.Boolean(), nullable=False),
        sa.Column("channels", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint("channels <@ ARRAY['push', 'email', 'sms']", name=op.f("ck_choice_channels")),
        sa.PrimaryKeyConstraint("receiver_id", "kind", "of_others", name=op.f("pk_choice")),
        schema="notice",
        comment="By which ways somebody wants to hear of what",
    )
    op.create_table(
        "hours",
        sa.Column("receiver_id", sa.Uuid(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("digest_at", sa.Time(), nullable=True),
        sa.CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name=op.f("ck_hours_quiet")),
        sa.PrimaryKeyConstraint("receiver_id", name=op.f("pk_hours")),
        schema="notice",
        comment="When somebody wants to hear of it",
    )
    op.create_table(
        "contact",
        sa.Column("receiver_id", sa.Uuid(), nullable=False),
        _text("email", ""),
        _text("mobile", ""),
        _text("language", ""),
        _text("why", ""),
        _at("asked_at", default=True),
        sa.PrimaryKeyConstraint("receiver_id", name=op.f("pk_contact")),
        schema="notice",
        comment="Where somebody can be reached, as the contact register said",
    )


def _sending() -> None:
    op.create_table(
        "sending",
        sa.Column("receiver_id", sa.Uuid(), nullable=False),
        sa.Column("sending_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        _text("channel"),
        _text("target", ""),
        sa.Column("notices", postgresql.ARRAY(sa.Uuid()), nullable=False),
        _at("made_at", default=True),
        _text("state", "going"),
        sa.Column("tries", sa.Integer(), server_default=sa.text("1"), nullable=False),
        _at("begun_at", default=True),
        _at("again_at", nullable=True),
        _at("ended_at", nullable=True),
        sa.CheckConstraint("channel IN ('push', 'email', 'sms')", name=op.f("ck_sending_channel")),
        sa.CheckConstraint(
            "state IN ('going', 'sent', 'gone', 'later', 'refused', 'silent', 'lost')",
            name=op.f("ck_sending_state"),
        ),
        sa.PrimaryKeyConstraint("receiver_id", "sending_id", name=op.f("pk_sending")),
        schema="notice",
        comment="What has gone out by which way: marked before it goes, so that nothing goes twice",
    )
    for column, state in (("again_at", "later"), ("begun_at", "going")):
        op.create_index(
            f"ix_sending_{column}",
            "sending",
            [column],
            unique=False,
            schema="notice",
            postgresql_where=sa.text(f"state = '{state}'"),
        )
