"""When I want to see new results, and whom I do not want to see my journal."""

from typing import Annotated, Any, Final, Literal
from uuid import UUID, uuid4

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect

from innsyn.access.acting import Acts
from innsyn.access.capability import Capability
from innsyn.access.opening import ReadSession
from innsyn.access.reader import Reader
from innsyn.access.release import Wish
from innsyn.access.views import who
from innsyn.access.wishes import commands, queries, rules
from innsyn.access.wishes.refusals import NoSuchRequest
from innsyn.access.wishes.rules import Problem, What
from innsyn.access.wishes.views import BlocksPage, LiftPage, RequestShown, WishesPage, choices
from innsyn.web.pages import html, locale_of

_DONE: Final = {"asked", "lifted"}


class WishesForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A wish for each kind."""

    lab_results: Wish
    imaging: Wish
    notes: Literal["at_once", "not_weekend", "asked"]


class BlockForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`understood`: that care may be delayed. `key` makes the same form, sent twice, one request."""

    key: UUID
    what: Literal["block_unit", "block_person", "reservation"]
    target: str = ""
    understood: str = ""


@get("/access/wishes")
async def wishes(
    request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession], saved: FromQuery[str] = ""
) -> Response[str]:
    """When new entries of each kind are to be shown."""
    reader, wished = await queries.wishes_of(read_db)
    locale = locale_of(request, reader.locale)
    page = WishesPage(reader=who(reader, locale), kinds=choices(wished), saved=saved == "1")
    return html(locale, "access/wishes.html", page)


@post("/access/wishes", status_code=303)
async def wish(
    acts: NamedDependency[Acts],
    data: Annotated[WishesForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Keep the wishes: the worker applies them within seconds."""
    wished = {"lab_results": data.lab_results, "imaging": data.imaging, "notes": Wish(data.notes)}
    async with acts.begin("wishes.choose", needs=Capability.SEE) as act:
        await commands.wish(act, wished)
    return Redirect("/access/wishes?saved=1", status_code=303)


@get("/access/blocks")
async def blocks(
    request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession], done: FromQuery[str] = ""
) -> Response[str]:
    """What has been asked of the journal, how far it has come, and the forms to ask for more."""
    reader, requests = await queries.requests_of(read_db)
    return _blocks(request, reader, requests, done=done if done in _DONE else "")


@post("/access/blocks", status_code=303)
async def ask(
    request: Request[Any, Any, Any],
    acts: NamedDependency[Acts],
    read_db: NamedDependency[ReadSession],
    data: Annotated[BlockForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    """Ask for a block or a reservation; what is missing is said on the page, with what was typed."""
    what, target = What(data.what), _tidy(data.target)
    if problems := rules.problems_of(what, target, understood=data.understood == "1"):
        reader, requests = await queries.requests_of(read_db)
        return _blocks(request, reader, requests, what=what, typed=target, errors=problems, status=422)
    asked = rules.Request(request_id=data.key, what=what, target="" if what is What.RESERVATION else target)
    async with acts.begin("blocks.ask") as act:
        await commands.ask(act, asked)
    return Redirect("/access/blocks?done=asked", status_code=303)


@get("/access/blocks/{request_id:uuid}/lift")
async def lift_form(
    request: Request[Any, Any, Any],
    acts: NamedDependency[Acts],
    read_db: NamedDependency[ReadSession],
    request_id: FromPath[UUID],
) -> Response[str]:
    """Before a request is taken back.

    To lift a block opens the journal to whoever it was closed for, as giving access does: the person proves anew who
    they are. To ask for one opens nothing.
    """
    reader, found = await queries.request_of(read_db, request_id)
    if not found.can_be_withdrawn:
        raise NoSuchRequest
    await acts.must_be_fresh("blocks.lift_form")
    locale = locale_of(request, reader.locale)
    return html(locale, "access/blocks-lift.html", LiftPage(reader=who(reader, locale), request=found))


@post("/access/blocks/{request_id:uuid}/lift", status_code=303)
async def lift(acts: NamedDependency[Acts], request_id: FromPath[UUID]) -> Redirect:
    """Ask the journal to take it away again."""
    async with acts.begin("blocks.lift", fresh=True) as act:
        await commands.lift(act, request_id)
    return Redirect("/access/blocks?done=lifted", status_code=303)


def _blocks(
    request: Request[Any, Any, Any],
    reader: Reader,
    requests: list[RequestShown],
    *,
    done: str = "",
    what: str = "",
    typed: str = "",
    errors: list[Problem] | None = None,
    status: int = 200,
) -> Response[str]:
    locale = locale_of(request, reader.locale)
    page = BlocksPage(
        reader=who(reader, locale),
        requests=requests,
        key=uuid4(),
        reservation_key=uuid4(),
        done=done,
        may_ask=bool(reader.capabilities & Capability.MANAGE),
        what=what,
        typed=typed,
        errors=errors or [],
    )
    return html(locale, "access/blocks.html", page, status)


def _tidy(text: str) -> str:
    """One line of what can be printed: PostgreSQL has no place for U+0000, and nobody reads the others."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


routes = [wishes, wish, blocks, ask, lift_form, lift]
