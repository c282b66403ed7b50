"""The provider that lies and Innsyn, face to face; and how a scenario says what shall come of it."""

import hashlib
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from identity.browsers import Browser, browser_at, program_at
from identity.evil_provider import KARI, EvilProvider, Signer
from identity.logging_in import Database, logged_in
from innsyn.identity.login_pages import Logins
from innsyn.identity.oidc import RelyingParty
from innsyn.identity.oidc_refusals import LoginRefused, ProviderNotTrusted
from innsyn.identity.sessions import token_of

_ENDED = "SELECT ended_at IS NOT NULL, ended_why FROM identity.session"


@dataclass
class Meeting:
    """`we` and `production`: Innsyn for synthetic and for real people; `logins`: its pages on a real database."""

    evil: EvilProvider
    we: RelyingParty
    production: RelyingParty
    client_key: RSAPrivateKey
    logins: Logins
    database: Database

    def browser(self) -> Browser:
        """A browser of somebody's own."""
        return browser_at(self.logins)

    async def at_callback(self, browser: Browser, **changed: str) -> dict[str, str]:
        """Begin a login in this browser; what the provider would send it back with."""
        self.evil.now = datetime.now(UTC)
        assert (await browser.get("/login")).status_code == 303
        return {"code": "a-code", "state": self.evil.pushed["state"], "iss": self.evil.issuer, **changed}

    async def log_in(self, browser: Browser) -> bytes:
        """Log in by the pages; the token of the session."""
        answer = await self.at_callback(browser)
        assert (await browser.get("/login/callback", params=answer)).status_code == 303
        token = token_of(browser.cookies["innsyn"])
        assert token
        return token

    def why_ended(self, token: bytes) -> str | None:
        """Why the session of this token has ended ('' if nothing says so); None while it lives."""
        hashed = hashlib.sha256(token).hexdigest()
        of_token = f"WHERE token_hash = decode('{hashed}', 'hex')"
        ended, _, why = self.database.sql(f"{_ENDED} {of_token}").partition("|")
        return why if ended == "t" else None

    async def post_logout_token(self, token: str) -> tuple[int, str]:
        """Post it as the provider does: status and cache-control of the answer."""
        async with program_at(self.logins) as provider:
            answer = await provider.post("/logout/back", data={"logout_token": token})
        return answer.status_code, answer.headers["cache-control"]


Scenario = Callable[[Meeting], Awaitable[None]]


def refused(
    reason: str,
    refusal: type[LoginRefused] = ProviderNotTrusted,
    *,
    answer: Mapping[str, str | None] | None = None,
    prompt: str = "",
    production: bool = False,
    signed: Callable[[EvilProvider], Signer] | None = None,
    **knobs: Any,  # noqa: ANN401 - of the provider
) -> Scenario:
    """The login comes to nothing, for exactly this reason, and nobody's number is in what is told of it."""

    async def scenario(meeting: Meeting) -> None:
        _turn(meeting.evil, signed, knobs)
        with pytest.raises(LoginRefused) as caught:
            await logged_in(
                meeting.production if production else meeting.we, meeting.evil, answer, prompt=prompt
            )
        assert (type(caught.value), caught.value.reason) == (refusal, reason)
        told = "".join(traceback.format_exception(caught.value))
        assert str(meeting.evil.claims.get("pid") or KARI) not in told

    return scenario


def accepted(
    *,
    signed: Callable[[EvilProvider], Signer] | None = None,
    asks: int | None = None,
    **knobs: Any,  # noqa: ANN401 - as above
) -> Scenario:
    """The login goes well. `asks`: how often the keys are read."""

    async def scenario(meeting: Meeting) -> None:
        _turn(meeting.evil, signed, knobs)
        assert (await logged_in(meeting.we, meeting.evil)).pid == KARI
        assert asks is None or meeting.evil.asked.count("/jwks.json") == asks

    return scenario


def _turn(
    evil: EvilProvider, signed: Callable[[EvilProvider], Signer] | None, knobs: Mapping[str, Any]
) -> None:
    for name, value in knobs.items():
        setattr(evil, name, value)
    if signed:
        evil.signer = signed(evil)


def logout_token_refused(
    *,
    claims: Mapping[str, Any] | None = None,
    header: Mapping[str, Any] | None = None,
    signed: Callable[[EvilProvider], Signer] | None = None,
) -> Scenario:
    """The back channel answers 400 and the session lives; the same token put right then ends it."""

    async def scenario(meeting: Meeting) -> None:
        async with meeting.browser() as browser:
            session = await meeting.log_in(browser)
        sign = signed(meeting.evil) if signed else None
        forged = meeting.evil.logout_token(claims or {}, header or {}, sign)
        assert await meeting.post_logout_token(forged) == (400, "no-store")
        assert meeting.why_ended(session) is None
        assert await meeting.post_logout_token(meeting.evil.logout_token()) == (200, "no-store")
        assert meeting.why_ended(session) == "provider"

    return scenario
