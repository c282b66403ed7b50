"""Permits as the rules and the grants write them, for tests of what they open."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx

from innsyn.access.audience import Audience
from innsyn.access.capability import EVERYTHING
from innsyn.identity.sessions import token_of as read_token
from innsyn.records.kinds import Kind
from world import World

ALWAYS = datetime(9999, 1, 1, tzinfo=UTC)


async def person_of(world: World, number: str) -> UUID:
    """The person with this number."""
    found: UUID = await world.owner.fetchval(
        "SELECT person_id FROM identity.person_identifier WHERE value = $1", number
    )
    return found


async def permit(  # noqa: PLR0913 - a permit has that many columns
    world: World,
    actor: str,
    subject: str,
    *,
    audience: Audience = Audience.HELPER,
    capabilities: int = EVERYTHING,
    kinds: Sequence[str] | None = None,
    since: timedelta = timedelta(days=-1),
    until: datetime = ALWAYS,
    rule: str = "fullmakt.full",
    origin: str = "fullmakt",
    handle_on: UUID | None = None,
) -> UUID:
    """`actor` may see the record of `subject` (national numbers). Returns what the permit comes from."""
    subject_id = await person_of(world, subject)
    origin_id = uuid4()
    await world.worker.execute(
        "INSERT INTO access.permit (subject_id, actor_id, handle_on, audience, capabilities, kinds, valid_from, "
        "valid_until, rule, book, origin, origin_id) VALUES ($1, $2, $3, $4, $5, $6, now() + $7, $8, $9, '', $10, $11)",
        subject_id,
        await person_of(world, actor),
        handle_on or subject_id,
        int(audience),
        int(capabilities),
        kinds,
        since,
        until,
        rule,
        origin,
        origin_id,
    )
    return origin_id


async def handle(world: World, browser: httpx.AsyncClient, on: UUID) -> str:
    """What stands for this person, or this fullmakt, in the addresses of the session of this browser."""
    found: str = await world.owner.fetchval(
        "SELECT access.handle_of(handle_key, $2) FROM identity.session WHERE token_hash = sha256($1)",
        token_of(browser),
        on,
    )
    return found


def token_of(browser: httpx.AsyncClient) -> bytes:
    """The token in the cookie of this browser."""
    token = read_token(browser.cookies["innsyn"])
    assert token is not None
    return token


async def site(
    browser: httpx.AsyncClient, base: str, words: Sequence[str] = ("prøve",), ids: Sequence[str] = ()
) -> str:
    """Everything that a reader can look at under `base`: every list, search, page and answer for programs."""
    asked = (
        [f"kind={kind}" for kind in Kind] + [f"q={word}" for word in words] + [f"cursor={id_}" for id_ in ids]
    )
    addresses = [f"{base}/", f"{base}/journal", f"{base}/api/entries"]
    addresses += [f"{base}/journal/{kind}" for kind in Kind]
    addresses += [f"{base}/journal?{each}" for each in asked] + [
        f"{base}/api/entries?{each}" for each in asked
    ]
    addresses += [f"{base}/api/entries/{id_}" for id_ in ids]
    seen = []
    for address in addresses:
        page = await browser.get(address)
        seen.append(f"{address} {page.status_code}\n{page.text}")
    return "\n".join(seen)
