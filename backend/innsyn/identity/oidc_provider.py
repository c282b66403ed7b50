"""The provider as we know it: its metadata and its keys, read with bounds and kept for a while."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from innsyn.identity.oidc_refusals import ProviderNotTrusted, ProviderUnavailable

_KEPT_FOR: Final = timedelta(hours=24)
_LARGEST_ANSWER: Final = 64 * 1024
_LONGEST_WAIT: Final = 8.0
# An unknown kid makes us read the keys again; nobody shall make us read them all day by that. Logins and logouts are
# counted apart: anybody may post a logout token, and shall not use up what the next login needs.
_READ_AGAIN_AT_MOST: Final = 5
_WITHIN: Final = timedelta(minutes=1)
_SMALLEST_KEY: Final = 2048
Occasion = Literal["login", "logout"]
_NEVER: Final = datetime.min.replace(tzinfo=UTC)

Answer = TypeVar("Answer")


class Metadata(msgspec.Struct, frozen=True):
    """What we use of the discovery document (OpenID Connect Discovery 3, RFC 8414, RFC 9126, RFC 9207)."""

    issuer: str
    authorization_endpoint: str
    pushed_authorization_request_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str
    id_token_signing_alg_values_supported: list[str]
    code_challenge_methods_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    authorization_response_iss_parameter_supported: bool = False


class _KeySet(msgspec.Struct, frozen=True):
    keys: list[dict[str, Any]]


class Provider:
    """One issuer. Redirects are never followed, whatever the client is set to."""

    def __init__(self, issuer: str, http: httpx.AsyncClient) -> None:
        self.issuer = issuer
        self._http = http
        self._reading = asyncio.Lock()
        self._metadata: Metadata | None = None
        self._metadata_until = _NEVER
        self._keys: dict[str, RSAPublicKey] = {}
        self._keys_until = _NEVER
        self._read_again: dict[Occasion, deque[datetime]] = defaultdict(
            lambda: deque(maxlen=_READ_AGAIN_AT_MOST)
        )

    async def metadata(self, now: datetime) -> Metadata:
        """The discovery document, at most a day old. Raises ProviderUnavailable or ProviderNotTrusted."""
        if known := self._known(now):
            return known
        async with self._reading:
            if known := self._known(now):
                return known
            url = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
            found = decoded(await self.get(url), Metadata)
            _must_be_usable(found, self.issuer)
            self._metadata, self._metadata_until = found, now + _KEPT_FOR
            return found

    def _known(self, now: datetime) -> Metadata | None:
        return self._metadata if now < self._metadata_until else None

    async def key(self, kid: str, now: datetime, occasion: Occasion) -> RSAPublicKey:
        """The signing key with this id, read again once when it is new. Raises ProviderNotTrusted.

        Without an id it is the provider's only key; which of several, nobody guesses (OpenID Connect Core 10.1).
        """
        url = (await self.metadata(now)).jwks_uri
        async with self._reading:
            if now >= self._keys_until:
                await self._read_keys(url, now)
            elif kid and kid not in self._keys and _may_read_again(self._read_again[occasion], now):
                self._read_again[occasion].append(now)
                await self._read_keys(url, now)
        if kid and kid in self._keys:
            return self._keys[kid]
        if not kid and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        raise ProviderNotTrusted("signed with a key that the provider does not have")

    async def _read_keys(self, url: str, now: datetime) -> None:
        found = decoded(await self.get(url), _KeySet)
        usable = ((_kid_of(jwk, place), _signing_key(jwk)) for place, jwk in enumerate(found.keys))
        self._keys = {kid: key for kid, key in usable if key}
        self._keys_until = now + _KEPT_FOR

    async def get(self, url: str) -> bytes:
        """The body of a 200. Raises ProviderUnavailable."""
        status, body = await self._send(self._http.build_request("GET", url))
        if status != httpx.codes.OK:
            raise ProviderUnavailable(f"provider answered {status}")
        return body

    async def post(self, url: str, form: Mapping[str, str]) -> tuple[int, bytes]:
        """Status and body, whatever they are. Raises ProviderUnavailable."""
        return await self._send(self._http.build_request("POST", url, data=dict(form)))

    async def _send(self, request: httpx.Request) -> tuple[int, bytes]:
        request.headers["Accept"] = "application/json"
        try:
            async with asyncio.timeout(_LONGEST_WAIT):
                response = await self._http.send(request, stream=True, follow_redirects=False)
                try:
                    return response.status_code, await _body(response)
                finally:
                    await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise ProviderUnavailable(f"provider: {type(error).__name__}") from error


def _may_read_again(before: deque[datetime], now: datetime) -> bool:
    return len(before) < _READ_AGAIN_AT_MOST or now - before[0] >= _WITHIN


async def _body(response: httpx.Response) -> bytes:
    body = b""
    async for part in response.aiter_bytes():
        body += part
        if len(body) > _LARGEST_ANSWER:
            raise ProviderUnavailable("provider: answer too large")
    return body


def decoded(body: bytes, into: type[Answer]) -> Answer:
    """A JSON answer as a struct. Raises ProviderUnavailable, which names fields and types, never values."""
    try:
        return msgspec.json.decode(body, type=into)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ProviderUnavailable(f"provider: {error}") from error


def _must_be_usable(found: Metadata, issuer: str) -> None:
    endpoints = (
        found.authorization_endpoint,
        found.pushed_authorization_request_endpoint,
        found.token_endpoint,
        found.jwks_uri,
        found.end_session_endpoint,
    )
    for holds, name in (
        # Without this, one provider could speak for another (mix-up; OpenID Connect Discovery 4.3).
        (found.issuer == issuer, "issuer"),
        # https wherever the issuer is; plain http is for a stand-in on this machine.
        (all(urlsplit(url).scheme == urlsplit(issuer).scheme for url in endpoints), "an endpoint's scheme"),
        ("RS256" in found.id_token_signing_alg_values_supported, "RS256"),
        ("S256" in found.code_challenge_methods_supported, "S256"),
        ("private_key_jwt" in found.token_endpoint_auth_methods_supported, "private_key_jwt"),
        (found.authorization_response_iss_parameter_supported, "iss in the authorization response"),
    ):
        if not holds:
            raise ProviderNotTrusted(f"discovery: {name}")


def _kid_of(jwk: dict[str, Any], place: int) -> str:
    # A key without an id is found only when it is the only one.
    kid = jwk.get("kid")
    return kid if isinstance(kid, str) and kid else f"\0{place}"


def _signing_key(jwk: dict[str, Any]) -> RSAPublicKey | None:
    """A provider may publish keys for other uses and other algorithms; they are passed over."""
    if jwk.get("kty") != "RSA" or jwk.get("use", "sig") != "sig" or jwk.get("alg", "RS256") != "RS256":
        return None
    try:
        key = PyJWK(jwk, algorithm="RS256").key
    except (PyJWTError, ValueError, TypeError):
        return None
    return key if isinstance(key, RSAPublicKey) and key.key_size >= _SMALLEST_KEY else None
