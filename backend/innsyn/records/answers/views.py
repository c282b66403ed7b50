"""An answer of the journal."""

from uuid import UUID

import msgspec


class Answer(msgspec.Struct, frozen=True):
    """What the journal says of a request: in_force, refused or ended."""

    request_id: UUID
    outcome: str
