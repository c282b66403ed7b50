"""Proof that somebody may read a record."""

from datetime import datetime, timedelta
from typing import Final, final
from uuid import UUID

import msgspec

from innsyn.access.capability import ONE_FORM_RULE, Capability

PREVIEW: Final = "preview"


@final
class Reader(msgspec.Struct, frozen=True):
    """Proof that `actor_id` may read the record of `subject_id` now.

    Only access/ makes one, from what the database proved.

    `name`, `given_name` and `locale` are the actor's. `audience` are bits of Audience, `capabilities` of Capability;
    `kinds` None: all of them (and 'form:<task>' for each form that was given). `hidden` are entries kept from this
    group of readers. `rule` is 'self', 'preview' (the own record as a helper would see it), 'logins' (the own logins
    and no record: `audience` 0) or the rule of the permit. `handle` is what stands for the subject in addresses of this
    session, '' for the own record. `new_since` is when this reader last looked before this login (None: never). `at` is
    the time of the reading; the session ends at `expires_at`, or `idle_limit` after its last use.
    """

    session_id: UUID
    actor_id: UUID
    subject_id: UUID
    name: str
    given_name: str
    locale: str
    subject_name: str
    subject_given: str
    audience: int
    capabilities: int
    kinds: list[str] | None
    hidden: list[UUID]
    rule: str
    handle: str
    new_since: datetime | None
    at: datetime
    expires_at: datetime
    idle_limit: timedelta

    @property
    def own(self) -> bool:
        """Is it the reader's own record, as the reader sees it?"""
        return self.actor_id == self.subject_id and self.rule != PREVIEW

    @property
    def only_forms(self) -> bool:
        """Is nothing of this record open to the reader but forms that were given one by one?"""
        return self.capabilities == Capability.ONE_FORM and self.rule in {ONE_FORM_RULE, PREVIEW}
