"""A provider that lies, the stand-in for ID-porten as its own process, and Innsyn as their relying party."""

from collections.abc import AsyncIterator, Iterator

import asyncpg
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from identity.evil_provider import EvilProvider, evil_provider, new_key
from identity.logging_in import CALLBACK, LOGGED_OUT, Database, logins_at, registration
from identity.meeting import Meeting
from identity.stand_in import StandIn, running_stand_in
from innsyn.db.pool import open_pool
from innsyn.embedded_postgres import Server
from innsyn.identity.oidc import RelyingParty, open_http_client


@pytest.fixture(scope="session")
def client_key() -> RSAPrivateKey:
    return new_key()


@pytest.fixture(scope="session")
def provider_key() -> RSAPrivateKey:
    return new_key()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with open_http_client() as client:
        yield client


@pytest.fixture
async def evil(provider_key: RSAPrivateKey) -> AsyncIterator[EvilProvider]:
    async with evil_provider(provider_key) as provider:
        yield provider


@pytest.fixture
def relying_party(evil: EvilProvider, client_key: RSAPrivateKey, http: httpx.AsyncClient) -> RelyingParty:
    return RelyingParty(registration(evil.issuer, client_key), http)


@pytest.fixture
def production_party(evil: EvilProvider, client_key: RSAPrivateKey, http: httpx.AsyncClient) -> RelyingParty:
    return RelyingParty(registration(evil.issuer, client_key, production=True), http)


@pytest.fixture(scope="session")
def database(postgres: Server) -> Iterator[Database]:
    postgres.create_database("identity", template="template_migrated")
    yield Database(postgres, "identity")
    postgres.drop_database("identity")


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[asyncpg.Pool]:
    async with await open_pool(database.server.dsn("innsyn_login", database.name), most=4) as opened:
        yield opened


@pytest.fixture(scope="session")
def stand_in(client_key: RSAPrivateKey, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with running_stand_in(client_key, tmp_path_factory.mktemp("idporten"), CALLBACK, LOGGED_OUT) as running:
        yield running


@pytest.fixture
def standing_party(stand_in: StandIn, client_key: RSAPrivateKey, http: httpx.AsyncClient) -> RelyingParty:
    return RelyingParty(registration(stand_in.issuer, client_key), http)


@pytest.fixture
def meeting(
    evil: EvilProvider,
    relying_party: RelyingParty,
    production_party: RelyingParty,
    client_key: RSAPrivateKey,
    database: Database,
    pool: asyncpg.Pool,
) -> Meeting:
    logins = logins_at(relying_party, evil.issuer, pool)
    return Meeting(evil, relying_party, production_party, client_key, logins, database)
