"""The list pages: the whole journal, and one kind of it."""

from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from innsyn.access.opening import ReadSession
from innsyn.access.views import who
from innsyn.records.entries import read_line
from innsyn.records.kinds import Kind
from innsyn.records.timeline import queries
from innsyn.records.timeline.asked import wanted_by
from innsyn.records.timeline.queries import Answer
from innsyn.records.timeline.views import FieldError, Filter, Group, ListPage, in_groups
from innsyn.records.wording import as_tsquery, words_in
from innsyn.web.pages import html, locale_of

Typed = Annotated[str, QueryParameter(max_length=200)]
From = Annotated[str, QueryParameter(name="from", max_length=40)]


@get("/journal")
async def timeline(
    request: Request[Any, Any, Any],
    read_db: NamedDependency[ReadSession],
    kind: Typed = "",
    source: Typed = "",
    from_: From = "",
    to: Typed = "",
    q: Typed = "",
    cursor: Typed = "",
) -> Response[str]:
    """Everything, newest first, or what the filter and the words leave of it."""
    asked = Filter(kind=kind, source=source, from_=from_, to=to, q=q)
    wanted, errors = wanted_by(asked, cursor)
    answer = await queries.entries_of(read_db, wanted)
    guess = ""
    if wanted.words and not answer.lines and not wanted.cursor:
        guess = " ".join(await queries.meant_by(read_db, words_in(q)))
        answer = await queries.entries_of(read_db, wanted._replace(words=as_tsquery(guess)))
    template = "records/search/list.html" if q else "records/timeline/list.html"
    groups = [Group("", [read_line(line) for line in answer.lines])]
    return _page(request, template, answer, asked, errors, groups, guess=guess if answer.lines else "")


@get("/journal/{kind:str}")
async def kind_list(
    request: Request[Any, Any, Any],
    read_db: NamedDependency[ReadSession],
    kind: FromPath[Kind],
    source: Typed = "",
    from_: From = "",
    to: Typed = "",
    q: Typed = "",
    cursor: Typed = "",
) -> Response[str]:
    """One kind: by date, or what is in force apart from what was."""
    asked = Filter(kind="", source=source, from_=from_, to=to, q=q)
    wanted, errors = wanted_by(asked, cursor)
    narrowed = wanted.begin or wanted.end or wanted.words or wanted.cursor
    if kind in queries.GROUPED and not narrowed:
        answer = await queries.groups_of(read_db, kind, wanted.source)
        groups = in_groups(kind, map(read_line, answer.lines), answer.reader.at)
    else:
        answer = await queries.entries_of(read_db, wanted._replace(kind=kind))
        groups = [Group("", [read_line(line) for line in answer.lines])]
    return _page(request, f"records/{kind}/list.html", answer, asked, errors, groups, kind)


def _page(
    request: Request[Any, Any, Any],
    template: str,
    answer: Answer,
    asked: Filter,
    errors: list[FieldError],
    groups: list[Group],
    kind: str = "",
    guess: str = "",
) -> Response[str]:
    locale = locale_of(request, answer.reader.locale)
    page = ListPage(
        reader=who(answer.reader, locale),
        kind=kind,
        groups=groups,
        filter=asked,
        errors=errors,
        sources=answer.sources,
        kinds=[each.value for each in answer.kinds],
        guess=guess,
        next=str(answer.cursor or ""),
    )
    return html(locale, template, page, status=400 if errors else 200)
