"""Who is whose parent, guardian or nearest relative."""

import sqlalchemy as sa
from alembic import op

from innsyn.migrations import relations

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    no = sa.text("false")
    op.create_table(
        "relation",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("says", sa.Integer(), nullable=False, comment="bits of Says"),
        sa.Column("responsibility", sa.Boolean(), server_default=no, nullable=False),
        sa.Column("lives_with", sa.Boolean(), server_default=no, nullable=False),
        sa.Column("actor_secret", sa.Boolean(), server_default=no, nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["identity.person.person_id"], name=op.f("fk_relation_subject_id")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["identity.person.person_id"], name=op.f("fk_relation_actor_id")
        ),
        sa.PrimaryKeyConstraint("feed", "kind", "id", name=op.f("pk_relation")),
        schema="access",
        comment="Facts about two people; what follows from them stands in permit",
    )
    for name in ("subject_id", "actor_id"):
        op.create_index(f"ix_relation_{name}", "relation", [name], unique=False, schema="access")
    op.create_index("ix_relation_about", "relation", ["feed", "about"], unique=False, schema="access")
    for name in ("secret", "deceased"):
        said: sa.Column[bool] = sa.Column(name, sa.Boolean(), server_default=no, nullable=False)
        op.add_column("patient", said, schema="identity")
    op.execute(relations.NOBODY)
    op.add_column("patient", sa.Column("was_id", sa.Uuid(), nullable=True), schema="identity")
    op.create_index(op.f("ix_patient_was_id"), "patient", ["was_id"], unique=False, schema="identity")
    for statement in (*relations.FUNCTIONS, *relations.ROW_SECURITY, *relations.GRANTS):
        op.execute(statement)
