"""Files that are answers, until they are sent."""

import sqlalchemy as sa
from alembic import op

from innsyn.migrations import form_files

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("size = octet_length(body) AND size <= 5242880", name=op.f("ck_file_size")),
        sa.CheckConstraint(
            "media_type IN ('image/jpeg', 'image/png', 'application/pdf')", name=op.f("ck_file_media_type")
        ),
        sa.PrimaryKeyConstraint("person_id", "file_id", name=op.f("pk_file")),
        schema="form",
        comment="Files that are answers",
    )
    op.create_index("ix_file_draft", "file", ["person_id", "draft_id"], unique=False, schema="form")
    for statement in (*form_files.FUNCTIONS, *form_files.ROW_SECURITY, *form_files.GRANTS):
        op.execute(statement)
