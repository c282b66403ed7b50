"""A login that was not strong enough is in the list of the person who proved to be somebody, and of nobody else."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from identity.browsers import Browser, browser_at
from identity.logging_in import Database, logins_at
from identity.stand_in import StandIn
from innsyn.identity.oidc import RelyingParty

KARI, OLA = "28816196088", "12846813010"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"
_REFUSED = (
    "SELECT i.value, r.why, r.browser FROM identity.refused_login r"
    " JOIN identity.person_identifier i USING (person_id) ORDER BY r.at"
)


@pytest.fixture
async def browser(
    standing_party: RelyingParty, stand_in: StandIn, pool: asyncpg.Pool
) -> AsyncIterator[Browser]:
    async with browser_at(logins_at(standing_party, stand_in.issuer, pool)) as opened:
        opened.headers["user-agent"] = FIREFOX
        yield opened


async def logs_in(browser: Browser, number: str, level: str) -> int:
    """The status in the end."""
    hint = f"testid:{number}_idporten-loa-{level}"
    begun = await browser.get("/login", params={"login_hint": hint})
    back = await browser.get(begun.headers["location"])
    return (await browser.get(back.headers["location"])).status_code


async def test_a_login_that_was_too_weak_is_told_to_its_person(browser: Browser, database: Database) -> None:
    database.sql("DELETE FROM identity.refused_login")
    for number in (KARI, OLA):
        assert await logs_in(browser, number, "high") == 303
    assert await logs_in(browser, KARI, "substantial") == 403
    assert database.sql(_REFUSED) == f"{KARI}|level_too_low|Firefox, Linux"
