"""What an id_token must be before anybody is let in by it.

OpenID Connect Core 3.1.3.7, stricter where ID-porten is: the signature is checked although the token came
straight from the token endpoint, it must be RS256, and each claim that ID-porten always sends is demanded.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from innsyn.identity.oidc_refusals import LevelTooLow, ProviderNotTrusted
from innsyn.identity.oidc_signed import SKEW, is_audience

WHAT: Final = "id_token"
TYPES: Final = frozenset({"", "jwt"})
LEVEL: Final = "idporten-loa-high"

_SESSION_AT_PROVIDER: Final = 120 * 60  # ID-porten's longest single sign-on session


class Claims(msgspec.Struct, frozen=True):
    """The claims we read. What has no default must be there."""

    iss: str
    sub: str
    aud: str | list[str]
    exp: float
    iat: float
    nonce: str
    auth_time: float
    acr: str = ""
    azp: str = ""
    at_hash: str = ""
    pid: str = ""
    sid: str = ""
    locale: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the claims are held against. `fresh`: the citizen was asked to log in anew after `begun_at`."""

    issuer: str
    client_id: str
    nonce: str
    begun_at: datetime
    fresh: bool


def must_be_for_us(claims: Claims, expected: Expected, now: datetime) -> None:
    """Issuer, audience, nonce, times and level. Raises ProviderNotTrusted or LevelTooLow."""
    for holds, name in (
        (claims.iss == expected.issuer, "iss"),
        (claims.sub != "", "sub"),
        (is_audience(claims.aud, claims.azp, expected.client_id), "aud"),
        (hmac.compare_digest(claims.nonce.encode(), expected.nonce.encode()), "nonce"),
        *_times(claims, expected, now.timestamp()),
    ):
        if not holds:
            raise ProviderNotTrusted(f"{WHAT}: {name}")
    if claims.acr != LEVEL:
        raise LevelTooLow(f"{WHAT}: acr")


def _times(claims: Claims, expected: Expected, now: float) -> tuple[tuple[bool, str], ...]:
    begun = expected.begun_at.timestamp()
    oldest_login = begun if expected.fresh else now - _SESSION_AT_PROVIDER
    return (
        (now < claims.exp + SKEW, "exp"),
        # Made for this login: neither in the future nor before the login was begun.
        (begun - SKEW <= claims.iat <= now + SKEW, "iat"),
        (oldest_login - SKEW <= claims.auth_time <= now + SKEW, "auth_time"),
    )


def must_belong_together(claims: Claims, access_token: str) -> None:
    """`at_hash`, where the provider sends it (OpenID Connect Core 3.1.3.8). Raises ProviderNotTrusted."""
    if not claims.at_hash:
        return
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    expected = base64.urlsafe_b64encode(half).rstrip(b"=")
    if not hmac.compare_digest(claims.at_hash.encode(), expected):
        raise ProviderNotTrusted(f"{WHAT}: at_hash")
