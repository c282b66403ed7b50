"""Pages of messages: the list, and one thread with what the citizen writes in it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

import msgspec

from innsyn.access.reader import Reader
from innsyn.access.views import Who
from innsyn.messages import rules
from innsyn.messages.opened.queries import Opened, Reply, Said
from innsyn.messages.queries import Begun, File, Listed, Waiting


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A thread in a list. `unit` is who has it now; `stands` a word of messages.stands, '' where nothing is asked."""

    href: str
    topic: str
    unit: str
    kind: str
    last_at: datetime
    stands: str
    unread: bool
    outcome: str = ""


class DraftRow(msgspec.Struct, frozen=True):
    """Something that has been begun: where it goes on, what it is called and whom it is to."""

    href: str
    draft_id: UUID
    title: str
    unit: str
    saved_at: datetime


class ListPage(msgspec.Struct, frozen=True, kw_only=True):
    """GET /messages. `may_write` False: a preview, in which nothing is begun."""

    reader: Any
    threads: list[Row]
    drafts: list[DraftRow]
    unread: int
    may_write: bool


class Earlier(msgspec.Struct, frozen=True):
    """What a message said before, and until when."""

    text: str
    until: datetime


class FileRow(msgspec.Struct, frozen=True):
    """A file: `scan` is clean, waiting or refused, and then `reason` says why (file.why.<reason>)."""

    file_id: UUID
    name: str
    media_type: str
    size: int
    scan: str
    reason: str


class SaidRow(msgspec.Struct, frozen=True, kw_only=True):
    """A message. `who`: you, helper (`author` for the citizen), citizen (a helper reads it), unit.

    `stands` as in Row, of the citizen's last one and of those that have stopped, '' of others.
    """

    message_id: UUID
    at: datetime
    who: str
    author: str
    unit: str
    handed_to: str
    text: str
    recalled: bool
    corrected: datetime | None
    new: bool
    stands: str
    stands_at: datetime | None
    before: list[Earlier]
    files: list[FileRow]


class Expect(msgspec.Struct, frozen=True, kw_only=True):
    """How long an answer takes. `median` and `most` are (number, hours | days); `promise` in working days.

    All None: nobody knows yet.
    """

    median: tuple[int, str] | None = None
    most: tuple[int, str] | None = None
    threads: int = 0
    promise: int | None = None


class Writing(msgspec.Struct, frozen=True, kw_only=True):
    """What is being written: `revision` 0 where nothing is kept yet. `errors` by field.

    `theirs`: what was kept meanwhile from another page; `sent`: it was written after another page had sent it.
    """

    draft_id: UUID
    text: str = ""
    topic: str = ""
    revision: int = 0
    saved: datetime | None = None
    errors: dict[str, str] = {}
    theirs: str = ""
    sent: bool = False
    files: list[FileRow] = []


class ThreadPage(msgspec.Struct, frozen=True, kw_only=True):
    """GET /messages/{thread}. `late`: it has taken longer than it should; `reply` None: nothing is written here."""

    reader: Any
    thread_id: UUID
    topic: str
    unit: str
    first_unit: str
    kind: str
    said: list[SaidRow]
    stands: str
    stands_at: datetime | None
    closed: bool
    outcome: str
    entry: UUID | None
    expect: Expect
    late: bool
    reply: Writing | None
    may_close: bool
    unread: int
    is_new: bool = False


_HOUR: Final = 3600
_DAY: Final = 86_400
_HOURS_UP_TO: Final = 36
_UNDER_WAY: Final = frozenset({"received", "read", "handed_on", "answered"})


def rows_of(threads: Iterable[Listed]) -> list[Row]:
    """Threads as lines of a list."""
    return [
        Row(
            href=f"/messages/{each.thread_id}",
            topic=each.topic,
            unit=each.handed_to or each.unit,
            kind=each.kind,
            last_at=each.last_at,
            stands=_stands(each),
            unread=each.unread,
            outcome=each.outcome,
        )
        for each in threads
    ]


def drafts_of(begun: Iterable[Begun]) -> list[DraftRow]:
    """What has been begun."""
    return [
        DraftRow(_goes_on(each), each.draft_id, each.topic or each.text, each.unit, each.saved_at)
        for each in begun
    ]


def thread_page(
    reader: Who, here: Reader, opened: Opened, reply: Writing | None, *, writes: bool, is_new: bool
) -> ThreadPage:
    """The page of a thread. `reply` stands for what is kept of the answer; `writes`: whoever is here may answer."""
    thread, waiting = opened.thread, opened.waiting
    stands = _stands(thread)
    return ThreadPage(
        reader=reader,
        thread_id=thread.thread_id,
        topic=thread.topic,
        unit=thread.handed_to or thread.unit,
        first_unit=thread.unit if thread.handed_to and thread.handed_to != thread.unit else "",
        kind=thread.kind,
        said=_said(opened.said, thread, here),
        stands=stands,
        stands_at=thread.standing_at,
        closed=stands == "closed",
        outcome=thread.outcome,
        entry=thread.about_entry,
        expect=expect_of(waiting),
        late=_is_late(thread, stands, waiting, here.at),
        reply=_with_files(reply, opened.reply) if writes else None,
        may_close=writes and stands in _UNDER_WAY,
        unread=opened.unread,
        is_new=is_new,
    )


def _with_files(typed: Writing | None, kept: Reply | None) -> Writing:
    if typed is None or kept is None or typed.draft_id != kept.draft_id:
        return typed or reply_of(kept)
    return msgspec.structs.replace(typed, files=files_of(kept.files))


def reply_of(kept: Reply | None) -> Writing:
    """What is kept of an answer, or the beginning of one."""
    if kept is None:
        return Writing(draft_id=uuid4())
    return Writing(
        draft_id=kept.draft_id,
        text=kept.text,
        revision=kept.revision,
        saved=kept.saved_at,
        files=files_of(kept.files),
    )


def files_of(files: Iterable[File]) -> list[FileRow]:
    """Files of a message or a draft."""
    return [
        FileRow(each.file_id, each.name, each.media_type, each.size, each.scan, each.reason) for each in files
    ]


def expect_of(waiting: Waiting) -> Expect:
    """How long it takes, in numbers that one would say."""
    return Expect(
        median=_long(waiting.median),
        most=_long(waiting.most),
        threads=waiting.threads or 0,
        promise=waiting.promise,
    )


def _long(seconds: int | None) -> tuple[int, str] | None:
    """Whole hours up to a day and a half, then whole days; never less than it was."""
    if seconds is None:
        return None
    hours = max(1, -(-seconds // _HOUR))
    return (hours, "hours") if hours <= _HOURS_UP_TO else (-(-seconds // _DAY), "days")


def _stands(thread: Listed) -> str:
    if thread.asked is None and thread.standing != "closed":
        return ""
    return rules.stands(thread.left, thread.standing)


def _is_late(thread: Listed, stands: str, waiting: Waiting, now: datetime) -> bool:
    if thread.asked is None or stands in {"answered", "closed", "refused", "dead"}:
        return False
    return rules.is_late(thread.asked, now, usual=waiting.most, promise=waiting.promise)


def _said(said: Sequence[Said], thread: Listed, here: Reader) -> list[SaidRow]:
    last = next((each.message_id for each in reversed(said) if each.side == "citizen"), None)
    return [_one(each, thread, here, is_last=each.message_id == last) for each in said]


def _one(each: Said, thread: Listed, here: Reader, *, is_last: bool) -> SaidRow:
    state = rules.state_of(each.left, is_back=each.back)
    shown = rules.stands(state, thread.standing) if is_last else state
    told = each.side == "citizen" and (is_last or state in {"refused", "dead"})
    return SaidRow(
        message_id=each.message_id,
        at=each.at,
        who=_who(each, here),
        author=each.author,
        unit=each.unit,
        handed_to=each.handed_to,
        text=each.text,
        recalled=each.recalled,
        corrected=each.corrected,
        new=each.new,
        stands=shown if told else "",
        stands_at=thread.standing_at if told and is_last and shown == thread.standing else None,
        before=[Earlier(one.text, one.until) for one in each.before],
        files=files_of(each.files),
    )


def _who(each: Said, here: Reader) -> str:
    if each.side == "unit":
        return "unit"
    by_the_citizen = each.author_id is None or each.author_id == here.subject_id
    if here.own:
        return "you" if by_the_citizen else "helper"
    if each.author_id == here.actor_id and here.actor_id != here.subject_id:
        return "you"
    return "citizen" if by_the_citizen else "helper"


def _goes_on(each: Begun) -> str:
    if each.thread_id is not None:
        return f"/messages/{each.thread_id}#reply"
    return f"/messages/drafts/{each.draft_id}"
