"""The number on the app's icon: as the list says, whatever the last push said."""

from uuid import uuid4

from playwright.sync_api import expect

from e2e.browsing import Opens, Visitor
from e2e.demo import Demo, a_result
from e2e.test_publishing import until

# Nothing tells what a badge shows: what the browser is asked to show is what there is.
_LISTENS = """
    const set = Navigator.prototype.setAppBadge
    Navigator.prototype.setAppBadge = function (...said) {
      document.documentElement.dataset.badge = said.join()
      return set.apply(this, said)
    }
"""


def _badge(visitor: Visitor, says: str) -> None:
    visitor.goes_to("/notices")
    expect(visitor.page.locator("html")).to_have_attribute("data-badge", says)


def test_the_badge_is_what_the_list_has_unread(opens: Opens, demo: Demo) -> None:
    torstein, amir = opens(), opens()
    for visitor, key in ((torstein, "torstein-bakken"), (amir, "amir-haddad")):
        visitor.context.add_init_script(_LISTENS)
        visitor.logs_in(key)
        visitor.goes_to("/notices")
        if (all_read := visitor.page.get_by_role("button", name="lest")).count():
            all_read.click()
            expect(all_read).to_have_count(0)
        _badge(visitor, "0")
    demo.publish("lab-midt", a_result("torstein-bakken", f"ferritin-{uuid4()}", "57.5"))
    expect(torstein.page.locator("html")).to_have_attribute("data-badge", "0")
    unread = torstein.page.locator("main .ds-tag")
    until(torstein, lambda: unread.count() == 1)
    expect(torstein.page.locator("html")).to_have_attribute("data-badge", "1")
    _badge(amir, "0")
    unread.click()
    torstein.page.wait_for_url("**/journal/lab_results/*")
    _badge(torstein, "0")
