"""What an id_token must be before anybody is let in by it.

OpenID Connect Core 3.1.3.7, stricter where ID-porten is: the signature is checked although the token came
straight from the token endpoint, it must be RS256, and each claim that ID-porten always sends is demanded.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import InvalidTokenError
from jwt.api_jws import PyJWS

from innsyn.identity.oidc_refusals import LevelTooLow, ProviderNotTrusted

ALGORITHM: Final = "RS256"
LEVEL: Final = "idporten-loa-high"

_SKEW: Final = 30  # seconds that two clocks may differ
_SESSION_AT_PROVIDER: Final = 120 * 60  # ID-porten's longest single sign-on session
_LONGEST: Final = 16 * 1024
# A token shall never say where its key is, nor change the rules that it is read by.
_NOT_IN_A_HEADER: Final = {"jku", "jwk", "x5u", "x5c", "crit", "b64", "zip"}
_jws = PyJWS(algorithms=[ALGORITHM])


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


def key_id_of(token: str) -> str:
    """Which of the provider's keys signed. Raises ProviderNotTrusted for a header that we do not read."""
    if len(token) > _LONGEST:
        raise ProviderNotTrusted("id_token: too long")
    try:
        encoded = token.split(".", 1)[0]
        padded = encoded + "=" * (-len(encoded) % 4)
        header = msgspec.json.decode(
            base64.b64decode(padded, altchars=b"-_", validate=True), type=dict[str, Any]
        )
    except (binascii.Error, ValueError, RecursionError) as error:
        raise ProviderNotTrusted("id_token: header cannot be read") from error
    if header.get("alg") != ALGORITHM:
        raise ProviderNotTrusted("id_token: alg is not RS256")
    if _NOT_IN_A_HEADER & header.keys():
        raise ProviderNotTrusted("id_token: header that a token may not have")
    # A logout token is signed by the same keys, and is no login (RFC 8725, 3.11).
    if str(header.get("typ", "JWT")).upper() != "JWT":
        raise ProviderNotTrusted("id_token: typ is not JWT")
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise ProviderNotTrusted("id_token: no kid")
    return kid


def claims_of(token: str, key: RSAPublicKey) -> Claims:
    """The claims, if `key` signed them. Raises ProviderNotTrusted."""
    try:
        payload = _jws.decode(token, key, algorithms=[ALGORITHM])
    except InvalidTokenError as error:
        raise ProviderNotTrusted("id_token: signature") from error
    try:
        return msgspec.json.decode(payload, type=Claims)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        # msgspec names the field and the type, never the value.
        raise ProviderNotTrusted(f"id_token: {error}") from error


def must_be_for_us(claims: Claims, expected: Expected, now: datetime) -> None:
    """Issuer, audience, nonce, times and level. Raises ProviderNotTrusted or LevelTooLow."""
    for holds, name in (
        (claims.iss == expected.issuer, "iss"),
        (claims.sub != "", "sub"),
        (_is_audience(claims, expected.client_id), "aud"),
        (hmac.compare_digest(claims.nonce.encode(), expected.nonce.encode()), "nonce"),
        *_times(claims, expected, now.timestamp()),
    ):
        if not holds:
            raise ProviderNotTrusted(f"id_token: {name}")
    if claims.acr != LEVEL:
        raise LevelTooLow("id_token: acr")


def _is_audience(claims: Claims, client_id: str) -> bool:
    audience = [claims.aud] if isinstance(claims.aud, str) else claims.aud
    if len(audience) > 1 and not claims.azp:
        return False
    return client_id in audience and claims.azp in ("", client_id)


def _times(claims: Claims, expected: Expected, now: float) -> tuple[tuple[bool, str], ...]:
    begun = expected.begun_at.timestamp()
    oldest_login = begun if expected.fresh else now - _SESSION_AT_PROVIDER
    return (
        (now < claims.exp + _SKEW, "exp"),
        # Made for this login: neither in the future nor before the login was begun.
        (begun - _SKEW <= claims.iat <= now + _SKEW, "iat"),
        (oldest_login - _SKEW <= claims.auth_time <= now + _SKEW, "auth_time"),
    )


def must_belong_together(claims: Claims, access_token: str) -> None:
    """`at_hash`, where the provider sends it (OpenID Connect Core 3.1.3.8). Raises ProviderNotTrusted."""
    if not claims.at_hash:
        return
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    expected = base64.urlsafe_b64encode(half).rstrip(b"=")
    if not hmac.compare_digest(claims.at_hash.encode(), expected):
        raise ProviderNotTrusted("id_token: at_hash")
