"""The citizen's own passkeys. A new one takes a login at ID-porten within ten minutes; doing away with one does not."""

import base64
from typing import Annotated, Any
from uuid import UUID

import msgspec
import structlog
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.exceptions import NotFoundException
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect

from innsyn.access.acting import Acts
from innsyn.access.capability import Capability
from innsyn.access.opening import NotLoggedIn, ReadSession
from innsyn.access.passkeys import commands, queries
from innsyn.access.passkeys.queries import Passkey
from innsyn.access.views import Who, who
from innsyn.identity.passkeys import rules, views
from innsyn.identity.passkeys.commands import give_challenge, take_challenge
from innsyn.identity.passkeys.rules import PasskeyRefused, Site
from innsyn.identity.sessions import cookie_name, token_of
from innsyn.settings import Settings
from innsyn.web.pages import html, locale_of

_log = structlog.get_logger()
_LONGEST_NAME = 60


class PasskeysPage(msgspec.Struct, frozen=True, kw_only=True):
    """`days`: for how long after a login at ID-porten a passkey is good. `done`: made | removed | ''."""

    reader: Who
    passkeys: list[Passkey]
    days: int
    done: str


class NewPasskeyPage(msgspec.Struct, frozen=True, kw_only=True):
    """`options` is for the page's script; `refused`: the one before did not hold."""

    reader: Who
    options: str
    days: int
    refused: bool


class NewPasskeyForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the citizen calls it, and what the page's script fills in."""

    credential: str
    name: str = ""


@get("/settings/passkeys")
async def passkeys_page(
    request: Request[Any, Any, Any],
    read_db: NamedDependency[ReadSession],
    settings: NamedDependency[Settings],
    done: FromQuery[str] = "",
) -> Response[str]:
    """Which passkeys open the citizen's Innsyn."""
    reader, mine = await queries.passkeys_of(read_db)
    locale = locale_of(request, reader.locale)
    done = done if done in {"made", "removed"} else ""
    page = PasskeysPage(reader=who(reader, locale), passkeys=mine, days=settings.passkey_days, done=done)
    return html(locale, "identity/passkeys.html", page)


@get("/settings/passkeys/new")
async def new_passkey_page(
    request: Request[Any, Any, Any],
    acts: NamedDependency[Acts],
    read_db: NamedDependency[ReadSession],
    settings: NamedDependency[Settings],
    site: NamedDependency[Site],
) -> Response[str]:
    """Ask this device for a new passkey, once the citizen has just been seen by ID-porten."""
    return await _asked(request, acts, read_db, settings, site)


@post("/settings/passkeys/new", status_code=303)
async def make_passkey(
    request: Request[Any, Any, Any],
    acts: NamedDependency[Acts],
    read_db: NamedDependency[ReadSession],
    settings: NamedDependency[Settings],
    site: NamedDependency[Site],
    data: Annotated[NewPasskeyForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    """Keep the passkey that this device has made."""
    try:
        answer = rules.made_in(data.credential)
        challenge = rules.challenge_in(answer)
        await take_challenge(
            request.app.state.logins.pool, "register", _session_of(request, settings), challenge
        )
        made = rules.must_be_new(answer, challenge, site)
        async with acts.begin("passkeys.make", needs=Capability.SEE, fresh=True) as act:
            await commands.keep(act, made, data.name.strip()[:_LONGEST_NAME])
    except PasskeyRefused as refused:
        _log.info("identity:passkey:not-made", refusal=type(refused).__name__, reason=refused.reason)
        return await _asked(request, acts, read_db, settings, site, refused)
    return Redirect("/settings/passkeys?done=made", status_code=303)


@post("/settings/passkeys/{passkey_id:uuid}/remove", status_code=303)
async def remove_passkey(acts: NamedDependency[Acts], passkey_id: FromPath[UUID]) -> Redirect:
    """Do away with a passkey, and with the sessions that it has begun."""
    async with acts.begin("passkeys.remove", needs=Capability.SEE) as act:
        removed = await commands.remove(act, passkey_id)
    if not removed:
        raise NotFoundException
    return Redirect("/settings/passkeys?done=removed", status_code=303)


async def _asked(
    request: Request[Any, Any, Any],
    acts: Acts,
    read_db: ReadSession,
    settings: Settings,
    site: Site,
    refused: PasskeyRefused | None = None,
) -> Response[str]:
    await acts.must_be_fresh("passkeys.new")
    reader, mine = await queries.passkeys_of(read_db, before_another=True)
    locale = locale_of(request, reader.locale)
    async with request.app.state.logins.transaction() as db:
        challenge = await give_challenge(db, "register", _session_of(request, settings))
    existing = [base64.b64decode(each.credential) for each in mine]
    page = NewPasskeyPage(
        reader=who(reader, locale),
        options=views.to_make(challenge, site, reader.actor_id, reader.name, existing),
        days=settings.passkey_days,
        refused=refused is not None,
    )
    return html(locale, "identity/passkeys_new.html", page, refused.status_code if refused else 200)


def _session_of(request: Request[Any, Any, Any], settings: Settings) -> bytes:
    """What a challenge for a new passkey is bound to: this very session."""
    token = token_of(request.cookies.get(cookie_name(production=settings.production)))
    if token is None:
        raise NotLoggedIn
    return token


routes = (passkeys_page, new_passkey_page, make_passkey, remove_passkey)
