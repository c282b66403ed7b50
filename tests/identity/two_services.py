"""Innsyn as it is served, another service, and the stand-in that both are registered at; all on sockets."""

import asyncio
import base64
import hashlib
import json
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

import httpx
import jwt
from asgi_lifespan import LifespanManager
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from joserfc.jwk import RSAKey
from litestar.types import ASGIApp

from identity.evil_provider import listening
from identity.logging_in import Database, query_of
from identity.reachable import Reachable
from innsyn import settings
from innsyn.app import create_app
from standins.idporten.app import Provider, by_id
from standins.idporten.app import create_app as create_stand_in
from standins.idporten.clients import Client
from standins.idporten.memory import Memory
from standins.idporten.people import People
from standins.idporten.serving import asgi

ELSEWHERE: Final = "http://localhost:8765"
_VERIFIER: Final = "v" * 43
_CHALLENGE: Final = (
    base64.urlsafe_b64encode(hashlib.sha256(_VERIFIER.encode()).digest()).rstrip(b"=").decode()
)


class Clock:
    """The provider's time, which a test can move."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclass
class Two:
    """`ours` is Innsyn's address. Which of the two ways it hears of logouts by is said when it is registered."""

    ours: str
    issuer: str
    provider: Provider
    clients: dict[str, Client]
    clock: Clock
    key: RSAPrivateKey
    database: Database

    def browser(self) -> httpx.AsyncClient:
        """A browser of somebody's own; it follows no redirect by itself."""
        return httpx.AsyncClient(
            base_url=self.ours, trust_env=False, headers={"sec-fetch-site": "same-origin"}
        )

    def registered(self, **changed: str) -> None:
        """Change what the provider knows of Innsyn."""
        self.clients["innsyn"] = replace(self.clients["innsyn"], **changed)  # type: ignore[arg-type]

    async def log_in(self, browser: httpx.AsyncClient, pid: str, **asked: str) -> httpx.Response:
        """Log in at Innsyn; its answer to the callback."""
        hint = f"testid:{pid}_idporten-loa-high"
        begun = await browser.get("/login", params={"login_hint": hint, **asked})
        back = await browser.get(begun.headers["location"])
        return await browser.get(back.headers["location"])

    async def asked_by_ours(self, browser: httpx.AsyncClient, **asked: str) -> httpx.Response:
        """Begin a login at Innsyn without a hint: the provider's page, or its way back."""
        return await browser.get((await browser.get("/login", params=asked)).headers["location"])

    async def asked_elsewhere(self, browser: httpx.AsyncClient, acr: str, hint: str = "") -> httpx.Response:
        """The same at the other service, which asks for this level."""
        form = {
            "response_type": "code",
            "scope": "openid",
            "client_id": "another",
            "redirect_uri": f"{ELSEWHERE}/callback",
            "state": "s",
            "nonce": "n",
            "acr_values": acr,
            "code_challenge": _CHALLENGE,
            "code_challenge_method": "S256",
            **({"login_hint": hint} if hint else {}),
            **self._assertion(),
        }
        pushed = await browser.post(f"{self.issuer}/par", data=form)
        query = {"client_id": "another", "request_uri": pushed.json()["request_uri"]}
        return await browser.get(f"{self.issuer}/authorize", params=query)

    async def told_elsewhere(self, browser: httpx.AsyncClient, back: httpx.Response) -> dict[str, Any]:
        """Who the other service learns is here."""
        form = {
            "grant_type": "authorization_code",
            "code": query_of(back)["code"],
            "redirect_uri": f"{ELSEWHERE}/callback",
            "code_verifier": _VERIFIER,
            **self._assertion(),
        }
        tokens = (await browser.post(f"{self.issuer}/token", data=form)).json()
        claims: dict[str, Any] = jwt.decode(tokens["id_token"], options={"verify_signature": False})
        return claims

    def _assertion(self) -> dict[str, str]:
        now = int(time.time())
        claims = {"iss": "another", "sub": "another", "aud": self.issuer, "jti": str(uuid.uuid4())}
        return {
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": jwt.encode({**claims, "iat": now, "exp": now + 60}, self.key, "RS256"),
        }

    async def all_are_told(self) -> list[int]:
        """What the services answered to the last notices of the back channel."""
        return [await asyncio.to_thread(each.result) for each in self.provider.notices.told]

    def chooses_language(self, locale: str) -> None:
        """Everybody does."""
        self.database.sql(f"UPDATE identity.person SET locale = '{locale}'")  # noqa: S608 - the test's own

    def newest_session(self) -> dict[str, Any]:
        """What the database holds of the newest session."""
        row = self.database.sql(
            "SELECT row_to_json(s) FROM identity.session s ORDER BY last_used_at DESC, started_at DESC LIMIT 1"
        )
        found: dict[str, Any] = json.loads(row)
        return found


@asynccontextmanager
async def two_services(database: Database, key: RSAPrivateKey, folder: Path) -> AsyncIterator[Two]:
    """Both registered with both ways to hear of a logout."""
    ours, theirs, clock = Reachable(), Reachable(), Clock()
    public = RSAKey.import_key(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    async with listening(ours.at), listening(theirs.at):
        innsyn = _client("innsyn", ours.address, "/login/callback", public)
        another = _client("another", ELSEWHERE, "/callback", public)
        people = People(str(folder / "nobody.json"))
        clients = by_id(innsyn, another)
        provider = Provider(theirs.address, clients, people, Memory(clock))
        theirs.app = _as_asgi(create_stand_in(provider))
        app = create_app(settings.read(_environment(ours.address, theirs.address, database, key, folder)))
        async with LifespanManager(app):  # type: ignore[arg-type]
            ours.app = app
            yield Two(ours.address, theirs.address, provider, clients, clock, key, database)


def _client(name: str, address: str, callback: str, key: RSAKey) -> Client:
    # The other service is not there to be told; what is sent to it is not what these tests are about.
    told = urljoin(address, "/logout/back") if name == "innsyn" else ""
    return Client(
        name,
        (f"{address}{callback}",),
        (f"{address}/logout/done",),
        key,
        f"{address}/logout/front",
        told,
    )


def _as_asgi(app: Any) -> ASGIApp:  # noqa: ANN401 - Flask
    wrapped: Any = asgi(app)
    served: ASGIApp = wrapped
    return served


def _environment(
    ours: str, issuer: str, database: Database, key: RSAPrivateKey, folder: Path
) -> dict[str, str]:
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return {
        "INNSYN_HOME": str(folder),
        "INNSYN_BASE_URL": ours,
        "INNSYN_DATABASE_WEB": database.server.dsn("innsyn_web", database.name),
        "INNSYN_DATABASE_LOGIN": database.server.dsn("innsyn_login", database.name),
        "INNSYN_ISSUER": issuer,
        "INNSYN_CLIENT_KEY": str(folder / "key.pem"),
    }
