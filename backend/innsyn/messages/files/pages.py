"""Adding a file to a message, opening one, and taking one away: by the buttons of the form that the message is in.

Each of them sends what has been typed as well, and it is kept before anything is done with the file.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from innsyn.access.acting import Acts
from innsyn.access.capability import Capability
from innsyn.access.opening import NoAccess, ReadSession, who_is_here
from innsyn.access.reader import Reader
from innsyn.access.sessions.forms import OtherPerson
from innsyn.access.views import who
from innsyn.files.checking import Refused
from innsyn.files.examining import Examined, examined
from innsyn.files.refusals import NotKept
from innsyn.files.scanning import Scanner
from innsyn.files.uploading import MOST_BODY, Incoming, received
from innsyn.messages import rules
from innsyn.messages.drafts.commands import Kept, Typed, save
from innsyn.messages.drafts.pages import sent_before
from innsyn.messages.files import commands, queries
from innsyn.messages.files.views import NotKeptPage
from innsyn.messages.pages import writes
from innsyn.messages.refusals import AlreadySent, NoSuchMessage
from innsyn.web.marks import mark_of
from innsyn.web.pages import html, locale_of
from innsyn.web.whose import base_of

_SEE_OTHER: Final = 303
_UNPROCESSABLE: Final = 422
# Letters of up to four bytes.
_LONGEST: Final = 4 * rules.LONGEST_TEXT
_LONGEST_NUMBER: Final = 9
# As files of the journal (records/opened): it runs nothing, loads nothing and knows nothing of this site.
_SANDBOX: Final = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
)
_SHOWN_IN_PLACE: Final = frozenset({"image/png", "image/jpeg"})


@post("/messages/drafts/{draft_id:uuid}/files", request_max_body_size=MOST_BODY)
async def add(
    request: Request[Any, Any, Any],
    acts: NamedDependency[Acts],
    read_db: NamedDependency[ReadSession],
    scanner: NamedDependency[Scanner],
    draft_id: FromPath[UUID],
) -> Response[Any]:
    """Keep what is typed, and the file with it. That somebody may write is known before anything of it is read."""
    reader, _ = await read_db.ask(who_is_here)
    if not writes(reader):
        raise NoAccess
    upload = await received(request, _LONGEST)
    if upload.fields.get("m", mark_of(reader.actor_id)) != mark_of(reader.actor_id):
        raise OtherPerson
    typed = _typed(draft_id, upload.fields)
    try:
        kept = await _saved(acts, typed)
        if kept.theirs is None:
            found = await _examined(scanner, upload.file)
            async with acts.begin("messages.file", needs=Capability.MESSAGE) as act:
                await commands.keep(act, kept.draft_id, upload.file.name if upload.file else "", found)
    except AlreadySent as gone:
        return await sent_before(request, read_db, typed.text, gone)
    except NotKept as no:
        return _not_kept(request, reader, NotKeptPage(
            reader=who(reader, locale_of(request, reader.locale)), draft=draft_id, reason=no.reason
        ))  # fmt: skip
    return _back(request, reader, kept, typed)


@post("/messages/files/{file_id:uuid}/remove", status_code=_SEE_OTHER)
async def remove(
    request: Request[Any, Any, Any],
    acts: NamedDependency[Acts],
    read_db: NamedDependency[ReadSession],
    file_id: FromPath[UUID],
) -> Response[Any]:
    """Keep what is typed, and take the file away."""
    form = await request.form()
    fields = {name: str(value) for name, value in form.items()}
    async with acts.begin("messages.file", needs=Capability.MESSAGE) as act:
        draft_id = await commands.draft_with(act, file_id)
        await commands.remove(act, file_id)
        typed = _typed(draft_id, fields) if "text" in fields else None
        kept = await save(act, typed) if typed else None
    if typed is None or kept is None:
        return _to(request, f"/messages/drafts/{draft_id}")
    reader, _ = await read_db.ask(who_is_here)
    return _back(request, reader, kept, typed)


@get("/messages/files/{file_id:uuid}")
async def file(read_db: NamedDependency[ReadSession], file_id: FromPath[UUID]) -> Response[bytes]:
    """The file, in a sandbox. A PDF is saved: browsers show none in a sandbox."""
    _, found = await queries.file_of(read_db, file_id)
    place = "inline" if found.media_type in _SHOWN_IN_PLACE else "attachment"
    return Response(
        found.body,
        media_type=found.media_type,
        headers={
            "content-security-policy": _SANDBOX,
            "content-disposition": f"{place}; filename*=UTF-8''{quote(found.name, safe='')}",
        },
    )


async def _saved(acts: Acts, typed: Typed) -> Kept:
    async with acts.begin("messages.save", needs=Capability.MESSAGE) as act:
        return await save(act, typed)


async def _examined(scanner: Scanner, sent: Incoming | None) -> Examined:
    if sent is None:
        raise NotKept("empty")
    if sent.body is None:
        raise NotKept("too_large")
    result = await examined(scanner, sent.body)
    if isinstance(result, Refused):
        raise NotKept(result.reason)
    return result


def _back(request: Request[Any, Any, Any], reader: Reader, kept: Kept, typed: Typed) -> Response[Any]:
    if kept.theirs is None:
        return _to(request, f"/messages/drafts/{kept.draft_id}")
    # Something else has been kept since this page was made: what stood in it is shown, and nothing is written over.
    return _not_kept(request, reader, NotKeptPage(
        reader=who(reader, locale_of(request, reader.locale)),
        draft=kept.draft_id, reason="elsewhere_changed", typed=typed.text,
    ))  # fmt: skip


def _typed(draft_id: UUID, fields: Mapping[str, str]) -> Typed:
    revision, kind = fields.get("revision", ""), fields.get("kind", "")
    typed = Typed(
        draft_id=draft_id,
        thread_id=_uuid(fields.get("thread", "")),
        unit_id=_uuid(fields.get("unit", "")),
        kind=kind if kind in rules.TO_CHOOSE else "",
        topic=rules.one_line(fields.get("topic", "")),
        text=rules.tidy(fields.get("text", "")),
        revision=int(revision) if revision.isdecimal() and len(revision) <= _LONGEST_NUMBER else 0,
    )
    if typed.thread_id is None and typed.unit_id is None:
        raise NoSuchMessage
    return typed


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed) if typed else None
    except ValueError:
        raise NoSuchMessage from None


def _not_kept(request: Request[Any, Any, Any], reader: Reader, page: NotKeptPage) -> Response[str]:
    return html(locale_of(request, reader.locale), "messages/files/refused.html", page, _UNPROCESSABLE)


def _to(request: Request[Any, Any, Any], path: str) -> Redirect:
    return Redirect(f"{base_of(request)}{path}", status_code=_SEE_OTHER)


routes = [add, file, remove]
