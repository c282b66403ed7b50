"""The application as a whole, without its stand-ins: what the feed gives goes in, pages come out."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import msgspec
from asgi_lifespan import LifespanManager
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from litestar import Litestar

from innsyn import settings
from innsyn.app import create_app
from innsyn.db.sessions import write_session
from innsyn.embedded_postgres import Server
from innsyn.identity.oidc_sessions import Proved, log_in
from innsyn.identity.sessions import token_of
from innsyn.journal.port import Entry, Unusable
from innsyn.worker import REGISTRY, Intake, Tally

BASE = "http://localhost:8000"
# Synthetic: the month is moved by 80.
KARI = "12846813010"
OLA = "28816196088"
FNR = "urn:oid:2.16.578.1.12.4.1.4.1"
# Small: it is read anew for every world, and reading proves it prime by prime.
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=1024).private_bytes(  # noqa: S505 - nobody else's
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
)

_AGREE = """
    WITH here AS (UPDATE identity.session SET ready = true WHERE token_hash = sha256($1)
        RETURNING person_id, session_id)
    INSERT INTO identity.accepted_terms (person_id, version, session_id)
    SELECT person_id, identity.current_terms(), session_id FROM here ON CONFLICT DO NOTHING
"""

Resource = Mapping[str, Any]


def patient(id_: str, number: str, given: str, family: str = "Nordli") -> Resource:
    """A Patient with a national number."""
    return {
        "resourceType": "Patient",
        "id": id_,
        "identifier": [{"system": FNR, "value": number}],
        "name": [{"given": [given], "family": family}],
        "birthDate": "1968-04-12",
    }


def result(id_: str, of: str, name: str = "HbA1c", value: float = 41, **more: Any) -> Resource:  # noqa: ANN401
    """A laboratory result."""
    return {
        "resourceType": "Observation",
        "id": id_,
        "status": "final",
        "category": [{"coding": [{"code": "laboratory"}]}],
        "code": {"text": name, "coding": [{"system": "urn:oid:2.16.578.1.12.4.1.1.7280", "code": name}]},
        "subject": {"reference": f"Patient/{of}"},
        "effectiveDateTime": "2026-11-20T10:15:00+01:00",
        "valueQuantity": {"value": value, "unit": "mmol/mol"},
        **more,
    }


def proved(number: str, sid: str = "a-sid") -> Proved:
    """That the person of this number has been at the provider, now."""
    return Proved(
        system="fnr",
        value=number,
        acr="idporten-loa-high",
        issuer="https://idporten.test",
        sid=sid,
        sub="",
        auth_time=datetime.now(UTC),
    )


class Counting:
    """The pool of the web process, with a count of how often it was asked for anything."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self.asked = 0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        self.asked += name in {"fetch", "fetchrow", "fetchval", "execute", "acquire"}
        return getattr(self._pool, name)


class World:
    """One installation: `web`, `login` and `worker` with their own roles, `owner` a superuser who sees everything."""

    def __init__(
        self,
        app: Any,  # noqa: ANN401
        web: asyncpg.Pool,
        login: asyncpg.Pool,
        worker: asyncpg.Connection,
        owner: asyncpg.Connection,
    ) -> None:
        self.app, self.web, self.login, self.worker, self.owner = app, web, login, worker, owner
        self.litestar = _innermost(app)
        self.pool = self.litestar.state.pool = Counting(self.litestar.state.pool)
        self.intake = Intake(worker, "journal", REGISTRY)
        self._position = count(1)

    async def take(
        self,
        *resources: Resource,
        source: str = "st-olavs",
        now: datetime | None = None,
        version: int | None = None,
    ) -> Tally:
        """The journal says these, in this order, in one batch."""
        batch: list[Entry | Unusable] = [
            Entry(
                position=next(self._position),
                source=source,
                kind=each["resourceType"],
                id=each["id"],
                version=version,
                recorded=now,
                resource=msgspec.json.encode(each),
            )
            for each in resources
        ]
        return await self.intake.take(batch, now)

    async def delete(self, kind: str, id_: str, version: int) -> Tally:
        """The journal says that this is gone."""
        gone = Entry(
            position=next(self._position),
            source="st-olavs",
            kind=kind,
            id=id_,
            version=version,
            resource=None,
        )
        return await self.intake.take([gone])

    async def log_in(
        self, number: str, idle: timedelta = timedelta(minutes=30), *, agreed: bool = True
    ) -> httpx.AsyncClient:
        """A browser with a session for the person of this number (how one gets it is tested in tests/identity).

        `agreed`: to the terms, as everybody has after the first time.
        """
        async with write_session(self.login) as db:
            begun = await log_in(
                db, proved(number), before=None, renews=False, idle=idle, lifetime=timedelta(minutes=120)
            )
        if agreed:
            await self.owner.execute(_AGREE, token_of(begun.cookie))
        return self.browser(begun.cookie)

    def browser(self, cookie: str | None = None) -> httpx.AsyncClient:
        """A browser, logged in or not."""
        cookies = httpx.Cookies()
        if cookie:
            # As the host would have set it, so that a new value takes the place of this one.
            cookies.set("innsyn", cookie, domain="localhost.local", path="/")
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app),
            base_url=BASE,
            cookies=cookies,
            headers={"sec-fetch-site": "same-origin", "accept-language": "nb"},
        )

    def browser_like(self, browser: httpx.AsyncClient) -> httpx.AsyncClient:
        """Another with the same cookies, so that what it is told does not stay with the first."""
        return self.browser(browser.cookies.get("innsyn"))


def _innermost(app: Any) -> Litestar:  # noqa: ANN401
    while not isinstance(app, Litestar):
        app = app._app
    return app


@asynccontextmanager
async def open_world(postgres: Server, database: str, home: Path) -> AsyncIterator[World]:
    """The installation on this database."""
    key = home / "client-key.pem"
    key.write_bytes(_KEY)
    app = create_app(
        settings.read(
            {
                "INNSYN_HOME": str(home),
                "INNSYN_DATABASE_WEB": postgres.dsn("innsyn_web", database),
                "INNSYN_DATABASE_LOGIN": postgres.dsn("innsyn_login", database),
                "INNSYN_ISSUER": "https://idporten.test",
                "INNSYN_CLIENT_KEY": str(key),
                "INNSYN_PASSKEYS": "unlock",
                "INNSYN_PUSH_PUBLIC_KEY": "a public key",
                "INNSYN_PUSH_SERVICES": "push.test",
            }
        )
    )
    worker = await asyncpg.connect(postgres.dsn("innsyn_worker", database))
    owner = await asyncpg.connect(postgres.dsn("postgres", database))
    try:
        lifespan = LifespanManager(app)  # type: ignore[arg-type]
        async with (
            lifespan,
            asyncpg.create_pool(postgres.dsn("innsyn_web", database), min_size=1) as web,
            asyncpg.create_pool(postgres.dsn("innsyn_login", database), min_size=1, max_size=4) as login,
        ):
            yield World(app, web, login, worker, owner)
    finally:
        await worker.close()
        await owner.close()


def utc(*parts: int) -> datetime:
    """A moment."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]
