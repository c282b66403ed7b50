"""The keys with which Innsyn proves itself to the provider: the newest signs, those before it are still published.

The setting names one PEM file, or a folder of them. In a folder the names decide the order ("2026-11.pem" before
"2027-05.pem"), so that a restored backup cannot change which is the newest. A key is changed in four steps:

1. put the new key in the folder under a later name,
2. register what `python -m innsyn.identity.oidc_client_keys FOLDER` prints at the provider (both keys are in it),
3. restart the web processes, which sign with the new key from then on,
4. take the old key out of the folder after a day, and out of the registration.
"""

import base64
import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt.algorithms import RSAAlgorithm

from innsyn.identity.oidc_signed import ALGORITHM


@dataclass(frozen=True, slots=True)
class ClientKeys:
    """The keys, oldest first; at least one."""

    keys: tuple[RSAPrivateKey, ...] = field(repr=False)

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A JWT by the newest key, which the provider finds by its id."""
        newest = self.keys[-1]
        return jwt.encode(dict(claims), newest, algorithm=ALGORITHM, headers={"kid": thumbprint(newest)})

    def published(self) -> bytes:
        """The public halves as a key set (RFC 7517), newest first."""
        return msgspec.json.encode({"keys": [_public(key) for key in reversed(self.keys)]})


def read_client_keys(path: Path) -> ClientKeys:
    """The key in this file, or those in this folder. Raises OSError, or ValueError when one is no RSA key."""
    files = key_files(path)
    if not files:
        raise ValueError(f"{path} holds no key (*.pem)")
    return ClientKeys(tuple(map(_private_key, files)))


def key_files(path: Path) -> list[Path]:
    """The file, or those of the folder in the order of their names."""
    return sorted(path.glob("*.pem")) if path.is_dir() else [path]


def _private_key(file: Path) -> RSAPrivateKey:
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError(f"{file} holds no RSA key")  # noqa: TRY004  (the file is wrong, not the caller)
    return key


def _public(key: RSAPrivateKey) -> dict[str, Any]:
    jwk = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {
        "kty": "RSA",
        "kid": thumbprint(key),
        "use": "sig",
        "alg": ALGORITHM,
        "n": jwk["n"],
        "e": jwk["e"],
    }


def thumbprint(key: RSAPrivateKey) -> str:
    """The key's id at the provider (RFC 7638): it follows from the key and needs no setting of its own."""
    jwk = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    canonical = msgspec.json.encode({"e": jwk["e"], "kty": "RSA", "n": jwk["n"]})
    return base64.urlsafe_b64encode(hashlib.sha256(canonical).digest()).rstrip(b"=").decode()


if __name__ == "__main__":
    sys.stdout.buffer.write(read_client_keys(Path(sys.argv[1])).published() + b"\n")
