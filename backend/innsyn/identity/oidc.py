"""Logging in with ID-porten, as its relying party: begin, finish, and the way out.

Authorization code with PKCE, pushed (PAR), the client known by a signed assertion (private_key_jwt), state,
nonce and the issuer in the answer (RFC 9207): what Digdir demands or recommends, and RFC 9700. No web
framework and no clock in here: the pages pass in what the browser sent, and the time.
"""

import base64
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

import httpx
import msgspec

from innsyn.identity import oidc_id_token as id_tokens
from innsyn.identity import oidc_logout_token as logout_tokens
from innsyn.identity.national_identity import REAL, SYNTHETIC, Kind, NationalIdentity, identity_of
from innsyn.identity.oidc_client_keys import ClientKeys
from innsyn.identity.oidc_id_token import LEVEL, Claims, Expected, must_be_for_us, must_belong_together
from innsyn.identity.oidc_logout_token import Logout, LogoutClaims, logout_in
from innsyn.identity.oidc_provider import Provider, decoded
from innsyn.identity.oidc_refusals import (
    LevelTooLow,
    LoginCancelled,
    LoginNotRecognised,
    NationalIdentityRefused,
    NoNationalIdentity,
    ProviderNotTrusted,
    ProviderRefused,
)
from innsyn.identity.oidc_signed import claims_of, key_id_of

_ASSERTION_LIVES: Final = 60
_LONGEST_CODE: Final = 2048
_JWT_BEARER: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True, slots=True)
class Registration:
    """How Innsyn is registered at the provider, and whether its people are real."""

    issuer: str
    client_id: str
    redirect_uri: str
    post_logout_redirect_uri: str
    client_keys: ClientKeys
    production: bool


@dataclass(frozen=True, slots=True)
class LoginAttempt:
    """What must be remembered between the two redirects, on the server and for one use."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    next: str
    begun_at: datetime
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Citizen:
    """Who the provider says is here. The number is valid, and never shown by `repr`."""

    pid: str = field(repr=False)
    kind: Kind
    acr: str
    sid: str = field(repr=False)
    sub: str = field(repr=False)
    auth_time: datetime
    locale: str


class _Pushed(msgspec.Struct, frozen=True):
    request_uri: str


class _Tokens(msgspec.Struct, frozen=True):
    access_token: str
    token_type: str
    id_token: str


def open_http_client() -> httpx.AsyncClient:
    """The client to give a RelyingParty. It goes through no proxy: the provider is reached directly."""
    return httpx.AsyncClient(timeout=httpx.Timeout(5.0), follow_redirects=False, trust_env=False)


class RelyingParty:
    """Innsyn, as the provider knows it. One for the process; whoever opened the HTTP client closes it."""

    def __init__(self, registration: Registration, http: httpx.AsyncClient) -> None:
        self._we = registration
        self._provider = Provider(registration.issuer, http)

    async def begin(
        self,
        next_path: str,
        *,
        now: datetime,
        ui_locales: str = "nb",
        login_hint: str = "",
        prompt: str = "",
    ) -> tuple[str, LoginAttempt]:
        """Where to send the browser, and what to remember. `next_path` is ours, and checked.

        Raises ProviderUnavailable, ProviderNotTrusted or ProviderRefused.
        """
        attempt = LoginAttempt(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            next=next_path,
            begun_at=now,
            fresh=prompt == "login",
        )
        metadata = await self._provider.metadata(now)
        # Zero seconds: what prompt=login says, for providers that go by the age of the login instead.
        max_age = "0" if attempt.fresh else ""
        wishes = {"ui_locales": ui_locales, "login_hint": login_hint, "prompt": prompt, "max_age": max_age}
        status, body = await self._provider.post(
            metadata.pushed_authorization_request_endpoint,
            {
                **self._authorization_request(attempt),
                **{name: value for name, value in wishes.items() if value},
                **self._client_assertion(now),
            },
        )
        if status not in (httpx.codes.OK, httpx.codes.CREATED):
            raise ProviderRefused(f"pushed request: {status}")
        query = urlencode(
            {"client_id": self._we.client_id, "request_uri": decoded(body, _Pushed).request_uri}
        )
        return f"{metadata.authorization_endpoint}?{query}", attempt

    def _authorization_request(self, attempt: LoginAttempt) -> dict[str, str]:
        challenge = hashlib.sha256(attempt.verifier.encode()).digest()
        return {
            "response_type": "code",
            "scope": "openid",
            "client_id": self._we.client_id,
            "redirect_uri": self._we.redirect_uri,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "acr_values": LEVEL,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }

    def _client_assertion(self, now: datetime) -> dict[str, str]:
        issued = int(now.timestamp())
        claims = {
            "iss": self._we.client_id,
            "sub": self._we.client_id,
            "aud": self._we.issuer,
            "jti": str(uuid.uuid4()),
            "iat": issued,
            "exp": issued + _ASSERTION_LIVES,
        }
        return {
            "client_assertion_type": _JWT_BEARER,
            "client_assertion": self._we.client_keys.sign(claims),
        }

    async def finish(self, attempt: LoginAttempt, answer: Mapping[str, str], *, now: datetime) -> Citizen:
        """Who is here, from the query of the callback. Every LoginRefused may be raised."""
        code = self._code_of(attempt, answer)
        tokens = await self._exchange(code, attempt, now)
        kid = key_id_of(tokens.id_token, id_tokens.WHAT, id_tokens.TYPES)
        claims = claims_of(
            tokens.id_token, await self._provider.key(kid, now, "login"), id_tokens.WHAT, Claims
        )
        expected = Expected(
            self._we.issuer, self._we.client_id, attempt.nonce, attempt.begun_at, attempt.fresh
        )
        try:
            must_be_for_us(claims, expected, now)
        except LevelTooLow as refused:
            known = self._known(claims)
            raise LevelTooLow(refused.reason, (known.kind, known.number) if known else None) from None
        must_belong_together(claims, tokens.access_token)
        return self._citizen(claims)

    def _code_of(self, attempt: LoginAttempt, answer: Mapping[str, str]) -> str:
        if not hmac.compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
            raise LoginNotRecognised("state")
        # Before the code goes anywhere: a code of another provider must not reach ours (mix-up; RFC 9207).
        if answer.get("iss") != self._we.issuer:
            raise ProviderNotTrusted("answer: iss")
        if answer.get("error") == "access_denied":
            raise LoginCancelled("access_denied")
        if "error" in answer:
            raise ProviderRefused("answer: error")
        code = answer.get("code", "")
        if not 0 < len(code) <= _LONGEST_CODE:
            raise ProviderNotTrusted("answer: code")
        return code

    async def _exchange(self, code: str, attempt: LoginAttempt, now: datetime) -> _Tokens:
        status, body = await self._provider.post(
            (await self._provider.metadata(now)).token_endpoint,
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self._we.redirect_uri,
                "code_verifier": attempt.verifier,
                **self._client_assertion(now),
            },
        )
        if status != httpx.codes.OK:
            raise ProviderRefused(f"token: {status}")
        tokens = decoded(body, _Tokens)
        if tokens.token_type.lower() != "bearer":
            raise ProviderNotTrusted("token: token_type")
        return tokens

    def _citizen(self, claims: Claims) -> Citizen:
        if not claims.pid:
            raise NoNationalIdentity("id_token: no pid")
        known = self._known(claims)
        if known is None:
            raise NationalIdentityRefused("id_token: pid")
        return Citizen(
            pid=known.number,
            kind=known.kind,
            acr=claims.acr,
            sid=claims.sid,
            sub=claims.sub,
            auth_time=datetime.fromtimestamp(claims.auth_time, UTC),
            locale=claims.locale,
        )

    def _known(self, claims: Claims) -> NationalIdentity | None:
        return identity_of(claims.pid, REAL if self._we.production else SYNTHETIC)

    async def end_session_url(self, state: str, *, now: datetime) -> str:
        """Where a browser ends its session at the provider too, to come back to the registered address with `state`.

        The provider knows us by client_id. There is no id_token_hint: it would mean to keep id_tokens, which hold the
        national number, and to send them by way of the browser, whose history and logs keep addresses.
        """
        asked = {
            "client_id": self._we.client_id,
            "post_logout_redirect_uri": self._we.post_logout_redirect_uri,
            "state": state,
        }
        return f"{(await self._provider.metadata(now)).end_session_endpoint}?{urlencode(asked)}"

    async def logout_told(self, token: str, *, now: datetime) -> Logout:
        """Whom the provider has logged out, from its logout token. Raises ProviderNotTrusted or ProviderUnavailable.

        Whether the token has been used before is for the database to say.
        """
        kid = key_id_of(token, logout_tokens.WHAT, logout_tokens.TYPES)
        key = await self._provider.key(kid, now, "logout")
        claims = claims_of(token, key, logout_tokens.WHAT, LogoutClaims)
        return logout_in(claims, issuer=self._we.issuer, client_id=self._we.client_id, now=now)

    def published_keys(self) -> bytes:
        """Our public keys as a key set."""
        return self._we.client_keys.published()
