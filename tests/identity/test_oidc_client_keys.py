"""The client's own keys: one file, or a folder in which the newest signs and the others are still published."""

import json
from pathlib import Path

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_curve_key
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from identity.evil_provider import EvilProvider, new_key
from identity.logging_in import logged_in, registration
from innsyn import doctor
from innsyn.identity.oidc import RelyingParty
from innsyn.identity.oidc_client_keys import read_client_keys, thumbprint
from innsyn.settings import read


def pem(key: RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_in_a_folder_the_last_by_name_signs_whatever_its_age(tmp_path: Path) -> None:
    old, new = new_key(), new_key()
    (tmp_path / "2027-05.pem").write_bytes(pem(new))
    (tmp_path / "2026-11.pem").write_bytes(pem(old))
    (tmp_path / "readme.txt").write_text("no key")
    keys = read_client_keys(tmp_path)
    signed = keys.sign({"iss": "innsyn"})
    published = jwt.PyJWKSet.from_dict(json.loads(keys.published()))
    assert [key.key_id for key in published.keys] == [thumbprint(new), thumbprint(old)]
    header = jwt.get_unverified_header(signed)
    assert header == {"alg": "RS256", "kid": thumbprint(new), "typ": "JWT"}
    assert jwt.decode(signed, published[header["kid"]], ["RS256"]) == {"iss": "innsyn"}


def test_nothing_private_is_published(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(pem(new_key()))
    [key] = json.loads(read_client_keys(tmp_path / "key.pem").published())["keys"]
    assert key.keys() == {"kty", "kid", "use", "alg", "n", "e"}


def test_a_folder_without_a_key_and_a_key_of_another_kind_are_told_of(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no key"):
        read_client_keys(tmp_path)
    curve = new_curve_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "curve.pem").write_bytes(curve)
    with pytest.raises(ValueError, match="holds no RSA key"):
        read_client_keys(tmp_path)


async def test_an_old_key_goes_on_working_until_it_is_taken_away(
    evil: EvilProvider, client_key: RSAPrivateKey, http: httpx.AsyncClient
) -> None:
    """Before, during and after: each time by the newest key there is, by an id that follows from it."""
    new = new_key()
    for keys, signing in (((client_key,), client_key), ((client_key, new), new), ((new,), new)):
        await logged_in(RelyingParty(registration(evil.issuer, *keys), http), evil)
        header = jwt.get_unverified_header(evil.pushed["client_assertion"])
        assert header["kid"] == thumbprint(signing)


async def test_the_doctor_looks_at_every_key_of_a_folder(tmp_path: Path) -> None:
    async def said() -> tuple[str, str]:
        environment = {"INNSYN_CLIENT_KEY": str(tmp_path)}
        [found] = [each async for each in doctor.examine(read(environment)) if each.part == "client key"]
        return found.seen, found.advice

    assert await said() == (f"{tmp_path} holds no *.pem", "Put the client's private key there.")
    for name in ("2026-11.pem", "2027-05.pem"):
        (tmp_path / name).write_bytes(pem(new_key()))
        (tmp_path / name).chmod(0o600)
    assert await said() == (f"{tmp_path / '2027-05.pem'}, RSA 2048", "")
    (tmp_path / "2026-11.pem").chmod(0o644)
    assert (await said())[0] == f"{tmp_path / '2026-11.pem'} is open to others"
