"""What the page's script hands to the browser, as JSON; bytes are base64url."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from innsyn.identity.passkeys.rules import ALGORITHMS, Site, packed

# As long as a challenge lives, in milliseconds.
_PATIENCE = 300_000


def to_unlock(challenge: bytes, site: Site) -> str:
    """The options of navigator.credentials.get(). No passkey is named: the device knows which are ours."""
    options = {
        "challenge": packed(challenge),
        "rpId": site.host,
        "userVerification": "required",
        "timeout": _PATIENCE,
    }
    return msgspec.json.encode(options).decode()


def to_make(challenge: bytes, site: Site, person_id: UUID, name: str, existing: Iterable[bytes]) -> str:
    """The options of navigator.credentials.create(); `existing` are the passkeys that this person has already."""
    options = {
        "challenge": packed(challenge),
        "rp": {"id": site.host, "name": "Innsyn"},
        "user": {"id": packed(person_id.bytes), "name": name, "displayName": name},
        "pubKeyCredParams": [{"type": "public-key", "alg": int(algorithm)} for algorithm in ALGORITHMS],
        "excludeCredentials": [{"type": "public-key", "id": packed(each)} for each in existing],
        "authenticatorSelection": {"residentKey": "required", "userVerification": "required"},
        "attestation": "none",
        "timeout": _PATIENCE,
    }
    return msgspec.json.encode(options).decode()
