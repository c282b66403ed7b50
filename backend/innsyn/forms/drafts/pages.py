"""Filling in a form: every page works without JavaScript, and everything that is sent is kept before it is judged."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID, uuid4

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import ClientException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from innsyn.access.acting import Acts
from innsyn.access.capability import Capability
from innsyn.access.opening import ReadSession
from innsyn.access.reader import Reader
from innsyn.access.views import who
from innsyn.forms.drafts import commands, queries, rules, saving, starting, views
from innsyn.forms.drafts.refusals import AlreadySent, NoSuchDraft, PageTooOld
from innsyn.forms.drafts.typed import typed_page
from innsyn.forms.drafts.views import DiscardPage, Search
from innsyn.forms.engine.model import Option
from innsyn.forms.engine.state import Field
from innsyn.forms.terminology.port import Terminology, TerminologyFailed
from innsyn.web.locale import catalogue
from innsyn.web.pages import html, locale_of
from innsyn.web.whose import base_of

LONGEST_STEP: Final = 256 * 1024
_SEE_OTHER: Final = 303
_CONFLICT: Final = 409


@post("/forms/tasks/{task_id:uuid}/start", status_code=_SEE_OTHER)
async def start_task(
    request: Request[Any, Any, Any], acts: NamedDependency[Acts], task_id: FromPath[UUID]
) -> Redirect:
    """Begin what a task asks for, or go on with it."""
    async with acts.begin("forms.start", needs=Capability.ONE_FORM) as act:
        draft_id = await starting.for_task(act, task_id, uuid4(), locale_of(request))
    return _to(request, f"/forms/drafts/{draft_id}")


@post("/forms/start", status_code=_SEE_OTHER)
async def start(request: Request[Any, Any, Any], acts: NamedDependency[Acts]) -> Redirect:
    """Begin a form that nobody has asked for, or go on with it."""
    try:
        form = UUID(str((await request.form()).get("form", "")))
    except ValueError:
        raise NoSuchDraft from None
    async with acts.begin("forms.start", needs=Capability.FORMS) as act:
        draft_id = await starting.by_choice(act, form, uuid4(), locale_of(request))
    return _to(request, f"/forms/drafts/{draft_id}")


@get("/forms/drafts/{draft_id:uuid}")
async def draft(
    request: Request[Any, Any, Any],
    acts: NamedDependency[Acts],
    read_db: NamedDependency[ReadSession],
    draft_id: FromPath[UUID],
    step: FromQuery[int | None] = None,
    mend: FromQuery[str] = "",
) -> Response[Any]:
    """A step of the form, where the person was last if the address says none."""
    try:
        reader, opened = await queries.draft_of(read_db, draft_id)
    except AlreadySent as gone:
        return _to(request, f"/forms/sent/{gone.sent_id}")
    locale = locale_of(request, reader.locale)
    if reason := views.closed(reader, opened):
        return _closed(request, reader, opened, reason)
    if opened.draft.newest is not None:
        async with acts.begin("forms.carry", needs=Capability.ONE_FORM) as act:
            await saving.carry_over(act, draft_id, locale)
        return _to(request, f"/forms/drafts/{draft_id}")
    stands = views.standing(opened, reader.at, locale)
    page = views.fill_page(
        reader, locale, stands, step=max(step, 0) if step is not None else None, mend=mend == "1"
    )
    return html(locale, "forms/fill.html", page)


@post("/forms/drafts/{draft_id:uuid}", request_max_body_size=LONGEST_STEP)
async def save(
    request: Request[Any, Any, Any],
    acts: NamedDependency[Acts],
    read_db: NamedDependency[ReadSession],
    draft_id: FromPath[UUID],
) -> Response[Any]:
    """Keep a step, and go where the button leads."""
    posted = await posted_in(request)
    try:
        async with acts.begin("forms.save", needs=Capability.ONE_FORM) as act:
            kept = await saving.keep(act, draft_id, posted, locale_of(request))
    except AlreadySent as gone:
        return _to(request, f"/forms/sent/{gone.sent_id}")
    except PageTooOld:
        return await _typed(request, read_db, posted, draft_id)
    if kept.conflicts:
        return await _conflict(request, read_db, posted, kept)
    if posted.verb == "search":
        return await _searched(request, read_db, posted, draft_id)
    return _onward(request, draft_id, posted, kept)


@get("/forms/drafts/{draft_id:uuid}/check")
async def check(
    request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession], draft_id: FromPath[UUID]
) -> Response[Any]:
    """Everything that will be sent, with links to what has to be mended."""
    try:
        reader, opened = await queries.draft_of(read_db, draft_id)
    except AlreadySent as gone:
        return _to(request, f"/forms/sent/{gone.sent_id}")
    if opened.draft.newest is not None or views.closed(reader, opened):
        return _to(request, f"/forms/drafts/{draft_id}")
    locale = locale_of(request, reader.locale)
    page = views.check_page(reader, locale, views.standing(opened, reader.at, locale))
    return html(locale, "forms/check.html", page)


@get("/forms/drafts/{draft_id:uuid}/discard")
async def discard_form(
    request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession], draft_id: FromPath[UUID]
) -> Response[Any]:
    """Before a draft is thrown away."""
    try:
        reader, opened = await queries.draft_of(read_db, draft_id)
    except AlreadySent as gone:
        return _to(request, f"/forms/sent/{gone.sent_id}")
    locale = locale_of(request, reader.locale)
    page = DiscardPage(
        reader=who(reader, locale), draft=draft_id, title=opened.form.title, saved=opened.draft.saved_at
    )
    return html(locale, "forms/discard.html", page)


@post("/forms/drafts/{draft_id:uuid}/discard", status_code=_SEE_OTHER)
async def discard(
    request: Request[Any, Any, Any], acts: NamedDependency[Acts], draft_id: FromPath[UUID]
) -> Redirect:
    """Throw it away, for good."""
    async with acts.begin("forms.discard", needs=Capability.ONE_FORM) as act:
        if not await commands.discard(act, draft_id):
            raise NoSuchDraft
    return _to(request, "/forms")


async def posted_in(request: Request[Any, Any, Any]) -> rules.Posted:
    """The step in the body. 400 for what no page of ours sends."""
    try:
        return rules.read_posted(await request.body())
    except ValueError:
        raise ClientException from None


def _onward(
    request: Request[Any, Any, Any], draft_id: UUID, posted: rules.Posted, kept: saving.Kept
) -> Redirect:
    if posted.verb == "later":
        return _to(request, "/forms")
    if posted.verb == "check" or (posted.verb == "next" and kept.is_last and not kept.has_problems):
        return _to(request, f"/forms/drafts/{draft_id}/check")
    at = f"#f-{quote(posted.target)}" if posted.verb in {"add", "remove"} else ""
    mend = "&mend=1" if kept.has_problems else ""
    return _to(request, f"/forms/drafts/{draft_id}?step={kept.step}{mend}{at}")


async def _conflict(
    request: Request[Any, Any, Any], read_db: ReadSession, posted: rules.Posted, kept: saving.Kept
) -> Response[Any]:
    reader, _ = await queries.draft_of(read_db, kept.stands.opened.draft.draft_id)
    locale = locale_of(request, reader.locale)
    page = views.conflict_page(reader, locale, kept.stands, kept.conflicts, posted)
    return html(locale, "forms/conflict.html", page, _CONFLICT)


async def _typed(
    request: Request[Any, Any, Any], read_db: ReadSession, posted: rules.Posted, draft_id: UUID
) -> Response[Any]:
    reader, opened = await queries.draft_of(read_db, draft_id)
    locale = locale_of(request, reader.locale)
    return html(locale, "forms/typed.html", typed_page(reader, locale, opened, posted), _CONFLICT)


async def _searched(
    request: Request[Any, Any, Any],
    read_db: ReadSession,
    posted: rules.Posted,
    draft_id: UUID,
) -> Response[Any]:
    """The same step, with what was found. It is no address: what somebody searches for stands in none."""
    reader, opened = await queries.draft_of(read_db, draft_id)
    locale = locale_of(request, reader.locale)
    stands = views.standing(opened, reader.at, locale)
    words = posted.fields.get(f"{posted.target}-q", [""])[-1].strip()
    field = next((each for each in stands.filled.all() if each.name == posted.target), None)
    search = None
    if field is not None and words:
        search = Search(field.name, words, await _found(request.app.state.terminology, field, words))
    page = views.fill_page(reader, locale, stands, step=posted.step, search=search)
    return html(locale, "forms/fill.html", page)


async def _found(terminology: Terminology, field: Field, words: str) -> Sequence[Option] | None:
    """Options that fit the words; None where the terminology does not answer."""
    if not field.item.value_set:
        return views.fitting(field.options, words)
    try:
        return await terminology.expand(field.item.value_set, words, views.MOST_FOUND)
    except TerminologyFailed:
        return None


def _closed(
    request: Request[Any, Any, Any], reader: Reader, opened: queries.Opened, reason: str
) -> Response[str]:
    locale = locale_of(request, reader.locale)
    task = opened.draft.task
    rule = views.allowed(reader, opened)
    words = catalogue(locale).text_or(f"refusal.{rule}", "") if reason == "not_allowed" else ""
    if reason == "cancelled" and task is not None:
        words = task.reason
    page = views.closed_page(reader, locale, views.standing(opened, reader.at, locale), reason, words)
    return html(locale, "forms/closed.html", page)


def _to(request: Request[Any, Any, Any], path: str) -> Redirect:
    return Redirect(f"{base_of(request)}{path}", status_code=_SEE_OTHER)


routes = [start_task, start, draft, save, check, discard_form, discard]
