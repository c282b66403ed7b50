"""The access log: what one person sees of everybody who has been in the record, and may ask about."""

from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, PathParameter
from litestar.response import Redirect

from innsyn.access.acting import Acts
from innsyn.access.capability import Capability
from innsyn.access.opening import ReadSession
from innsyn.access.views import who
from innsyn.records.access_log import commands, export, queries, wording
from innsyn.records.access_log.asked import Asked, asked_for
from innsyn.records.access_log.queries import MOST_EXPORTED, Log, Opened, Read
from innsyn.records.access_log.views import (
    LogPage,
    LookupsPage,
    ReadingsPage,
    Told,
    chosen_by,
    fact_pairs,
    lookup_row,
    page_of,
    reading_row,
    row_of,
    unexplained_in,
    units_in,
)
from innsyn.web import dates
from innsyn.web.pages import html, locale_of
from innsyn.web.problems import problem

_LONGEST_QUESTION: Final = 1000
_asked = {"asked": Provide(asked_for, sync_to_thread=False)}


class AskForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The question in the person's own words, or nothing."""

    words: Annotated[str, msgspec.Meta(max_length=2 * _LONGEST_QUESTION)] = ""


@get("/access/log", dependencies=_asked)
async def access_log(
    request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession], asked: NamedDependency[Asked]
) -> Response[str]:
    """Everybody who has been in the record, newest first; what nothing explains stands above."""
    log = await queries.log_of(read_db, asked.period)
    locale = locale_of(request, log.reader.locale)
    page = _log_page(log, asked, locale)
    return html(locale, "access/log.html", page, status=400 if asked.errors else 200)


def _log_page(log: Log, asked: Asked, locale: str) -> LogPage:
    told = Told(log.groups, log.readings, log.services, log.questions)
    today = dates.today_of(log.reader.at)
    lines = chosen_by(told, asked.filter)
    lifted = unexplained_in(lines)
    rows, following = page_of([each for each in lines if each not in lifted], asked.after)
    return LogPage(
        reader=who(log.reader, locale),
        unexplained=[row_of(each, told, today, locale) for each in lifted if asked.after is None],
        rows=[row_of(each, told, today, locale) for each in rows],
        filter=asked.filter,
        units=units_in(told),
        errors=asked.errors,
        next=following,
        cut=log.cut,
        most=MOST_EXPORTED,
    )


@get("/access/log/lookups/{lookup_id:uuid}")
async def lookups(
    request: Request[Any, Any, Any],
    read_db: NamedDependency[ReadSession],
    lookup_id: FromPath[UUID],
    asked: FromQuery[str] = "",
) -> Response[str]:
    """The look-ups of one line, one by one, and the form to ask why."""
    opened = await queries.lookups_of(read_db, lookup_id)
    locale = locale_of(request, opened.reader.locale)
    return html(locale, "access/log-lookups.html", _lookups_page(opened, locale, just_asked=asked == "1"))


def _lookups_page(opened: Opened, locale: str, *, just_asked: bool) -> LookupsPage:
    group, services = opened.group, opened.services
    today = dates.today_of(opened.reader.at)
    return LookupsPage(
        reader=who(opened.reader, locale),
        title=wording.sentence_of(group, services, today, locale),
        id=str(group.id),
        facts=fact_pairs(group, opened.rows, services, today, locale),
        warning=wording.warning_of(group, locale),
        chosen=group.chosen > 0,
        unexplained=group.unexplained,
        rows=[lookup_row(each, locale) for each in opened.rows],
        place=wording.house_of(group, services),
        may_ask=bool(opened.reader.capabilities & Capability.MESSAGE),
        asked=wording.question_of(opened.question, locale),
        reply=opened.question.reply if opened.question else "",
        just_asked=just_asked and opened.question is not None,
    )


@post("/access/log/lookups/{lookup_id:uuid}/ask", status_code=303)
async def ask(
    read_db: NamedDependency[ReadSession],
    acts: NamedDependency[Acts],
    lookup_id: FromPath[UUID],
    data: Annotated[AskForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Ask the unit why. What is asked about already is not asked again."""
    opened = await queries.lookups_of(read_db, lookup_id)
    if opened.question is None:
        place = wording.house_of(opened.group, opened.services)
        async with acts.begin("access_log.ask", needs=Capability.MESSAGE) as act:
            await commands.ask_why(act, opened.group, place, data.words.strip()[:_LONGEST_QUESTION])
    return Redirect(f"/access/log/lookups/{lookup_id}?asked=1", status_code=303)


@get("/access/log/readings/{log_id:int}")
async def readings(
    request: Request[Any, Any, Any],
    read_db: NamedDependency[ReadSession],
    log_id: Annotated[int, PathParameter(ge=1, le=2**62)],
) -> Response[str]:
    """One day of somebody's readings in Innsyn, one by one."""
    read = await queries.readings_of(read_db, log_id)
    locale = locale_of(request, read.reader.locale)
    return html(locale, "access/log-readings.html", _readings_page(read, locale))


def _readings_page(read: Read, locale: str) -> ReadingsPage:
    return ReadingsPage(
        reader=who(read.reader, locale),
        title=wording.reading_of(read.readings, locale),
        day=read.readings.day.isoformat(),
        counts=wording.counts_of(read.readings, locale),
        rows=[reading_row(each, locale) for each in read.rows],
    )


@get("/access/log/export.csv", dependencies=_asked)
async def as_csv(
    request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession], asked: NamedDependency[Asked]
) -> Response[bytes]:
    """The log as a spreadsheet."""
    if asked.errors:
        return problem(400, "invalid_parameter", [error.field for error in asked.errors])
    reader, rows = await queries.rows_of(read_db, asked.period)
    body = export.as_csv(rows, locale_of(request, reader.locale))
    return _file(body, "text/csv", "innsynslogg.csv")


@get("/access/log/export.json", dependencies=_asked)
async def as_fhir(read_db: NamedDependency[ReadSession], asked: NamedDependency[Asked]) -> Response[bytes]:
    """The log as a Bundle of AuditEvents."""
    if asked.errors:
        return problem(400, "invalid_parameter", [error.field for error in asked.errors])
    reader, rows = await queries.rows_of(read_db, asked.period)
    return _file(export.as_bundle(rows, reader), "application/fhir+json", "innsynslogg.json")


def _file(body: bytes, media_type: str, name: str) -> Response[bytes]:
    return Response(
        body, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'}
    )


routes = [access_log, as_csv, as_fhir, lookups, ask, readings]
