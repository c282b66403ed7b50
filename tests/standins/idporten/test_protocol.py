"""The stand-in refuses what ID-porten refuses."""

import time
import uuid
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from identity.registered_service import AMIR, CALLBACK, ISSUER, KARI, Service, answered, query_of

ANOTHER = "http://localhost:8000/another"


def test_the_metadata_is_id_portens_where_the_stand_in_can_do_it(service: Service) -> None:
    metadata = answered(service.browser.get("/.well-known/openid-configuration"))
    assert {name: value for name, value in metadata.items() if isinstance(value, list)} == {
        "scopes_supported": ["openid", "profile"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "acr_values_supported": ["idporten-loa-low", "idporten-loa-substantial", "idporten-loa-high"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256", "RS384", "RS512"],
        "ui_locales_supported": ["nb", "nn", "en", "se"],
        "prompt_values_supported": ["login", "none"],
    }
    assert {name: value for name, value in metadata.items() if isinstance(value, str)} == {
        "issuer": ISSUER,
        "authorization_endpoint": f"{ISSUER}/authorize",
        "pushed_authorization_request_endpoint": f"{ISSUER}/par",
        "token_endpoint": f"{ISSUER}/token",
        "jwks_uri": f"{ISSUER}/jwks.json",
        "userinfo_endpoint": f"{ISSUER}/userinfo",
        "end_session_endpoint": f"{ISSUER}/logout",
    }
    assert metadata["authorization_response_iss_parameter_supported"] is True


def test_no_private_part_of_the_key_is_published(service: Service) -> None:
    [key] = answered(service.browser.get("/jwks.json"))["keys"]
    assert sorted(key) == ["alg", "e", "kid", "kty", "n", "use"]


def test_the_id_token_says_what_id_porten_says(service: Service) -> None:
    code = service.code(ui_locales="se nn")
    claims = service.claims(code)
    now = int(service.clock[0])
    opaque = {name: claims.pop(name) for name in ("sub", "sid", "jti", "at_hash")}
    assert all(isinstance(value, str) and value for value in opaque.values())
    assert KARI not in opaque.values()
    assert claims == {
        "iss": ISSUER,
        "aud": "innsyn",
        "iat": now,
        "exp": now + 120,
        "auth_time": now,
        "nonce": "a-nonce",
        "acr": "idporten-loa-high",
        "amr": ["TestID"],
        "pid": KARI,
        "locale": "se",
    }


def test_a_person_has_one_pseudonym_and_two_persons_have_two(service: Service) -> None:
    kari, kari_again, amir = (service.claims(service.code(pid=pid)) for pid in (KARI, KARI, AMIR))
    assert kari["sub"] == kari_again["sub"] != amir["sub"]
    # Who is asked anew goes on with the session that there is.
    assert kari["sid"] == kari_again["sid"] != amir["sid"]


def test_the_answer_carries_state_and_issuer(service: Service) -> None:
    answer = query_of(service.authorize(login_hint=f"testid:{KARI}_idporten-loa-high"))
    assert {**answer, "code": ""} == {"code": "", "state": "a-state", "iss": ISSUER}


def test_userinfo_is_for_the_bearer_of_the_token_while_it_lives(service: Service) -> None:
    tokens = answered(service.exchange(service.code()))
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 120)
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    told = answered(service.browser.get("/userinfo", headers=bearer))
    claims = service.claims_in(tokens["id_token"])
    assert told == {"sub": claims["sub"], "pid": KARI, "locale": "nb"}
    service.clock[0] += 121
    assert service.browser.get("/userinfo", headers=bearer).status_code == 401


# ------------------------------------------------------------------------------------------- pushed requests


def test_a_pushed_request_is_used_once(service: Service) -> None:
    pushed = service.push()
    assert {**answered(pushed), "request_uri": ""} == {"request_uri": "", "expires_in": 120}
    assert answered(pushed)["request_uri"].startswith("urn:idporten:")
    assert service.follow(pushed).status_code == 200
    again = service.follow(pushed)
    assert (again.status_code, "location" in again.headers) == (400, False)


@pytest.mark.parametrize(("seconds", "status"), [(119, 200), (120, 400)])
def test_a_pushed_request_lives_120_seconds(seconds: int, status: int, service: Service) -> None:
    pushed = service.push()
    service.clock[0] += seconds
    assert service.follow(pushed).status_code == status


def test_a_request_that_was_not_pushed_is_refused(service: Service) -> None:
    query = {"client_id": "innsyn", "response_type": "code", "scope": "openid", "redirect_uri": CALLBACK}
    answer = service.browser.get("/authorize", query_string=query)
    assert (answer.status_code, "location" in answer.headers) == (400, False)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        pytest.param({"redirect_uri": ANOTHER}, "invalid_request", id="unregistered-redirect"),
        pytest.param({"redirect_uri": f"{CALLBACK}?a=b"}, "invalid_request", id="almost-registered-redirect"),
        pytest.param({"redirect_uri": None}, "invalid_request", id="no-redirect"),
        pytest.param({"code_challenge": None}, "invalid_request", id="no-pkce"),
        pytest.param({"code_challenge_method": "plain"}, "invalid_request", id="plain-pkce"),
        pytest.param({"code_challenge_method": None}, "invalid_request", id="pkce-without-method"),
        pytest.param({"code_challenge": "short"}, "invalid_request", id="short-challenge"),
        pytest.param({"response_type": "token"}, "unsupported_response_type", id="implicit"),
        pytest.param({"scope": "profile"}, "invalid_scope", id="not-openid"),
        pytest.param({"scope": "openid krr:global/read"}, "invalid_scope", id="more-than-we-may"),
        pytest.param({"client_id": "another"}, "invalid_request", id="in-the-name-of-another"),
        pytest.param({"request_uri": "urn:idporten:x"}, "invalid_request", id="request-uri-pushed"),
        pytest.param({"request": "e30.e30."}, "invalid_request", id="request-object-pushed"),
    ],
)
def test_a_pushed_request_is_refused(changed: dict[str, str | None], error: str, service: Service) -> None:
    answer = service.push(**changed)
    assert (answer.status_code, answered(answer)["error"]) == (400, error)


# ------------------------------------------------------------------------------------------ client assertions


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"aud": "https://idporten.example"}, id="aud-of-another"),
        pytest.param({"aud": None}, id="no-aud"),
        pytest.param({"exp": int(time.time()) - 60}, id="expired"),
        pytest.param({"exp": int(time.time()) + 3600}, id="lives-too-long"),
        pytest.param({"exp": None}, id="no-exp"),
        pytest.param({"jti": None}, id="no-jti"),
        pytest.param({"sub": "another"}, id="sub-of-another"),
        pytest.param({"iss": "another"}, id="iss-of-another"),
    ],
)
@pytest.mark.parametrize("endpoint", ["/par", "/token"])
def test_a_client_assertion_that_is_refused(endpoint: str, changed: dict[str, Any], service: Service) -> None:
    assert refused(service, endpoint, service.assertion(**changed)) == "invalid_client"


def refused(service: Service, endpoint: str, assertion: dict[str, str]) -> str:
    answer = service.push(assertion) if endpoint == "/par" else service.exchange(service.code(), assertion)
    assert answer.status_code in (400, 401)
    error: str = answered(answer)["error"]
    return error


@pytest.mark.parametrize("endpoint", ["/par", "/token"])
def test_a_client_assertion_is_used_once(endpoint: str, service: Service) -> None:
    assertion = service.assertion(jti=str(uuid.uuid4()))
    assert service.push(assertion).status_code == 201
    assert refused(service, endpoint, assertion) == "invalid_client"


@pytest.mark.parametrize("audience", [ISSUER, f"{ISSUER}/token"])
def test_the_audience_is_the_issuer_or_the_token_endpoint(audience: str, service: Service) -> None:
    assert service.push(service.assertion(aud=audience)).status_code == 201


@pytest.fixture(scope="module")
def another_key() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


def test_a_client_is_known_by_its_key_alone(service: Service, another_key: RSAPrivateKey) -> None:
    assert refused(service, "/par", service.assertion(another_key)) == "invalid_client"
    assert refused(service, "/par", {}) == "invalid_client"
    assert refused(service, "/par", {"client_secret": "guessed"}) == "invalid_client"
    assert refused(service, "/token", {"client_id": "innsyn"}) == "invalid_client"


# ------------------------------------------------------------------------------------------------------ codes


def test_a_code_is_used_once(service: Service) -> None:
    code = service.code()
    assert service.exchange(code).status_code == 200
    again = service.exchange(code)
    assert (again.status_code, answered(again)["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        pytest.param({"code_verifier": "w" * 43}, "invalid_grant", id="wrong-verifier"),
        pytest.param({"code_verifier": None}, "invalid_request", id="no-verifier"),
        pytest.param({"redirect_uri": ANOTHER}, "invalid_grant", id="another-redirect"),
        pytest.param({"redirect_uri": None}, "invalid_grant", id="no-redirect"),
        pytest.param({"grant_type": "password"}, "unsupported_grant_type", id="another-grant"),
    ],
)
def test_a_code_is_bound_to_its_request(changed: dict[str, str | None], error: str, service: Service) -> None:
    answer = service.exchange(service.code(), **changed)
    assert (answer.status_code, answered(answer)["error"]) == (400, error)


def test_a_wrong_verifier_spends_the_code(service: Service) -> None:
    code = service.code()
    assert service.exchange(code, code_verifier="w" * 43).status_code == 400
    assert service.exchange(code).status_code == 400


def test_a_code_lives_a_minute(service: Service) -> None:
    code = service.code()
    service.clock[0] += 61
    assert answered(service.exchange(code))["error"] == "invalid_grant"
