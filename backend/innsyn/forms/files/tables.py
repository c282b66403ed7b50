"""Files of a draft, and of what became of it: they belong to the answers, and go with them."""

from sqlalchemy import CheckConstraint, Column, DateTime, Index, Integer, LargeBinary, Table, Text, Uuid, text

from innsyn.db.metadata import metadata
from innsyn.files.rules import MOST_BYTES

file = Table(
    "file",
    metadata,
    # Whom the form is about; `author_id` is who fills it in.
    Column("person_id", Uuid, primary_key=True),
    Column("file_id", Uuid, primary_key=True, server_default=text("gen_random_uuid()")),
    Column("draft_id", Uuid, nullable=False),
    Column("author_id", Uuid, nullable=False),
    # At which field it was added. Where it stands now is in the answers, which name it by its id.
    Column("field", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    CheckConstraint(f"size = octet_length(body) AND size <= {MOST_BYTES}", name="size"),
    CheckConstraint("media_type IN ('image/jpeg', 'image/png', 'application/pdf')", name="media_type"),
    schema="form",
    comment="Files that are answers",
)
Index("ix_file_draft", file.c.person_id, file.c.draft_id)
