"""The forms of a record: what is to be filled in, what has been begun and sent, and a task before it is begun."""

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from innsyn.access.opening import NoAccess, ReadSession
from innsyn.access.reader import PREVIEW, Reader
from innsyn.access.views import who
from innsyn.forms.permission import refused_by
from innsyn.forms.tasks import queries, views
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
    reader, told, born = await queries.task_of(read_db, task_id)
    if told is None:
        # There is none, or none that whoever is here may know of.
        raise NoAccess
    locale = locale_of(request, reader.locale)
    page = views.task_page(who(reader, locale), told, _refused(reader, born), reader.at, own=reader.own)
    return html(locale, "forms/task.html", page)


routes = (forms, task)


def _refused(reader: Reader, born: date | None) -> Allowed:
    return partial(_asked_of, reader, born)


def _asked_of(reader: Reader, born: date | None, codes: Any) -> str:  # noqa: ANN401 - codes of a form
    return refused_by(reader, tuple(codes), born, today_of(reader.at))
