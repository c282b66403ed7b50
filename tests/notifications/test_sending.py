"""When a letter goes, to which addresses, and what becomes of it."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from access.permits import permit, person_of
from innsyn.access.telling.kinds import Told
from innsyn.notifications import rules
from innsyn.notifications.channels.port import Answer, Outcome, Way
from innsyn.notifications.rules import Hours
from innsyn.notifications.sending.answering import answered, claim_again, give_up_lost
from notifications.telling import DAY, MARTE, claimed, devices, people, queued
from world import KARI, World, result

HOUR = timedelta(hours=1)
# 12:00 in Norway, in winter.
NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "due", "goes"),
    [
        (Hours(), NOON, NOON),
        (Hours(time(22), time(7)), NOON, NOON),
        (Hours(time(22), time(7)), NOON + 12 * HOUR, NOON + 19 * HOUR),
        (Hours(time(8), time(16)), NOON, NOON + 4 * HOUR),
        (Hours(digest_at=time(8)), NOON, NOON + 20 * HOUR),
        (Hours(digest_at=time(12)), NOON, NOON),
        (Hours(time(7), time(9), time(8)), NOON, NOON + 21 * HOUR),
    ],
)
def test_quiet_hours_hold_back_and_a_digest_gathers(hours: Hours, due: datetime, goes: datetime) -> None:
    assert rules.goes_at(hours, due, due) == goes


def test_quiet_hours_end_by_the_clock_on_the_wall_also_when_the_clock_changes() -> None:
    # In the night to 29 March 2026 02:00 becomes 03:00: seven o'clock is 05:00 UTC.
    assert rules.goes_at(
        Hours(time(22), time(7)), datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 3, 28, 22, tzinfo=UTC)
    ) == datetime(2026, 3, 29, 5, tzinfo=UTC)


def test_a_letter_is_tried_ever_more_slowly_and_not_for_ever() -> None:
    until = NOON + DAY
    assert rules.again_at(1, None, NOON, until) == NOON + timedelta(minutes=1)
    assert rules.again_at(2, None, NOON, until) == NOON + timedelta(minutes=4)
    assert rules.again_at(2, HOUR, NOON, until) == NOON + HOUR
    assert rules.again_at(6, None, NOON, until) is None
    assert rules.again_at(1, timedelta(days=2), NOON, until) is None


def test_what_is_only_an_addition_stands_in_the_list_unless_it_is_chosen() -> None:
    assert rules.ways_for(Told.OTHER, {}, of_others=False) == frozenset()
    chosen = {(Told.OTHER, True): frozenset({Way.SMS})}
    assert rules.ways_for(Told.OTHER, chosen, of_others=True) == {Way.SMS}


async def test_several_things_are_one_letter_that_leads_to_the_list(world: World) -> None:
    await people(world)
    await world.take(result("r1", "kari"))
    there = await devices(world, KARI)
    (one,) = await claimed(world, there)
    notice = await world.owner.fetchval("SELECT notice_id FROM notice.notice")
    assert (one.path, one.unseen) == (f"/notices/{notice}", 1)
    await world.take(result("r2", "kari", "Kreatinin"), result("r3", "kari", "LDL"))
    (two,) = await claimed(world, there)
    assert (two.path, two.unseen) == ("/notices", 3)
    assert (one.title, one.text) == (two.title, two.text)
    assert await claimed(world, there) == []


async def test_what_is_withheld_goes_out_when_it_opens(world: World) -> None:
    await people(world)
    withheld: dict[str, Any] = {"meta": {"tag": [{"system": "urn:innsyn:release-class", "code": "3"}]}}
    await world.take(result("r1", "kari", **withheld), version=1)
    there = await devices(world, KARI)
    assert await claimed(world, there) == []
    await world.take(result("r1", "kari"), version=2)
    assert len(await claimed(world, there)) == 1
    # Withheld again, and opened again: it has been told.
    await world.take(result("r1", "kari", **withheld), version=3)
    await world.take(result("r1", "kari"), version=4)
    assert await claimed(world, there) == []


async def test_a_choice_of_one_is_not_the_choice_of_another(world: World) -> None:
    kari, _ = await people(world)
    await permit(world, MARTE, KARI)
    await kari.post("/settings/notices", data={"way": ["own.form.push"]})
    await world.take(result("r1", "kari"))
    letters = await claimed(world, await devices(world, KARI, MARTE))
    assert [each.receiver_id for each in letters] == [await person_of(world, MARTE)]
    assert await queued(world) == [
        (KARI, KARI, "result", "silent", "chosen"),
        (MARTE, KARI, "result", "sent", ""),
    ]


async def test_quiet_hours_wait_and_a_new_choice_lets_go(world: World) -> None:
    kari, _ = await people(world)
    # All of the day but a minute that it is not.
    local = await world.owner.fetchval(
        "SELECT to_char(now() AT TIME ZONE 'Europe/Oslo' - interval '2 hours', 'HH24:MI')"
    )
    end = await world.owner.fetchval(
        "SELECT to_char(now() AT TIME ZONE 'Europe/Oslo' + interval '2 hours', 'HH24:MI')"
    )
    every = [f"own.{kind}.push" for kind in Told]
    await kari.post("/settings/notices", data={"way": every, "quiet_from": local, "quiet_until": end})
    await world.take(result("r1", "kari"))
    there = await devices(world, KARI)
    assert await claimed(world, there) == []
    assert await queued(world) == [(KARI, KARI, "result", "queued", "")]
    await kari.post("/settings/notices", data={"way": every})
    assert len(await claimed(world, there)) == 1


async def test_what_was_not_taken_is_tried_again_if_it_can_still_be_read(world: World) -> None:
    await people(world)
    await world.take(result("r1", "kari"))
    there = await devices(world, KARI)
    (letter,) = await claimed(world, there)
    at = letter.made_at
    await answered(world.worker, letter, Answer(Outcome.LATER), at)
    assert await claim_again(world.worker, at, there) == []
    (again,) = await claim_again(world.worker, at + HOUR, there)
    assert (again.key, again.tries, again.path) == (letter.key, 2, letter.path)
    await answered(world.worker, again, Answer(Outcome.LATER), at + HOUR)
    await world.delete("Observation", "r1", 9)
    assert await claim_again(world.worker, at + 3 * HOUR, there) == []
    assert await world.owner.fetchval("SELECT state FROM notice.sending") == "silent"


async def test_what_was_begun_and_never_answered_does_not_go_twice(world: World) -> None:
    await people(world)
    await world.take(result("r1", "kari"))
    there = await devices(world, KARI)
    (letter,) = await claimed(world, there)
    assert await give_up_lost(world.worker, letter.made_at) == 0
    assert await give_up_lost(world.worker, letter.made_at + HOUR) == 1
    await answered(world.worker, letter, Answer(Outcome.SENT), letter.made_at + HOUR)
    assert await world.owner.fetchval("SELECT state FROM notice.sending") == "lost"
    assert await claimed(world, there) == []
