"""Delivery to the journal as it is set up: its address, how we prove who we are there, whose names it knows."""

import asyncio
from datetime import UTC, datetime

import httpx
import structlog

from innsyn.journal.delivery import deliver
from innsyn.journal.delivery_client import JournalClient
from innsyn.journal.delivery_rules import Pace
from innsyn.journal.delivery_tokens import Tokens, read_key
from innsyn.records.references import Names
from innsyn.settings import SettingMissing, Settings

log = structlog.get_logger()

# The feed that tells of what the FHIR server of the journal holds.
FEED = "journal"


def _now() -> datetime:
    return datetime.now(UTC)


async def delivering(settings: Settings, stop: asyncio.Event) -> None:
    """Deliver until told to stop; nothing leaves where no address is set. Raises SettingMissing."""
    if not settings.journal_fhir:
        log.warning("outbox_has_no_address", setting="INNSYN_JOURNAL_FHIR")
        return
    if settings.production and not settings.journal_fhir.startswith("https://"):
        raise SettingMissing("In production INNSYN_JOURNAL_FHIR must begin with https://.")
    # Never through a proxy of the environment's, and each try has a connection if there is room for it.
    limits = httpx.Limits(max_connections=2 * Pace().at_once)
    async with httpx.AsyncClient(trust_env=False, limits=limits) as http:
        client = JournalClient(http, settings.journal_fhir, _now, _tokens(settings, http), Pace().deadline)
        await deliver(settings.database_worker, client, stop, naming=Names(FEED))


def _tokens(settings: Settings, http: httpx.AsyncClient) -> Tokens | None:
    if not settings.journal_token:
        return None
    try:
        key = read_key(settings.journal_key)
    except (OSError, ValueError) as reason:
        raise SettingMissing(f"INNSYN_JOURNAL_KEY cannot be used: {reason}") from None
    client_id, scope = settings.journal_client_id, settings.journal_scope
    return Tokens(http, settings.journal_token, client_id, key, scope, _now)
