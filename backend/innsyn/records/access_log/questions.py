"""A question that the person has asked about look-ups, and what has become of it."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from innsyn.journal.outbox import Leaving, read_leaving


class Asked(Leaving, frozen=True):
    """How far the question has come, and what was answered: accepted, answered or declined ('' nothing yet)."""

    standing: str = ""
    reply: str = ""

    @property
    def stands(self) -> str:
        """In one word, for the reader: what was answered tells more than that it arrived."""
        if self.standing:
            return self.standing
        return "unknown" if self.state == "dead" and self.unsure else self.state


class _Reply(msgspec.Struct, frozen=True):
    id: UUID
    standing: str
    words: str


_reply = msgspec.json.Decoder(_Reply).decode


def asked(leaving: Iterable[str], replies: Iterable[str]) -> dict[UUID, Asked]:
    """Questions by what they are called in the outbox, from how they stand there and what the journal tells."""
    told = {each.id: each for each in map(_reply, replies)}
    found = {}
    for each in map(read_leaving, leaving):
        reply = told.get(each.conversation)
        found[each.conversation] = Asked(
            **msgspec.structs.asdict(each),
            standing=reply.standing if reply else "",
            reply=reply.words if reply else "",
        )
    return found
