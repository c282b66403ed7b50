"""Tokens that let nobody in, beside those that have a name (test_oidc_by_name.py)."""

from typing import Any

import pytest

from identity import forgeries
from identity.evil_provider import KARI, NOW, EvilProvider
from identity.forgeries import encoded
from identity.logging_in import logged_in
from innsyn.identity.oidc import RelyingParty
from innsyn.identity.oidc_refusals import (
    LevelTooLow,
    LoginRefused,
    NationalIdentityRefused,
    ProviderNotTrusted,
)

SECONDS = int(NOW.timestamp())
A_REAL_NUMBER = "61200961131"[::-1]  # backwards: no number that could be somebody's is written here


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        pytest.param({"sub": ""}, "sub", id="sub-empty"),
        pytest.param({"aud": []}, "aud", id="aud-empty"),
        pytest.param({"aud": ["innsyn", "another"], "azp": "another"}, "aud", id="azp-another"),
        pytest.param({"azp": "another"}, "aud", id="azp-another-with-one-aud"),
        pytest.param({"iat": SECONDS - 600}, "iat", id="from-before-the-login-began"),
        pytest.param({"nonce": ""}, "nonce", id="nonce-empty"),
        pytest.param({"auth_time": SECONDS - 121 * 60}, "auth_time", id="logged-in-too-long-ago"),
        pytest.param({"auth_time": SECONDS + 600}, "auth_time", id="logged-in-in-the-future"),
    ],
)
async def test_a_claim_that_is_wrong(
    claims: dict[str, Any], reason: str, evil: EvilProvider, relying_party: RelyingParty
) -> None:
    evil.claims = claims
    assert await refusal_of(relying_party, evil) == (ProviderNotTrusted, f"id_token: {reason}")


async def refusal_of(we: RelyingParty, evil: EvilProvider) -> tuple[type[LoginRefused], str]:
    with pytest.raises(LoginRefused) as refused:
        await logged_in(we, evil)
    return type(refused.value), refused.value.reason


async def test_the_time_of_the_login_is_demanded(evil: EvilProvider, relying_party: RelyingParty) -> None:
    evil.claims = {"auth_time": None}
    missing = "id_token: Object missing required field `auth_time`"
    assert await refusal_of(relying_party, evil) == (ProviderNotTrusted, missing)


@pytest.mark.parametrize("acr", ["", "idporten-loa-low", "eidas-loa-high", "Level4", "idporten-loa-high "])
async def test_a_level_that_is_not_exactly_the_highest(
    acr: str, evil: EvilProvider, relying_party: RelyingParty
) -> None:
    evil.claims = {"acr": acr}
    assert await refusal_of(relying_party, evil) == (LevelTooLow, "id_token: acr")


@pytest.mark.parametrize("pid", ["not eleven!", A_REAL_NUMBER])
async def test_a_number_that_is_not_valid_or_is_a_real_persons_outside_production(
    pid: str, evil: EvilProvider, relying_party: RelyingParty
) -> None:
    evil.claims = {"pid": pid}
    assert await refusal_of(relying_party, evil) == (NationalIdentityRefused, "id_token: pid")


async def test_production_lets_a_real_person_in(evil: EvilProvider, production_party: RelyingParty) -> None:
    evil.claims = {"pid": A_REAL_NUMBER}
    assert (await logged_in(production_party, evil)).pid == A_REAL_NUMBER


async def test_a_login_from_before_is_enough_where_none_anew_was_asked_for(
    evil: EvilProvider, relying_party: RelyingParty
) -> None:
    evil.claims = {"auth_time": SECONDS - 300}
    assert (await logged_in(relying_party, evil)).auth_time.timestamp() == SECONDS - 300
    assert {"prompt", "max_age"} & evil.pushed.keys() == set()


async def test_a_step_up_asks_for_a_login_anew_in_both_ways(
    evil: EvilProvider, relying_party: RelyingParty
) -> None:
    assert (await logged_in(relying_party, evil, prompt="login")).pid == KARI
    assert (evil.pushed["prompt"], evil.pushed["max_age"]) == ("login", "0")


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        pytest.param({"typ": "logout+jwt"}, "typ", id="a-logout-token"),
        pytest.param({"typ": 7}, "typ", id="typ-no-text"),
        pytest.param({"kid": 7}, "kid", id="kid-no-text"),
        pytest.param({"x5c": []}, "header that a token may not have", id="x5c"),
        pytest.param({"zip": "DEF"}, "header that a token may not have", id="zip"),
    ],
)
async def test_a_header_that_is_not_read(
    header: dict[str, Any], reason: str, evil: EvilProvider, relying_party: RelyingParty
) -> None:
    evil.header = header
    evil.signer = forgeries.anyhow(evil)
    assert await refusal_of(relying_party, evil) == (ProviderNotTrusted, f"id_token: {reason}")


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("", "header cannot be read"),
        ("a.b.c", "header cannot be read"),
        ("bm90IGpzb24.e30.AA", "header cannot be read"),
        (f"{encoded({'alg': 'RS256', 'kid': 'first'})}.e30", "signature"),
        (f"{encoded({'alg': 'RS256', 'kid': 'first'})}.e30.", "signature"),
        ("A" * 20_000, "too long"),
        ("[" * 8_000, "header cannot be read"),
    ],
)
async def test_a_token_that_is_none(
    token: str, reason: str, evil: EvilProvider, relying_party: RelyingParty
) -> None:
    evil.signer = lambda _header, _claims: token
    assert await refusal_of(relying_party, evil) == (ProviderNotTrusted, f"id_token: {reason}")
