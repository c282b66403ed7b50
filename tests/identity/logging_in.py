"""What a browser does between the two halves of a login."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

import httpx

from identity.evil_provider import NOW, EvilProvider
from innsyn.identity.oidc import Citizen, LoginAttempt, RelyingParty


async def logged_in(
    we: RelyingParty, evil: EvilProvider, answer: Mapping[str, str | None] | None = None, prompt: str = ""
) -> Citizen:
    """Begin, come back with the answer of the evil provider (changed by `answer`), and finish."""
    _, attempt = await we.begin("/journal", now=NOW, prompt=prompt)
    return await we.finish(attempt, answer_of(evil, attempt, answer or {}), now=NOW)


def answer_of(evil: EvilProvider, attempt: LoginAttempt, changed: Mapping[str, str | None]) -> dict[str, str]:
    answer = {"code": "a-code", "state": attempt.state, "iss": evil.issuer, **changed}
    return {name: value for name, value in answer.items() if value is not None}


def query_of(response: httpx.Response) -> dict[str, str]:
    """The query of the address that a browser is sent to."""
    return dict(parse_qsl(urlsplit(response.headers["location"]).query))
