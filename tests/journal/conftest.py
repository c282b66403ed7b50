"""The stand-in journal and a database, started as anybody would start them."""

import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from innsyn.embedded_postgres import Server, embedded
from innsyn.migrations.running import migrate

_BACKEND = Path(__file__).parents[2] / "backend"
_TODAY = "2026-11-23"


@pytest.fixture(scope="session")
def journal() -> Iterator[str]:
    """The address of a running stand-in journal."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    command = [sys.executable, "-m", "standins.journal", "--port", str(port), "--today", _TODAY]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(_BACKEND)}) as process:
        try:
            # Retries of the connection alone, each a little later than the one before.
            with httpx.Client(transport=httpx.HTTPTransport(retries=8), trust_env=False) as client:
                client.get(f"http://127.0.0.1:{port}/sources", timeout=60).raise_for_status()
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with embedded(tmp_path_factory.mktemp("postgres"), durable=False) as server:
        # Alembic runs a loop of its own.
        with ThreadPoolExecutor(1) as aside:
            aside.submit(migrate, server.dsn()).result()
        yield server


@pytest.fixture
def worker_dsn(postgres: Server) -> Iterator[str]:
    """A database of the test's own."""
    postgres.create_database("of_this_test", template="innsyn")
    yield postgres.dsn("innsyn_worker", "of_this_test")
    postgres.drop_database("of_this_test")
