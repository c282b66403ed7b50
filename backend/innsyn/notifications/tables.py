"""What each person has chosen, where they can be reached, and what has been sent."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    Table,
    Text,
    Time,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from innsyn.access.telling.tables import SCHEMA
from innsyn.db.metadata import metadata

_NOW = text("now()")

choice = Table(
    "choice",
    metadata,
    Column("receiver_id", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True),
    # Of other people's records, which a helper chooses apart from the own.
    Column("of_others", Boolean, primary_key=True),
    # push | email | sms; {}: only the list. Without a row: notifications/rules.py says.
    Column("channels", ARRAY(Text), nullable=False),
    CheckConstraint("channels <@ ARRAY['push', 'email', 'sms']", name="channels"),
    schema=SCHEMA,
    comment="By which ways somebody wants to hear of what",
)

hours = Table(
    "hours",
    metadata,
    Column("receiver_id", Uuid, primary_key=True),
    # Local times in Norway; both NULL: no quiet hours. They may go over midnight.
    Column("quiet_from", Time),
    Column("quiet_until", Time),
    # One message a day at this time instead of one for each thing; NULL: at once.
    Column("digest_at", Time),
    CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet"),
    schema=SCHEMA,
    comment="When somebody wants to hear of it",
)

contact = Table(
    "contact",
    metadata,
    Column("receiver_id", Uuid, primary_key=True),
    # As the register had them at asked_at; '' none that may be used (notifications/contact/rules.py).
    Column("email", Text, nullable=False, server_default=""),
    Column("mobile", Text, nullable=False, server_default=""),
    # nb | nn | en | se, '' unknown.
    Column("language", Text, nullable=False, server_default=""),
    # Why there is no address that may be used: reserved | not_notifiable | too_old | none | '' (there is one).
    Column("why", Text, nullable=False, server_default=""),
    Column("asked_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    schema=SCHEMA,
    comment="Where somebody can be reached, as the contact register said",
)

sending = Table(
    "sending",
    metadata,
    Column("receiver_id", Uuid, primary_key=True),
    Column("sending_id", Uuid, primary_key=True, server_default=text("gen_random_uuid()")),
    Column("channel", Text, nullable=False),
    # Which of the receiver's addresses: the id of a subscription; '' for what the contact register has.
    Column("target", Text, nullable=False, server_default=""),
    # What it is about. Several things at once are one message.
    Column("notices", ARRAY(Uuid), nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    # going | sent | gone | later | refused | silent (not readable any more when it was to be tried again) | lost
    # (begun, and never answered: nobody knows whether it went, so it is not tried again)
    Column("state", Text, nullable=False, server_default="going"),
    Column("tries", Integer, nullable=False, server_default=text("1")),
    Column("begun_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    # When it is tried again.
    Column("again_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    CheckConstraint("channel IN ('push', 'email', 'sms')", name="channel"),
    CheckConstraint("state IN ('going', 'sent', 'gone', 'later', 'refused', 'silent', 'lost')", name="state"),
    schema=SCHEMA,
    comment="What has gone out by which way: marked before it goes, so that nothing goes twice",
)
Index("ix_sending_again_at", sending.c.again_at, postgresql_where=sending.c.state == text("'later'"))
Index("ix_sending_begun_at", sending.c.begun_at, postgresql_where=sending.c.state == text("'going'"))
