"""Doing something in a record: proved, logged, kept whole or not at all."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from access.permits import handle, permit, person_of, token_of
from innsyn.access.acting import Acts, StepUpNeeded
from innsyn.access.capability import Capability
from innsyn.access.opening import NoAccess, NotLoggedIn
from innsyn.refusal import Refusal
from world import KARI, OLA, World, patient


@pytest.fixture
async def two(world: World) -> World:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    return world


def acts(world: World, browser: httpx.AsyncClient, for_: str | None = None) -> Acts:
    return Acts(world.web, token_of(browser), for_)


async def logged(world: World) -> list[tuple[str, str, bool, bool]]:
    rows = await world.owner.fetch("SELECT rule, purpose, refused, act FROM access.log ORDER BY log_id")
    return [tuple(row) for row in rows]


async def refusal(of: Acts, **how: object) -> type[Refusal]:
    with pytest.raises(Refusal) as raised:
        async with of.begin("test.act", **how):  # type: ignore[arg-type]
            pytest.fail("it was let in")
    return type(raised.value)


async def test_author_and_subject_are_told_apart_and_logged(two: World) -> None:
    await permit(two, OLA, KARI, capabilities=Capability.SEE | Capability.MESSAGE)
    ola = await two.log_in(OLA)
    kari_id, ola_id = await person_of(two, KARI), await person_of(two, OLA)
    for_kari = acts(two, ola, await handle(two, ola, kari_id))
    async with for_kari.begin("test.write", needs=Capability.MESSAGE) as act:
        assert (act.author.actor_id, act.author.subject_id, act.author.rule) == (
            ola_id,
            kari_id,
            "fullmakt.full",
        )
    async with acts(two, ola).begin("test.own") as act:
        assert (act.author.actor_id, act.author.subject_id, act.author.rule) == (ola_id, ola_id, "self")
    # What the permit does not give is not given, and that it was asked for stands in Kari's log.
    assert await refusal(for_kari, needs=Capability.MANAGE) is NoAccess
    assert await refusal(acts(two, ola, "AAAAAAAAAAAAAAAA")) is NoAccess
    assert await logged(two) == [
        ("fullmakt.full", "test.write", False, True),
        ("self", "test.own", False, True),
        ("fullmakt.full", "test.act", True, True),
    ]


async def test_what_is_grave_needs_a_fresh_login(two: World) -> None:
    kari = await two.log_in(KARI)
    async with acts(two, kari).begin("test.grave", fresh=True):
        pass
    await two.owner.execute("UPDATE identity.session SET auth_time = now() - interval '10 minutes'")
    assert await refusal(acts(two, kari), fresh=True) is StepUpNeeded
    with pytest.raises(StepUpNeeded):
        await acts(two, kari).must_be_fresh("test.form")
    async with acts(two, kari).begin("test.light"):
        pass


async def test_nothing_is_done_without_a_session_or_under_a_preview(two: World) -> None:
    kari = await two.log_in(KARI)
    fullmakt = await person_of(two, OLA)
    await permit(two, KARI, KARI, rule="preview", origin="preview", handle_on=fullmakt)
    assert await refusal(acts(two, kari, await handle(two, kari, fullmakt))) is NoAccess
    await two.owner.execute("UPDATE identity.session SET ended_at = now()")
    assert await refusal(acts(two, kari)) is NotLoggedIn
    assert await refusal(Acts(two.web, None)) is NotLoggedIn


async def test_what_fails_on_the_way_leaves_nothing(two: World) -> None:
    kari = await two.log_in(KARI)

    async def fails() -> None:
        async with acts(two, kari).begin("test.fails"):
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - our own, above
        await fails()
    assert await logged(two) == []


async def test_many_acts_of_one_session_at_once_all_get_through(two: World) -> None:
    """Two tabs, or a double click: each waits for the other, and none for ever."""
    kari = await two.log_in(KARI)
    await two.owner.execute("UPDATE identity.session SET last_used_at = now() - interval '2 minutes'")

    async def one() -> None:
        async with acts(two, kari).begin("test.many"):
            pass

    async with asyncio.timeout(timedelta(seconds=60).total_seconds()):
        await asyncio.gather(*(one() for _ in range(40)))
    assert await logged(two) == [("self", "test.many", False, True)] * 40


async def test_a_passkey_is_no_fresh_login(two: World) -> None:
    kari, ola = await two.log_in(KARI), await two.log_in(OLA)
    await two.owner.execute(
        "UPDATE identity.session SET method = 'passkey' WHERE person_id = $1", await person_of(two, KARI)
    )
    assert await refusal(acts(two, kari), fresh=True) is StepUpNeeded
    async with acts(two, ola).begin("test.grave", fresh=True):
        pass


async def test_two_devices_that_end_each_other_do_not_wait_for_ever(two: World) -> None:
    """Of two at once one is first, and the other is logged out then: never a failure."""
    met = set()
    for _ in range(10):
        browsers = [await two.log_in(KARI), await two.log_in(KARI)]
        ola = await two.log_in(OLA)
        answers = await asyncio.gather(*(each.post("/settings/sessions/end-others") for each in browsers))
        met.add(tuple(sorted(answer.status_code for answer in answers)))
        assert (await ola.get("/journal")).status_code == 200
    assert met == {(303, 401)}
