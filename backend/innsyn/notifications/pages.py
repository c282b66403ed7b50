"""The list of notices, where each leads, and what to be told of."""

from datetime import time
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from innsyn.access.acting import Acts
from innsyn.access.capability import Capability
from innsyn.access.opening import ReadSession
from innsyn.access.views import who
from innsyn.notifications import commands, queries
from innsyn.notifications.rules import Hours
from innsyn.notifications.views import ChoosingPage, NoticesPage, address, clock, named, rows, ticked
from innsyn.web.pages import html, locale_of
from innsyn.web.whose import base_for


@get("/notices")
async def notices(
    request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession], seen: FromQuery[str] = ""
) -> Response[str]:
    """All that can be read of what the person here was told of."""
    reader, found = await queries.notices_of(read_db)
    locale = locale_of(request, reader.locale)
    page = NoticesPage(
        reader=who(reader, locale),
        notices=found,
        unseen=sum(not each.seen for each in found),
        done=seen == "1",
    )
    return html(locale, "notifications/list.html", page)


@get("/notices/{notice_id:uuid}")
async def follow(read_db: NamedDependency[ReadSession], notice_id: FromPath[UUID]) -> Redirect:
    """To exactly what it is about, in the record that it is in."""
    _, target = await queries.follow(read_db, notice_id)
    return Redirect(address(target, base_for(target.handle)), status_code=303)


@post("/notices/seen", status_code=303)
async def see_all(request: Request[Any, Any, Any], acts: NamedDependency[Acts]) -> Redirect:
    """All that the page showed are read; what has come since is not."""
    shown = named(str((await request.form()).get("shown", "")))
    async with acts.begin("notices.seen", needs=Capability.SEE) as act:
        await commands.see_all(act, shown)
    return Redirect("/notices?seen=1", status_code=303)


@get("/settings/notices")
async def choosing(
    request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession], saved: FromQuery[str] = ""
) -> Response[str]:
    """What to be told of, by which ways and when."""
    found = await queries.choices_of(read_db)
    return _choosing(request, found, clock(found.hours), saved=saved == "1")


@post("/settings/notices", status_code=303)
async def choose(
    request: Request[Any, Any, Any], acts: NamedDependency[Acts], read_db: NamedDependency[ReadSession]
) -> Response[Any]:
    """Keep the choices. What is missing is said on the page, with what was typed."""
    form = await request.form()
    names = {str(each) for each in form.getall("way", [])}
    times = tuple(str(form.get(name, ""))[:5] for name in ("quiet_from", "quiet_until", "digest_at"))
    found = await queries.choices_of(read_db)
    chosen = ticked(names, with_others=found.helps)
    when = _hours(*times)
    if when is None:
        return _choosing(request, found._replace(chosen=chosen), times, error="notices.error_quiet")
    async with acts.begin("notices.choose", needs=Capability.SEE) as act:
        await commands.choose(act, chosen, when)
    return Redirect("/settings/notices?saved=1", status_code=303)


def _hours(*typed: str) -> Hours | None:
    """None: not a time of day, or only half of the quiet hours."""
    try:
        quiet_from, quiet_until, digest_at = (time.fromisoformat(each) if each else None for each in typed)
    except ValueError:
        return None
    return (
        None if (quiet_from is None) != (quiet_until is None) else Hours(quiet_from, quiet_until, digest_at)
    )


def _choosing(
    request: Request[Any, Any, Any],
    found: queries.Choices,
    times: tuple[str, ...],
    *,
    saved: bool = False,
    error: str = "",
) -> Response[str]:
    locale = locale_of(request, found.reader.locale)
    page = ChoosingPage(
        reader=who(found.reader, locale),
        own=rows(found.chosen, of_others=False),
        others=rows(found.chosen, of_others=True) if found.helps else None,
        quiet_from=times[0],
        quiet_until=times[1],
        digest_at=times[2],
        contact=found.contact,
        saved=saved,
        error=error,
    )
    return html(locale, "notifications/choosing.html", page, status=422 if error else 200)


routes = [notices, follow, see_all, choosing, choose]
