"""A database with a log of two people, and what seals and checks it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access.audit.sealed_log import SealedLog
from conftest import Databases
from innsyn.access.audit.signing import Signer
from innsyn.embedded_postgres import Server


@pytest.fixture(autouse=True)
def _nothing_beside(request: pytest.FixtureRequest) -> None:
    """What is sealed is final: also databases that are made for other tests would hold that up."""
    if "fresh_database" in request.fixturenames:
        request.getfixturevalue("fresh_database")
        databases: Databases = request.getfixturevalue("databases")
        databases.rest()


@pytest.fixture
async def log(postgres: Server, fresh_database: str, tmp_path: Path) -> AsyncIterator[SealedLog]:
    """An empty log, with one place for checkpoints."""
    made = SealedLog(postgres, fresh_database, Signer(Ed25519PrivateKey.generate()), tmp_path / "checkpoints")
    async with made:
        yield made
