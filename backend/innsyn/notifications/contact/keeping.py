"""Keeping what the register says, of those who are to hear of something, for as long as a day."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from innsyn.identity import persons
from innsyn.notifications.contact.port import Register, RegisterFailed
from innsyn.notifications.contact.rules import Usable, usable

# Nobody else is asked about: who has nothing to hear is nobody's business to look up.
_WHOM: Final = """
    SELECT n.receiver_id FROM notice.notice n
    LEFT JOIN notice.contact c ON c.receiver_id = n.receiver_id
    WHERE n.state = 'queued' AND n.send_at <= $1
      AND (c.asked_at IS NULL OR c.asked_at < $1::timestamptz - interval '1 day')
    GROUP BY n.receiver_id ORDER BY min(n.send_at) LIMIT $2
"""
# As many as the register takes in one question.
_AT_ONCE: Final = 1000
_KEEP: Final = """
    INSERT INTO notice.contact AS old (receiver_id, email, mobile, language, why, asked_at)
    SELECT g.*, $6 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) AS g
    ON CONFLICT (receiver_id) DO UPDATE SET email = excluded.email, mobile = excluded.mobile,
        language = excluded.language, why = excluded.why, asked_at = excluded.asked_at
"""
_NATIONAL: Final = ("fnr", "dnr")
# A register that does not answer holds up what goes by push: it is left alone for a while.
_LEFT_ALONE: Final = timedelta(minutes=1)
_log = structlog.get_logger()


class Addresses:
    """The register as the sender asks it: before what is due is claimed, and not again just after it has failed."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._again_at: datetime | None = None

    async def bring_up_to_date(self, db: asyncpg.Connection, now: datetime) -> None:
        """Ask about whoever is to hear of something now. To be called in no transaction.

        Whom it has said nothing of yet waits (sending/claiming.py).
        """
        if self._again_at is not None and now < self._again_at:
            return
        try:
            while await bring_up_to_date(db, self._register, now) == _AT_ONCE:
                pass
        except RegisterFailed as failed:
            self._again_at = now + _LEFT_ALONE
            _log.warning("contact_register_failed", reason=str(failed))
        else:
            self._again_at = None


async def bring_up_to_date(db: asyncpg.Connection, register: Register, now: datetime) -> int:
    """Ask the register about whoever is to hear of something now, once a day. Returns how many it was asked about.

    To be called in no transaction, before what is due is claimed. Raises RegisterFailed: then nothing has changed, and
    addresses of yesterday are still good (sending/claiming.py).
    """
    whom = [row["receiver_id"] for row in await db.fetch(_WHOM, now, _AT_ONCE)]
    if not whom:
        return 0
    held = await persons.numbers_held(db, whom)
    numbers = {
        person: sorted(value for system, value in held.get(person, ()) if system in _NATIONAL)
        for person in whom
    }
    said = await register.ask([each for theirs in numbers.values() for each in theirs])
    found = {
        person: usable(next((said[each] for each in theirs if each in said), None), now)
        for person, theirs in numbers.items()
    }
    await db.execute(_KEEP, *_columns(list(found.items())), now)
    return len(whom)


def _columns(
    found: Sequence[tuple[UUID, Usable]],
) -> tuple[list[UUID], list[str], list[str], list[str], list[str]]:
    return (
        [person for person, _ in found],
        [each.email for _, each in found],
        [each.mobile for _, each in found],
        [each.language for _, each in found],
        [each.why for _, each in found],
    )
