"""The provider in memory, with a clock that a test can move."""

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.jwk import RSAKey

from identity.registered_service import CALLBACK, FRONT, HOME, ISSUER, Service
from standins.idporten.app import Provider, by_id, create_app
from standins.idporten.clients import Client
from standins.idporten.keys import SigningKeys
from standins.idporten.memory import Memory
from standins.idporten.people import People


@pytest.fixture(scope="session")
def service_key() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


@pytest.fixture(scope="session")
def provider_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)


@pytest.fixture
def told() -> list[str]:
    """The logout tokens that the service has got."""
    return []


@pytest.fixture
def told_at(told: list[str]) -> Iterator[str]:
    """Where the service hears of logouts."""

    class Hears(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            told.extend(sent["logout_token"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Hears) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/back"
        server.shutdown()


@pytest.fixture
def people_file(tmp_path: Path) -> Path:
    return tmp_path / "people.json"


@pytest.fixture
def service(
    service_key: RSAPrivateKey, provider_key: RSAKey, people_file: Path, told_at: str
) -> Iterator[Service]:
    clock = [time.time()]
    keys = RSAKey.import_key(
        service_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    clients = by_id(Client("innsyn", (CALLBACK,), (HOME,), keys, FRONT, told_at))
    people, memory = People(str(people_file)), Memory(lambda: clock[0])
    provider = Provider(ISSUER, clients, people, memory, SigningKeys(provider_key))
    with create_app(provider).test_client() as browser:
        yield Service(browser, service_key, clock, provider)
