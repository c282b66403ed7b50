"""The folder and the ports that the demo lives in."""

import fcntl
import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from innsyn.notifications.channels.web_push import Key

_TOLD = "settings.json"


class CannotStart(Exception):
    """Something on this machine is in the way; the message says what to do about it."""


@contextmanager
def home(folder: Path) -> Iterator[Path]:
    """The data folder, ours alone until the end of the block. Raises CannotStart."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (folder / "in-use").open("a+")
    except (OSError, NotADirectoryError) as reason:
        raise CannotStart(
            f"The data folder {folder} cannot be used: {reason.strerror}.\n"
            "Set INNSYN_HOME to a folder that you may write in."
        ) from reason
    with lock:
        _take(lock.fileno(), folder)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield folder


def _take(lock: int, folder: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as reason:
        holder = os.pread(lock, 20, 0).decode()
        raise CannotStart(
            f"Innsyn is already running with the data in {folder} (process {holder}).\n"
            "End it, or set INNSYN_HOME and INNSYN_PORT to run a second one beside it."
        ) from reason


def wanted_port(name: str, default: int) -> int:
    """The port that the setting `name` asks for; raises CannotStart when it is taken or no port number."""
    text = os.environ.get(name, str(default))
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):  # noqa: PLR2004 - the ports there are
        raise CannotStart(f"{name}={text} is no port number. Choose one from 1024 to 65535.")
    if not _free(int(text)):
        raise CannotStart(
            f"Port {text} is used by another program.\n"
            f"End that program, or choose another port: {name}={int(text) + 10} make run"
        )
    return int(text)


def any_port(name: str, preferred: int) -> int:
    """The port that the setting `name` asks for, or else `preferred`, or else any that is free."""
    if name in os.environ:
        return wanted_port(name, preferred)
    if preferred < 65536 and _free(preferred):  # noqa: PLR2004 - the ports there are
        return preferred
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@dataclass(frozen=True)
class ClientKey:
    """With which the application proves itself to ID-porten, which knows the public half."""

    private: Path
    public: Path


def client_key(folder: Path) -> ClientKey:
    """The key pair of this data folder; made at the first start."""
    found = ClientKey(folder / "client-key.pem", folder / "client-key.pub")
    if not (found.private.exists() and found.public.exists()):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        found.private.unlink(missing_ok=True)
        found.private.touch(mode=0o600)
        found.private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        found.public.write_bytes(public)  # last: its presence says that both are whole
    return found


@dataclass(frozen=True)
class PushKey:
    """With which push services know this installation: the file of the private half, and the public one."""

    private: Path
    public: str


def push_key(folder: Path) -> PushKey:
    """The key pair of this data folder; made at the first start."""
    found = folder / "push-key.pem"
    if not found.exists():
        fresh = folder / "push-key.new"
        # Of a start that was cut off.
        fresh.unlink(missing_ok=True)
        Key.made_at(fresh)
        fresh.rename(found)
    return PushKey(found, Key.read(found).public)


def audit_key(folder: Path) -> Path:
    """The private key that seals the access log of this data folder; made at the first start."""
    found = folder / "audit-key.pem"
    if not found.exists():
        key = ed25519.Ed25519PrivateKey.generate()
        fresh = folder / "audit-key.new"
        fresh.touch(mode=0o600)
        fresh.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        fresh.rename(found)
    return found


@contextmanager
def told_to_others(folder: Path, settings: Mapping[str, str]) -> Iterator[None]:
    """While the block lasts, commands beside the demo find its settings (see `with_running_demo`)."""
    told = folder / _TOLD
    told.unlink(missing_ok=True)
    told.touch(mode=0o600)
    told.write_text(json.dumps(settings))
    try:
        yield
    finally:
        told.unlink(missing_ok=True)


def with_running_demo(environment: Mapping[str, str]) -> Mapping[str, str]:
    """`environment`, and beneath it the settings of a demo that runs in its INNSYN_HOME, if one does.

    So `innsyn feed load PATH` in a second terminal needs no setting. Never in production.
    """
    if environment.get("INNSYN_PRODUCTION") == "1":
        return environment
    try:
        told = json.loads((Path(environment.get("INNSYN_HOME", ".innsyn")) / _TOLD).read_text())
    except OSError:
        return environment
    return {**told, **environment}


def first_day(folder: Path, today: date) -> date:
    """The day of the first start with this folder, which is `today` if there was none before."""
    kept = folder / "day"
    try:
        return date.fromisoformat(kept.read_text().strip())
    except (OSError, ValueError):
        kept.write_text(f"{today}\n")
        return today
