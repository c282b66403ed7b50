from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from standins.journal.app import serving
from standins.journal.demo.record import record
from standins.journal.sequence import Journal
from standins.journal.taken import Taken


@pytest.fixture(scope="session")
def today() -> date:
    return date(2026, 11, 23)


@pytest.fixture(scope="session")
def now() -> datetime:
    return datetime(2026, 11, 23, 11, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def history(today: date) -> list[Taken]:
    return record(today)


@pytest.fixture(scope="session")
def journal(history: list[Taken]) -> Journal:
    """The demo journal, for tests that only read it."""
    return Journal(history)


@pytest.fixture
async def server(history: list[Taken], now: datetime) -> AsyncIterator[AsyncTestClient[Litestar]]:
    """A journal of its own, behind its HTTP face."""
    async with AsyncTestClient(serving(Journal(history), lambda: now)) as client:
        yield client
