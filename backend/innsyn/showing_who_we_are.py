"""Our token for the journal's FHIR server, for whatever is asked of that server, and of no other."""

from datetime import UTC, datetime

import httpx

from innsyn.journal.delivery_tokens import Tokens, read_key
from innsyn.journal.letting_in import EVERYBODY, LetIn
from innsyn.settings import SettingMissing, Settings


def let_in_at(settings: Settings, address: str, http: httpx.AsyncClient) -> LetIn:
    """What to show at this address. Raises SettingMissing for a key that cannot be used.

    A token is meant for one server: whoever else got it could use the nonce and the time that it lasts.
    """
    base = settings.journal_fhir
    if not base or not f"{address.rstrip('/')}/".startswith(f"{base}/"):
        return EVERYBODY
    return tokens_of(settings, http) or EVERYBODY


def tokens_of(settings: Settings, http: httpx.AsyncClient) -> Tokens | None:
    """None where the journal lets everybody in. Raises SettingMissing for a key that cannot be used."""
    if not settings.journal_token:
        return None
    try:
        key = read_key(settings.journal_key)
    except (OSError, ValueError) as reason:
        raise SettingMissing(f"INNSYN_JOURNAL_KEY cannot be used: {reason}") from None
    return Tokens(
        http,
        settings.journal_token,
        settings.journal_client_id,
        key,
        settings.journal_scope,
        lambda: datetime.now(UTC),
    )
