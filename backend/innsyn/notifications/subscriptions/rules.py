"""Which subscriptions are taken: those of push services that the operator knows."""

import base64
import binascii
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

_LONGEST: Final = 1000
_POINT, _SECRET = 65, 16


class Asked(msgspec.Struct, frozen=True):
    """A subscription as a browser gave it: where it is reached, its public key and the secret it shares with us."""

    endpoint: str
    p256dh: bytes
    auth: bytes


def asked(endpoint: str, p256dh: str, auth: str, services: Sequence[str]) -> Asked | None:
    """What the page's script has sent; None for what is no subscription, or one at a service that is not known.

    We send to this address from within our own network: it must not be anything that a page can name. `services` are
    hosts (`*.push.example` stands for all below it), or whole origins such as http://127.0.0.1:9000.
    """
    if len(endpoint) > _LONGEST or not _is_known(endpoint, services):
        return None
    try:
        point, secret = _bytes(p256dh), _bytes(auth)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except (ValueError, binascii.Error):
        return None
    return Asked(endpoint, point, secret) if (len(point), len(secret)) == (_POINT, _SECRET) else None


def _is_known(endpoint: str, services: Sequence[str]) -> bool:
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.username is not None or parts.password is not None or not endpoint.isascii() or "\\" in endpoint:
        return False
    if f"{parts.scheme}://{parts.netloc}" in services:
        return True
    if parts.scheme != "https" or port not in {None, 443}:
        return False
    return any(host == each or (each.startswith("*.") and host.endswith(each[1:])) for each in services)


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
