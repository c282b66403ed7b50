"""What a person meets at the stand-in: the page, the session that is remembered, and the way out."""

import json
import re
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from identity.registered_service import AMIR, ISSUER, KARI, Service, query_of

A_REAL_NUMBER = "61200961131"[::-1]  # backwards: no number that could be somebody's is written here


def test_the_page_lists_the_people_and_takes_one_of_them(service: Service, people_file: Path) -> None:
    people = [
        {"name": "Kari <Nordli>", "pid": KARI, "about": "58 år"},
        {"name": "Amir Haddad", "pid": AMIR, "about": ""},
        {"name": "En virkelig person", "pid": A_REAL_NUMBER, "about": ""},
    ]
    people_file.write_text(json.dumps(people))
    page = service.authorize()
    assert page.status_code == 200
    assert re.findall(r"<strong>([^<]*)</strong>", page.text) == [
        "Prøveinnlogging.",
        "Kari &lt;Nordli&gt;",
        "Amir Haddad",
    ]
    answer = query_of(submitted(service, page, pid=AMIR, level="idporten-loa-substantial"))
    claims = service.claims(answer["code"])
    assert (claims["pid"], claims["acr"]) == (AMIR, "idporten-loa-substantial")


def submitted(service: Service, page: TestResponse, **form: str) -> TestResponse:
    found = re.search(r'name="page" value="([^"]+)"', page.text)
    assert found
    return service.browser.post("/login", data={"page": found[1], **form})


def test_the_page_works_without_the_list(service: Service) -> None:
    page = service.authorize()
    assert "Listen kan ikke hentes" in page.text
    assert (
        service.claims(query_of(submitted(service, page, pid=f"{KARI[:6]} {KARI[6:]}"))["code"])["pid"]
        == KARI
    )


@pytest.mark.parametrize("pid", ["", "12345", A_REAL_NUMBER, "28816196087"])
def test_a_number_that_is_not_synthetic_is_asked_for_again(pid: str, service: Service) -> None:
    page = service.authorize()
    again = submitted(service, page, pid=pid)
    assert again.status_code == 422
    assert "Ekte nummer kan ikke brukes her" in again.text
    assert query_of(submitted(service, again, pid=KARI))["state"] == "a-state"


def test_a_hint_with_a_number_that_is_not_synthetic_leads_to_the_page(service: Service) -> None:
    assert service.authorize(login_hint=f"testid:{A_REAL_NUMBER}_idporten-loa-high").status_code == 200


def test_a_level_that_is_none_is_asked_for_again(service: Service) -> None:
    assert submitted(service, service.authorize(), pid=KARI, level="root").status_code == 422


def test_a_page_is_used_once(service: Service) -> None:
    page = service.authorize()
    assert submitted(service, page, pid=KARI).status_code == 302
    assert submitted(service, page, pid=AMIR).status_code == 400


def test_who_cancels_is_sent_back_with_the_reason(service: Service) -> None:
    answer = query_of(submitted(service, service.authorize(), cancel="1"))
    assert {**answer, "error_description": ""} == {
        "error": "access_denied",
        "error_description": "",
        "state": "a-state",
        "iss": ISSUER,
    }


def test_the_page_keeps_strict_headers_and_needs_no_script(service: Service) -> None:
    page = service.authorize()
    assert page.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; "
        "frame-src http://localhost:8000; form-action 'self' http://localhost:8000"
    )
    assert page.headers["Cache-Control"] == "no-store"
    assert service.browser.get("/login.css").mimetype == "text/css"
    assert [word for word in ("<script", "style=", "onclick", KARI) if word in page.text] == []


# -------------------------------------------------------------------------------------------- single sign-on


def test_who_is_logged_in_is_not_asked_again(service: Service) -> None:
    first = service.claims(service.code())
    service.clock[0] += 29 * 60
    second = service.claims(query_of(service.authorize())["code"])
    assert (second["pid"], second["sid"], second["auth_time"]) == (KARI, first["sid"], first["auth_time"])


def test_another_person_can_log_in_by_a_hint(service: Service) -> None:
    service.code(pid=KARI)
    assert service.claims(service.code(pid=AMIR))["pid"] == AMIR
    assert service.claims(query_of(service.authorize())["code"])["pid"] == AMIR


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"prompt": "login"}, 200),
        ({"max_age": "0"}, 200),
        ({"max_age": "60"}, 200),
        ({"max_age": "61"}, 302),
        ({"login_hint": "somebody"}, 302),
    ],
)
def test_who_is_asked_again(asked: dict[str, str], status: int, service: Service) -> None:
    service.code()
    service.clock[0] += 60
    assert service.authorize(**asked).status_code == status


def test_an_age_that_is_no_number_is_refused(service: Service) -> None:
    assert service.push(max_age="young").status_code == 400


def test_who_is_asked_again_keeps_the_session_with_a_new_time(service: Service) -> None:
    before = service.claims(service.code())
    service.clock[0] += 600
    after = service.claims(service.code(prompt="login"))
    assert (after["sid"], after["auth_time"]) == (before["sid"], before["auth_time"] + 600)


def test_prompt_none_answers_without_a_page(service: Service) -> None:
    answer = query_of(service.authorize(prompt="none"))
    assert {**answer, "error_description": ""} == {
        "error": "login_required",
        "error_description": "",
        "state": "a-state",
        "iss": ISSUER,
    }
    service.code()
    assert "code" in query_of(service.authorize(prompt="none"))


def test_a_lower_level_is_not_enough_for_a_higher_one(service: Service) -> None:
    service.code(level="substantial")
    assert service.authorize(acr_values="idporten-loa-high").status_code == 200
    assert service.authorize(acr_values="idporten-loa-substantial").status_code == 302


def test_a_session_ends_after_30_minutes_of_rest_and_after_120_in_any_case(service: Service) -> None:
    service.code()
    service.clock[0] += 30 * 60
    assert service.authorize().status_code == 200
    service.code()
    for _ in range(5):
        service.clock[0] += 20 * 60
        assert service.authorize().status_code == 302
    service.clock[0] += 20 * 60
    assert service.authorize().status_code == 200
