"""The raw landing, persons and sessions, the access log and the table of entries."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from innsyn.migrations import foundation

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in foundation.SCHEMAS:
        op.execute(statement)
    op.create_table(
        "log",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("log_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("subject_id", "log_id", name=op.f("pk_log")),
        schema="access",
        comment="Append-only: written in the transaction of the reading itself",
    )
    op.create_index("ix_log_subject_id_at", "log", ["subject_id", "at"], unique=False, schema="access")
    op.create_table(
        "login_attempt",
        sa.Column("state_hash", sa.LargeBinary(), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("verifier", sa.Text(), nullable=False),
        sa.Column("next", sa.Text(), nullable=False),
        sa.Column("fresh", sa.Boolean(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_login_attempt")),
        schema="identity",
    )
    op.create_table(
        "person",
        sa.Column("person_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("given_name", sa.Text(), server_default="", nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("deceased", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("locale", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person")),
        schema="identity",
    )
    op.create_table(
        "alias",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feed", "name", name=op.f("pk_alias")),
        schema="journal",
        comment="Other names by which references point at a resource",
    )
    op.create_table(
        "position",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("feed", name=op.f("pk_position")),
        schema="journal",
        comment="How far each feed is read: committed with the rows",
    )
    op.create_table(
        "quarantine",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column(
            "entry", sa.Text(), nullable=False, comment="kind/id, or the digest of what could not be read"
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("landed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("feed", "entry", name=op.f("pk_quarantine")),
        schema="journal",
        comment="Entries that could not be used, whole, with the reason",
    )
    op.create_index("ix_quarantine_source", "quarantine", ["source"], unique=False, schema="journal")
    op.create_table(
        "resource",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("landed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("feed", "kind", "id", "version", name=op.f("pk_resource")),
        schema="journal",
        comment="Every version of every resource, as received",
    )
    op.create_table(
        "source",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("last_entry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_contact_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delayed_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "missing",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="entries in quarantine",
        ),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_source")),
        schema="journal",
        comment="The services that write in the journal, and how fresh each is",
    )
    op.create_table(
        "waiting",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("target", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feed", "target", "kind", "id", name=op.f("pk_waiting")),
        schema="journal",
        comment="Resources that point at something which has not come: projected again when it does",
    )
    op.create_table(
        "claim",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="its place in the panel"),
        sa.Column("of_report", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "member_id", "panel_id", name=op.f("pk_claim")),
        schema="record",
        comment="Which panel says that an entry is part of it, also before either has come",
    )
    op.create_index("ix_claim_panel", "claim", ["person_id", "panel_id"], unique=False, schema="record")
    op.create_table(
        "contributor",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("earliest", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "source", name=op.f("pk_contributor")),
        schema="record",
        comment="Which services have written in this person's journal",
    )
    op.create_table(
        "document",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "entry_id", "number", name=op.f("pk_document")),
        schema="record",
    )
    op.create_table(
        "entry",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("landed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("audience", sa.Integer(), nullable=False),
        sa.Column("release_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("own_audience", sa.Integer(), nullable=False),
        sa.Column("own_release_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=True),
        sa.Column("line", sa.LargeBinary(), nullable=False),
        sa.Column("stub", sa.LargeBinary(), nullable=True),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "entry_id", name=op.f("pk_entry")),
        schema="record",
    )
    op.create_index(
        "ix_entry_kind",
        "entry",
        ["person_id", "kind", sa.literal_column("occurred_at DESC"), sa.literal_column("entry_id DESC")],
        unique=False,
        schema="record",
        postgresql_include=[
            "code",
            "panel_id",
            "source",
            "status",
            "recorded_at",
            "landed_at",
            "audience",
            "release_at",
            "line",
            "stub",
        ],
    )
    op.create_index(
        "ix_entry_timeline",
        "entry",
        ["person_id", sa.literal_column("occurred_at DESC"), sa.literal_column("entry_id DESC")],
        unique=False,
        schema="record",
        postgresql_include=[
            "kind",
            "source",
            "status",
            "recorded_at",
            "landed_at",
            "audience",
            "release_at",
            "line",
            "stub",
        ],
        postgresql_where=sa.text("panel_id IS NULL"),
    )
    op.create_table(
        "patient",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["identity.person.person_id"], name=op.f("fk_patient_person_id")
        ),
        sa.PrimaryKeyConstraint("feed", "patient_id", name=op.f("pk_patient")),
        schema="identity",
        comment="Which person a journal's Patient is",
    )
    op.create_index(op.f("ix_patient_person_id"), "patient", ["person_id"], unique=False, schema="identity")
    op.create_table(
        "person_identifier",
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["identity.person.person_id"], name=op.f("fk_person_identifier_person_id")
        ),
        sa.PrimaryKeyConstraint("system", "value", name=op.f("pk_person_identifier")),
        schema="identity",
    )
    op.create_index(
        op.f("ix_person_identifier_person_id"),
        "person_identifier",
        ["person_id"],
        unique=False,
        schema="identity",
    )
    op.create_table(
        "session",
        sa.Column("session_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("acr", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "last_used_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("idle_limit", sa.Interval(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("new_since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["identity.person.person_id"], name=op.f("fk_session_person_id")
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
        schema="identity",
    )
    op.create_index("ix_session_issuer_sid", "session", ["issuer", "sid"], unique=False, schema="identity")
    op.create_index(op.f("ix_session_person_id"), "session", ["person_id"], unique=False, schema="identity")
    for statement in (*foundation.FUNCTIONS, *foundation.ROW_SECURITY, *foundation.GRANTS):
        op.execute(statement)
