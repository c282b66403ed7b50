"""In whatever order, in whatever batches the feed tells it, the rows are the same."""

from collections.abc import Sequence
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access.family import (
    ELLA,
    JONAS,
    KARI,
    MARTE,
    OLAV,
    PER,
    certificate,
    citizen,
    guardian,
    nearest,
    parent,
    youth_access,
)
from world import Resource, World

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EVERYTHING: list[Resource] = [
    citizen(JONAS), citizen(ELLA), citizen(MARTE), citizen(OLAV), citizen(PER, secret="7"),
    parent(JONAS, MARTE), parent(ELLA, MARTE), parent(JONAS, PER, "far", residence="other"),
    youth_access(JONAS, "2026-09-01"), nearest(OLAV, KARI), guardian(OLAV, PER),
    certificate(OLAV, KARI, "2025-01-01"),
]  # fmt: skip
TABLES = (
    *("access.permit", "access.relation", "journal.resource", "journal.alias", "journal.waiting"),
    *("identity.patient", "identity.person_identifier", "identity.person"),
)


async def rows(world: World) -> list[tuple[object, ...]]:
    """Everything that follows, without the ids that are drawn by lot."""
    permits = await world.owner.fetch(
        "SELECT a.given_name AS actor, s.given_name AS subject, p.audience, p.capabilities, p.kinds, p.valid_from, "
        "p.valid_until, p.rule, p.book, p.origin, nullif(p.origin_id, p.subject_id) FROM access.permit p "
        "JOIN identity.person a ON a.person_id = p.actor_id JOIN identity.person s ON s.person_id = p.subject_id "
        "ORDER BY 1, 2, p.valid_from"
    )
    people = await world.owner.fetch(
        "SELECT name, given_name, birth_date, secret, own_permits FROM identity.person ORDER BY 1"
    )
    return [tuple(row) for row in (*permits, *people)]


async def told(world: World, order: Sequence[Resource], at_once: int) -> list[tuple[object, ...]]:
    for table in TABLES:
        await world.owner.execute(f"DELETE FROM {table}")  # noqa: S608 - the names above
    world.intake._projecting.forget()
    for begin in range(0, len(order), at_once):
        await world.take(*order[begin : begin + at_once], now=NOW)
    return await rows(world)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(order=st.permutations(EVERYTHING), at_once=st.integers(1, len(EVERYTHING)))
async def test_the_order_of_the_feed_makes_no_difference(
    world: World, order: list[Resource], at_once: int
) -> None:
    known = vars(world)
    if "at_once" not in known:
        known["at_once"] = await told(world, EVERYTHING, len(EVERYTHING))
    assert await told(world, order, at_once) == known["at_once"]
