"""Devices, one's own logins, and what an open page is told of its session."""

import sqlalchemy as sa
from alembic import op

from innsyn.migrations import sessions

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _tables()
    for statement in (
        *sessions.STATE,
        *sessions.ENDING,
        *sessions.LIVE,
        *sessions.DEVICES,
        *sessions.OWN,
        *sessions.ROW_SECURITY,
        *sessions.GRANTS,
    ):
        op.execute(statement)


def _tables() -> None:
    now = sa.text("now()")
    one = sa.text("gen_random_uuid()")
    op.create_table(
        "device",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), server_default=one, nullable=False),
        sa.Column("cookie_hash", sa.LargeBinary(), nullable=False),
        sa.Column("browser", sa.Text(), server_default="", nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["identity.person.person_id"], name=op.f("fk_device_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "device_id", name=op.f("pk_device")),
        schema="identity",
        comment="A browser that a person has logged in with",
    )
    op.create_table(
        "refused_login",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("refused_id", sa.Uuid(), server_default=one, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("browser", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["identity.person.person_id"], name=op.f("fk_refused_login_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "refused_id", name=op.f("pk_refused_login")),
        schema="identity",
        comment="Somebody proved to be this person, and was not let in",
    )
    for name, table, columns, unique in (
        ("uq_device_person_id_cookie_hash", "device", ["person_id", "cookie_hash"], True),
        ("ix_device_last_seen_at", "device", ["last_seen_at"], False),
        ("ix_refused_login_at", "refused_login", ["at"], False),
        # Of sessions there are few until the first login with this version: the lock is short.
        ("ix_session_started_at", "session", ["started_at"], False),
    ):
        op.create_index(name, table, columns, unique=unique, schema="identity")
