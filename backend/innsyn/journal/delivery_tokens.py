"""A token that is ours alone, for the journal's FHIR server: client credentials, bound to a key of this process.

Sources: RFC 6749 § 4.4 and RFC 7523 § 2.2 (private_key_jwt), RFC 9449 (DPoP), facts of HelseID: an assertion lasts at
most 60 seconds and its jti is used once.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

_ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LASTS: Final = timedelta(seconds=50)
_EARLY: Final = timedelta(seconds=30)
_MOST_BYTES: Final = 64 * 1024
_TIMEOUT: Final = httpx.Timeout(10, connect=5)
_OK: Final = 200

Key = EllipticCurvePrivateKey | RSAPrivateKey


class NoToken(Exception):
    """The token endpoint gave none. The text is a short key, never what it said."""


class _Given(msgspec.Struct, frozen=True):
    access_token: str
    token_type: str
    expires_in: int = 60


class _Error(msgspec.Struct, frozen=True):
    error: str = ""


class Tokens:
    """Tokens of one client at one token endpoint. `key` signs its assertions; the proofs have a key of their own."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        endpoint: str,
        client_id: str,
        key: Key,
        scope: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._http, self._endpoint, self._client_id = http, endpoint, client_id
        self._key, self._scope, self._clock = key, scope, clock
        self._proof_key = generate_private_key(SECP256R1())
        self._token = ""
        self._until: datetime | None = None
        self._nonces: dict[str, str] = {}

    async def headers(self, method: str, address: str) -> dict[str, str]:
        """The headers of a request to the journal. Raises NoToken, and httpx.HTTPError's connection failures."""
        if self._until is None or self._clock() >= self._until:
            await self._fetch()
        proof = self._proof(method, address, self._token)
        return {"authorization": f"DPoP {self._token}", "dpop": proof}

    def heard(self, address: str, headers: Mapping[str, str]) -> None:
        """Remember the nonce that a server wants to see in the next proof (RFC 9449 § 8)."""
        if nonce := headers.get("dpop-nonce", ""):
            self._nonces[_host(address)] = nonce

    def refused(self) -> None:
        """The token was not accepted: the next request has a new one."""
        self._until = None

    async def _fetch(self) -> None:
        status, body = await self._ask()
        if status != _OK and _error(body) == "use_dpop_nonce":
            status, body = await self._ask()
        if status != _OK:
            raise NoToken(f"no_token_{status}")
        try:
            given = msgspec.json.decode(body, type=_Given)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise NoToken("no_token_unreadable") from None
        if given.token_type.lower() != "dpop":
            # A token that is not bound to our key could be used by whoever sees it.
            raise NoToken("no_token_bound")
        self._token = given.access_token
        self._until = self._clock() + max(timedelta(seconds=given.expires_in) - _EARLY, timedelta(0))

    async def _ask(self) -> tuple[int, bytes]:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "scope": self._scope,
            "client_assertion_type": _ASSERTION,
            "client_assertion": self._assertion(),
        }
        headers = {"dpop": self._proof("POST", self._endpoint), "accept-encoding": "identity"}
        try:
            async with self._http.stream(
                "POST", self._endpoint, data=form, headers=headers, timeout=_TIMEOUT, follow_redirects=False
            ) as response:
                self.heard(self._endpoint, response.headers)
                body = bytearray()
                async for piece in response.aiter_raw():
                    body += piece
                    if len(body) > _MOST_BYTES:
                        raise NoToken("no_token_too_large")
                return response.status_code, bytes(body)
        except httpx.HTTPError as reason:
            raise NoToken(f"no_token_{type(reason).__name__}") from None

    def _assertion(self) -> str:
        now = self._clock()
        claims = {
            "iss": self._client_id,
            "sub": self._client_id,
            "aud": self._endpoint,
            "jti": uuid4().hex,
            "iat": now,
            "exp": now + _LASTS,
        }
        return jwt.encode(
            claims, self._key, algorithm=_algorithm(self._key), headers={"kid": thumbprint(self._key)}
        )

    def _proof(self, method: str, address: str, token: str = "") -> str:
        claims: dict[str, Any] = {
            "jti": uuid4().hex,
            "htm": method,
            "htu": address.partition("?")[0].partition("#")[0],
            "iat": int(self._clock().timestamp()),
        }
        if token:
            claims["ath"] = _encoded(hashlib.sha256(token.encode()).digest())
        if nonce := self._nonces.get(_host(address)):
            claims["nonce"] = nonce
        public = ECAlgorithm.to_jwk(self._proof_key.public_key(), as_dict=True)
        jwk = {name: public[name] for name in ("kty", "crv", "x", "y")}
        return jwt.encode(claims, self._proof_key, algorithm="ES256", headers={"typ": "dpop+jwt", "jwk": jwk})


def read_key(file: Path) -> Key:
    """The private key (PEM) of the client. Raises OSError, or ValueError for one of another kind."""
    key = load_pem_private_key(file.read_bytes(), password=None)
    if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
        return key
    if isinstance(key, RSAPrivateKey):
        return key
    raise ValueError(f"{file} holds neither an RSA key nor one of P-256")


def thumbprint(key: Key) -> str:
    """The key's id at the provider (RFC 7638)."""
    if isinstance(key, RSAPrivateKey):
        public = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    else:
        public = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    canonical = {name: public[name] for name in ("crv", "e", "kty", "n", "x", "y") if name in public}
    return _encoded(hashlib.sha256(msgspec.json.encode(canonical)).digest())


def _algorithm(key: Key) -> str:
    return "PS256" if isinstance(key, RSAPrivateKey) else "ES256"


def _error(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=_Error).error
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""


def _host(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _encoded(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
