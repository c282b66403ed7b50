"""Logging out at ID-porten: its page opens ours in a frame, which every policy on the way must allow."""

import re

from playwright.sync_api import expect

from e2e.browsing import Opens, Visitor
from e2e.demo import Demo


def test_logging_out_at_id_porten_logs_out_here(visitor: Visitor, demo: Demo) -> None:
    visitor.logs_in("kari-nordli")
    assert visitor.goes_to("/journal").status == 200
    visitor.expects(401)
    there = visitor.context.new_page()
    with there.expect_response(re.compile(f"{demo.address}/logout/front")) as framed:
        there.goto(f"{demo.idporten}/logout")
    assert framed.value.status == 200
    expect(there.get_by_role("heading", level=1)).to_have_text("Du er logget ut")
    there.close()
    # Asked beside the page: with script it is on its way to say so itself.
    assert visitor.context.request.get(f"{demo.address}/journal").status == 401


def test_one_browsers_logout_leaves_another_person_in_peace(opens: Opens, demo: Demo) -> None:
    kari, olav = opens(), opens()
    kari.logs_in("kari-nordli")
    olav.logs_in("olav-nordli")
    kari.expects(401)
    kari.page.goto(f"{demo.idporten}/logout")
    assert kari.goes_to("/journal").status == 401
    assert olav.goes_to("/journal").status == 200
