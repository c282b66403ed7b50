"""Proving oneself anew: the same person goes on, somebody else begins. Two people in every one of these."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from identity.browsers import Browser
from identity.meeting import Meeting
from innsyn.identity.sessions import token_of

AMIR = {"pid": "47906701517", "sid": "session-of-amir", "sub": "pairwise-of-amir"}
ONWARD = "/for/AAAAAAAAAAAAAAAA/journal"


async def back_from_provider(
    meeting: Meeting,
    browser: Browser,
    *,
    prompt: str = "login",
    **claims: Any,  # noqa: ANN401 - of a token
) -> httpx.Response:
    """Begin a login in this browser as the person of these claims, and come back."""
    meeting.evil.now = datetime.now(UTC)
    meeting.evil.claims = {"auth_time": int(meeting.evil.now.timestamp()), **claims}
    await browser.get("/login", params={"prompt": prompt, "next": ONWARD})
    answer = {"code": "a-code", "state": meeting.evil.pushed["state"], "iss": meeting.evil.issuer}
    return await browser.get("/login/callback", params=answer)


def sessions(
    meeting: Meeting,
    what: str = "value, coalesce(ended_why, 'lives'), auth_time > now() - interval '10 minutes'",
) -> list[str]:
    """Of each: the number, why it ended, and whether it is proved in the last ten minutes; the oldest first."""
    tables = "identity.session JOIN identity.person_identifier USING (person_id)"
    found = f"SELECT {what} FROM {tables} WHERE issuer = '{meeting.evil.issuer}' ORDER BY started_at"  # noqa: S608
    return meeting.database.sql(found).splitlines()


async def long_logged_in(meeting: Meeting, browser: Browser) -> str:
    """Kari, who has logged in an hour ago; the cookie."""
    await meeting.log_in(browser)
    meeting.database.sql("UPDATE identity.session SET auth_time = auth_time - interval '1 hour'")
    return str(browser.cookies["innsyn"])


async def test_the_same_person_keeps_the_session_under_a_new_token(meeting: Meeting) -> None:
    async with meeting.browser() as kari, meeting.browser() as amir:
        await back_from_provider(meeting, amir, prompt="", **AMIR)
        meeting.evil.claims = {}
        before = await long_logged_in(meeting, kari)
        done = await back_from_provider(meeting, kari)
        assert (done.headers["location"], kari.cookies["innsyn"] != before) == (ONWARD, True)
        assert sessions(meeting) == ["47906701517|lives|f", "28816196088|lives|t"]
        # The token that there was is worth nothing any more.
        old = token_of(before)
        assert old
        assert meeting.why_ended(old) is None
        assert sessions(meeting, f"token_hash = sha256('\\x{old.hex()}')") == ["f", "f"]


async def test_another_person_takes_over_neither_session_nor_page(meeting: Meeting) -> None:
    async with meeting.browser() as shared:
        karis = token_of(await long_logged_in(meeting, shared))
        done = await back_from_provider(meeting, shared, **AMIR)
    assert done.headers["location"] == "/"
    assert sessions(meeting) == ["28816196088|login|f", "47906701517|lives|t"]
    assert karis
    assert meeting.why_ended(karis) == "login"


@pytest.mark.parametrize("ended", ["ended_at = now(), ended_why = 'provider'", "expires_at = now()"])
async def test_what_is_over_is_not_brought_back(ended: str, meeting: Meeting) -> None:
    async with meeting.browser() as kari:
        await long_logged_in(meeting, kari)
        meeting.database.sql(f"UPDATE identity.session SET {ended}")  # noqa: S608 - the test's own
        done = await back_from_provider(meeting, kari)
    # The same person comes to the same page, in a new session.
    assert done.headers["location"] == ONWARD
    assert len(sessions(meeting)) == 2


async def test_a_login_that_was_not_a_step_up_begins_a_session(meeting: Meeting) -> None:
    async with meeting.browser() as kari:
        await long_logged_in(meeting, kari)
        await back_from_provider(meeting, kari, prompt="")
    assert sessions(meeting) == ["28816196088|login|f", "28816196088|lives|t"]


async def test_a_step_up_prolongs_to_a_whole_new_lifetime(meeting: Meeting) -> None:
    async with meeting.browser() as kari:
        await long_logged_in(meeting, kari)
        meeting.database.sql("UPDATE identity.session SET expires_at = now() + interval '1 minute'")
        await back_from_provider(meeting, kari)
    assert sessions(meeting, "expires_at - now() > interval '119 minutes'") == ["t"]


async def test_a_login_from_before_the_step_up_is_not_taken_for_it(meeting: Meeting) -> None:
    """The provider has not asked anew: nothing changes."""
    async with meeting.browser() as kari:
        await long_logged_in(meeting, kari)
        before = kari.cookies["innsyn"]
        stale = int((datetime.now(UTC) - timedelta(minutes=5)).timestamp())
        done = await back_from_provider(meeting, kari, auth_time=stale)
        assert (done.status_code, kari.cookies["innsyn"]) == (502, before)
    assert sessions(meeting) == ["28816196088|lives|f"]
