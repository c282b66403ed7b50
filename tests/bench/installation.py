"""The installation that is measured: a durable PostgreSQL, and each server in a process of its own."""

import base64
import os
import secrets
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import psutil
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from innsyn.embedded_postgres import start
from innsyn.migrations.running import migrate
from innsyn.processes import Child, Children

_TESTS = Path(__file__).resolve().parents[1]
_PATH = os.pathsep.join((str(_TESTS), str(_TESTS.parent / "backend")))
_PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Session:
    """A citizen who is logged in: `token` as the database knows it, `cookie` as the browser does."""

    person_id: str
    token: bytes

    @property
    def cookie(self) -> str:
        return "innsyn=" + base64.urlsafe_b64encode(self.token).rstrip(b"=").decode()


@dataclass(frozen=True)
class Process:
    """A server that answers on `port` of the loopback address."""

    child: Child
    port: int

    def memory(self) -> int:
        """Resident bytes, now."""
        return int(psutil.Process(self.child.process.pid).memory_info().rss)

    def stop(self, children: Children) -> None:
        """End it."""
        children.stop(self.child)


class Installation:
    """One PostgreSQL with migrated databases, and what is started on it."""

    def __init__(self, folder: Path, children: Children) -> None:
        self.folder = folder
        self.children = children
        self.server = start(children, folder / "postgres", durable=True)
        self._key = folder / "client-key.pem"
        self.environment = {**os.environ, "PYTHONPATH": _PATH}

    def database(self, name: str) -> None:
        """An empty, migrated database."""
        self.server.create_database(name)
        migrate(self.server.dsn(database=name))

    def restart_postgres(self) -> None:
        """With nothing in its memory, as a machine that has just been started."""
        self.children.stop(self.server.child)
        self.server = start(self.children, self.folder / "postgres", durable=True)

    def cpu_seconds(self, process: Process) -> float:
        """Of a server and of PostgreSQL together, since they started."""
        postgres = psutil.Process(self.server.child.process.pid)
        of = [psutil.Process(process.child.process.pid), postgres, *postgres.children()]
        times = [each.cpu_times() for each in of]
        return sum(each.user + each.system for each in times)

    def web(self, database: str) -> Process:
        """The web process, started as in production."""
        if not self._key.exists():
            self._key.write_bytes(_private_key())
        port = _free_port()
        settings = {
            "INNSYN_HOME": str(self.folder),
            "INNSYN_PORT": str(port),
            "INNSYN_DATABASE_WEB": self.server.dsn("innsyn_web", database),
            "INNSYN_DATABASE_LOGIN": self.server.dsn("innsyn_login", database),
            "INNSYN_ISSUER": "https://idporten.test",
            "INNSYN_CLIENT_KEY": str(self._key),
        }
        return self._serve("web", port, "/health/live", ["-m", "innsyn.cli", "serve"], settings)

    def bare(self, database: str) -> Process:
        """The same question with nothing around it: the measure of a list."""
        port = _free_port()
        dsn = self.server.dsn("postgres", database)
        return self._serve("bare", port, "/", ["-m", "bench.bare", str(port), dsn], {})

    def feed(self, last: int) -> Process:
        """A journal that says `last` things."""
        port = _free_port()
        return self._serve("feed", port, "/sources", ["-m", "bench.feed", str(port), str(last)], {})

    def worker(self, database: str, feed: Process) -> Process:
        """The worker process, following `feed`."""
        settings = {
            "INNSYN_HOME": str(self.folder),
            "INNSYN_DATABASE_WORKER": self.server.dsn("innsyn_worker", database),
            "INNSYN_JOURNAL_FEED": f"http://127.0.0.1:{feed.port}",
        }
        return Process(self._start("worker", ["-m", "innsyn.cli", "work"], settings), feed.port)

    def _serve(
        self, name: str, port: int, ready: str, command: list[str], settings: dict[str, str]
    ) -> Process:
        child = self._start(name, command, settings)
        _wait_for(f"http://127.0.0.1:{port}{ready}", child)
        return Process(child, port)

    def _start(self, name: str, command: list[str], settings: dict[str, str]) -> Child:
        environment = {"PYTHONPATH": _PATH, **settings}
        log = self.folder / f"{name}.log"
        return self.children.start(name, [sys.executable, *command], log=log, environment=environment)


@contextmanager
def installation() -> Iterator[Installation]:
    """An installation in a folder of its own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="innsyn-bench-") as folder, Children() as children:
        Path(folder).chmod(0o755)
        yield Installation(Path(folder), children)


def new_token() -> bytes:
    """What a session is known by."""
    return secrets.token_bytes(32)


def _private_key() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(address: str, child: Child) -> None:
    patience = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < patience and child.running:
        try:
            with urlopen(address, timeout=5):  # noqa: S310 - our own server on this machine
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{child.name} did not start. It said:\n{child.last_lines()}")
