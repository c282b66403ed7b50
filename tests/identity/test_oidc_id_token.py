"""Tokens that let nobody in. Named after the OpenID Foundation's conformance tests where those exist."""

import base64
import json
import traceback
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_curve_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from identity.evil_provider import KARI, NOW, EvilProvider, jwk_of, new_key
from identity.logging_in import logged_in
from innsyn.identity.oidc import RelyingParty
from innsyn.identity.oidc_refusals import (
    LevelTooLow,
    LoginRefused,
    NationalIdentityRefused,
    NoNationalIdentity,
    ProviderNotTrusted,
)

SECONDS = int(NOW.timestamp())
BASIC = "oidcc-client-test-"
FAPI = "fapi2-security-profile-final-client-test-"
A_REAL_NUMBER = "61200961131"[::-1]  # backwards: no number that could be somebody's is written here


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        pytest.param({"iss": "https://idporten.example"}, "iss", id=f"{BASIC}invalid-iss"),
        pytest.param({"sub": ""}, "sub", id="sub-empty"),
        pytest.param({"aud": "another"}, "aud", id=f"{BASIC}invalid-aud"),
        pytest.param({"aud": []}, "aud", id="aud-empty"),
        pytest.param({"aud": ["innsyn", "another"]}, "aud", id=f"{FAPI}invalid-secondary-aud"),
        pytest.param({"aud": ["innsyn", "another"], "azp": "another"}, "aud", id="azp-another"),
        pytest.param({"azp": "another"}, "aud", id="azp-another-with-one-aud"),
        pytest.param({"exp": SECONDS - 300}, "exp", id=f"{FAPI}invalid-expired-exp"),
        pytest.param({"iat": SECONDS + 9 * 86400}, "iat", id="nine-days-in-the-future"),
        pytest.param({"iat": SECONDS - 600}, "iat", id="from-before-the-login-began"),
        pytest.param({"nonce": "another"}, "nonce", id=f"{BASIC}nonce-invalid"),
        pytest.param({"nonce": ""}, "nonce", id="nonce-empty"),
        pytest.param({"auth_time": SECONDS - 121 * 60}, "auth_time", id="logged-in-too-long-ago"),
        pytest.param({"auth_time": SECONDS + 600}, "auth_time", id="logged-in-in-the-future"),
        pytest.param({"at_hash": "b3RoZXI"}, "at_hash", id=f"{BASIC}invalid-athash"),
    ],
)
async def test_a_claim_that_is_wrong(
    claims: dict[str, Any], reason: str, evil: EvilProvider, relying_party: RelyingParty
) -> None:
    evil.claims = claims
    assert await refusal_of(relying_party, evil) == (ProviderNotTrusted, f"id_token: {reason}")


async def refusal_of(
    we: RelyingParty, evil: EvilProvider, prompt: str = ""
) -> tuple[type[LoginRefused], str]:
    with pytest.raises(LoginRefused) as refused:
        await logged_in(we, evil, prompt=prompt)
    # Whatever is logged of a refusal, nobody's number is in it.
    told = "".join(traceback.format_exception(refused.value))
    assert str(evil.claims.get("pid", KARI) or KARI) not in told
    return type(refused.value), refused.value.reason


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param("iss", id=f"{FAPI}invalid-missing-iss"),
        pytest.param("sub", id=f"{BASIC}missing-sub"),
        pytest.param("aud", id=f"{FAPI}invalid-missing-aud"),
        pytest.param("iat", id=f"{BASIC}missing-iat"),
        pytest.param("exp", id=f"{FAPI}invalid-missing-exp"),
        pytest.param("nonce", id=f"{FAPI}invalid-missing-nonce"),
        pytest.param("auth_time", id="missing-auth_time"),
    ],
)
async def test_a_claim_that_is_missing(claim: str, evil: EvilProvider, relying_party: RelyingParty) -> None:
    evil.claims = {claim: None}
    missing = f"id_token: Object missing required field `{claim}`"
    assert await refusal_of(relying_party, evil) == (ProviderNotTrusted, missing)


@pytest.mark.parametrize(
    "acr", [None, "", "idporten-loa-low", "idporten-loa-substantial", "eidas-loa-high", "Level4"]
)
async def test_a_level_that_is_not_exactly_the_highest(
    acr: str | None, evil: EvilProvider, relying_party: RelyingParty
) -> None:
    evil.claims = {"acr": acr}
    assert await refusal_of(relying_party, evil) == (LevelTooLow, "id_token: acr")


async def test_a_citizen_without_a_norwegian_number(evil: EvilProvider, relying_party: RelyingParty) -> None:
    evil.claims = {"pid": None}
    assert await refusal_of(relying_party, evil) == (NoNationalIdentity, "id_token: no pid")


@pytest.mark.parametrize("pid", ["2881619608", "28816196087", "not eleven!", A_REAL_NUMBER])
async def test_a_number_that_is_not_valid_or_is_a_real_persons_outside_production(
    pid: str, evil: EvilProvider, relying_party: RelyingParty
) -> None:
    evil.claims = {"pid": pid}
    assert await refusal_of(relying_party, evil) == (NationalIdentityRefused, "id_token: pid")


async def test_production_lets_a_real_person_in_and_no_synthetic_one(
    evil: EvilProvider, production_party: RelyingParty
) -> None:
    assert await refusal_of(production_party, evil) == (NationalIdentityRefused, "id_token: pid")
    evil.claims = {"pid": A_REAL_NUMBER}
    assert (await logged_in(production_party, evil)).pid == A_REAL_NUMBER


async def test_asked_to_log_in_anew_a_session_from_before_is_not_enough(
    evil: EvilProvider, relying_party: RelyingParty
) -> None:
    evil.claims = {"auth_time": SECONDS - 300}
    assert await refusal_of(relying_party, evil, prompt="login") == (
        ProviderNotTrusted,
        "id_token: auth_time",
    )
    assert (await logged_in(relying_party, evil)).auth_time.timestamp() == SECONDS - 300
    assert evil.pushed.get("prompt") is None


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        pytest.param({"jku": "http://127.0.0.1:1/keys"}, "header that a token may not have", id="jku"),
        pytest.param({"x5u": "http://127.0.0.1:1/chain"}, "header that a token may not have", id="x5u"),
        pytest.param({"jwk": {"kty": "RSA"}}, "header that a token may not have", id="jwk"),
        pytest.param({"crit": ["exp"]}, "header that a token may not have", id="crit"),
        pytest.param({"typ": "logout+jwt"}, "typ", id="a-logout-token"),
    ],
)
async def test_a_header_that_is_not_read(
    header: dict[str, Any], reason: str, evil: EvilProvider, relying_party: RelyingParty
) -> None:
    evil.header = header
    evil.signer = signed_anyhow(evil)
    assert await refusal_of(relying_party, evil) == (ProviderNotTrusted, f"id_token: {reason}")


async def test_oidcc_client_test_kid_absent_multiple_jwks(
    evil: EvilProvider, relying_party: RelyingParty
) -> None:
    evil.keys.append(jwk_of(new_key(), "second"))
    evil.header = {"kid": None}
    assert await refusal_of(relying_party, evil) == (
        ProviderNotTrusted,
        "signed with a key that the provider does not have",
    )


def signed_anyhow(evil: EvilProvider) -> Callable[[dict[str, Any], dict[str, Any]], str]:
    """Signed by the right key under a header that a library would refuse to write."""

    def sign(header: dict[str, Any], claims: dict[str, Any]) -> str:
        content = f"{encoded(header)}.{encoded(claims)}"
        signature = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256).sign(
            content.encode(), evil.key
        )
        return f"{content}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"

    return sign


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


async def test_oidcc_client_test_idtoken_sig_none(evil: EvilProvider, relying_party: RelyingParty) -> None:
    evil.header = {"alg": "none"}
    evil.signer = lambda header, claims: f"{encoded(header)}.{encoded(claims)}."
    assert await refusal_of(relying_party, evil) == (ProviderNotTrusted, "id_token: alg is not RS256")


async def test_oidcc_client_test_invalid_sig_hs256(evil: EvilProvider, relying_party: RelyingParty) -> None:
    """Signed with the public key as if it were a shared secret."""
    secret = evil.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    hmac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)

    def sign(header: dict[str, Any], claims: dict[str, Any]) -> str:
        content = f"{encoded({**header, 'alg': 'HS256'})}.{encoded(claims)}"
        return (
            f"{content}.{base64.urlsafe_b64encode(hmac.sign(content.encode(), secret)).rstrip(b'=').decode()}"
        )

    evil.signer = sign
    assert await refusal_of(relying_party, evil) == (ProviderNotTrusted, "id_token: alg is not RS256")


async def test_oidcc_client_test_invalid_sig_es256(evil: EvilProvider, relying_party: RelyingParty) -> None:
    key = new_curve_key(SECP256R1())
    evil.signer = lambda _header, claims: jwt.encode(claims, key, algorithm="ES256", headers={"kid": "first"})
    assert await refusal_of(relying_party, evil) == (ProviderNotTrusted, "id_token: alg is not RS256")


async def test_fapi2_invalid_alternate_alg(evil: EvilProvider, relying_party: RelyingParty) -> None:
    evil.header = {"alg": "RS512"}
    assert await refusal_of(relying_party, evil) == (ProviderNotTrusted, "id_token: alg is not RS256")


async def test_oidcc_client_test_invalid_sig_rs256(evil: EvilProvider, relying_party: RelyingParty) -> None:
    def one_bit_off(header: dict[str, Any], claims: dict[str, Any]) -> str:
        content, signature = evil.honest(header, claims).rsplit(".", 1)
        return f"{content}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"

    evil.signer = one_bit_off
    assert await refusal_of(relying_party, evil) == (ProviderNotTrusted, "id_token: signature")


async def test_the_right_header_signed_with_another_key(
    evil: EvilProvider, relying_party: RelyingParty
) -> None:
    another = new_key()
    evil.signer = lambda header, claims: jwt.encode(claims, another, algorithm="RS256", headers=header)
    assert await refusal_of(relying_party, evil) == (ProviderNotTrusted, "id_token: signature")


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("", "header cannot be read"),
        ("a.b.c", "header cannot be read"),
        ("bm90IGpzb24.e30.AA", "header cannot be read"),
        (f"{encoded({'alg': 'RS256', 'kid': 'first'})}.e30", "signature"),
        ("A" * 20_000, "too long"),
        ("[" * 8_000, "header cannot be read"),
    ],
)
async def test_a_token_that_is_none(
    token: str, reason: str, evil: EvilProvider, relying_party: RelyingParty
) -> None:
    evil.signer = lambda _header, _claims: token
    assert await refusal_of(relying_party, evil) == (ProviderNotTrusted, f"id_token: {reason}")
