"""The forms for giving access, and for changing what has been given."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect

from innsyn.access.acting import Acts
from innsyn.access.book.versions import version
from innsyn.access.capability import Capability
from innsyn.access.fullmakt import commands, queries, rules
from innsyn.access.fullmakt.forms import ChangeForm, GivingForm, Wish, chosen, wish_of
from innsyn.access.fullmakt.levels import PRESETS, TASKS, Level, WhichForm, must_be_theirs, task_named
from innsyn.access.fullmakt.pages import address_of, fullmakt_here
from innsyn.access.fullmakt.queries import Concerned
from innsyn.access.fullmakt.refusals import NotTheirs
from innsyn.access.fullmakt.rules import Move, Party, State
from innsyn.access.fullmakt.views import Choices, FieldError, GivingPage, card_of, choices_of
from innsyn.access.opening import ReadSession, who_is_here
from innsyn.access.reader import Reader
from innsyn.access.views import who
from innsyn.settings import Settings
from innsyn.web.dates import today_of
from innsyn.web.pages import html, locale_of


@get("/access/give")
async def give_page(
    request: Request[Any, Any, Any],
    acts: NamedDependency[Acts],
    read_db: NamedDependency[ReadSession],
    level: FromQuery[str] = "",
    task: FromQuery[str] = "",
) -> Response[str]:
    """What to give, to whom, and for how long."""
    await acts.must_be_fresh("fullmakt.give")
    reader, title = await _form_of(read_db, level, task)
    chosen_level = level if level in {*PRESETS, *TASKS, Level.FORM} else PRESETS[0]
    lasts = "months" if chosen_level in {*TASKS, Level.FORM} else "year"
    named = task_named(task) if title else ""
    return _form(request, reader, Choices(level=chosen_level, lasts=lasts, task=named, form=title))


@post("/access/give", status_code=303)
async def give(
    request: Request[Any, Any, Any],
    acts: NamedDependency[Acts],
    read_db: NamedDependency[ReadSession],
    settings: NamedDependency[Settings],
    data: Annotated[GivingForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    """Keep it as a draft: nobody has got anything before there is a code, and somebody to use it."""
    reader, title = await _form_of(read_db, data.level, data.task)
    choices = chosen(data, data.label, title)
    wish, errors = wish_of(choices, today_of(reader.at), choices.task)
    if wish is None:
        return _form(request, reader, choices, errors)
    _must_be_theirs(wish, reader)
    async with acts.begin("fullmakt.draft") as act:
        made = await commands.draft(act, wish.label, wish.given, wish.until, version(settings.rule_book))
    return Redirect(address_of(made), status_code=303)


@get("/access/fullmakt/{fullmakt_id:uuid}/change")
async def change_page(
    request: Request[Any, Any, Any],
    read_db: NamedDependency[ReadSession],
    fullmakt_id: FromPath[UUID],
) -> Response[str]:
    """The same form, as it is filled in now."""
    reader, found = await _changeable(read_db, fullmakt_id)
    return _form(request, reader, choices_of(found), found=found)


@post("/access/fullmakt/{fullmakt_id:uuid}/change", status_code=303)
async def change(
    request: Request[Any, Any, Any],
    acts: NamedDependency[Acts],
    read_db: NamedDependency[ReadSession],
    fullmakt_id: FromPath[UUID],
    data: Annotated[ChangeForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    """Less at once, from either of them; more from the giver, within ten minutes of a login at ID-porten."""
    reader, found = await _changeable(read_db, fullmakt_id)
    choices = chosen(data, found.one.label, found.form)
    wish, errors = wish_of(choices, today_of(reader.at), found.one.given.task)
    if wish is None:
        return _form(request, reader, choices, errors, found)
    if found.party is Party.RECEIVER:
        return await _reduce(request, acts, reader, found, wish, choices)
    _must_be_theirs(wish, reader)
    wider = found.one.state is State.ACTIVE and rules.is_wider(found.one, wish.given, wish.until)
    async with acts.begin("fullmakt.change", fresh=wider) as act:
        await commands.change(act, fullmakt_id, wish.given, wish.until, wider=wider)
    return Redirect(address_of(fullmakt_id), status_code=303)


async def _form_of(read_db: ReadSession, level: str, task: str) -> tuple[Reader, str]:
    """The person here, and what the form is called that they give ('' for other levels). Raises WhichForm."""
    if level != Level.FORM:
        reader, _ = await read_db.ask(who_is_here)
        return reader, ""
    reader, title = await queries.form_to_give(read_db, task_named(task))
    if not title:
        raise WhichForm
    return reader, title


async def _reduce(
    request: Request[Any, Any, Any],
    acts: Acts,
    reader: Reader,
    found: Concerned,
    wish: Wish,
    choices: Choices,
) -> Response[Any]:
    if rules.is_wider(found.one, wish.given, wish.until):
        return _form(request, reader, choices, (FieldError("level", "fullmakt.error.wider"),), found)
    async with acts.begin("fullmakt.reduce") as act:
        await commands.reduce(act, found.one.fullmakt_id, wish.given, wish.until)
    return Redirect(address_of(found.one.fullmakt_id), status_code=303)


async def _changeable(read_db: ReadSession, fullmakt_id: UUID) -> tuple[Reader, Concerned]:
    reader, found = await fullmakt_here(read_db, fullmakt_id)
    if not {Move.CHANGE, Move.REDUCE} & rules.moves_of(found.one, found.party, reader.at):
        raise NotTheirs
    return reader, found


def _must_be_theirs(wish: Wish, reader: Reader) -> None:
    must_be_theirs(wish.given, Capability(reader.capabilities), reader.kinds)


def _form(
    request: Request[Any, Any, Any],
    reader: Reader,
    choices: Choices,
    errors: tuple[FieldError, ...] = (),
    found: Concerned | None = None,
) -> Response[str]:
    locale = locale_of(request, reader.locale)
    page = GivingPage(
        reader=who(reader, locale),
        choices=choices,
        errors=errors,
        card=card_of(found, reader.at) if found else None,
    )
    return html(locale, "access/fullmakt_give.html", page, 400 if errors else 200)


routes = (give_page, give, change_page, change)
