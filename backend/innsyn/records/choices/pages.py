"""Seeing an entry now, keeping it from others, asking for a block of it: each from the page of the entry."""

from typing import Annotated, Any, Final
from uuid import UUID, uuid4

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect

from innsyn.access.acting import Acts
from innsyn.access.audience import Audience
from innsyn.access.capability import Capability
from innsyn.access.opening import ReadSession
from innsyn.access.reader import Reader
from innsyn.access.release import OWN_WISH
from innsyn.access.views import who
from innsyn.access.wishes import commands as wishes
from innsyn.access.wishes import rules
from innsyn.access.wishes.rules import Problem, What
from innsyn.records.choices import commands, queries
from innsyn.records.choices.views import ChoicePage, HiddenPage
from innsyn.records.entries import Line
from innsyn.web.pages import html, locale_of

# The worker needs about a second: the browser looks by itself, with or without JavaScript.
_LOOK_AGAIN_SECONDS: Final = 1
_DONE: Final = {"hidden", "shown"}


class EntryForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which entry."""

    entry_id: UUID


class BlockEntryForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`understood`: that care may be delayed. `key` makes the same form, sent twice, one request."""

    key: UUID
    understood: str = ""


@post("/access/wishes/show-now", status_code=303)
async def show_now(
    acts: NamedDependency[Acts],
    data: Annotated[EntryForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Lift the own wish from one entry."""
    async with acts.begin("choices.show_now", needs=Capability.SEE) as act:
        await commands.show_now(act, data.entry_id)
    return Redirect(f"/access/wishes/opening/{data.entry_id}", status_code=303)


@get("/access/wishes/opening/{entry_id:uuid}")
async def opening(
    request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession], entry_id: FromPath[UUID]
) -> Response[Any]:
    """Where one waits until the own wish is lifted; then the entry itself."""
    reader, line = await queries.line_of(read_db, entry_id)
    if not line.withheld.startswith(OWN_WISH):
        return Redirect(f"/journal/{line.kind}/{line.id}", status_code=303)
    answer = _page(request, "access/wishes-opening.html", reader, line)
    answer.headers["refresh"] = str(_LOOK_AGAIN_SECONDS)
    return answer


@get("/access/hidden")
async def hidden(
    request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession], done: FromQuery[str] = ""
) -> Response[str]:
    """What the person here has hidden from others."""
    reader, lines = await queries.hidden_by(read_db)
    locale = locale_of(request, reader.locale)
    page = HiddenPage(
        reader=who(reader, locale),
        lines=lines,
        from_parents=_is_young(reader),
        done=done if done in _DONE else "",
    )
    return html(locale, "access/hidden.html", page)


@get("/access/hide/{entry_id:uuid}")
async def hide_form(
    request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession], entry_id: FromPath[UUID]
) -> Response[str]:
    """Before an entry is hidden: from whom, and what goes with it."""
    reader, line = await queries.line_of(read_db, entry_id)
    return _page(request, "access/hide.html", reader, line)


@post("/access/hide", status_code=303)
async def hide(
    acts: NamedDependency[Acts],
    data: Annotated[EntryForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Keep an entry from parents and helpers: from their next page on."""
    async with acts.begin("choices.hide", needs=Capability.SEE) as act:
        await commands.hide(act, data.entry_id)
    return Redirect("/access/hidden?done=hidden", status_code=303)


@post("/access/show-again", status_code=303)
async def show_again(
    acts: NamedDependency[Acts],
    data: Annotated[EntryForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Hide it no longer."""
    async with acts.begin("choices.show_again", needs=Capability.SEE) as act:
        await commands.show_again(act, data.entry_id)
    return Redirect("/access/hidden?done=shown", status_code=303)


@get("/access/blocks/entry/{entry_id:uuid}")
async def block_form(
    request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession], entry_id: FromPath[UUID]
) -> Response[str]:
    """Before a block of one entry is asked for."""
    reader, line = await queries.line_of(read_db, entry_id)
    return _page(request, "access/blocks-entry.html", reader, line)


@post("/access/blocks/entry/{entry_id:uuid}", status_code=303)
async def block(
    request: Request[Any, Any, Any],
    acts: NamedDependency[Acts],
    read_db: NamedDependency[ReadSession],
    entry_id: FromPath[UUID],
    data: Annotated[BlockEntryForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    """Ask the journal to keep an entry from everybody there."""
    reader, line = await queries.line_of(read_db, entry_id)
    what = What.BLOCK_ENTRY
    if problems := rules.problems_of(what, "", understood=data.understood == "1"):
        return _page(request, "access/blocks-entry.html", reader, line, errors=problems, status=422)
    named = f"{line.title[:150]} ({line.at[:10]})" if line.title else ""
    asked = rules.Request(request_id=data.key, what=what, target=named, entry_id=entry_id)
    async with acts.begin("blocks.ask") as act:
        await wishes.ask(act, asked)
    return Redirect("/access/blocks?done=asked", status_code=303)


def _page(
    request: Request[Any, Any, Any],
    template: str,
    reader: Reader,
    line: Line,
    *,
    errors: list[Problem] | None = None,
    status: int = 200,
) -> Response[str]:
    locale = locale_of(request, reader.locale)
    page = ChoicePage(
        reader=who(reader, locale),
        line=line,
        from_parents=_is_young(reader),
        may_ask=bool(reader.capabilities & Capability.MANAGE),
        key=uuid4(),
        errors=errors or [],
    )
    return html(locale, template, page, status)


def _is_young(reader: Reader) -> bool:
    return bool(reader.audience & Audience.YOUTH)


routes = [show_now, opening, hidden, hide_form, hide, show_again, block_form, block]
