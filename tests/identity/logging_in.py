"""How Innsyn is registered in these tests, and what a browser does between the two halves of a login."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import asyncpg
import httpx
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from identity.evil_provider import CLIENT_ID, NOW, EvilProvider
from innsyn.embedded_postgres import Server
from innsyn.identity.login_pages import Logins
from innsyn.identity.oidc import Citizen, LoginAttempt, Registration, RelyingParty
from innsyn.identity.oidc_client_keys import ClientKeys

CALLBACK = "http://localhost:8000/login/callback"
LOGGED_OUT = "http://localhost:8000/logout/done"


def registration(issuer: str, *keys: RSAPrivateKey, production: bool = False) -> Registration:
    return Registration(issuer, CLIENT_ID, CALLBACK, LOGGED_OUT, ClientKeys(keys), production)


def logins_at(relying_party: RelyingParty, issuer: str, pool: asyncpg.Pool) -> Logins:
    half_an_hour = timedelta(minutes=30)
    return Logins(relying_party, pool, issuer, production=False, idle=half_an_hour, lifetime=4 * half_an_hour)


@dataclass(frozen=True)
class Database:
    """One migrated database for the logins of a run."""

    server: Server
    name: str

    def sql(self, statement: str) -> str:
        """What the superuser finds."""
        return self.server.sql(statement, self.name).strip()


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
