"""The list pages: the whole journal, and one kind of it."""

from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from innsyn.access.opening import ReadSession
from innsyn.access.views import who
from innsyn.records.entries import read_line
from innsyn.records.kinds import Kind
from innsyn.records.timeline import queries
from innsyn.records.timeline.asked import Asked, asked_for
from innsyn.records.timeline.queries import Answer
from innsyn.records.timeline.views import FieldError, Group, ListPage, in_groups
from innsyn.records.wording import as_tsquery, words_in
from innsyn.web.pages import html, locale_of

_asked = {"asked": Provide(asked_for, sync_to_thread=False)}


@get("/journal", dependencies=_asked, include_in_schema=False)
async def timeline(
    request: Request[Any, Any, Any],
    read_db: NamedDependency[ReadSession],
    asked: NamedDependency[Asked],
) -> Response[str]:
    """Everything, newest first, or what the filter and the words leave of it."""
    wanted, errors = asked.wanted
    answer = await queries.entries_of(read_db, wanted)
    guess = ""
    if wanted.words and not answer.lines and not wanted.cursor:
        guess = " ".join(await queries.meant_by(read_db, words_in(asked.filter.q)))
        answer = await queries.entries_of(read_db, wanted._replace(words=as_tsquery(guess)))
    template = "records/search/list.html" if asked.filter.q else "records/timeline/list.html"
    page = _page(request, answer, asked, errors, [Group("", [read_line(line) for line in answer.lines])])
    return _html(template, msgspec.structs.replace(page, guess=guess if answer.lines else ""))


@get("/journal/{kind:str}", dependencies=_asked, include_in_schema=False)
async def kind_list(
    request: Request[Any, Any, Any],
    read_db: NamedDependency[ReadSession],
    kind: FromPath[Kind],
    asked: NamedDependency[Asked],
) -> Response[str]:
    """One kind: by date, or what is in force apart from what was."""
    wanted, errors = asked.wanted
    narrowed = wanted.begin or wanted.end or wanted.words or wanted.cursor
    if kind in queries.GROUPED and not narrowed:
        answer = await queries.groups_of(read_db, kind, wanted.source)
        groups = in_groups(kind, map(read_line, answer.lines), answer.reader.at)
    else:
        answer = await queries.entries_of(read_db, wanted._replace(kind=kind))
        groups = [Group("", [read_line(line) for line in answer.lines])]
    return _html(f"records/{kind}/list.html", _page(request, answer, asked, errors, groups, kind))


def _html(template: str, page: ListPage) -> Response[str]:
    return html(page.reader.locale, template, page, status=400 if page.errors else 200)


def _page(
    request: Request[Any, Any, Any],
    answer: Answer,
    asked: Asked,
    errors: list[FieldError],
    groups: list[Group],
    kind: str = "",
) -> ListPage:
    return ListPage(
        reader=who(answer.reader, locale_of(request, answer.reader.locale)),
        kind=kind,
        groups=groups,
        # On the page of a kind the kind is the page, not a filter.
        filter=msgspec.structs.replace(asked.filter, kind="") if kind else asked.filter,
        errors=errors,
        sources=answer.sources,
        kinds=[each.value for each in answer.kinds],
        next=str(answer.cursor or ""),
    )


routes = [timeline, kind_list]
