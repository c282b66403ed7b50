"""A real PostgreSQL for the tests: started once, migrated once, a fresh copy for each module."""

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from innsyn.embedded_postgres import Server, embedded
from innsyn.logs import log_as_json
from innsyn.migrations.running import migrate
from world import World, open_world

_number = count(1)

# As in an installation. (structlog's own default prints every local variable of a traceback.)
log_as_json()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with embedded(tmp_path_factory.mktemp("postgres"), durable=False) as server:
        server.create_database("template_migrated")
        # Alembic runs a loop of its own.
        with ThreadPoolExecutor(1) as aside:
            aside.submit(migrate, server.dsn(database="template_migrated")).result()
        yield server


@pytest.fixture
def fresh_database(postgres: Server) -> Iterator[str]:
    """The name of a migrated database that nobody else has."""
    name = f"test_{next(_number)}"
    postgres.create_database(name, template="template_migrated")
    yield name
    postgres.drop_database(name)


@pytest.fixture
async def world(
    postgres: Server, fresh_database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    """The application, its worker's intake and an empty journal."""
    async with open_world(postgres, fresh_database, tmp_path_factory.mktemp("home")) as opened:
        yield opened
