"""What every token of the provider must be before its claims are looked at: RS256, by a key the provider has.

`what` names the token in the reason for the log ("id_token").
"""

import base64
import binascii
from collections.abc import Collection
from typing import Any, Final, TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import InvalidTokenError
from jwt.api_jws import PyJWS

from innsyn.identity.oidc_refusals import ProviderNotTrusted

ALGORITHM: Final = "RS256"
SKEW: Final = 30  # seconds that two clocks may differ

_LONGEST: Final = 16 * 1024
# A token shall never say where its key is, nor change the rules that it is read by.
_NOT_IN_A_HEADER: Final = {"jku", "jwk", "x5u", "x5c", "crit", "b64", "zip"}
_jws = PyJWS(algorithms=[ALGORITHM])

Claims = TypeVar("Claims")


def key_id_of(token: str, what: str, types: Collection[str]) -> str:
    """Which of the provider's keys signed ('': it does not say). Raises ProviderNotTrusted for a header we do not read.

    `types`: what `typ` may be, in lower case; "" allows that it is missing. Tokens of several kinds are signed by the
    same keys, and one must not pass for another (RFC 8725, 3.11).
    """
    if len(token) > _LONGEST:
        raise ProviderNotTrusted(f"{what}: too long")
    header = _header_of(token, what)
    if header.get("alg") != ALGORITHM:
        raise ProviderNotTrusted(f"{what}: alg is not RS256")
    if _NOT_IN_A_HEADER & header.keys():
        raise ProviderNotTrusted(f"{what}: header that a token may not have")
    if str(header.get("typ", "")).lower() not in types:
        raise ProviderNotTrusted(f"{what}: typ")
    kid = header.get("kid", "")
    if not isinstance(kid, str):
        raise ProviderNotTrusted(f"{what}: kid")
    return kid


def _header_of(token: str, what: str) -> dict[str, Any]:
    try:
        encoded = token.split(".", 1)[0]
        padded = encoded + "=" * (-len(encoded) % 4)
        return msgspec.json.decode(
            base64.b64decode(padded, altchars=b"-_", validate=True), type=dict[str, Any]
        )
    except (binascii.Error, ValueError, RecursionError) as error:
        raise ProviderNotTrusted(f"{what}: header cannot be read") from error


def claims_of(token: str, key: RSAPublicKey, what: str, into: type[Claims]) -> Claims:
    """The claims, if `key` signed them. Raises ProviderNotTrusted."""
    try:
        payload = _jws.decode(token, key, algorithms=[ALGORITHM])
    except InvalidTokenError as error:
        raise ProviderNotTrusted(f"{what}: signature") from error
    try:
        return msgspec.json.decode(payload, type=into)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        # msgspec names the field and the type, never the value.
        raise ProviderNotTrusted(f"{what}: {error}") from error


def is_audience(aud: str | list[str], azp: str, client_id: str) -> bool:
    """Whether the token is for us, and for nobody else who is not named as its user (OpenID Connect Core 3.1.3.7)."""
    audience = [aud] if isinstance(aud, str) else aud
    if len(audience) > 1 and not azp:
        return False
    return client_id in audience and azp in ("", client_id)
