"""A service registered at the stand-in, which signs and asks as Innsyn would, or as Innsyn never should."""

import base64
import hashlib
import time
import uuid
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from standins.idporten.app import Provider

ISSUER: Final = "http://127.0.0.1:9000"
CALLBACK: Final = "http://localhost:8000/login/callback"
HOME: Final = "http://localhost:8000/logout/done"
FRONT: Final = "http://localhost:8000/logout/front"
KARI: Final = "28816196088"
AMIR: Final = "47906701517"
VERIFIER: Final = "v" * 43
CHALLENGE: Final = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Service:
    """A service with a key, asking the provider as Innsyn would. Parameters given as None are left out."""

    browser: FlaskClient
    key: RSAPrivateKey
    clock: list[float]
    provider: Provider

    def assertion(self, key: RSAPrivateKey | None = None, **changed: Any) -> dict[str, str]:  # noqa: ANN401
        now = int(time.time())
        ours = {"iss": "innsyn", "sub": "innsyn", "aud": ISSUER, "jti": str(uuid.uuid4())}
        claims = _sent({**ours, "iat": now, "exp": now + 60, **changed})
        return {
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": jwt.encode(claims, key or self.key, algorithm="RS256"),
        }

    def push(self, assertion: dict[str, str] | None = None, /, **changed: str | None) -> TestResponse:
        asked = {
            "response_type": "code",
            "scope": "openid",
            "client_id": "innsyn",
            "redirect_uri": CALLBACK,
            "state": "a-state",
            "nonce": "a-nonce",
            "acr_values": "idporten-loa-high",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            **changed,
        }
        known = self.assertion() if assertion is None else assertion
        return self.browser.post("/par", data=_sent({**asked, **known}))

    def authorize(self, **changed: str | None) -> TestResponse:
        pushed = self.push(**changed)
        assert pushed.status_code == 201, pushed.text
        return self.follow(pushed)

    def follow(self, pushed: TestResponse) -> TestResponse:
        """The browser, sent to the address that came of the pushed request."""
        query = {"client_id": "innsyn", "request_uri": answered(pushed)["request_uri"]}
        return self.browser.get("/authorize", query_string=query)

    def code(self, pid: str = KARI, level: str = "high", **changed: str | None) -> str:
        return query_of(self.authorize(login_hint=f"testid:{pid}_idporten-loa-{level}", **changed))["code"]

    def exchange(
        self, code: str, assertion: dict[str, str] | None = None, /, **changed: str | None
    ) -> TestResponse:
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
            **changed,
        }
        known = self.assertion() if assertion is None else assertion
        return self.browser.post("/token", data=_sent({**asked, **known}))

    def claims(self, code: str) -> dict[str, Any]:
        return self.claims_in(answered(self.exchange(code))["id_token"])

    def claims_in(self, token: str) -> dict[str, Any]:
        keys = jwt.PyJWKSet.from_dict(answered(self.browser.get("/jwks.json")))
        key = keys[jwt.get_unverified_header(token)["kid"]]
        # The clock of the provider is the test's.
        by_the_clock: Any = {"verify_exp": False, "verify_iat": False}
        checked: dict[str, Any] = jwt.decode(
            token, key, ["RS256"], audience="innsyn", issuer=ISSUER, options=by_the_clock
        )
        return checked


def _sent(asked: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if value is not None}


def query_of(response: TestResponse) -> dict[str, str]:
    """The query of the address that the browser is sent to."""
    assert response.status_code == 302, response.text
    return dict(parse_qsl(urlsplit(response.headers["location"]).query))


def answered(response: TestResponse) -> dict[str, Any]:
    """The JSON of an answer."""
    found: dict[str, Any] = response.get_json()
    return found
