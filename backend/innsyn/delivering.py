"""Delivery to the journal as it is set up: its address, how we prove who we are there, whose names it knows."""

import asyncio
from datetime import UTC, datetime

import httpx
import structlog

from innsyn.journal.delivery import deliver
from innsyn.journal.delivery_client import JournalClient
from innsyn.journal.delivery_rules import Pace
from innsyn.records.references import Names
from innsyn.settings import SettingMissing, Settings
from innsyn.showing_who_we_are import tokens_of

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
        client = JournalClient(http, settings.journal_fhir, _now, tokens_of(settings, http), Pace().deadline)
        await deliver(settings.database_worker, client, stop, naming=Names(FEED))
