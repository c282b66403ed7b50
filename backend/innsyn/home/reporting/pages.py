"""Pointing at something in an entry: it is sent as a message about the entry, and stands beside it from then on."""

from typing import Any, Final
from uuid import UUID, uuid4

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from innsyn.access.acting import Acts
from innsyn.access.capability import Capability
from innsyn.access.opening import NoAccess, ReadSession
from innsyn.access.reader import Reader
from innsyn.access.views import who
from innsyn.home.entry import pages as entry_pages
from innsyn.home.entry.queries import entry_of
from innsyn.home.reporting import queries, rules
from innsyn.home.reporting.views import ReportPage
from innsyn.messages.commands import Leaving, send
from innsyn.messages.drafts.pages import sent_before
from innsyn.messages.pages import writes
from innsyn.messages.refusals import AlreadySent, NoSuchMessage
from innsyn.messages.rules import one_line, tidy
from innsyn.records.entries import read_line
from innsyn.records.history.queries import TakenBackEntry
from innsyn.web.locale import DEFAULT, catalogue
from innsyn.web.pages import html, locale_of
from innsyn.web.whose import base_of

_SEE_OTHER: Final = 303
_WRONG: Final = 422
_TOPIC: Final = 100


@get("/messages/about/{entry_id:uuid}/{what:str}")
async def report(
    request: Request[Any, Any, Any],
    read_db: NamedDependency[ReadSession],
    entry_id: FromPath[UUID],
    what: FromPath[str],
) -> Response[Any]:
    """Where one chooses what is wrong or not understood; or (`entry`) the way to the entry itself."""
    if what == "entry":
        return await _to_the_entry(request, read_db, entry_id)
    reader, found = await _opened(read_db, entry_id, what)
    return _page(request, reader, found, what, draft_id=uuid4())


@post("/messages/about/{entry_id:uuid}/{what:str}", status_code=_SEE_OTHER)
async def tell(
    request: Request[Any, Any, Any],
    acts: NamedDependency[Acts],
    read_db: NamedDependency[ReadSession],
    entry_id: FromPath[UUID],
    what: FromPath[str],
) -> Response[Any]:
    """Tell the unit."""
    form = await request.form()
    typed = {name: tidy(str(form.get(name, ""))) for name in ("quote", "reason", "comment", "unit")}
    try:
        draft_id, unit_id = UUID(str(form.get("draft", ""))), UUID(typed["unit"])
    except ValueError:
        raise NoSuchMessage from None
    reader, found = await _opened(read_db, entry_id, what)
    quotes = rules.quotes_of(_passages(found))
    if problems := rules.problems_of(what, typed["reason"], typed["quote"], typed["comment"], quotes):
        return _page(request, reader, found, what, draft_id=draft_id, errors=problems, status=_WRONG, **typed)
    leaving = Leaving(
        draft_id=draft_id,
        author=reader.name,
        text=_words(what, typed["reason"], typed["quote"], typed["comment"]),
        unit_id=unit_id,
        kind=what,
        topic=one_line(found.line.title)[:_TOPIC],
        entry=entry_id,
    )
    try:
        async with acts.begin("messages.send", needs=Capability.MESSAGE) as act:
            thread_id = await send(act, leaving)
    except AlreadySent as gone:
        return await sent_before(request, read_db, leaving.text, gone)
    return _to(request, f"/messages/{thread_id}?new=1")


async def _opened(read_db: ReadSession, entry_id: UUID, what: str) -> tuple[Reader, queries.Reported]:
    if what not in rules.WHAT:
        raise NoAccess
    reader, found = await queries.reported(read_db, entry_id, what)
    if not writes(reader):
        raise NoAccess
    return reader, found


def _passages(found: queries.Reported) -> list[rules.Passage]:
    return rules.passages_of(found.line.title, found.line.value, found.detail)


def _page(
    request: Request[Any, Any, Any],
    reader: Reader,
    found: queries.Reported,
    what: str,
    *,
    status: int = 200,
    **typed: Any,  # noqa: ANN401 - fields of the page
) -> Response[str]:
    locale = locale_of(request, reader.locale)
    passages = _passages(found)
    page = ReportPage(
        reader=who(reader, locale),
        line=found.line,
        what=what,
        passages=passages[: rules.MOST_PASSAGES],
        is_cut=len(passages) > rules.MOST_PASSAGES,
        reasons=rules.REASONS,
        units=found.units,
        unread=found.unread,
        **typed,
    )
    return html(locale, "messages/report.html", page, status)


async def _to_the_entry(request: Request[Any, Any, Any], read_db: ReadSession, entry_id: UUID) -> Redirect:
    opened, _ = await entry_of(read_db, None, entry_id)
    if isinstance(opened, TakenBackEntry):
        raise NoAccess
    return _to(request, f"/journal/{read_line(opened.line).kind}/{entry_id}")


def _words(what: str, reason: str, quote: str, comment: str) -> str:
    """What the unit reads; in its language, whatever the citizen's is."""
    texts = catalogue(DEFAULT)
    said = (
        texts.text(f"reporting.reason.{reason}") if what == rules.WRONG else texts.text("messages.kind.word")
    )
    return "\n\n".join(filter(None, (said, f"«{quote}»" if quote else "", comment)))


def _to(request: Request[Any, Any, Any], path: str) -> Redirect:
    return Redirect(f"{base_of(request)}{path}", status_code=_SEE_OTHER)


# With the page that all of it begins at and comes back to.
routes = [*entry_pages.routes, report, tell]
