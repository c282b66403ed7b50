"""The programs of the demo: how each is started, and how one sees that it is ready."""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx

from innsyn import embedded_nats
from innsyn.demo.home import ClientKey, audit_key, push_key
from innsyn.embedded_postgres import Server
from innsyn.journal.stream_connection import connected
from innsyn.journal.stream_layout import end_of
from innsyn.journal.stream_state import StreamState, state_of

_CLIENT = "innsyn-demo"


@dataclass(frozen=True)
class Program:
    """One process. `ready` is an address that answers 200 when it is; the worker has none."""

    name: str
    command: tuple[str, ...]
    ready: str = ""


@dataclass(frozen=True)
class Addresses:
    """Where each part is reached, all of it on this machine."""

    web: str
    journal: str
    idporten: str


def journal(at: Addresses, day: date, folder: Path) -> Program:
    """The stand-in for the region's journal, with the demo record as it stood on `day`.

    The same day at every start: on another the same sequence numbers would say something else, and a worker that has
    read up to one of them would miss it. What citizens send in is kept in `folder` for the same reason.
    """
    command = (
        *(sys.executable, "-m", "standins.journal", "--port", _port_of(at.journal)),
        *("--today", day.isoformat(), "--keep", str(folder / "journal.ndjson")),
    )
    return Program("journal", command, f"{at.journal}/sources")


def idporten(at: Addresses, key: ClientKey) -> Program:
    """The stand-in for ID-porten, which lets one choose among the people of the journal."""
    command = (
        *(sys.executable, "-m", "standins.idporten", "--port", _port_of(at.idporten)),
        *("--issuer", at.idporten),
        *("--client-id", _CLIENT, "--client-jwks", str(key.public)),
        *("--redirect-uri", f"{at.web}/login/callback", "--post-logout-uri", f"{at.web}/logout/done"),
        *("--frontchannel-logout-uri", f"{at.web}/logout/front"),
        *("--backchannel-logout-uri", f"{at.web}/logout/back"),
        *("--people", f"{at.journal}/people"),
    )
    return Program("idporten", command, f"{at.idporten}/.well-known/openid-configuration")


def web(at: Addresses) -> Program:
    """The web application."""
    return Program("web", (*_INNSYN, "serve"), f"{at.web}/health/ready")


def relay() -> Program:
    """What puts the journal's feed into the stream."""
    return Program("relay", (*_INNSYN, "relay"))


def worker() -> Program:
    """What follows the stream."""
    return Program("worker", (*_INNSYN, "work"))


_INNSYN = (sys.executable, "-m", "innsyn.cli")


def settings(
    at: Addresses, folder: Path, key: ClientKey, postgres: Server, nats: embedded_nats.Server
) -> Mapping[str, str]:
    """What an operator sets in production, for all of the application's own programs."""
    push = push_key(folder)
    return {
        "INNSYN_HOME": str(folder),
        "INNSYN_PORT": _port_of(at.web),
        "INNSYN_BASE_URL": at.web,
        "INNSYN_DATABASE_OWNER": postgres.dsn("innsyn_owner"),
        "INNSYN_DATABASE_WEB": postgres.dsn("innsyn_web"),
        "INNSYN_DATABASE_LOGIN": postgres.dsn("innsyn_login"),
        "INNSYN_DATABASE_WORKER": postgres.dsn("innsyn_worker"),
        "INNSYN_DATABASE_SEALER": postgres.dsn("innsyn_sealer"),
        "INNSYN_DATABASE_AUDITOR": postgres.dsn("innsyn_auditor"),
        "INNSYN_AUDIT_KEY": str(audit_key(folder)),
        "INNSYN_AUDIT_CHECKPOINTS": str(folder / "checkpoints"),
        "INNSYN_ISSUER": at.idporten,
        "INNSYN_CLIENT_ID": _CLIENT,
        "INNSYN_CLIENT_KEY": str(key.private),
        "INNSYN_JOURNAL_FEED": at.journal,
        "INNSYN_NATS": nats.address,
        "INNSYN_JOURNAL_FHIR": f"{at.journal}/fhir",
        "INNSYN_TERMINOLOGY": f"{at.journal}/fhir",
        "INNSYN_KRR": f"{at.idporten}/krr",
        "INNSYN_PRODUCTION": "0",
        "INNSYN_PASSKEYS": "unlock",
        "INNSYN_PUSH_KEY": str(push.private),
        "INNSYN_PUSH_PUBLIC_KEY": push.public,
        "INNSYN_PUSH_CONTACT": "mailto:nobody@innsyn.example",
    }


def _port_of(address: str) -> str:
    return address.rpartition(":")[2]


def is_ready(program: Program) -> bool:
    """Whether it answers now."""
    try:
        # Never through a proxy: everything is on this machine.
        with httpx.Client(trust_env=False, timeout=5) as client:
            return client.get(program.ready).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


@dataclass(frozen=True)
class Record:
    """How far the demo record is read."""

    read: int
    of: int


def record_read(at: Addresses, postgres: Server, nats: embedded_nats.Server) -> Record:
    """All of it when all of the journal is in the stream, and the worker has committed every part to its end."""
    with httpx.Client(trust_env=False, timeout=10) as client:
        newest = client.get(f"{at.journal}/feed", params={"seq": 1, "limit": 1}).json()["last"]
    state = asyncio.run(_state(nats.address))
    told = postgres.sql("SELECT part, position FROM journal.position WHERE feed = 'journal'", "innsyn")
    read = {part: int(position) for part, position in (row.split("|") for row in told.splitlines())}
    if state.reached >= newest and all(
        read.get(part, 0) >= end_of(number) for part, number in state.newest.items()
    ):
        return Record(newest, newest)
    landed = postgres.sql("SELECT count(*) FROM journal.resource WHERE feed = 'journal'", "innsyn")
    return Record(min(int(landed), newest - 1), newest)


async def _state(address: str) -> StreamState:
    async with connected(address, "innsyn-demo") as client:
        return await state_of(client)


def people(at: Addresses) -> list[tuple[str, str]]:
    """Name and a few words on each citizen of the demo record."""
    with httpx.Client(trust_env=False, timeout=10) as client:
        return [(one["name"], one["about"]) for one in client.get(f"{at.journal}/people").json()]
