"""Discovery and keys: cached and bounded."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from litestar import Response

from identity.evil_provider import KARI, NOW, EvilProvider, jwk_of, new_key
from identity.logging_in import logged_in, registration
from innsyn.identity.oidc import RelyingParty
from innsyn.identity.oidc_refusals import (
    LoginRefused,
    ProviderNotTrusted,
    ProviderRefused,
    ProviderUnavailable,
)

DISCOVERY = "/.well-known/openid-configuration"


async def test_unknown_keys_do_not_make_us_read_all_day(
    evil: EvilProvider, relying_party: RelyingParty
) -> None:
    for number in range(20):
        evil.header = {"kid": f"unknown-{number}"}
        with pytest.raises(ProviderNotTrusted, match="a key that the provider does not have"):
            await logged_in(relying_party, evil)
    assert evil.asked.count("/jwks.json") == 6  # the first time, and five times again
    evil.header = {}
    assert (await logged_in(relying_party, evil)).pid == KARI


async def test_discovery_and_keys_are_read_once_a_day(
    evil: EvilProvider, relying_party: RelyingParty
) -> None:
    await asyncio.gather(*(relying_party.begin("/", now=NOW) for _ in range(5)))
    await logged_in(relying_party, evil)
    await logged_in(relying_party, evil)
    assert (evil.asked.count(DISCOVERY), evil.asked.count("/jwks.json")) == (1, 1)
    await relying_party.begin("/", now=NOW + timedelta(hours=25))
    assert evil.asked.count(DISCOVERY) == 2


async def test_keys_of_other_kinds_are_passed_over(evil: EvilProvider, relying_party: RelyingParty) -> None:
    evil.keys = [
        {"kty": "EC", "crv": "P-256", "kid": "curve", "x": "AA", "y": "AA"},
        {"kty": "RSA", "kid": "broken", "n": "!", "e": "AQAB"},
        {"kty": "RSA", "kid": 7},
        jwk_of(new_key(), None),
        *evil.keys,
    ]
    assert (await logged_in(relying_party, evil)).pid == KARI


@pytest.mark.parametrize("more", [{"use": "enc"}, {"alg": "RSA-OAEP"}])
async def test_a_key_for_something_else_signs_no_login(
    more: dict[str, str], evil: EvilProvider, relying_party: RelyingParty
) -> None:
    evil.keys = [jwk_of(evil.key, "first", **more)]
    with pytest.raises(ProviderNotTrusted, match="a key that the provider does not have"):
        await logged_in(relying_party, evil)


async def test_a_key_that_is_too_small_signs_no_login(
    evil: EvilProvider, relying_party: RelyingParty
) -> None:
    evil.keys = [jwk_of(generate_private_key(65537, 1024), "first")]  # noqa: S505  (that is the point)
    with pytest.raises(ProviderNotTrusted, match="a key that the provider does not have"):
        await logged_in(relying_party, evil)


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        pytest.param({"token_endpoint": "ftp://127.0.0.1/token"}, "an endpoint's scheme", id="scheme"),
        pytest.param({"jwks_uri": "file:///etc/passwd"}, "an endpoint's scheme", id="keys-in-a-file"),
        pytest.param({"id_token_signing_alg_values_supported": ["HS256"]}, "RS256", id="no-rs256"),
        pytest.param({"code_challenge_methods_supported": ["plain"]}, "S256", id="no-s256"),
        pytest.param(
            {"token_endpoint_auth_methods_supported": ["none"]}, "private_key_jwt", id="no-assertions"
        ),
        pytest.param(
            {"authorization_response_iss_parameter_supported": None},
            "iss in the authorization response",
            id="no-iss",
        ),
    ],
)
async def test_metadata_that_we_do_not_work_with(
    metadata: dict[str, Any], reason: str, evil: EvilProvider, relying_party: RelyingParty
) -> None:
    evil.metadata = metadata
    with pytest.raises(ProviderNotTrusted) as refused:
        await relying_party.begin("/", now=NOW)
    assert refused.value.reason == f"discovery: {reason}"
    assert evil.asked == [DISCOVERY]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(Response({}, status_code=500), "provider answered 500", id="500"),
        pytest.param(
            Response(b"", status_code=302, headers={"location": "http://169.254.169.254/"}),
            "provider answered 302",
            id="a-redirect-to-the-inside",
        ),
        pytest.param(Response(b'"' + b"a" * 10_000_000 + b'"'), "provider: answer too large", id="10-MB"),
        pytest.param(Response(b"{"), "provider: Input data was truncated", id="not-json"),
        pytest.param(Response(b"[" * 60_000), "provider: ", id="deep"),
        pytest.param(Response(b"[]"), "provider: Expected `object`, got `array`", id="not-an-object"),
    ],
)
@pytest.mark.parametrize("path", [DISCOVERY, "/jwks.json"])
async def test_an_answer_that_nobody_can_use(
    path: str, answer: Response[Any], reason: str, evil: EvilProvider, relying_party: RelyingParty
) -> None:
    evil.answers = {path: answer}
    with pytest.raises(ProviderUnavailable) as refused:
        await logged_in(relying_party, evil)
    assert refused.value.reason.startswith(reason)
    assert evil.asked[-1] == path


@pytest.mark.parametrize(
    ("path", "answer", "refusal", "reason"),
    [
        ("/par", Response({}, status_code=401), ProviderRefused, "pushed request: 401"),
        (
            "/par",
            Response(b"", status_code=307, headers={"location": "/token"}),
            ProviderRefused,
            "pushed request: 307",
        ),
        (
            "/par",
            Response({}, status_code=201),
            ProviderUnavailable,
            "provider: Object missing required field `request_uri`",
        ),
        ("/token", Response({"error": "invalid_grant"}, status_code=400), ProviderRefused, "token: 400"),
        (
            "/token",
            Response(b"", status_code=307, headers={"location": "/par"}),
            ProviderRefused,
            "token: 307",
        ),
        (
            "/token",
            Response(b'"' + b"a" * 10_000_000 + b'"'),
            ProviderUnavailable,
            "provider: answer too large",
        ),
    ],
)
async def test_a_provider_that_says_no(
    path: str,
    answer: Response[Any],
    refusal: type[LoginRefused],
    reason: str,
    evil: EvilProvider,
    relying_party: RelyingParty,
) -> None:
    evil.answers = {path: answer}
    with pytest.raises(LoginRefused) as refused:
        await logged_in(relying_party, evil)
    assert (type(refused.value), refused.value.reason) == (refusal, reason)
    assert evil.asked[-1] == path


async def test_a_provider_that_never_answers(evil: EvilProvider, client_key: RSAPrivateKey) -> None:
    evil.silent_until = asyncio.Event()
    async with httpx.AsyncClient(timeout=0.2, trust_env=False) as impatient:
        with pytest.raises(ProviderUnavailable, match="provider: ReadTimeout"):
            await RelyingParty(registration(evil.issuer, client_key), impatient).begin("/", now=NOW)
    evil.silent_until.set()


async def test_a_provider_that_is_not_there(client_key: RSAPrivateKey, http: httpx.AsyncClient) -> None:
    we = RelyingParty(registration("http://127.0.0.1:9", client_key), http)
    with pytest.raises(ProviderUnavailable, match="provider: ConnectError"):
        await we.begin("/", now=NOW)
