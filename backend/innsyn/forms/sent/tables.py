"""What has been sent: the answers as they left, and the number on the receipt."""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from innsyn.db.metadata import metadata
from innsyn.forms.drafts.tables import SCHEMA

sent = Table(
    "sent",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("sent_id", Uuid, primary_key=True),
    Column("author_id", Uuid, nullable=False),
    # The draft that it was: whoever still has that page open is led here.
    Column("draft_id", Uuid, nullable=False),
    Column("occasion", Uuid, nullable=False),
    Column("task_id", Uuid),
    Column("questionnaire_id", Uuid, nullable=False),
    Column("sent_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    # Chosen when the page was made: sent again, it is the same.
    Column("key", Uuid, nullable=False),
    Column("receipt", Text, nullable=False),
    # Whether others who may answer forms in this record may read it: not what only the citizen may fill in.
    Column("is_shared", Boolean, nullable=False),
    # As engine/values.py writes them, and the QuestionnaireResponse without the files' bytes. Both empty where the form
    # wants no copy to be kept.
    Column("answers", LargeBinary, nullable=False),
    Column("response", LargeBinary, nullable=False),
    UniqueConstraint("person_id", "author_id", "key"),
    UniqueConstraint("person_id", "draft_id"),
    schema=SCHEMA,
    comment="What has been sent, and how it is found again",
)
Index("ix_sent_occasion", sent.c.person_id, sent.c.occasion)
