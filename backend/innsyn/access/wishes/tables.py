"""The citizen's own wishes, and what is asked of the journal. One person's rows are seen and written by that person."""

from sqlalchemy import CheckConstraint, Column, DateTime, Table, Text, Uuid, text

from innsyn.access.tables import SCHEMA
from innsyn.db.metadata import metadata

# Whoever applies wishes listens here; what is due stands in wish_due.
CHANNEL = "innsyn_wishes"

release_wish = Table(
    "release_wish",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("wish", Text, nullable=False),
    # Since when anything has been wished without a break: it is about what has come after that.
    Column("since", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    CheckConstraint("kind IN ('lab_results', 'imaging', 'notes')", name="kind"),
    CheckConstraint("wish IN ('at_once', 'commented', 'not_weekend', 'asked')", name="wish"),
    schema=SCHEMA,
    comment="When the person wants to see new entries of a kind",
)

shown_now = Table(
    "shown_now",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("entry_id", Uuid, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    schema=SCHEMA,
    comment="Entries that the person has asked to see in spite of the own wish",
)

wish_due = Table(
    "wish_due",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    schema=SCHEMA,
    comment="Whose wishes have changed: the worker applies them to what is there, and takes the row away",
)

request = Table(
    "request",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("request_id", Uuid, primary_key=True, server_default=text("gen_random_uuid()")),
    # block_unit | block_person | block_entry | reservation
    Column("what", Text, nullable=False),
    # In the citizen's words or the entry's own: whom, or what, it is about.
    Column("target", Text, nullable=False),
    Column("entry_id", Uuid),
    Column("asked_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("asked_by", Uuid, nullable=False),
    # When it was asked to be lifted. Until the journal has answered it is still in force.
    Column("withdrawn_at", DateTime(timezone=True)),
    # What the journal has said last: '' (nothing yet) | in_force | refused | ended
    Column("outcome", Text, nullable=False, server_default=""),
    Column("answered_at", DateTime(timezone=True)),
    CheckConstraint("what IN ('block_unit', 'block_person', 'block_entry', 'reservation')", name="what"),
    CheckConstraint("outcome IN ('', 'in_force', 'refused', 'ended')", name="outcome"),
    CheckConstraint("length(target) <= 200", name="target"),
    schema=SCHEMA,
    comment="Blocks and reservations: asked of the journal, which decides and enforces",
)
