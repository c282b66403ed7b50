"""Passkeys, terms and next of kin."""

import sqlalchemy as sa
from alembic import op

from innsyn.migrations import kin, passkeys

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _passkeys()
    _first_login()
    for statement in (
        *passkeys.CHALLENGES,
        *passkeys.UNLOCKING,
        *passkeys.TERMS,
        *kin.KIN,
        *passkeys.ROW_SECURITY,
        *passkeys.GRANTS,
        *kin.KIN_GRANTS,
    ):
        op.execute(statement)


def _passkeys() -> None:
    op.create_table(
        "passkey",
        sa.Column("passkey_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("aaguid", sa.Uuid(), nullable=False),
        sa.Column("backup_eligible", sa.Boolean(), nullable=False),
        sa.Column("backed_up", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "length(credential_id) BETWEEN 1 AND 1023", name=op.f("ck_passkey_credential_id_length")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["identity.person.person_id"], name=op.f("fk_passkey_person_id")
        ),
        sa.PrimaryKeyConstraint("passkey_id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
        schema="identity",
    )
    op.create_index("ix_passkey_person_id", "passkey", ["person_id"], unique=False, schema="identity")
    op.create_table(
        "passkey_challenge",
        sa.Column("challenge_hash", sa.LargeBinary(), nullable=False),
        sa.Column("holder_hash", sa.LargeBinary(), nullable=False),
        sa.Column("ceremony", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("challenge_hash", name=op.f("pk_passkey_challenge")),
        schema="identity",
        comment="Challenges that have been given out: each is good for one answer, for five minutes",
    )
    op.create_index(
        "ix_passkey_challenge_given_at", "passkey_challenge", ["given_at"], unique=False, schema="identity"
    )


def _first_login() -> None:
    op.create_table(
        "terms",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_terms")),
        sa.UniqueConstraint("valid_from", name=op.f("uq_terms_valid_from")),
        schema="identity",
        comment="Every version of the terms; the newest that has begun is the one to agree to",
    )
    op.create_table(
        "accepted_terms",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["identity.person.person_id"], name=op.f("fk_accepted_terms_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["version"], ["identity.terms.version"], name=op.f("fk_accepted_terms_version")
        ),
        sa.PrimaryKeyConstraint("person_id", "version", name=op.f("pk_accepted_terms")),
        schema="identity",
    )
    op.create_table(
        "kin_check",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("outbox_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["identity.person.person_id"], name=op.f("fk_kin_check_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "at", name=op.f("pk_kin_check")),
        schema="identity",
        comment="What the citizen said of the nearest relative that the journal holds",
    )
