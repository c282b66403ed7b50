"""An installation whose processes can be killed: each is started anew at once, as whoever watches it would."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from innsyn import embedded_nats
from innsyn.embedded_postgres import PostgresFailed, Server, start
from innsyn.migrations.running import migrate
from innsyn.processes import Child, Children

_TESTS = Path(__file__).resolve().parents[1]
_PATH = os.pathsep.join((str(_TESTS), str(_TESTS.parent / "backend")))
_PATIENCE_SECONDS = 30.0
# An empty cluster, some of its log, and little more.
_DISK = "200m"
DATABASE = "innsyn"


_DOING = """
    SELECT pid, usename, application_name, state, wait_event_type, wait_event, now() - xact_start, left(query, 150)
    FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class NotBack(Exception):
    """Something that was killed did not come back."""


@dataclass
class Killable:
    """A program that is killed with SIGKILL and started again with the same words."""

    name: str
    begin: Callable[[], Child]
    child: Child = field(init=False)
    kills: int = 0

    def __post_init__(self) -> None:
        self.child = self.begin()

    def kill(self, children: Children) -> None:
        """Gone without a word, and started again at once."""
        self.kills += 1
        self.child.process.send_signal(signal.SIGKILL)
        children.stop(self.child)
        self.child = self.begin()


class Standing:
    """All processes of the installation, with a journal that says `entries` things in so many `seconds`."""

    def __init__(self, folder: Path, children: Children, told: Sequence[str], *, clock: bool) -> None:
        self._folder, self._children = folder, children
        self.disk = folder / "postgres"
        self.server: Server
        self.nats: embedded_nats.Server
        self.killable: dict[str, Killable] = {}
        self._add("postgres", self._postgres)
        # Alembic runs a loop of its own.
        with ThreadPoolExecutor(1) as aside:
            aside.submit(migrate, self.server.dsn(database=DATABASE)).result()
        self._nats_port = free_port()
        self._add("nats", self._nats)
        web, self.journal_port = free_port(), free_port()
        self.web, self.journal = f"http://localhost:{web}", f"http://127.0.0.1:{self.journal_port}"
        key = folder / "client-key.pem"
        key.write_bytes(_private_key())
        self._settings = {
            "PYTHONPATH": _PATH,
            "INNSYN_HOME": str(folder),
            "INNSYN_PORT": str(web),
            "INNSYN_DATABASE_WEB": self.server.dsn("innsyn_web", DATABASE),
            "INNSYN_DATABASE_LOGIN": self.server.dsn("innsyn_login", DATABASE),
            "INNSYN_DATABASE_WORKER": self.server.dsn("innsyn_worker", DATABASE),
            "INNSYN_ISSUER": "https://idporten.test",
            "INNSYN_CLIENT_KEY": str(key),
            "INNSYN_JOURNAL_FEED": self.journal,
            "INNSYN_NATS": self.nats.address,
            "INNSYN_JOURNAL_FHIR": f"{self.journal}/fhir",
        }
        self._program("journal", "-m", "faults.told", str(self.journal_port), *told)
        self.until(lambda: _answers(f"{self.journal}/sources"), "the journal does not answer")
        if clock:
            self.set_clock("+0")
            self._settings |= {"LD_PRELOAD": _library(), "FAKETIME_TIMESTAMP_FILE": str(self._clock)}
            self._settings |= {"FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        self._add("relay", lambda: self._program("relay", "-m", "innsyn.cli", "relay"))
        for name in ("worker-1", "worker-2"):
            self._add(name, lambda name=name: self._program(name, "-m", "innsyn.cli", "work"))  # type: ignore[misc]
        self._add("web", lambda: self._program("web", "-m", "innsyn.cli", "serve"))
        self.until(lambda: _answers(f"{self.web}/health/ready"), "the web process does not answer")

    def kill(self, name: str) -> None:
        """One of `killable` is killed and started again; whether it is back is another question."""
        self.killable[name].kill(self._children)

    def start_again(self, name: str) -> None:
        """Start what has ended by itself; what has not goes on."""
        one = self.killable[name]
        if not one.child.running:
            self._children.stop(one.child)
            one.child = one.begin()

    def set_clock(self, offset: str) -> None:
        """Seconds by which the processes' clock is wrong, as "+3600"."""
        self._clock.write_text(offset)

    @property
    def _clock(self) -> Path:
        return self._folder / "clock"

    def is_serving(self) -> bool:
        """Whether people are answered."""
        return _answers(f"{self.web}/health/ready")

    def until(self, done: Callable[[], bool], otherwise: str, seconds: float = _PATIENCE_SECONDS) -> float:
        """Seconds until it was so. Raises NotBack."""
        began = time.monotonic()
        while not done():
            if time.monotonic() > began + seconds:
                raise NotBack(f"{otherwise}\n{self.last_lines()}")
            time.sleep(0.01)
        return time.monotonic() - began

    def last_lines(self) -> str:
        """What PostgreSQL is doing, and what each process said last."""
        doing = self.server.sql(_DOING, DATABASE)
        return f"{doing}\n" + "\n".join(
            f"--- {each.name}\n{each.child.last_lines()}" for each in self.killable.values()
        )

    def _add(self, name: str, begin: Callable[[], Child]) -> None:
        self.killable[name] = Killable(name, begin)

    def _program(self, name: str, *command: str) -> Child:
        log = self._folder / f"{name}.log"
        return self._children.start(name, [sys.executable, *command], log=log, environment=self._settings)

    def _nats(self) -> Child:
        self.nats = embedded_nats.start(self._children, self._folder / "nats", port=self._nats_port)
        return self.nats.child

    def _postgres(self) -> Child:
        # What is left of the one that was killed holds on to its memory for a moment.
        patience = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                self.server = start(self._children, self._folder / "postgres", durable=True)
            except PostgresFailed:
                if time.monotonic() > patience:
                    raise
            else:
                return self.server.child


@contextmanager
def standing(told: Sequence[str], *, small_disk: bool, clock: bool) -> Iterator[Standing]:
    """The installation, in a folder of its own that is gone afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="innsyn-faults-")))
        folder.chmod(0o755)
        if small_disk:
            stack.enter_context(_disk_of(_DISK, folder / "postgres"))
        yield Standing(folder, stack.enter_context(Children()), told, clock=clock)


@contextmanager
def _disk_of(size: str, folder: Path) -> Iterator[None]:
    folder.mkdir(mode=0o700)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def _library() -> str:
    """Where libfaketime is. Raises NotBack."""
    found = next(Path("/usr/lib").rglob("libfaketime.so.1"), None)
    if found is None:
        raise NotBack("there is no libfaketime: install the package faketime")
    return str(found)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=2, trust_env=False).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _private_key() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
