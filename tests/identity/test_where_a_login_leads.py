"""Where a login may lead afterwards, and where the form for logging out may."""

import pytest

from innsyn.identity.login_pages import form_targets, onward_path


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/journal",
        "/journal?q=hodepine&from=2026-01",
        "/journal/lab_results/0192-ab",
        "/settings",
        "/?a=%C3%A5",
        "/for/AAAA-AAAA_AAAA99/journal/lab_results",
        "/for/AAAA-AAAA_AAAA99/",
        "/access/give?level=read",
        "/people",
        "/settings/passkeys/new",
        "/session/back",
        "/settings/sessions",
        "/unlock?next=%2Fjournal",
        "/for/abcdefghijklmnop/",
        "/for/abcdefghijklmnop/journal/notes?page=2",
    ],
)
def test_a_page_of_ours_is_where_a_login_may_lead(path: str) -> None:
    assert onward_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/journal//evil.example",
        "/journal/../logout",
        "/journal/%2e%2e/logout",
        "/journal\r\nLocation: https://evil.example",
        "/journal\n",
        "/journal#@evil.example",
        "/journal?next=//evil.example",
        "/journal@evil.example",
        "journal",
        "javascript:alert(1)",
        "/for/short/journal",
        "/for/AAAA-AAAA_AAAA99",
        "/for/AAAA-AAAA_AAAA99//evil.example",
        "/for/AAAA-AAAA_AAAA99/logout",
        "/session/renew",
        "/logout/front?iss=x&sid=y",
        "/login",
        "/logout",
        "/session/send/AAAAAAAAAAAAAAAA/settings",
        "/live",
        "/api/entries",
        "/journalen",
        "/journal?" + "a" * 500,
        "/jоurnal",  # noqa: RUF001  (a Cyrillic letter)
    ],
)
def test_anything_else_leads_to_the_first_page(path: str) -> None:
    assert onward_path(path) == "/"


def test_the_form_for_logging_out_may_lead_to_the_provider_alone() -> None:
    assert form_targets("https://idporten.no") == ("https://idporten.no", "https://login.idporten.no")
    assert form_targets("http://127.0.0.1:8002") == ("http://127.0.0.1:8002",)
