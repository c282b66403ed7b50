"""Messages, and what is gathered out of them: a thread is written by nobody, and follows its messages and tasks."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from innsyn.db.metadata import metadata

SCHEMA = "message"
# Whoever shows a record listens here: whose messages have changed, and nothing else.
CHANNEL = "message_changed"
_EMPTY, _NO, _NOW = text("''"), text("false"), text("now()")

unit = Table(
    "unit",
    metadata,
    Column("unit_id", Uuid, primary_key=True),
    Column("feed", Text, nullable=False),
    # Of the HealthcareService: `HealthcareService/<id>` is how it is addressed.
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    # What may be written about: codes of urn:innsyn:message-kind.
    Column("kinds", ARRAY(Text), nullable=False),
    Column("may_write", Text, nullable=False),
    # When it is open, as JSON of messages/units.py.
    Column("opening", LargeBinary, nullable=False),
    # Shown before writing, as the unit wrote it (markdown).
    Column("about", Text, nullable=False),
    # Working days within which it promises to answer.
    Column("promise", Integer),
    # JSON: {kind: text to begin with}.
    Column("templates", LargeBinary, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("landed_version", BigInteger, nullable=False),
    Column("landed_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("may_write IN ('everyone', 'known', 'self_only')", name="may_write"),
    schema=SCHEMA,
    comment="Whom one can write to: about nobody",
)

message = Table(
    "message",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("message_id", Uuid, primary_key=True),
    Column("thread_id", Uuid, nullable=False),
    # By its sender's clock, and never later than when it came here.
    Column("sent_at", DateTime(timezone=True), nullable=False),
    # citizen | unit: who wrote it, the person (or somebody for them) or the care services.
    Column("side", Text, nullable=False),
    # Who of the citizen's side, where that was written here.
    Column("author_id", Uuid),
    Column("author", Text, nullable=False, server_default=_EMPTY),
    # The care services' end of it: to whom the citizen wrote, or who wrote. `unit_ref` is Kind/id in the feed.
    Column("unit_id", Uuid),
    Column("unit_ref", Text, nullable=False, server_default=_EMPTY),
    Column("unit", Text, nullable=False, server_default=_EMPTY),
    # To whom a unit has handed the thread on with this, '' where it has not.
    Column("handed_to_ref", Text, nullable=False, server_default=_EMPTY),
    Column("handed_to", Text, nullable=False, server_default=_EMPTY),
    # What it says of its thread, '' where it does not.
    Column("kind", Text, nullable=False, server_default=_EMPTY),
    Column("topic", Text, nullable=False, server_default=_EMPTY),
    # The resource of the entry that it is about, and that entry.
    Column("about_kind", Text, nullable=False, server_default=_EMPTY),
    Column("about_id", Text, nullable=False, server_default=_EMPTY),
    Column("about_entry", Uuid),
    # The sender is not to be named in a notice.
    Column("is_sensitive", Boolean, nullable=False, server_default=_NO),
    # Plain text. '' of one that has been recalled.
    Column("text", Text, nullable=False),
    Column("answers", Uuid),
    # 1, and one more for each correction of its text; `corrected_at` is when the last one came.
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("is_recalled", Boolean, nullable=False, server_default=_NO),
    Column("corrected_at", DateTime(timezone=True)),
    # When it first came here, or was written here: "unread" is about this.
    Column("landed_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    # What it left with (journal.outbox.key), of one that was written here.
    Column("key", Uuid),
    # Where it came from; NULL: ours, and not yet back from the journal.
    Column("feed", Text),
    Column("resource_id", Uuid),
    Column("landed_version", BigInteger, nullable=False, server_default=text("0")),
    CheckConstraint("side IN ('citizen', 'unit')", name="side"),
    CheckConstraint("feed IS NOT NULL OR key IS NOT NULL", name="comes_from_somewhere"),
    schema=SCHEMA,
    comment="Each message, whoever wrote it",
)
Index("ix_message_thread", message.c.person_id, message.c.thread_id, message.c.sent_at)
Index("ix_message_resource_id", message.c.resource_id, postgresql_where=message.c.resource_id.is_not(None))
Index("ix_message_on_its_way", message.c.person_id, postgresql_where=message.c.feed.is_(None))

message_before = Table(
    "message_before",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("message_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    # When it was corrected.
    Column("until", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(
        ["person_id", "message_id"],
        [message.c.person_id, message.c.message_id],
        onupdate="CASCADE",
        ondelete="CASCADE",
    ),
    schema=SCHEMA,
    comment="What a message said before it was corrected",
)

told = Table(
    "told",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    # Of the Task (as journal.lookup.id_of), or of what the citizen has said here.
    Column("told_id", Uuid, primary_key=True),
    Column("thread_id", Uuid, nullable=False),
    # '' | read | handed_on | answered | closed
    Column("standing", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("handed_to_ref", Text, nullable=False, server_default=_EMPTY),
    Column("handed_to", Text, nullable=False, server_default=_EMPTY),
    # What came of it, and why, in the unit's own words.
    Column("outcome", Text, nullable=False, server_default=_EMPTY),
    # NULL: said here.
    Column("feed", Text),
    Column("landed_version", BigInteger, nullable=False, server_default=text("0")),
    CheckConstraint("standing IN ('', 'read', 'handed_on', 'answered', 'closed')", name="standing"),
    schema=SCHEMA,
    comment="What has been told of a thread as such: each Task about one, and what the citizen has said of it",
)
Index("ix_told_thread", told.c.person_id, told.c.thread_id)

thread = Table(
    "thread",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("thread_id", Uuid, primary_key=True),
    Column("unit_id", Uuid),
    Column("unit_ref", Text, nullable=False, server_default=_EMPTY),
    Column("unit", Text, nullable=False, server_default=_EMPTY),
    Column("kind", Text, nullable=False, server_default=_EMPTY),
    Column("topic", Text, nullable=False, server_default=_EMPTY),
    Column("started_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    # citizen | unit
    Column("started_by", Text, nullable=False, server_default=_EMPTY),
    Column("last_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    # Who wrote last: citizen | unit.
    Column("last_side", Text, nullable=False, server_default=_EMPTY),
    # When something from a unit last came here that was new then: unread while this is later than `seen.up_to`.
    Column("news_at", DateTime(timezone=True)),
    # When a unit first answered what the citizen began.
    Column("answered_at", DateTime(timezone=True)),
    # '' | read | handed_on | answered | closed, of what the citizen wrote last.
    Column("standing", Text, nullable=False, server_default=_EMPTY),
    Column("standing_at", DateTime(timezone=True)),
    # Who has it now, where that is another one than at first: what is written next goes there.
    Column("handed_to_ref", Text, nullable=False, server_default=_EMPTY),
    Column("handed_to", Text, nullable=False, server_default=_EMPTY),
    Column("outcome", Text, nullable=False, server_default=_EMPTY),
    Column("closed_at", DateTime(timezone=True)),
    Column("about_kind", Text, nullable=False, server_default=_EMPTY),
    Column("about_id", Text, nullable=False, server_default=_EMPTY),
    Column("about_entry", Uuid),
    Column("is_sensitive", Boolean, nullable=False, server_default=_NO),
    Column("messages", Integer, nullable=False, server_default=text("0")),
    Column("feed", Text),
    Column("landed_version", BigInteger, nullable=False, server_default=text("0")),
    schema=SCHEMA,
    comment="Gathered by message.gather() out of messages and what is told of them; written by nothing else",
)
Index("ix_thread_last_at", thread.c.person_id, thread.c.last_at.desc())
Index(
    "ix_thread_about",
    thread.c.person_id,
    thread.c.about_entry,
    postgresql_where=thread.c.about_entry.is_not(None),
)
Index(
    "ix_thread_unit",
    thread.c.unit_id,
    thread.c.started_at,
    postgresql_where=text("unit_id IS NOT NULL AND started_by = 'citizen'"),
)

draft = Table(
    "draft",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("draft_id", Uuid, primary_key=True),
    Column("author_id", Uuid, nullable=False),
    Column("thread_id", Uuid),
    Column("unit_id", Uuid),
    Column("kind", Text, nullable=False, server_default=_EMPTY),
    Column("topic", Text, nullable=False, server_default=_EMPTY),
    Column("text", Text, nullable=False, server_default=_EMPTY),
    # The entry that it is about: of its resource, itself, and the words that were chosen in it.
    Column("about_kind", Text, nullable=False, server_default=_EMPTY),
    Column("about_id", Text, nullable=False, server_default=_EMPTY),
    Column("about_entry", Uuid),
    Column("quote", Text, nullable=False, server_default=_EMPTY),
    # What it will be sent with: sent twice it is one message.
    Column("key", Uuid, nullable=False, server_default=text("gen_random_uuid()")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
    Column("started_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    Column("saved_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    schema=SCHEMA,
    comment="Messages that have been begun: their author's alone",
)
Index(
    "uq_draft_thread",
    draft.c.person_id,
    draft.c.author_id,
    draft.c.thread_id,
    unique=True,
    postgresql_where=draft.c.thread_id.is_not(None),
)

attachment = Table(
    "attachment",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("file_id", Uuid, primary_key=True, server_default=text("gen_random_uuid()")),
    # Of one of them: a draft's becomes the message's when that is sent.
    Column("message_id", Uuid),
    Column("draft_id", Uuid),
    Column("author_id", Uuid),
    # Its place among the files of the message.
    Column("number", Integer, nullable=False, server_default=text("0")),
    Column("name", Text, nullable=False),
    # From the content itself, never from what the sender called it; '' until somebody has looked.
    Column("media_type", Text, nullable=False),
    # Of the body; what came from the journal and is not fit to be shown has none.
    Column("size", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("scan", Text, nullable=False),
    # Why it is refused, as a short key.
    Column("reason", Text, nullable=False, server_default=_EMPTY),
    Column("at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    CheckConstraint("scan IN ('clean', 'waiting', 'refused')", name="scan"),
    CheckConstraint("size = octet_length(body)", name="size"),
    CheckConstraint("num_nonnulls(message_id, draft_id) = 1", name="belongs"),
    ForeignKeyConstraint(
        ["person_id", "message_id"],
        [message.c.person_id, message.c.message_id],
        onupdate="CASCADE",
        ondelete="CASCADE",
    ),
    ForeignKeyConstraint(
        ["person_id", "draft_id"], [draft.c.person_id, draft.c.draft_id], ondelete="CASCADE"
    ),
    schema=SCHEMA,
    comment="Files of messages and of drafts",
)
Index("ix_attachment_message", attachment.c.person_id, attachment.c.message_id)
Index("ix_attachment_draft", attachment.c.person_id, attachment.c.draft_id)
Index("ix_attachment_waiting", attachment.c.at, postgresql_where=attachment.c.scan == text("'waiting'"))

seen = Table(
    "seen",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("reader_id", Uuid, primary_key=True),
    Column("thread_id", Uuid, primary_key=True),
    Column("up_to", DateTime(timezone=True), nullable=False),
    schema=SCHEMA,
    comment="How far each reader has read each thread",
)

reply_time = Table(
    "reply_time",
    metadata,
    Column("unit_id", Uuid, primary_key=True),
    # '' for all kinds together.
    Column("kind", Text, primary_key=True),
    # Seconds from what the citizen wrote first to the first answer: half, and nine of ten, were answered within.
    Column("median", Integer, nullable=False),
    Column("most", Integer, nullable=False),
    Column("threads", Integer, nullable=False),
    Column("people", Integer, nullable=False),
    Column("counted_at", DateTime(timezone=True), nullable=False),
    schema=SCHEMA,
    comment="How long units take to answer, where enough have been: about nobody",
)
