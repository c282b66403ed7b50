"""What is written in a letter: the same for everybody who reads the same language."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg

from innsyn.notifications.channels.port import Letter, Way
from innsyn.notifications.sending import statements
from innsyn.web.locale import catalogue


class Sending(NamedTuple):
    """One letter as it is kept: to whom, by which way, to which address, and about what."""

    receiver_id: UUID
    sending_id: UUID
    way: Way
    target: str
    notices: Sequence[UUID]
    tries: int
    made_at: datetime


def letter(sending: Sending, locale: str, unseen: int) -> Letter:
    """What goes out. About several things it leads to the list of them."""
    texts = catalogue(locale)
    one = len(sending.notices) == 1
    return Letter(
        receiver_id=sending.receiver_id,
        sending_id=sending.sending_id,
        way=sending.way,
        key=sending.sending_id.hex,
        target=sending.target,
        locale=locale,
        title=texts.text("notices.letter_title"),
        text=texts.text("notices.letter_text"),
        path=f"/notices/{sending.notices[0]}" if one else "/notices",
        unseen=unseen,
        tries=sending.tries,
        made_at=sending.made_at,
    )


async def written(
    db: asyncpg.Connection, sendings: Sequence[Sending], locales: Mapping[UUID, str]
) -> list[Letter]:
    """The letters of these, once it is written that they go: what a badge counts holds nobody up."""
    unseen = await unseen_of(db, {each.receiver_id for each in sendings})
    return [letter(each, locales[each.receiver_id], unseen[each.receiver_id]) for each in sendings]


async def unseen_of(db: asyncpg.Connection, receivers: Collection[UUID]) -> dict[UUID, int]:
    """How many unread things each has in the list, as the list itself counts them."""
    rows = await db.fetch(statements.UNSEEN, sorted(receivers)) if receivers else []
    return {row["receiver_id"]: row["unseen"] for row in rows}
