"""An open page hears within a second that there is something new in the messages of its record, and of no other's."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from access.live.streams import listening, served
from messages.feed.saying import answered, told, written
from world import KARI, OLA, World, patient

_AT_ONCE = 2.0  # seconds
_PERMIT = """
    INSERT INTO access.permit (subject_id, actor_id, handle_on, audience, capabilities, valid_from, valid_until,
                               rule, book, origin, origin_id)
    SELECT o.person_id, k.person_id, o.person_id, 16, $3, now() - interval '1 day', now() + interval '1 day',
           'fullmakt', 'x', 'fullmakt', gen_random_uuid()
    FROM identity.person_identifier k, identity.person_identifier o WHERE k.value = $1 AND o.value = $2
"""
_HANDLE = """
    SELECT access.handle_of(s.handle_key, p.handle_on) FROM access.permit p
    JOIN identity.session s ON s.person_id = p.actor_id ORDER BY s.started_at DESC LIMIT 1
"""


@pytest.fixture
async def address(world: World) -> AsyncIterator[str]:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    async with served(world) as at:
        yield at


async def test_what_comes_is_heard_of_at_once_by_whom_it_is_for(world: World, address: str) -> None:
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    async with listening(address, kari) as karis, listening(address, ola) as olas:
        await karis.next()
        await olas.next()
        for said in (written("m"), told("read"), answered("a")):
            began = time.monotonic()
            await world.take(said)
            # Nothing of what, and nothing of whose.
            assert await karis.next() == "news: new"
            assert time.monotonic() - began < _AT_ONCE
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await olas.next()


@pytest.mark.parametrize(("capabilities", "hears"), [(3, True), (1, False), (9, False)])
async def test_a_helper_hears_of_it_who_may_read_messages(
    world: World, address: str, capabilities: int, hears: bool
) -> None:
    await world.owner.execute(_PERMIT, KARI, OLA, capabilities)
    kari = await world.log_in(KARI)
    handle = await world.owner.fetchval(_HANDLE)
    async with listening(address, kari, f"/for/{handle}/live") as olas, listening(address, kari) as own:
        await olas.next()
        await own.next()
        await world.take(written("m", of="ola"))
        if hears:
            assert await olas.next() == "news: new"
        for page in (own, olas):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await page.next()


async def test_what_was_said_while_a_browser_came_back_is_said_to_it(world: World, address: str) -> None:
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    async with listening(address, kari) as page:
        await page.next()
        await world.take(written("m"))
        assert await page.next() == "news: new"
    async with listening(address, kari) as page, listening(address, ola) as other:
        assert [(await page.next())[:4], await page.next()] == ["mark", "news: new"]
        await other.next()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await other.next()
