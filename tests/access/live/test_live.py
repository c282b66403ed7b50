"""An open page hears within a second that its session or its access is over, and of nobody else's."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest
from structlog.testing import capture_logs

from access.live.streams import listening, served
from access.sessions.coming_back import passes
from innsyn.access.live.stream import MOST_STREAMS
from world import KARI, OLA, World, patient

AT_ONCE = 1.0  # seconds


@pytest.fixture
async def address(world: World) -> AsyncIterator[str]:
    async with served(world) as at:
        yield at


async def ends_elsewhere(world: World, browser: httpx.AsyncClient) -> None:
    mark = (await browser.get("/live")).json()["mark"]
    assert mark
    await world.owner.execute(
        "UPDATE identity.session SET ended_at = now(), ended_why = 'elsewhere' WHERE ended_at IS NULL"
    )


async def a_permit(world: World, until: str = "1 day") -> None:
    """Kari may read Ola's record for so long."""
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    await world.owner.execute(
        f"""
        INSERT INTO access.permit (subject_id, actor_id, handle_on, audience, capabilities, valid_from, valid_until,
                                   rule, book, origin, origin_id)
        SELECT o.person_id, k.person_id, o.person_id, 16, 1, now() - interval '1 day', now() + interval '{until}',
               'fullmakt', 'x', 'fullmakt', gen_random_uuid()
        FROM identity.person_identifier k, identity.person_identifier o WHERE k.value = '{KARI}' AND o.value = '{OLA}'
        """  # noqa: S608
    )


async def handle_of_ola(world: World) -> str:
    handle: str = await world.owner.fetchval(
        "SELECT access.handle_of(s.handle_key, p.handle_on) FROM access.permit p JOIN identity.session s"
        " ON s.person_id = p.actor_id ORDER BY s.started_at DESC LIMIT 1"
    )
    return handle


async def test_a_session_that_is_ended_is_heard_of_within_a_second(world: World, address: str) -> None:
    kari = await world.log_in(KARI)
    async with listening(address, kari) as page:
        assert (page.status, page.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        assert page.headers["cache-control"] == "no-store"
        assert "content-encoding" not in page.headers
        assert (await page.next()).startswith("mark: ")
        began = time.monotonic()
        await ends_elsewhere(world, kari)
        # Nothing of why, and nothing of whose.
        assert await page.next() == "look"
        assert time.monotonic() - began < AT_ONCE
        assert await page.next() == ""
    assert (await kari.get("/live")).json() == {"why": "elsewhere"}


async def test_logging_out_closes_the_streams_of_the_session(world: World, address: str) -> None:
    kari = await world.log_in(KARI)
    async with listening(address, kari) as page:
        await page.next()
        await kari.post("/logout")
        assert [await page.next(), await page.next()] == ["look", ""]


async def test_access_that_is_taken_back_is_heard_of_within_a_second(world: World, address: str) -> None:
    await a_permit(world)
    kari = await world.log_in(KARI)
    path = f"/for/{await handle_of_ola(world)}/live"
    assert (await kari.get(path)).status_code == 200
    async with listening(address, kari, path) as page, listening(address, kari) as own:
        assert (await page.next()) == (await own.next())
        began = time.monotonic()
        await world.owner.execute("DELETE FROM access.permit")
        assert await page.next() == "look"
        assert time.monotonic() - began < AT_ONCE
        assert (await kari.get(path)).status_code == 404
        assert (await kari.get(path)).json() == {"why": "access"}
        assert (await kari.get("/live")).status_code == 200


@pytest.mark.parametrize("change", ["secret", "deceased"])
async def test_a_secret_address_and_a_death_are_heard_of_too(world: World, address: str, change: str) -> None:
    await a_permit(world)
    kari = await world.log_in(KARI)
    async with listening(address, kari, f"/for/{await handle_of_ola(world)}/live") as page:
        await page.next()
        await world.owner.execute(
            f"UPDATE identity.person SET {change} = true FROM access.permit WHERE person_id = subject_id"  # noqa: S608
        )
        assert await page.next() == "look"


async def test_access_that_ends_by_its_date_is_heard_of_when_it_does(world: World, address: str) -> None:
    await a_permit(world, "500 milliseconds")
    kari = await world.log_in(KARI)
    async with listening(address, kari, f"/for/{await handle_of_ola(world)}/live") as page:
        await page.next()
        assert await page.next() == "look"


@pytest.mark.parametrize(
    ("limit", "why"),
    [("idle_limit = interval '700 ms'", "idle"), ("expires_at = now() + interval '700 ms'", "absolute")],
)
async def test_both_limits_are_heard_of_when_they_are_reached(
    world: World, address: str, limit: str, why: str
) -> None:
    kari = await world.log_in(KARI)
    await world.owner.execute(f"UPDATE identity.session SET last_used_at = now(), {limit}")  # noqa: S608
    async with listening(address, kari) as page:
        await page.next()
        assert await page.next() == "look"
    assert (await kari.get("/live")).json() == {"why": why}


async def test_listening_keeps_nothing_alive_and_reads_nothing(world: World, address: str) -> None:
    kari = await world.log_in(KARI)
    await passes(world, 5)
    used = await world.owner.fetchval("SELECT last_used_at FROM identity.session")
    async with listening(address, kari) as page:
        await page.next()
        left = (await kari.get("/live")).json()
    assert (left["final"], 24 * 60 < left["left"] <= 25 * 60) == (False, True)
    assert await world.owner.fetchval("SELECT last_used_at FROM identity.session") == used
    assert await world.owner.fetchval("SELECT count(*) FROM access.log") == 0


async def test_what_happens_to_others_is_not_heard(world: World, address: str) -> None:
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    async with listening(address, kari) as karis, listening(address, ola) as olas:
        await karis.next()
        await olas.next()
        await ola.post("/logout")
        assert [await olas.next(), await olas.next()] == ["look", ""]
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await karis.next()


async def test_a_session_has_so_many_streams_and_no_more(world: World, address: str) -> None:
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    async with AsyncExitStack() as pages:
        opened = [await pages.enter_async_context(listening(address, kari)) for _ in range(MOST_STREAMS)]
        for page in opened:
            await page.next()
        async with listening(address, kari) as one_more, listening(address, ola) as olas:
            assert (one_more.status, olas.status) == (204, 200)
        # And no connection of the pool for any of them.
        assert world.pool.get_size() - world.pool.get_idle_size() == 0
    await until_nobody_listens(world)
    async with listening(address, kari) as again:
        assert again.status == 200


async def until_nobody_listens(world: World) -> None:
    streams = world.litestar.state.streams
    async with asyncio.timeout(AT_ONCE):
        # The server notices by itself that a page is gone.
        while any(streams._of_session.values()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert not streams.changes._waiters


async def test_nobody_listens_without_a_session(world: World, address: str) -> None:
    for browser in (world.browser(), world.browser("A" * 43)):
        async with listening(address, browser) as page:
            assert page.status == 401
    kari = await world.log_in(KARI)
    async with listening(address, kari, "/for/abcdefghijklmnop/live") as page:
        assert page.status == 404


async def test_what_was_said_while_the_database_was_lost_is_looked_for(world: World, address: str) -> None:
    kari = await world.log_in(KARI)
    async with listening(address, kari) as page:
        await page.next()
        # Nobody hears this one.
        await world.owner.execute("ALTER TABLE identity.session DISABLE TRIGGER session_changed")
        await ends_elsewhere(world, kari)
        await world.owner.execute("ALTER TABLE identity.session ENABLE TRIGGER session_changed")
        await world.owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'innsyn-live' AND datname = current_database()"
        )
        assert await page.next() == "look"


async def test_when_the_database_does_not_answer_the_browser_is_sent_to_come_back(
    world: World, address: str
) -> None:
    kari = await world.log_in(KARI)
    async with listening(address, kari) as page:
        await page.next()
        await world.pool.expire_connections()
        await world.owner.execute("ALTER ROLE innsyn_web NOLOGIN")
        try:
            with capture_logs() as logged:
                await world.owner.execute(
                    "SELECT pg_notify('access_changed', 'nobody'), pg_notify('other', '')"
                )
                await world.owner.execute(
                    "SELECT pg_notify('access_changed', person_id::text) FROM identity.session"
                )
                assert await page.next() == ""
        finally:
            await world.owner.execute("ALTER ROLE innsyn_web LOGIN")
    assert "access:live:not-looked-up" in [entry["event"] for entry in logged]


async def test_a_process_that_stops_lets_go_of_every_stream(world: World) -> None:
    kari = await world.log_in(KARI)
    async with served(world) as address, listening(address, kari) as page:
        await page.next()
        world.litestar.state.streams.changes.stop()
        assert await page.next() == ""
        async with listening(address, kari) as late:
            assert late.status == 204
