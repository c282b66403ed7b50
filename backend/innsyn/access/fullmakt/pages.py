"""One fullmakt, with what its parties can do with it; and those that have to be said to be still right."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect

from innsyn.access.acting import Act, Acts
from innsyn.access.book.rule import Book
from innsyn.access.book.versions import version
from innsyn.access.fullmakt import codes, commands, queries, rules
from innsyn.access.fullmakt.forms import MoveForm
from innsyn.access.fullmakt.queries import Concerned
from innsyn.access.fullmakt.refusals import NotTheirs, OutOfTurn
from innsyn.access.fullmakt.rules import Move, Party
from innsyn.access.fullmakt.views import ReviewPage, card_of, page_of
from innsyn.access.opening import ReadSession
from innsyn.access.reader import Reader
from innsyn.access.views import who
from innsyn.settings import Settings
from innsyn.web.pages import html, locale_of
from innsyn.web.whose import base_for

# Giving takes a person who has just proved who they are, and so does giving for another year; taking away does not.
_FRESH: Final = frozenset({Move.INVITE, Move.CONFIRM, Move.STILL_RIGHT})


@get("/access/fullmakt/{fullmakt_id:uuid}")
async def fullmakt_page(
    request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession], fullmakt_id: FromPath[UUID]
) -> Response[str]:
    """What it gives, to whom, until when, and what has happened to it."""
    return _shown(request, *await fullmakt_here(read_db, fullmakt_id))


@post("/access/fullmakt/{fullmakt_id:uuid}", status_code=200)
async def move_fullmakt(
    request: Request[Any, Any, Any],
    acts: NamedDependency[Acts],
    read_db: NamedDependency[ReadSession],
    settings: NamedDependency[Settings],
    fullmakt_id: FromPath[UUID],
    data: Annotated[MoveForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    """Do something with it: give a code, say that it is the right person, end it."""
    move = Move(data.do)
    reader, _ = await fullmakt_here(read_db, fullmakt_id)
    book = version(settings.rule_book)
    try:
        async with acts.begin(f"fullmakt.{move}", fresh=move in _FRESH) as act:
            if move is Move.INVITE:
                code = await commands.invite(act, fullmakt_id, reader.name, book)
            else:
                onward = await _MOVES.get(move, _leave)(act, fullmakt_id, book, move)
    except OutOfTurn as refused:
        return _shown(request, *await fullmakt_here(read_db, fullmakt_id), refused=refused)
    if move is Move.INVITE:
        # Shown in the answer itself: the code is kept nowhere, and stands in no address.
        return _shown(request, *await fullmakt_here(read_db, fullmakt_id), code=codes.shown(code))
    return Redirect(onward, status_code=303)


async def _confirm(act: Act, fullmakt_id: UUID, book: Book, _: Move) -> str:
    await commands.confirm(act, fullmakt_id, book)
    return address_of(fullmakt_id)


async def _say_still_right(act: Act, fullmakt_id: UUID, _: Book, __: Move) -> str:
    await commands.say_still_right(act, fullmakt_id)
    return "/access/review?said=1"


async def _preview(act: Act, fullmakt_id: UUID, _: Book, __: Move) -> str:
    return f"{base_for(await commands.preview(act, fullmakt_id))}/"


async def _leave(act: Act, fullmakt_id: UUID, _: Book, move: Move) -> str:
    await commands.leave(act, fullmakt_id, move)
    return address_of(fullmakt_id)


_MOVES: Final[dict[Move, Callable[[Act, UUID, Book, Move], Awaitable[str]]]] = {
    Move.CONFIRM: _confirm,
    Move.STILL_RIGHT: _say_still_right,
    Move.PREVIEW: _preview,
}


@get("/access/review")
async def review(
    request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession], said: FromQuery[str] = ""
) -> Response[str]:
    """What the citizen has to say is still right, or end."""
    reader, found = await queries.fullmakts_of(read_db)
    locale = locale_of(request, reader.locale)
    due = tuple(
        card_of(each, reader.at)
        for each in found
        if each.party is Party.GIVER and rules.is_due(each.one, reader.at)
    )
    page = ReviewPage(reader=who(reader, locale), due=due, said=said == "1")
    return html(locale, "access/fullmakt_review.html", page)


async def fullmakt_here(read_db: ReadSession, fullmakt_id: UUID) -> tuple[Reader, Concerned]:
    """The person here, and this fullmakt of theirs. Raises NotTheirs."""
    reader, found = await queries.fullmakt_of(read_db, fullmakt_id)
    if found is None:
        raise NotTheirs
    return reader, found


def address_of(fullmakt_id: UUID) -> str:
    """Where one fullmakt is."""
    return f"/access/fullmakt/{fullmakt_id}"


def _shown(
    request: Request[Any, Any, Any],
    reader: Reader,
    found: Concerned,
    *,
    code: str = "",
    refused: OutOfTurn | None = None,
) -> Response[str]:
    locale = locale_of(request, reader.locale)
    text_key = refused.text_key if refused else ""
    page = page_of(found, who(reader, locale), code=code, text_key=text_key)
    return html(locale, "access/fullmakt.html", page, refused.status_code if refused else 200)


routes = (fullmakt_page, move_fullmakt, review)
