"""The stand-in for ID-porten, started as anybody would start it."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PEOPLE = [
    {"name": "Kari Nordli", "pid": "28816196088", "about": "58 år, lang sykehistorie"},
    {"name": "Amir Haddad", "pid": "47906701517", "about": "27 år, D-nummer"},
]
BACKEND = Path(__file__).parents[2] / "backend"


@dataclass(frozen=True)
class StandIn:
    issuer: str
    process: subprocess.Popen[bytes]


@contextmanager
def running_stand_in(client_key: RSAPrivateKey, folder: Path, callback: str, home: str) -> Iterator[StandIn]:
    public = client_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / "client.pem").write_bytes(public)
    (folder / "people.json").write_text(json.dumps(PEOPLE))
    port = free_port()
    arguments = {
        "--port": str(port),
        "--client-id": "innsyn",
        "--client-jwks": str(folder / "client.pem"),
        "--redirect-uri": callback,
        "--post-logout-uri": home,
        "--people": str(folder / "people.json"),
    }
    command = [
        sys.executable,
        "-m",
        "standins.idporten",
        *(word for pair in arguments.items() for word in pair),
    ]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(BACKEND)}) as process:
        try:
            issuer = f"http://127.0.0.1:{port}"
            must_answer(f"{issuer}/.well-known/openid-configuration")
            yield StandIn(issuer, process)
        finally:
            process.terminate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def must_answer(url: str) -> None:
    # Retries of the connection alone, each a little later than the one before.
    with httpx.Client(transport=httpx.HTTPTransport(retries=6), trust_env=False) as client:
        client.get(url).raise_for_status()
