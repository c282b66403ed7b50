"""The forms of a record: what is to be filled in, what has been begun and sent, and a task before it is begun."""

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from innsyn.access.acting import Acts
from innsyn.access.capability import Capability
from innsyn.access.opening import NoAccess, ReadSession
from innsyn.access.reader import PREVIEW, Reader
from innsyn.access.views import who
from innsyn.forms.permission import refused_by
from innsyn.forms.tasks import commands, queries, views
from innsyn.forms.tasks.views import Allowed, ListPage
from innsyn.web.dates import today_of
from innsyn.web.pages import html, locale_of


@get("/forms")
async def forms(request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession]) -> Response[str]:
    """All the forms of this record, for those who may answer them."""
    reader, listed = await queries.list_of(read_db)
    if not queries.sees_forms(reader):
        raise NoAccess
    locale = locale_of(request, reader.locale)
    page = ListPage(
        reader=who(reader, locale),
        to_do=views.rows_of(listed.to_do, reader.at),
        begun=views.begun_of(listed.begun),
        choices=views.choices_of(listed.choices, _refused(reader, listed.born)),
        cancelled=views.rows_of(listed.cancelled, reader.at),
        elsewhere=views.rows_of(listed.elsewhere, reader.at),
        sent=views.sent_of(listed.sent),
        may_start=reader.rule != PREVIEW,
    )
    return html(locale, "forms/list.html", page)


@get("/forms/tasks/{task_id:uuid}")
async def task(
    request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession], task_id: FromPath[UUID]
) -> Response[str]:
    """Who asks, why, by when and of whom; and the way on."""
    reader, told = await queries.task_of(read_db, task_id)
    if told.task is None:
        # There is none, or none that whoever is here may know of.
        raise NoAccess
    locale = locale_of(request, reader.locale)
    page = views.task_page(reader, locale, told.task, _refused(reader, told.born), told.helpers)
    return html(locale, "forms/task.html", page)


@post("/forms/tasks/{task_id:uuid}/take", status_code=303)
async def take(
    request: Request[Any, Any, Any], acts: NamedDependency[Acts], task_id: FromPath[UUID]
) -> Redirect:
    """Go on oneself with what somebody has begun who was given this form: from now on it is one's own draft."""
    try:
        draft_id = UUID(str((await request.form()).get("draft", "")))
    except ValueError:
        raise NoAccess from None
    async with acts.begin("forms.take", needs=Capability.FORMS) as act:
        if act.author.actor_id != act.author.subject_id:
            raise NoAccess
        if not await commands.take_over(act, task_id, draft_id):
            raise NoAccess
    return Redirect(f"/forms/drafts/{draft_id}", status_code=303)


routes = (forms, task, take)


def _refused(reader: Reader, born: date | None) -> Allowed:
    return partial(_asked_of, reader, born)


def _asked_of(reader: Reader, born: date | None, codes: Any) -> str:  # noqa: ANN401 - codes of a form
    return refused_by(reader, tuple(codes), born, today_of(reader.at))
