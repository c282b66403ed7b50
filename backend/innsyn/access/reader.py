"""Proof that somebody may read a record."""

from datetime import datetime
from typing import final
from uuid import UUID

import msgspec


@final
class Reader(msgspec.Struct, frozen=True):
    """Proof that `actor_id` may read the record of `subject_id` now.

    Only access/ makes one, from what the database proved.

    `new_since` is when this reader last looked before this login (None: never). `at` is the time of the reading.
    """

    session_id: UUID
    actor_id: UUID
    subject_id: UUID
    name: str
    given_name: str
    locale: str
    audience: int
    new_since: datetime | None
    at: datetime
