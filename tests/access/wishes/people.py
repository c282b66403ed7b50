"""Kari with a helper, a teenager with a parent: as rows, however they came to be."""

import re
from uuid import UUID

import httpx

from innsyn.access.audience import Audience
from innsyn.access.release import NEVER, OPEN
from world import World


async def person(world: World, given: str) -> UUID:
    """Who has this given name."""
    found: UUID = await world.owner.fetchval(
        "SELECT person_id FROM identity.person WHERE given_name = $1", given
    )
    return found


async def permit(world: World, actor: str, subject: str, audience: Audience) -> None:
    """Let one read the record of another (or one's own, of the young) as this group of readers."""
    await world.owner.execute(
        "INSERT INTO access.permit (subject_id, actor_id, handle_on, audience, capabilities, valid_from, "
        "valid_until, rule, book, origin, origin_id) "
        "VALUES ($1, $2, $1, $3, 1, $4, $5, 'test', 'test', 'relation', $1)",
        await person(world, subject), await person(world, actor), int(audience), OPEN, NEVER,
    )  # fmt: skip


async def base(browser: httpx.AsyncClient) -> str:
    """What the addresses begin with of the one record that is open to this person beside the own."""
    [handle] = re.findall(r'name="handle" value="([A-Za-z0-9_-]{16})"', (await browser.get("/people")).text)
    return f"/for/{handle}"


async def everything(browser: httpx.AsyncClient, before: str, *entries: str) -> list[bytes]:
    """All that a reader can look at in a record, byte for byte."""
    addresses = [
        "/",
        "/journal",
        "/journal/lab_results",
        "/journal?q=crp",
        "/api/entries",
        "/api/entries?q=crp",
    ]
    addresses += [f"/journal/lab_results/{entry}" for entry in entries]
    addresses += [f"/api/entries/{entry}" for entry in entries]
    return [(await browser.get(before + address)).content for address in addresses]
