"""Logging in again in a browser that had a session, and what a session looks like when its time has passed."""

from datetime import timedelta

import httpx

from innsyn.db.sessions import write_session
from innsyn.identity.oidc_sessions import log_in
from innsyn.identity.sessions import token_of
from world import World, proved


async def logs_in_again(world: World, browser: httpx.AsyncClient, number: str) -> None:
    """The person of this number logs in where the cookie of an earlier session still is."""
    async with write_session(world.login) as db:
        begun = await log_in(
            db,
            proved(number, "another-sid"),
            before=token_of(browser.cookies["innsyn"]),
            renews=False,
            idle=timedelta(minutes=30),
            lifetime=timedelta(minutes=120),
        )
    browser.cookies.set("innsyn", begun.cookie, domain="localhost.local", path="/")


async def passes(world: World, minutes: float, *, used: bool = False) -> None:
    """So long ago everything of the sessions has happened; `used`: but for their last use, which is now."""
    ago = timedelta(minutes=minutes)
    await world.owner.execute(
        "UPDATE identity.session SET started_at = started_at - $1::interval, expires_at = expires_at - $1::interval,"
        " auth_time = auth_time - $1::interval, ended_at = ended_at - $1::interval,"
        " last_used_at = CASE WHEN $2 THEN now() ELSE last_used_at - $1::interval END",
        ago,
        used,
    )
