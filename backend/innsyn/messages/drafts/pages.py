"""What is being written: kept, sent, thrown away. Without a script every button of the page is a form of its own."""

from typing import Any, Final
from uuid import UUID, uuid4

import msgspec
from litestar import MediaType, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from innsyn.access.acting import Acts
from innsyn.access.capability import Capability
from innsyn.access.opening import NoAccess, ReadSession, who_is_here
from innsyn.access.views import who
from innsyn.messages import rules
from innsyn.messages.commands import Leaving, send
from innsyn.messages.drafts import commands
from innsyn.messages.drafts.commands import Kept, Typed
from innsyn.messages.new import queries
from innsyn.messages.new.pages import compose_page
from innsyn.messages.new.views import compose_page as composed_page
from innsyn.messages.new.views import writing_of
from innsyn.messages.pages import thread_page, writes
from innsyn.messages.refusals import AlreadySent, FilesWait, NoSuchMessage
from innsyn.messages.views import Writing
from innsyn.web import dates
from innsyn.web.pages import html, locale_of
from innsyn.web.whose import base_of

_SEE_OTHER: Final = 303
_CONFLICT: Final = 409
_WRONG: Final = 422
_LONGEST_NUMBER: Final = 9


class Now(msgspec.Struct, frozen=True):
    """How a draft stands for the script of its page."""

    revision: int
    saved: str


@get("/messages/drafts/{draft_id:uuid}")
async def draft(
    request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession], draft_id: FromPath[UUID]
) -> Response[Any]:
    """What has been begun, where one was."""
    reader, found = await queries.composed(read_db, None, draft_id)
    if found.sent is not None:
        return _to(request, f"/messages/{found.sent}")
    if found.draft is None or not writes(reader):
        raise NoAccess
    if found.draft.thread_id is not None:
        return _to(request, f"/messages/{found.draft.thread_id}#reply")
    if found.unit is None:
        raise NoAccess
    locale = locale_of(request, reader.locale)
    page = composed_page(
        who(reader, locale),
        reader,
        found.unit,
        writing_of(draft_id, found.draft),
        found.draft.kind,
        found.unread,
    )
    return html(locale, "messages/compose.html", page)


@post("/messages/drafts/{draft_id:uuid}", status_code=_SEE_OTHER)
async def keep(
    request: Request[Any, Any, Any],
    acts: NamedDependency[Acts],
    read_db: NamedDependency[ReadSession],
    draft_id: FromPath[UUID],
) -> Response[Any]:
    """Keep it, or send it: as the button says."""
    typed, verb = await _typed_in(request, draft_id)
    if verb == "send":
        return await _send(request, acts, read_db, typed)
    try:
        async with acts.begin("messages.save", needs=Capability.MESSAGE) as act:
            kept = await commands.save(act, typed)
    except AlreadySent as gone:
        return await sent_before(request, read_db, typed.text, gone)
    if kept.theirs is not None:
        return await _shown(request, read_db, typed, _clash(typed, kept), _CONFLICT)
    if verb == "later":
        return _to(request, "/messages")
    return _to(request, f"/messages/drafts/{kept.draft_id}")


@post("/messages/drafts/{draft_id:uuid}/live", status_code=200)
async def live(
    request: Request[Any, Any, Any], acts: NamedDependency[Acts], draft_id: FromPath[UUID]
) -> Response[bytes]:
    """Keep what has been typed so far, and say so."""
    typed, _ = await _typed_in(request, draft_id)
    try:
        async with acts.begin("messages.save", needs=Capability.MESSAGE) as act:
            kept = await commands.save(act, typed)
    except AlreadySent as gone:
        return _json({"gone": True}, gone.status_code)
    if kept.theirs is not None:
        return _json({"conflict": True}, _CONFLICT)
    saved = kept.saved_at.astimezone(dates.ZONE).time()
    return _json(Now(kept.revision, dates.clock(saved, locale_of(request))))


@post("/messages/drafts/{draft_id:uuid}/discard", status_code=_SEE_OTHER)
async def discard(
    request: Request[Any, Any, Any], acts: NamedDependency[Acts], draft_id: FromPath[UUID]
) -> Redirect:
    """Throw it away."""
    async with acts.begin("messages.discard", needs=Capability.MESSAGE) as act:
        await commands.discard(act, draft_id)
    return _to(request, "/messages")


async def _send(
    request: Request[Any, Any, Any], acts: Acts, read_db: ReadSession, typed: Typed
) -> Response[Any]:
    is_reply = typed.thread_id is not None
    errors = rules.problems_of(None if is_reply else typed.topic, typed.text)
    if not is_reply and typed.kind not in rules.TO_CHOOSE:
        errors["kind"] = "messages.error.kind"
    # Without a script: it was chosen, and the button beside it was not pressed.
    if (await request.form()).get("file"):
        errors["files"] = "file.chosen_not_added"
    if errors:
        return await _shown(request, read_db, typed, _as_typed(typed, errors=errors), _WRONG)
    reader, _ = await read_db.ask(who_is_here)
    try:
        async with acts.begin("messages.send", needs=Capability.MESSAGE) as act:
            kept = await commands.kept_beside(act, typed)
            if kept is None:
                leaving = Leaving(
                    draft_id=typed.draft_id,
                    author=reader.name,
                    text=typed.text,
                    thread_id=typed.thread_id,
                    unit_id=typed.unit_id,
                    kind=typed.kind,
                    topic=typed.topic,
                )
                thread_id = await send(act, leaving)
    except AlreadySent as gone:
        return await sent_before(request, read_db, typed.text, gone)
    except FilesWait as waits:
        errors = {"files": waits.text_key}
        return await _shown(request, read_db, typed, _as_typed(typed, errors=errors), _CONFLICT)
    if kept is not None:
        return await _shown(request, read_db, typed, _clash(typed, kept), _CONFLICT)
    return _to(request, f"/messages/{thread_id}?new=1#last")


async def sent_before(
    request: Request[Any, Any, Any], read_db: ReadSession, text: str, gone: AlreadySent
) -> Response[Any]:
    """What was sent is there; what has been written since waits below it, as the beginning of an answer."""
    if not text or text == gone.text:
        return _to(request, f"/messages/{gone.thread_id}")
    again = Writing(draft_id=uuid4(), text=text, sent=True)
    return await thread_page(request, read_db, gone.thread_id, again, status=_CONFLICT)


async def _shown(
    request: Request[Any, Any, Any], read_db: ReadSession, typed: Typed, writing: Writing, status: int
) -> Response[str]:
    if typed.thread_id is not None:
        return await thread_page(request, read_db, typed.thread_id, writing, status=status)
    return await compose_page(request, read_db, typed.unit_id, writing, typed.kind, status)


def _as_typed(typed: Typed, **more: Any) -> Writing:  # noqa: ANN401 - fields of a Writing
    return Writing(
        **{
            "draft_id": typed.draft_id,
            "text": typed.text,
            "topic": typed.topic,
            "revision": typed.revision,
            **more,
        }
    )


def _clash(typed: Typed, kept: Kept) -> Writing:
    return _as_typed(typed, draft_id=kept.draft_id, revision=kept.revision, theirs=kept.theirs or "")


async def _typed_in(request: Request[Any, Any, Any], draft_id: UUID) -> tuple[Typed, str]:
    form = await request.form()
    said = {
        name: str(form.get(name, ""))
        for name in ("thread", "unit", "kind", "topic", "text", "revision", "do")
    }
    revision = said["revision"]
    typed = Typed(
        draft_id=draft_id,
        thread_id=_uuid(said["thread"]),
        unit_id=_uuid(said["unit"]),
        kind=said["kind"] if said["kind"] in rules.TO_CHOOSE else "",
        topic=rules.one_line(said["topic"]),
        text=rules.tidy(said["text"]),
        revision=int(revision) if revision.isdecimal() and len(revision) <= _LONGEST_NUMBER else 0,
    )
    if typed.thread_id is None and typed.unit_id is None:
        raise NoSuchMessage
    return typed, said["do"]


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed) if typed else None
    except ValueError:
        raise NoSuchMessage from None


def _json(what: object, status: int = 200) -> Response[bytes]:
    return Response(msgspec.json.encode(what), media_type=MediaType.JSON, status_code=status)


def _to(request: Request[Any, Any, Any], path: str) -> Redirect:
    return Redirect(f"{base_of(request)}{path}", status_code=_SEE_OTHER)


routes = [draft, keep, live, discard]
