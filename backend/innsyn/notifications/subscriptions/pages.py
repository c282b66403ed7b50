"""Being told on this device: asked for by the citizen, never by a page that they did not open for it."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from innsyn.access.acting import Acts
from innsyn.access.capability import Capability
from innsyn.access.opening import ReadSession
from innsyn.access.views import Who, who
from innsyn.identity.devices.rules import browser_of
from innsyn.notifications.subscriptions import commands, queries
from innsyn.notifications.subscriptions.queries import Told
from innsyn.notifications.subscriptions.rules import asked
from innsyn.settings import Settings
from innsyn.web.pages import html, locale_of


class DevicesPage(msgspec.Struct, frozen=True, kw_only=True):
    """`key`: what a browser subscribes with, '' where this installation sends no push. `done`: on | off | refused."""

    reader: Who
    devices: list[Told]
    key: str
    done: str


@get("/settings/notices/devices")
async def devices(
    request: Request[Any, Any, Any],
    read_db: NamedDependency[ReadSession],
    settings: NamedDependency[Settings],
    done: FromQuery[str] = "",
) -> Response[str]:
    """Which browsers are told, and whether this one is."""
    reader, told = await queries.told_in(read_db)
    locale = locale_of(request, reader.locale)
    done = done if done in {"on", "off", "refused"} else ""
    page = DevicesPage(reader=who(reader, locale), devices=told, key=settings.push_public_key, done=done)
    return html(locale, "notifications/devices.html", page)


@post("/settings/notices/devices", status_code=303)
async def subscribe(
    request: Request[Any, Any, Any], acts: NamedDependency[Acts], settings: NamedDependency[Settings]
) -> Redirect:
    """This browser is told from now on, and whoever was told in it before is not."""
    form = await request.form()
    endpoint, p256dh, auth = (str(form.get(name, "")) for name in ("endpoint", "p256dh", "auth"))
    found = asked(endpoint, p256dh, auth, settings.push_services) if settings.push_public_key else None
    async with acts.begin("notices.subscribe", needs=Capability.SEE) as act:
        if found is not None:
            await commands.subscribe(act, found, browser_of(request.headers.get("user-agent", "")))
    return Redirect(f"/settings/notices/devices?done={'on' if found else 'refused'}", status_code=303)


@post("/settings/notices/devices/{subscription_id:uuid}/remove", status_code=303)
async def remove(acts: NamedDependency[Acts], subscription_id: FromPath[UUID]) -> Redirect:
    """Nothing goes to this browser any more."""
    async with acts.begin("notices.unsubscribe", needs=Capability.SEE) as act:
        if not await commands.remove(act, subscription_id):
            raise NotFoundException
    return Redirect("/settings/notices/devices?done=off", status_code=303)


routes = [devices, subscribe, remove]
