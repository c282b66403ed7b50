"""The messages of a record: the list, a thread, and closing it."""

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from innsyn.access.acting import Acts
from innsyn.access.capability import Capability
from innsyn.access.opening import NoAccess, ReadSession
from innsyn.access.reader import PREVIEW, Reader
from innsyn.access.views import who
from innsyn.messages import commands, queries, views
from innsyn.messages.opened.queries import thread_of
from innsyn.web.pages import html, locale_of
from innsyn.web.whose import base_of

_SEE_OTHER: Final = 303


@get("/messages")
async def messages(request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession]) -> Response[str]:
    """All the threads of this record, newest first, and what has been begun."""
    reader, found = await queries.messages_of(read_db)
    if not queries.sees_messages(reader):
        raise NoAccess
    locale = locale_of(request, reader.locale)
    page = views.ListPage(
        reader=who(reader, locale),
        threads=views.rows_of(found.threads),
        drafts=views.drafts_of(found.begun),
        unread=found.unread,
        may_write=writes(reader),
    )
    return html(locale, "messages/list.html", page)


@get("/messages/{thread_id:uuid}")
async def thread(
    request: Request[Any, Any, Any],
    read_db: NamedDependency[ReadSession],
    thread_id: FromPath[UUID],
    new: FromQuery[str] = "",
) -> Response[str]:
    """What has been written in it, how it stands, and a place to answer."""
    return await thread_page(request, read_db, thread_id, is_new=new == "1")


@post("/messages/{thread_id:uuid}/close", status_code=_SEE_OTHER)
async def close(
    request: Request[Any, Any, Any], acts: NamedDependency[Acts], thread_id: FromPath[UUID]
) -> Redirect:
    """Say that it is solved."""
    async with acts.begin("messages.close", needs=Capability.MESSAGE) as act:
        await commands.close(act, thread_id)
    return Redirect(f"{base_of(request)}/messages/{thread_id}", status_code=_SEE_OTHER)


async def thread_page(
    request: Request[Any, Any, Any],
    read_db: ReadSession,
    thread_id: UUID,
    reply: views.Writing | None = None,
    *,
    is_new: bool = False,
    status: int = 200,
) -> Response[str]:
    """The page of a thread; `reply` is what is written there. Raises NoAccess."""
    reader, opened = await thread_of(read_db, thread_id)
    if opened is None:
        raise NoAccess
    locale = locale_of(request, reader.locale)
    page = views.thread_page(who(reader, locale), reader, opened, reply, writes=writes(reader), is_new=is_new)
    return html(locale, "messages/thread.html", page, status)


def writes(reader: Reader) -> bool:
    """May whoever reads write as well? In a preview nothing is begun."""
    return queries.sees_messages(reader) and reader.rule != PREVIEW


routes = [messages, thread, close]
