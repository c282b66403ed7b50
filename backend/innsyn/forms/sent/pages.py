"""Sending a form, and what has been sent."""

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from innsyn.access.acting import Acts
from innsyn.access.capability import Capability
from innsyn.access.opening import ReadSession
from innsyn.forms.drafts.refusals import AlreadySent
from innsyn.forms.sent import queries, sending, views
from innsyn.forms.sent.refusals import AnsweredElsewhere
from innsyn.web.pages import html, locale_of
from innsyn.web.whose import base_of

_SEE_OTHER: Final = 303


@post("/forms/drafts/{draft_id:uuid}/send", status_code=_SEE_OTHER)
async def send(
    request: Request[Any, Any, Any], acts: NamedDependency[Acts], draft_id: FromPath[UUID]
) -> Redirect:
    """Send it, or show what has to be looked at first. Sent again, it leads to the same receipt."""
    typed = str((await request.form()).get("revision", ""))
    revision = int(typed) if typed.isdecimal() and len(typed) < len(str(2**31)) else 0
    try:
        async with acts.begin("forms.send", needs=Capability.ONE_FORM) as act:
            sent_id = await sending.send(act, draft_id, revision, locale_of(request))
    except AlreadySent as gone:
        return _to(request, f"/forms/sent/{gone.sent_id}")
    except sending.LookAgain:
        return _to(request, f"/forms/drafts/{draft_id}/check")
    except (AnsweredElsewhere, sending.Closed):
        return _to(request, f"/forms/drafts/{draft_id}")
    return _to(request, f"/forms/sent/{sent_id}?new=1")


@get("/forms/sent/{sent_id:uuid}")
async def sent(
    request: Request[Any, Any, Any],
    read_db: NamedDependency[ReadSession],
    sent_id: FromPath[UUID],
    new: FromQuery[str] = "",
) -> Response[str]:
    """The receipt, how far it has come, and the answers as they were sent."""
    reader, opened = await queries.sent_of(read_db, sent_id)
    locale = locale_of(request, reader.locale)
    page = views.sent_page(reader, locale, opened, is_new=new == "1")
    return html(locale, "forms/sent.html", page)


def _to(request: Request[Any, Any, Any], path: str) -> Redirect:
    return Redirect(f"{base_of(request)}{path}", status_code=_SEE_OTHER)


routes = [send, sent]
