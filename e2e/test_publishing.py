"""What a service writes is there for the citizen within seconds, and so is what it corrects and takes back."""

import time
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from e2e.browsing import Visitor
from e2e.demo import Demo, a_result

WITHIN_SECONDS = 10


def until(visitor: Visitor, seen: Callable[[], bool]) -> None:
    """Look again, as an impatient person does."""
    patience = time.monotonic() + WITHIN_SECONDS
    while not seen():
        if time.monotonic() > patience:
            pytest.fail(f"not there after {WITHIN_SECONDS} seconds: {visitor.page.url}")
        visitor.page.reload()


def test_a_new_result_is_there_as_new_then_corrected_then_gone(visitor: Visitor, demo: Demo) -> None:
    page, resource_id = visitor.page, f"ferritin-{uuid4()}"
    visitor.logs_in("torstein-bakken")
    visited = int(time.time())
    until(visitor, lambda: time.time() > visited + 1)  # pages tell times in whole seconds
    visitor.context.clear_cookies()
    # The page that is open may ask with the old cookie while the new one is on its way.
    visitor.expects(401)
    visitor.logs_in("torstein-bakken")
    visitor.goes_to("/journal/lab_results")
    demo.publish("lab-midt", a_result("torstein-bakken", resource_id, "63.5"))
    row = page.locator(".line", has_text="63,5 µg/L")
    until(visitor, lambda: row.count() == 1)
    expect(row.get_by_role("link")).to_have_text("Ny Ferritin")
    visitor.goes_to("/")
    expect(page.locator(".news:not(.taken)")).to_contain_text("63,5 µg/L")
    page.locator(".news:not(.taken) .line", has_text="63,5 µg/L").get_by_role("link").click()
    expect(page.locator(".result .value")).to_have_text("63,5 µg/L")

    demo.publish("lab-midt", a_result("torstein-bakken", resource_id, "61.5", status="amended"))
    corrected = page.locator(".result .value", has_text="61,5 µg/L")
    until(visitor, lambda: corrected.count() == 1)
    expect(page.locator(".banner")).to_contain_text("Rettet")
    assert "63,5" not in page.locator("main").inner_text()

    visitor.expects(410)
    demo.publish("lab-midt", a_result("torstein-bakken", resource_id, "61.5", status="entered-in-error"))
    gone = page.get_by_role("heading", name="Denne opplysningen er trukket tilbake")
    until(visitor, lambda: gone.count() == 1)


def test_a_result_that_the_doctor_opens_is_a_placeholder_until_then(visitor: Visitor, demo: Demo) -> None:
    page, resource_id = visitor.page, f"ferritin-{uuid4()}"
    withheld = {"tag": [{"system": "urn:innsyn:release-class", "code": "3"}]}
    visitor.logs_in("amir-haddad")
    visitor.goes_to("/journal/lab_results")
    before = page.locator(".line-withheld").count()
    demo.publish("lab-midt", a_result("amir-haddad", resource_id, "77.5", meta=withheld))
    until(visitor, lambda: page.locator(".line-withheld").count() == before + 1)
    assert "77,5" not in page.content()
    demo.publish("lab-midt", a_result("amir-haddad", resource_id, "77.5"))
    until(visitor, lambda: page.locator(".line", has_text="77,5 µg/L").count() == 1)
    expect(page.locator(".line-withheld")).to_have_count(before)

    demo.publish("lab-midt", a_result("amir-haddad", resource_id, "77.5", status="entered-in-error"))
    until(visitor, lambda: page.locator(".line", has_text="77,5 µg/L").count() == 0)
