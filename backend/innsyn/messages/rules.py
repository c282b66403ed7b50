"""What a citizen may write, to whom, and what a thread's state means: decided from values."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

# What one may begin of one's own; what is about an entry is begun there, and "why" in the log.
TO_CHOOSE: Final = ("question", "prescription", "appointment", "other")
KINDS: Final = (*TO_CHOOSE, "why", "wrong", "word")
ABOUT_AN_ENTRY: Final = ("wrong", "word")
LONGEST_TEXT: Final = 10_000
LONGEST_TOPIC: Final = 100
LONGEST_QUOTE: Final = 2_000
MOST_DRAFTS: Final = 20
# What the journal tells of a thread, in the order it comes to be.
STANDINGS: Final = ("read", "handed_on", "answered", "closed")
# States of the outbox in which the journal has not got it.
_NOT_THERE: Final = frozenset({"queued", "sent", "refused", "dead"})
_SATURDAY: Final = 5


def may_write(rule: str, *, own: bool, known: bool) -> bool:
    """May whoever is here begin a thread with a unit of this rule (everyone, known, self_only)?

    `own`: in their own record; `known`: the person has had to do with the unit.
    """
    if rule == "everyone":
        return True
    return own if rule == "self_only" else known


def kinds_of(kinds: Iterable[str]) -> list[str]:
    """What may be begun with a unit that takes these kinds, in our order."""
    taken = frozenset(kinds)
    return [kind for kind in TO_CHOOSE if kind in taken]


def message_of(draft_id: UUID) -> UUID:
    """The message that a draft becomes: the same, however often and from wherever it is sent."""
    return uuid5(NAMESPACE_URL, f"urn:innsyn:message:{draft_id}")


def thread_of(draft_id: UUID) -> UUID:
    """The thread that a draft begins."""
    return uuid5(NAMESPACE_URL, f"urn:innsyn:thread:{draft_id}")


def tidy(text: str) -> str:
    """What was typed, with line ends of one kind and without what PostgreSQL's text has no place for."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def one_line(text: str) -> str:
    """A subject line as typed, on one line."""
    return " ".join(tidy(text).split())


def problems_of(topic: str | None, text: str) -> dict[str, str]:
    """Why it can not be sent: field and text key. `topic` None: of an answer, which has none."""
    found = {}
    if topic is not None:
        if not topic:
            found["topic"] = "messages.error.topic"
        elif len(topic) > LONGEST_TOPIC:
            found["topic"] = "messages.error.topic_long"
    if not text:
        found["text"] = "messages.error.text"
    elif len(text) > LONGEST_TEXT:
        found["text"] = "messages.error.text_long"
    return found


def state_of(left: str, *, is_back: bool) -> str:
    """How far something that was written here has come: queued, sent, received, refused or dead.

    `left`: its state in the outbox, '' where nothing is known of it there; `is_back`: the journal has told it back.
    """
    if is_back:
        return "received"
    return left if left in _NOT_THERE else "received" if left == "received" else "sent"


def stands(left: str, standing: str) -> str:
    """In one word, how it stands with what the citizen wrote last.

    `left`: how far something of the thread has come that is not back from the journal, '' where all of it is.
    """
    return left if left in _NOT_THERE else standing or "received"


def is_late(asked: datetime, now: datetime, *, usual: int | None, promise: int | None) -> bool:
    """Has it taken longer than nine of ten (`usual`, in seconds), or than the unit promises (working days)?"""
    if usual is not None:
        return now - asked > timedelta(seconds=usual)
    return promise is not None and now > _working_days_after(asked, promise)


def _working_days_after(moment: datetime, days: int) -> datetime:
    while days > 0:
        moment += timedelta(days=1)
        days -= moment.weekday() < _SATURDAY
    return moment
