"""What is to leave for the journal: written with the act itself, delivered afterwards."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from innsyn.db.metadata import metadata
from innsyn.journal.tables import SCHEMA, resource

STATES = ("queued", "sent", "received", "refused", "dead")

# Whoever delivers listens here: it is told that something was put in the outbox, and nothing else.
CHANNEL = "innsyn_outbox"

outbox = Table(
    "outbox",
    metadata,
    # Whose journal it is about; `author_id` is who wrote it, who may be a helper.
    Column("person_id", Uuid, primary_key=True),
    Column("outbox_id", Uuid, primary_key=True, server_default=text("gen_random_uuid()")),
    Column("author_id", Uuid, nullable=False),
    # What belongs together leaves in the order of its numbers, without a gap.
    Column("conversation", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("resource_type", Text, nullable=False),
    Column("resource", LargeBinary, nullable=False),
    # Chosen when the form was shown: a form that is sent twice is one thing.
    Column("key", Uuid, nullable=False),
    Column("state", Text, nullable=False, server_default="queued"),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("next_try_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("queued_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("sent_at", DateTime(timezone=True)),
    Column("answered_at", DateTime(timezone=True)),
    # What the journal said to it: for an operator, never for a page.
    Column("answer", Text, nullable=False, server_default=""),
    # Why it is not delivered (yet), as a short key.
    Column("reason", Text, nullable=False, server_default=""),
    # A try has been sent of which nobody heard: it may be there.
    Column("unsure", Boolean, nullable=False, server_default=text("false")),
    # Whose try is on its way, and until when that worker alone may try.
    Column("claim", Uuid),
    Column("claimed_until", DateTime(timezone=True)),
    # An operator has let it be: what comes after it in the conversation waits no longer.
    Column("given_up_at", DateTime(timezone=True)),
    # False: once it is received nothing is left in `resource` (a trigger sees to that).
    Column("keep", Boolean, nullable=False, server_default=text("true")),
    CheckConstraint("state IN ('queued', 'sent', 'received', 'refused', 'dead')", name="state"),
    UniqueConstraint("person_id", "conversation", "number"),
    UniqueConstraint("person_id", "author_id", "key"),
    schema=SCHEMA,
    comment="What is to leave for the journal, in the transaction of the act",
)

_under_way = outbox.c.state.in_(("queued", "sent"))
Index("ix_outbox_under_way", outbox.c.next_try_at, postgresql_where=_under_way)
Index("ix_outbox_dead", outbox.c.person_id, postgresql_where=outbox.c.state == "dead")

# Which resource an entry was made of is asked for when something about it leaves. An entry knows when that came, and
# what comes is written in the order of its coming: so an index of some kilobytes finds it.
Index(
    "ix_resource_landed_at",
    resource.c.landed_at,
    postgresql_using="brin",
    postgresql_with={"pages_per_range": "32", "autosummarize": "on"},
)
