"""The provider in memory, with a clock that a test can move."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.jwk import RSAKey

from identity.registered_service import CALLBACK, HOME, ISSUER, Service
from standins.idporten.app import Provider, create_app
from standins.idporten.memory import Memory
from standins.idporten.people import People
from standins.idporten.provider import Client


@pytest.fixture(scope="session")
def service_key() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


@pytest.fixture(scope="session")
def provider_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)


@pytest.fixture
def people_file(tmp_path: Path) -> Path:
    return tmp_path / "people.json"


@pytest.fixture
def service(service_key: RSAPrivateKey, provider_key: RSAKey, people_file: Path) -> Iterator[Service]:
    clock = [time.time()]
    keys = RSAKey.import_key(
        service_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    client = Client("innsyn", (CALLBACK,), (HOME,), keys)
    provider = Provider(ISSUER, client, People(str(people_file)), Memory(lambda: clock[0]), provider_key)
    with create_app(provider).test_client() as browser:
        yield Service(browser, service_key, clock)
