"""The way out of the stand-in: back to the service that asked, and word to those that were used."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from werkzeug.test import TestResponse

from identity.registered_service import FRONT, HOME, ISSUER, KARI, Service, answered


def logged_out(service: Service, **asked: str) -> TestResponse:
    return service.browser.get(
        "/logout", query_string={"client_id": "innsyn", "post_logout_redirect_uri": HOME, **asked}
    )


def test_logging_out_ends_the_session_and_leads_back(service: Service) -> None:
    service.code()
    answer = logged_out(service, state="a b")
    assert (answer.status_code, answer.headers["location"]) == (302, f"{HOME}?state=a+b")
    assert service.authorize().status_code == 200


def test_logging_out_by_the_id_token(service: Service) -> None:
    token = service.exchange(service.code()).get_json()["id_token"]
    service.clock[0] += 3600
    asked = {"id_token_hint": token, "post_logout_redirect_uri": HOME}
    assert service.browser.post("/logout", data=asked).status_code == 200
    assert service.browser.post("/logout", data={"id_token_hint": "e30.e30.AA"}).status_code == 400


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"client_id": "innsyn", "post_logout_redirect_uri": "https://evil/"}, id="unregistered"),
        pytest.param({"client_id": "another", "post_logout_redirect_uri": HOME}, id="another-client"),
        pytest.param({"post_logout_redirect_uri": HOME}, id="nobody-known"),
        pytest.param({}, id="nothing"),
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_registered(asked: dict[str, str], service: Service) -> None:
    service.code()
    answer = service.browser.get("/logout", query_string=asked)
    assert (answer.status_code, "location" in answer.headers) == (200, False)
    assert "Du er logget ut" in answer.text
    assert service.authorize().status_code == 200


def test_a_state_that_is_not_printable_is_not_handed_on(service: Service) -> None:
    assert logged_out(service, state="a\r\nb").status_code == 400


def test_a_service_that_was_used_is_told_in_a_frame_before_the_browser_goes_back(service: Service) -> None:
    sid = service.claims(service.code())["sid"]
    page = logged_out(service, state="x")
    [frame] = re.findall(r'<iframe src="([^"]+)"', page.text)
    url, _, query = html.unescape(frame).partition("?")
    assert (url, parse_qs(query)) == (FRONT, {"iss": [ISSUER], "sid": [sid]})
    assert f'http-equiv="refresh" content="0; url={HOME}?state=x"' in page.text
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(FRONT))
    assert f"frame-src {origin};" in page.headers["Content-Security-Policy"]


def test_a_service_that_was_used_is_told_by_the_back_channel(service: Service, told: list[str]) -> None:
    claims = service.claims(service.code())
    logged_out(service)
    assert [each.result() for each in service.provider.notices.told] == [200]
    [token] = told
    header = jwt.get_unverified_header(token)
    said = service.claims_in(token)
    assert {name: header[name] for name in ("alg", "typ")} == {"alg": "RS256", "typ": "logout+jwt"}
    assert {**said, "jti": ""} == {
        "iss": ISSUER,
        "aud": "innsyn",
        "iat": int(service.clock[0]),
        "exp": int(service.clock[0]) + 120,
        "jti": "",
        "sid": claims["sid"],
        "sub": claims["sub"],
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    }
    assert KARI not in str(said)


def test_a_service_that_got_no_token_is_told_nothing(service: Service, told: list[str]) -> None:
    service.code()
    assert logged_out(service).status_code == 302
    assert (list(service.provider.notices.told), told) == ([], [])


def test_the_key_can_be_changed_and_the_one_before_is_still_published(service: Service) -> None:
    [before] = answered(service.browser.get("/jwks.json"))["keys"]
    new = answered(service.browser.post("/stand-in/rotate"))["kid"]
    assert [key["kid"] for key in answered(service.browser.get("/jwks.json"))["keys"]] == [before["kid"], new]
    token = service.exchange(service.code()).get_json()["id_token"]
    assert jwt.get_unverified_header(token)["kid"] == new
    service.browser.post("/stand-in/rotate")
    assert before["kid"] not in [key["kid"] for key in answered(service.browser.get("/jwks.json"))["keys"]]
