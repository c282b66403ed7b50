"""What has changed in an entry, and what is told of one that is no longer there."""

import asyncio
from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from innsyn.access.opening import ReadSession
from innsyn.access.reader import Reader
from innsyn.access.views import who
from innsyn.records.entries import read_line
from innsyn.records.history import queries
from innsyn.records.history.queries import TakenBackEntry, Versions
from innsyn.records.history.reading import read_told, read_versions
from innsyn.records.history.views import TakenBackPage, VersionsPage, comparisons_of, why_of
from innsyn.records.kinds import Kind
from innsyn.web.pages import html, locale_of


@get("/journal/{kind:str}/{entry_id:uuid}/versions")
async def versions(
    request: Request[Any, Any, Any],
    read_db: NamedDependency[ReadSession],
    kind: FromPath[Kind],
    entry_id: FromPath[UUID],
) -> Response[str]:
    """The entry as it was beside the entry as it is."""
    found = await queries.versions_of(read_db, kind, entry_id)
    if isinstance(found, TakenBackEntry):
        return taken_back(request, found.reader, found.told)
    locale = locale_of(request, found.reader.locale)
    line = read_line(found.now.line)
    page = VersionsPage(
        reader=who(found.reader, locale),
        line=line,
        # Two long texts take a while to compare: nobody else waits for it.
        comparisons=await asyncio.to_thread(_comparisons, found),
        more=found.more,
    )
    return html(locale, "records/history/versions.html", page)


def _comparisons(found: Versions) -> list[Any]:
    return comparisons_of(read_versions(found.now, found.earlier))


def taken_back(request: Request[Any, Any, Any], reader: Reader, told: bytes) -> Response[str]:
    """What stands where an entry was that has been taken back."""
    locale = locale_of(request, reader.locale)
    read = read_told(told)
    page = TakenBackPage(reader=who(reader, locale), told=read, why=why_of(read))
    return html(locale, "records/history/taken_back.html", page, status=410)
