"""Ways to sign, or not to sign, what a library would refuse to write."""

import base64
import json
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_curve_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from identity.evil_provider import EvilProvider, Signer, new_key

Part = dict[str, Any]


def encoded(part: Part) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def _with(content: str, signature: bytes) -> str:
    return f"{content}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def unsigned(_evil: EvilProvider) -> Signer:
    """alg: none."""
    return lambda header, claims: f"{encoded({**header, 'alg': 'none'})}.{encoded(claims)}."


def unsigned_under_the_usual_header(_evil: EvilProvider) -> Signer:
    """No signature, and RS256 in the header."""
    return lambda header, claims: f"{encoded(header)}.{encoded(claims)}."


def anyhow(evil: EvilProvider) -> Signer:
    """By the right key, whatever the header says."""
    rs256 = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256)

    def sign(header: Part, claims: Part) -> str:
        content = f"{encoded(header)}.{encoded(claims)}"
        return _with(content, rs256.sign(content.encode(), evil.key))

    return sign


def with_the_public_key_as_secret(evil: EvilProvider) -> Signer:
    """HS256, as if the public key were a shared secret."""
    secret = evil.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    hs256 = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)

    def sign(header: Part, claims: Part) -> str:
        content = f"{encoded({**header, 'alg': 'HS256'})}.{encoded(claims)}"
        return _with(content, hs256.sign(content.encode(), secret))

    return sign


def on_a_curve(_evil: EvilProvider) -> Signer:
    """ES256."""
    key = new_curve_key(SECP256R1())
    return lambda header, claims: jwt.encode(
        claims, key, algorithm="ES256", headers={**header, "alg": "ES256"}
    )


def one_bit_off(evil: EvilProvider) -> Signer:
    """A signature that almost is one."""

    def sign(header: Part, claims: Part) -> str:
        content, signature = evil.honest(header, claims).rsplit(".", 1)
        return f"{content}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"

    return sign


def with_another_key(_evil: EvilProvider) -> Signer:
    """The right header, and a key that is not the provider's."""
    another = new_key()
    return lambda header, claims: jwt.encode(claims, another, algorithm="RS256", headers=header)
