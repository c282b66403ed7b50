"""Web Push: a letter to a browser, over its push service. RFC 8030 (how), 8291 (encrypted), 8292 (who we are)."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import http_ece
import httpx
import jwt
import structlog
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from innsyn.notifications.channels.payload import TAG, payload_of
from innsyn.notifications.channels.port import Answer, Letter, Outcome
from innsyn.notifications.subscriptions.rules import Asked
from innsyn.settings import SettingMissing

# How long the push service keeps it for a browser that is away, in seconds; whoever comes later sees the list.
_KEPT: Final = 24 * 60 * 60
# At most 24 hours by RFC 8292 section 2; it is made anew an hour before.
_TOKEN_LIVES: Final = timedelta(hours=12)
_TOKEN_IS_OLD: Final = timedelta(hours=11)
TIMEOUT: Final = 10.0
# Nothing has left. With any other error it may have been taken.
NOT_CONNECTED: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
# What they have against us is not the letter's fault, and an operator mends it.
NOT_LET_IN: Final = frozenset({401, 403})
_MOST_DIGITS: Final = 7
_log = structlog.get_logger()


class Key:
    """The key by which push services know this installation."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self.private = private
        point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        # As browsers want it (applicationServerKey), and as it stands in the header.
        self.public = base64.urlsafe_b64encode(point).rstrip(b"=").decode()

    @classmethod
    def made_at(cls, path: Path) -> "Key":
        """A new one, kept in a PEM file that only its owner reads. Raises FileExistsError, and other OSErrors."""
        made = ec.generate_private_key(ec.SECP256R1())
        path.touch(mode=0o600, exist_ok=False)
        path.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return cls(made)

    @classmethod
    def read(cls, path: Path) -> "Key":
        """Out of a PEM file. Raises SettingMissing."""
        try:
            private = load_pem_private_key(path.read_bytes(), password=None)
        except (OSError, ValueError) as failed:
            raise SettingMissing(
                f"There is no private key (PEM) to read at {path}: set INNSYN_PUSH_KEY."
            ) from failed
        if not isinstance(private, ec.EllipticCurvePrivateKey) or private.curve.name != "secp256r1":
            raise SettingMissing("INNSYN_PUSH_KEY must be a key of the curve P-256.")
        return cls(private)


class WebPush:
    """Sends to browsers. `contact` is where a push service can ask about us (mailto: or https:)."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        key: Key,
        *,
        contact: str,
        base_url: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._http, self._key, self._contact, self._base_url = http, key, contact, base_url
        self._clock = clock
        self._tokens: dict[str, tuple[datetime, str]] = {}

    async def send(self, letter: Letter, to: Asked) -> Answer:
        """Hand it to the push service of this browser. 201 is kept there; what came of it after that nobody tells."""
        body = _encrypted(payload_of(letter, self._base_url), to)
        try:
            answer = await self._http.post(
                to.endpoint, content=body, headers=self._headers(to), follow_redirects=False, timeout=TIMEOUT
            )
        except (httpx.HTTPError, httpx.InvalidURL) as failed:
            _log.warning("push_not_sent", error=type(failed).__name__)
            return Answer(Outcome.LATER if isinstance(failed, NOT_CONNECTED) else Outcome.LOST)
        if answer.status_code in NOT_LET_IN:
            _log.error("push_not_let_in", status=answer.status_code)
        return answer_to(answer.status_code, answer.headers.get("retry-after", ""), self._clock())

    def _headers(self, to: Asked) -> dict[str, str]:
        parts = urlsplit(to.endpoint)
        return {
            "authorization": f"vapid t={self._token(f'{parts.scheme}://{parts.netloc}')}, k={self._key.public}",
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "ttl": str(_KEPT),
            "topic": TAG,
            "urgency": "normal",
        }

    def _token(self, origin: str) -> str:
        now = self._clock()
        made, token = self._tokens.get(origin, (None, ""))
        if made is None or now - made > _TOKEN_IS_OLD:
            claims = {"aud": origin, "exp": now + _TOKEN_LIVES, "sub": self._contact}
            token = jwt.encode(claims, self._key.private, algorithm="ES256")
            self._tokens[origin] = now, token
        return token


def _encrypted(plain: bytes, to: Asked) -> bytes:
    """For this browser alone, with a key that is used once (RFC 8291)."""
    once = ec.generate_private_key(ec.SECP256R1())
    body: bytes = http_ece.encrypt(
        plain, private_key=once, dh=to.p256dh, auth_secret=to.auth, version="aes128gcm"
    )
    return body


def answer_to(status: int, retry_after: str, now: datetime) -> Answer:
    """What a push service's answer means: RFC 8030 sections 5, 7.3 and 8.4."""
    if status in {200, 201, 202}:
        return Answer(Outcome.SENT)
    if status in {404, 410}:
        return Answer(Outcome.GONE)
    if status in {408, 425, 429} | NOT_LET_IN or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return Answer(Outcome.LATER, _seconds(retry_after, now))
    return Answer(Outcome.REFUSED)


def _seconds(retry_after: str, now: datetime) -> timedelta | None:
    """A number of seconds or a date, as RFC 9110 has it; None for anything else."""
    if retry_after.isascii() and retry_after.isdigit() and len(retry_after) <= _MOST_DIGITS:
        return timedelta(seconds=int(retry_after))
    try:
        at = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(at.replace(tzinfo=at.tzinfo or UTC) - now, timedelta())
