"""What somebody is to be told of: one row for each receiver and thing, from the moment that it can be read."""

from sqlalchemy import (
    CheckConstraint,
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

SCHEMA = "notice"

notice = Table(
    "notice",
    metadata,
    Column("receiver_id", Uuid, primary_key=True),
    Column("notice_id", Uuid, primary_key=True, server_default=text("gen_random_uuid()")),
    # Whose record it is in: the receiver's own, or that of somebody whom they may act for.
    Column("person_id", Uuid, nullable=False),
    # access/telling/kinds.py
    Column("kind", Text, nullable=False),
    # The entry, message, task or fullmakt, as the kind says.
    Column("item", Uuid, nullable=False),
    # Of what makes it one thing: told once, however often it is queued. The same for everybody who is told of it.
    Column("key", LargeBinary, nullable=False),
    # Of an appointment, a hash of its state and time as this tells of it: the same may come back after something else.
    Column("said", LargeBinary),
    Column("queued_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    # When it can be read as far as was known when it was queued: in the list from then on.
    Column("due_at", DateTime(timezone=True), nullable=False),
    # When the sender looks at it next: later than due_at in quiet hours, and for whoever wants a digest.
    Column("send_at", DateTime(timezone=True), nullable=False),
    # queued | sent | silent (in the list, and nowhere else: chosen, or no address) | dropped (never readable when it
    # was due)
    Column("state", Text, nullable=False, server_default="queued"),
    # Why it is silent or dropped.
    Column("why", Text, nullable=False, server_default=""),
    Column("sent_at", DateTime(timezone=True)),
    Column("seen_at", DateTime(timezone=True)),
    UniqueConstraint("receiver_id", "key"),
    CheckConstraint("state IN ('queued', 'sent', 'silent', 'dropped')", name="state"),
    schema=SCHEMA,
    comment="What somebody is to be told of; whether they may read it is asked anew whenever it is shown or sent",
)
Index("ix_notice_send_at", notice.c.send_at, postgresql_where=notice.c.state == text("'queued'"))
Index("ix_notice_unseen", notice.c.receiver_id, notice.c.due_at, postgresql_where=notice.c.seen_at.is_(None))
Index("ix_notice_item", notice.c.person_id, notice.c.item)
