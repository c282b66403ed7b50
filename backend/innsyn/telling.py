"""Telling people as it is set up: which ways out this installation has, and the sending of what is due."""

import asyncio
from datetime import UTC, datetime

import httpx
import structlog

from innsyn.notifications.channels.email import Email, Server
from innsyn.notifications.channels.port import Channel, Way
from innsyn.notifications.channels.sms import Sms
from innsyn.notifications.channels.web_push import Key, WebPush
from innsyn.notifications.contact.keeping import Addresses
from innsyn.notifications.contact.over_http import register_at
from innsyn.notifications.sending.going_out import AT_ONCE, Ways, keep_sending
from innsyn.settings import SettingMissing, Settings
from innsyn.work_lasting import lasting

log = structlog.get_logger()


def _now() -> datetime:
    return datetime.now(UTC)


async def telling(settings: Settings, stop: asyncio.Event) -> None:
    """Send notices until told to stop. Raises SettingMissing for what is half set."""
    limits = httpx.Limits(max_connections=2 * AT_ONCE)
    # Never through a proxy of the environment's.
    async with httpx.AsyncClient(trust_env=False, limits=limits) as http:
        ways = ways_of(settings, http)
        if ways.others and ways.addresses is None:
            log.warning("notices_have_no_addresses", settings="INNSYN_KRR")
        if ways.push is None and not ways.others:
            log.warning("notices_have_no_way_out", settings="INNSYN_PUSH_PUBLIC_KEY, INNSYN_SMTP, INNSYN_SMS")
        await lasting(
            settings.database_worker, stop, "notices", lambda db: keep_sending(db, stop, ways, _now)
        )


def ways_of(settings: Settings, http: httpx.AsyncClient) -> Ways:
    """The ways out that are set. Raises SettingMissing for one that is half set, or not fit for production."""
    others: dict[Way, Channel] = {}
    if settings.smtp:
        settings.must_have("mail_from")
        others[Way.EMAIL] = Email(
            Server.read(settings.smtp), sender=settings.mail_from, base_url=settings.base_url, clock=_now
        )
    if settings.sms:
        if settings.production and not settings.sms.startswith("https://"):
            raise SettingMissing("In production INNSYN_SMS must begin with https://.")
        others[Way.SMS] = Sms(
            http, settings.sms, token=settings.sms_token, base_url=settings.base_url, clock=_now
        )
    register = register_at(settings, http, _now)
    return Ways(_push(settings, http), others, Addresses(register) if register else None)


def _push(settings: Settings, http: httpx.AsyncClient) -> WebPush | None:
    if not settings.push_public_key:
        return None
    settings.must_have("push_contact")
    key = Key.read(settings.push_key)
    if key.public != settings.push_public_key:
        raise SettingMissing("INNSYN_PUSH_PUBLIC_KEY is not of the key in INNSYN_PUSH_KEY.")
    return WebPush(http, key, contact=settings.push_contact, base_url=settings.base_url, clock=_now)
