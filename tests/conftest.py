"""A real PostgreSQL for the tests: started once, migrated once, a fresh copy for each test."""

from collections import deque
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count

import pytest

from innsyn.embedded_postgres import Server, embedded
from innsyn.logs import log_as_json
from innsyn.migrations.running import migrate
from world import World, open_world

# As in an installation. (structlog's own default prints every local variable of a traceback.)
log_as_json()

_TEMPLATE = "template_migrated"
# Where one test waits long for processes and browsers.
_LONG = ("tests/faults/", "tests/access/test_second_lock.py")
_JOURNEYS = "e2e/"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first: else all but one would wait for it at the end. The journeys share a demo."""
    items.sort(key=lambda item: (not item.nodeid.startswith(_JOURNEYS), not item.nodeid.startswith(_LONG)))


class Databases:
    """Migrated databases: those of the next tests are made, and those of the last ones removed, while a test runs."""

    def __init__(self, server: Server, aside: ThreadPoolExecutor) -> None:
        self._server, self._aside = server, aside
        self._number = count(1)
        self._made: deque[Future[str]] = deque()
        self._removed: list[Future[None]] = []

    def take(self) -> str:
        """The name of one that nobody else has."""
        # One more is made while this one is taken, so that it is there for whoever comes next.
        self._made.append(self._aside.submit(self._make))
        if len(self._made) == 1:
            self._made.append(self._aside.submit(self._make))
        return self._made.popleft().result()

    def give_back(self, name: str) -> None:
        """It is not used any more."""
        self._removed.append(self._aside.submit(self._server.drop_database, name))

    def rest(self) -> None:
        """Wait until nothing is being made or removed. Raises what went wrong in the meantime.

        A database that is being made is a transaction of the whole server: while it is open, no later row is final.
        """
        for made in self._made:
            made.result()
        while self._removed:
            self._removed.pop().result()

    def _make(self) -> str:
        name = f"test_{next(self._number)}"
        self._server.create_database(name, template=_TEMPLATE)
        return name


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with embedded(tmp_path_factory.mktemp("postgres"), durable=False) as server:
        server.create_database(_TEMPLATE)
        # Alembic runs a loop of its own.
        with ThreadPoolExecutor(1) as aside:
            aside.submit(migrate, server.dsn(database=_TEMPLATE)).result()
        yield server


@pytest.fixture(scope="session")
def databases(postgres: Server) -> Iterator[Databases]:
    with ThreadPoolExecutor(1) as aside:
        made = Databases(postgres, aside)
        yield made
        made.rest()


@pytest.fixture
def fresh_database(databases: Databases) -> Iterator[str]:
    """The name of a migrated database that nobody else has."""
    name = databases.take()
    yield name
    databases.give_back(name)


@pytest.fixture
async def world(
    postgres: Server, fresh_database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    """The application, its worker's intake and an empty journal."""
    async with open_world(postgres, fresh_database, tmp_path_factory.mktemp("home")) as opened:
        yield opened
