"""What the journal says of what a citizen has sent. `sent_as` is how it left: what comes back has arrived."""

from uuid import UUID

import msgspec


class Answer(msgspec.Struct, frozen=True):
    """Of a request: in_force, refused or ended; '' nothing yet. `request_id`: None where it answers no request."""

    request_id: UUID | None
    outcome: str
    sent_as: UUID | None = None


class Reply(msgspec.Struct, frozen=True):
    """Of a question: accepted, answered (with words) or declined; '' nothing yet."""

    request_id: UUID | None
    standing: str
    words: str = ""
    sent_as: UUID | None = None


class Came(msgspec.Struct, frozen=True):
    """What was sent, and has come back as it is kept."""

    sent_as: UUID
