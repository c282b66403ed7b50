"""An authenticator in software, with one passkey, that can lie in every field of what it says."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from webauthn.helpers import encode_cbor

from innsyn.identity.passkeys.rules import packed, unpacked

ORIGIN = "http://localhost:8000"
HOST = "localhost"
UP, UV, BE, BS, AT = 0x01, 0x04, 0x08, 0x10, 0x40
ES256, EDDSA, RS256, ES384 = -7, -8, -257, -35
AAGUID = bytes(range(16))


@dataclass(kw_only=True)
class Says:
    """What is said of one ceremony: the truth, unless a test has another idea."""

    type: str = ""
    challenge: str = ""
    origin: str = ORIGIN
    client_more: dict[str, Any] = field(default_factory=lambda: {"crossOrigin": False})
    host: str = HOST
    flags: int = UP | UV
    count: int | None = None
    id: bytes | None = None
    inner_id: bytes | None = None
    user: bytes | None = None
    alg: int | None = None
    format: str = "none"
    statement: dict[str, Any] = field(default_factory=dict)
    spoil: str = ""  # the part of the answer in which one bit is turned


class Authenticator:
    """Holds one passkey. `counts`: whether it counts how often it was used (those that are synced do not)."""

    def __init__(self, alg: int = ES256, *, counts: bool = True) -> None:
        self.alg, self.counts, self.count = alg, counts, 0
        self.id = secrets.token_bytes(32)
        self.user = b""
        self._key: Any = _NEW[alg]()

    def make(self, options: str, **lies: Any) -> str:  # noqa: ANN401 - fields of Says
        """The answer to navigator.credentials.create() as the page's script sends it."""
        asked = msgspec.json.decode(options)
        self.user = unpacked(asked["user"]["id"])
        says = Says(**{"type": "webauthn.create", "challenge": asked["challenge"], **lies})
        id_ = self.id if says.id is None else says.id
        inner = id_ if says.inner_id is None else says.inner_id
        attested = AAGUID + len(inner).to_bytes(2, "big") + inner + self._cose(says)
        data = self._data(says, says.flags | AT) + attested
        statement = {"fmt": says.format, "attStmt": says.statement, "authData": _spoilt(data, says, "data")}
        return _json(
            id=id_, client=_spoilt(_client(says), says, "client"), attestation=encode_cbor(statement)
        )

    def show(self, options: str, **lies: Any) -> str:  # noqa: ANN401 - fields of Says
        """The answer to navigator.credentials.get() as the page's script sends it."""
        asked = msgspec.json.decode(options)
        says = Says(**{"type": "webauthn.get", "challenge": asked["challenge"], **lies})
        client, data = _client(says), self._data(says, says.flags)
        signature = self._signed(data + hashlib.sha256(client).digest())
        return _json(
            id=self.id if says.id is None else says.id,
            client=_spoilt(client, says, "client"),
            authenticator=_spoilt(data, says, "data"),
            signature=_spoilt(signature, says, "signature"),
            user=self.user if says.user is None else says.user,
        )

    def _data(self, says: Says, flags: int) -> bytes:
        if says.count is None:
            self.count += self.counts
        count = self.count if says.count is None else says.count
        return hashlib.sha256(says.host.encode()).digest() + bytes([flags]) + count.to_bytes(4, "big")

    def _cose(self, says: Says) -> bytes:
        public = self._key.public_key()
        alg = self.alg if says.alg is None else says.alg
        if isinstance(public, ed25519.Ed25519PublicKey):
            return encode_cbor({1: 1, 3: alg, -1: 6, -2: public.public_bytes_raw()})
        numbers = public.public_numbers()
        if isinstance(numbers, rsa.RSAPublicNumbers):
            return encode_cbor({1: 3, 3: alg, -1: numbers.n.to_bytes(256, "big"), -2: b"\x01\x00\x01"})
        size = (public.curve.key_size + 7) // 8
        x, y = numbers.x.to_bytes(size, "big"), numbers.y.to_bytes(size, "big")
        return encode_cbor({1: 2, 3: alg, -1: {256: 1, 384: 2}[public.curve.key_size], -2: x, -3: y})

    def _signed(self, said: bytes) -> bytes:
        if self.alg == EDDSA:
            return bytes(self._key.sign(said))
        if self.alg == RS256:
            return bytes(self._key.sign(said, padding.PKCS1v15(), hashes.SHA256()))
        return bytes(self._key.sign(said, ec.ECDSA(hashes.SHA256())))


_NEW: dict[int, Callable[[], Any]] = {
    ES256: lambda: ec.generate_private_key(ec.SECP256R1()),
    ES384: lambda: ec.generate_private_key(ec.SECP384R1()),
    EDDSA: ed25519.Ed25519PrivateKey.generate,
    RS256: lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
}


def _client(says: Says) -> bytes:
    said = {"type": says.type, "challenge": says.challenge, "origin": says.origin, **says.client_more}
    return msgspec.json.encode(said)


def _spoilt(part: bytes, says: Says, name: str) -> bytes:
    return part[:-1] + bytes([part[-1] ^ 1]) if says.spoil == name else part


def _json(**parts: bytes) -> str:
    return msgspec.json.encode({name: packed(part) for name, part in parts.items()}).decode()
