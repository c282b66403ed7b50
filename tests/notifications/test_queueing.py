"""What is queued for whom, in the transaction in which it came."""

from typing import Any

from access.permits import permit, person_of
from innsyn.access.capability import Capability
from notifications.telling import DAY, MARTE, now, people, queued
from world import KARI, World, result


async def test_a_new_result_is_queued_for_its_owner_and_for_whoever_may_read_it(world: World) -> None:
    await people(world)
    await permit(world, MARTE, KARI, kinds=["lab_results"])
    await world.take(result("r1", "kari"), result("r2", "ola"))
    assert await queued(world) == [
        (KARI, KARI, "result", "queued", ""),
        (MARTE, KARI, "result", "queued", ""),
    ]


async def test_the_same_once_more_is_told_once_and_a_correction_once_more(world: World) -> None:
    await people(world)
    await world.take(result("r1", "kari"), version=1)
    await world.take(result("r1", "kari"), version=2)
    assert len(await queued(world)) == 1
    await world.owner.execute("UPDATE notice.notice SET state = 'sent', sent_at = now()")
    await world.take(result("r1", "kari", value=43, status="corrected"), version=3)
    assert [state for *_, state, _ in await queued(world)] == ["queued", "sent"]


async def test_what_is_history_when_it_comes_is_no_news(world: World) -> None:
    await people(world)
    await world.take(result("r1", "kari"), now=now() - 8 * DAY)
    await world.take(result("r2", "kari", effectiveDateTime="2024-01-02"))
    assert await queued(world) == []


async def test_a_helper_whose_access_is_for_something_else_is_not_told(world: World) -> None:
    await people(world)
    await permit(world, MARTE, KARI, capabilities=Capability.SEE | Capability.MESSAGE, kinds=["medications"])
    await world.take(result("r1", "kari"))
    assert await queued(world) == [(KARI, KARI, "result", "queued", "")]


async def readable(world: World, number: str) -> list[tuple[Any, ...]]:
    """What the question says of every notice of this person."""
    rows = await world.worker.fetch(
        "SELECT n.kind, r.opens_at <= now() AS open FROM notice.notice n"
        " CROSS JOIN LATERAL notice.readable(n.receiver_id, n.person_id, ARRAY[n.notice_id], true) r"
        " WHERE n.receiver_id = $1 ORDER BY 1",
        await person_of(world, number),
    )
    return [tuple(row) for row in rows]


async def test_it_is_readable_as_long_as_the_permit_lasts_and_it_is_there(world: World) -> None:
    await people(world)
    await permit(world, MARTE, KARI, kinds=["lab_results"])
    await world.take(result("r1", "kari"))
    assert await readable(world, MARTE) == [("result", True)]
    await world.worker.execute("UPDATE access.permit SET valid_until = now()")
    assert await readable(world, MARTE) == []
    assert await readable(world, KARI) == [("result", True)]
    await world.delete("Observation", "r1", 9)
    assert await readable(world, KARI) == []
