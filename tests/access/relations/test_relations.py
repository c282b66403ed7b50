"""What the feed says of two people, and the permits that follow: stored with dates, whatever order it comes in."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from access.family import (
    ELLA,
    JONAS,
    KARI,
    MARTE,
    NAMES,
    OLAV,
    PER,
    certificate,
    citizen,
    confidential,
    guardian,
    nearest,
    parent,
    youth_access,
)
from world import FNR, Resource, World

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
Row = tuple[str, str, str, str, str]


async def permits(world: World) -> list[Row]:
    """(who, in whose record, by which rule, from which day, until which day)."""
    rows = await world.owner.fetch(
        "SELECT a.given_name AS actor, s.given_name AS subject, p.rule, p.valid_from, p.valid_until "
        "FROM access.permit p JOIN identity.person a ON a.person_id = p.actor_id "
        "JOIN identity.person s ON s.person_id = p.subject_id ORDER BY 1, 2, 4"
    )
    return [(row["actor"], row["subject"], row["rule"], _day(row[3]), _day(row[4])) for row in rows]


def _day(at: datetime) -> str:
    local = at.astimezone(OSLO)
    return "" if local.year == 9999 else local.isoformat(timespec="minutes")[:-6]


JONAS_HIMSELF = [
    ("Jonas", "Jonas", "own.child", "2013-03-02T00:00", "2026-03-02T00:00"),
    ("Jonas", "Jonas", "own.no_consent", "2026-03-02T00:00", "2029-03-02T00:00"),
    ("Jonas", "Jonas", "self", "2029-03-02T00:00", ""),
]


def of_jonas(actor: str) -> list[Row]:
    return [
        (actor, "Jonas", "parent.child", "2013-03-02T00:00", "2025-03-02T00:00"),
        (actor, "Jonas", "parent.youth", "2025-03-02T00:00", "2029-03-02T00:00"),
        (actor, "Jonas", "parent.from_sixteen", "2029-03-02T00:00", ""),
    ]


async def test_two_parents_get_dated_rows_and_nobody_else_does(world: World) -> None:
    await world.take(
        citizen(JONAS), citizen(MARTE), citizen(PER), citizen(KARI),
        parent(JONAS, MARTE), parent(JONAS, PER, "far"), now=NOW,
    )  # fmt: skip
    assert await permits(world) == [*JONAS_HIMSELF, *of_jonas("Marte"), *of_jonas("Per")]
    flags = await world.owner.fetch(
        "SELECT given_name FROM identity.person WHERE own_permits ORDER BY given_name"
    )
    assert [row["given_name"] for row in flags] == ["Jonas"]


@pytest.mark.parametrize(
    "order",
    [
        [citizen(JONAS), citizen(MARTE), parent(JONAS, MARTE)],
        [parent(JONAS, MARTE), citizen(JONAS), citizen(MARTE)],
        [citizen(MARTE), parent(JONAS, MARTE), citizen(JONAS)],
        [parent(JONAS, MARTE), citizen(MARTE), citizen(JONAS)],
    ],
)
async def test_it_does_not_matter_what_comes_first(world: World, order: Sequence[Resource]) -> None:
    for resource in order:
        await world.take(resource, now=NOW)
    assert await permits(world) == [*JONAS_HIMSELF, *of_jonas("Marte")]


async def test_a_parent_whom_nobody_has_heard_of_finds_the_permits_at_the_first_login(world: World) -> None:
    await world.take(citizen(JONAS), parent(JONAS, MARTE), now=NOW)
    await world.log_in(MARTE)
    held = await world.owner.fetch(
        "SELECT DISTINCT p.person_id, p.name, p.birth_date::text FROM identity.person p "
        "JOIN identity.person_identifier i USING (person_id) WHERE i.value = $1",
        MARTE,
    )
    assert [(row["name"], row["birth_date"]) for row in held] == [("Marte Aune", "1985-06-19")]
    assert await permits(world) == [*JONAS_HIMSELF, *of_jonas("Marte")]


async def test_a_relation_that_is_taken_back_takes_the_permits_with_it(world: World) -> None:
    await world.take(citizen(JONAS), parent(JONAS, MARTE), parent(JONAS, PER, "far"), now=NOW)
    await world.delete("RelatedPerson", "jonas-marte", 2)
    assert await permits(world) == [*JONAS_HIMSELF, *of_jonas("Per")]
    await world.take({**parent(JONAS, PER, "far"), "active": False}, now=NOW)
    assert await permits(world) == JONAS_HIMSELF


async def test_a_relation_that_moves_to_another_child_is_of_that_child_alone(world: World) -> None:
    await world.take(citizen(JONAS), citizen(ELLA), parent(JONAS, MARTE), now=NOW)
    moved = {**parent(JONAS, MARTE), "patient": {"reference": "Patient/ella"}}
    await world.take(moved, now=NOW)
    found = [row for row in await permits(world) if row[0] == "Marte"]
    assert [(row[1], row[2], row[3]) for row in found] == [
        ("Ella", "parent.child", "2017-05-14T00:00"),
        ("Ella", "parent.youth", "2029-05-14T00:00"),
        ("Ella", "parent.from_sixteen", "2033-05-14T00:00"),
    ]


async def test_the_parent_with_responsibility_alone(world: World) -> None:
    await world.take(
        citizen(JONAS), parent(JONAS, MARTE, "mor", "mor"), parent(JONAS, PER, "far", "mor", "other"), now=NOW
    )
    found = [(row[0], row[2]) for row in await permits(world) if row[0] != "Jonas"]
    assert found == [
        ("Marte", "parent.child"),
        ("Marte", "parent.youth"),
        ("Marte", "parent.from_sixteen"),
        ("Per", "parent.no_responsibility"),
        ("Per", "parent.from_sixteen"),
    ]


async def test_one_parent_at_the_childs_address_opens_for_both_and_none_for_nobody(world: World) -> None:
    far = parent(JONAS, PER, "far", residence="other")
    await world.take(citizen(JONAS), parent(JONAS, MARTE), far, now=NOW)
    assert [row for row in await permits(world) if row[0] == "Per"] == of_jonas("Per")
    await world.take(parent(JONAS, MARTE, residence="other"), now=NOW)
    assert [(row[0], row[2]) for row in await permits(world) if row[0] != "Jonas"] == [
        ("Marte", "parent.other_address"),
        ("Marte", "parent.from_sixteen"),
        ("Per", "parent.other_address"),
        ("Per", "parent.from_sixteen"),
    ]


@pytest.mark.parametrize("code", ["6", "7", "StrictlyConfidential", "fortrolig", "something new"])
@pytest.mark.parametrize("whose", [JONAS, MARTE])
async def test_a_secret_address_of_either_comes_before_everything(
    world: World, code: str, whose: str
) -> None:
    await world.take(citizen(JONAS), citizen(MARTE), citizen(PER), now=NOW)
    await world.take(parent(JONAS, MARTE), parent(JONAS, PER, "far"), now=NOW)
    await world.take(citizen(whose, secret=code), now=NOW)
    denied = [("Marte", "Jonas", "secret_address", "2013-03-02T00:00", "")]
    per = [("Per", "Jonas", "secret_address", "2013-03-02T00:00", "")] if whose == JONAS else of_jonas("Per")
    assert [row for row in await permits(world) if row[0] != "Jonas"] == [*denied, *per]
    # Not even another Patient of the same person, from a service that has not heard, takes it away.
    await world.take({**citizen(whose), "id": "the-same"}, now=NOW)
    assert [row for row in await permits(world) if row[0] != "Jonas"] == [*denied, *per]
    await world.take(citizen(whose, secret="Unclassified"), now=NOW)
    assert [row for row in await permits(world) if row[0] != "Jonas"] == [
        *of_jonas("Marte"),
        *of_jonas("Per"),
    ]


async def test_a_parent_without_a_journal_may_have_a_secret_address_too(world: World) -> None:
    secret = parent(JONAS, MARTE, extension=[confidential("6")])
    await world.take(citizen(JONAS), secret, parent(ELLA, MARTE), citizen(ELLA), now=NOW)
    assert {row[2] for row in await permits(world) if row[0] == "Marte"} == {"secret_address"}


async def test_whoever_is_dead_neither_sees_nor_is_seen(world: World) -> None:
    await world.take(citizen(JONAS), citizen(MARTE), citizen(PER), now=NOW)
    await world.take(parent(JONAS, MARTE), parent(JONAS, PER, "far"), now=NOW)
    await world.take(citizen(PER, deceasedBoolean=True), now=NOW)
    assert [row[2] for row in await permits(world) if row[0] == "Per"] == ["deceased"]
    assert [row for row in await permits(world) if row[0] == "Marte"] == of_jonas("Marte")


async def test_a_part_of_a_birth_date_tells_no_age(world: World) -> None:
    await world.take(citizen(JONAS, birthDate="2013"), parent(JONAS, MARTE), now=NOW)
    assert [(row[0], row[2]) for row in await permits(world)] == [("Marte", "birth_date_unknown")]


async def test_a_youth_logs_in_with_a_parents_consent(world: World) -> None:
    await world.take(youth_access(JONAS, "2026-09-01"), citizen(JONAS), now=NOW)
    assert await permits(world) == [
        ("Jonas", "Jonas", "own.child", "2013-03-02T00:00", "2026-03-02T00:00"),
        ("Jonas", "Jonas", "own.no_consent", "2026-03-02T00:00", "2026-09-01T00:00"),
        ("Jonas", "Jonas", "own.youth", "2026-09-01T00:00", "2029-03-02T00:00"),
        ("Jonas", "Jonas", "self", "2029-03-02T00:00", ""),
    ]
    await world.take(youth_access(JONAS, "2026-09-01", status="inactive"), now=NOW)
    assert await permits(world) == JONAS_HIMSELF


async def test_a_guardian_alone_gets_nothing_and_the_row_says_why(world: World) -> None:
    await world.take(citizen(OLAV), guardian(OLAV, PER), now=NOW)
    assert await permits(world) == [("Per", "Olav", "guardian", "1940-02-03T00:00", "")]


async def test_the_nearest_relative_sees_for_as_long_as_the_certificate_counts(world: World) -> None:
    await world.take(
        certificate(OLAV, KARI, "2024-06-01", "2040-01-01"), nearest(OLAV, KARI), nearest(OLAV, PER), now=NOW
    )
    await world.take(citizen(OLAV), now=NOW)
    assert await permits(world) == [
        ("Kari", "Olav", "relative.minor", "1940-02-03T00:00", "1986-04-12T00:00"),
        ("Kari", "Olav", "relative.no_certificate", "1986-04-12T00:00", "2024-06-01T00:00"),
        ("Kari", "Olav", "relative.certificate", "2024-06-01T00:00", "2029-06-01T00:00"),
        ("Kari", "Olav", "relative.no_certificate", "2029-06-01T00:00", ""),
        ("Per", "Olav", "relative.minor", "1940-02-03T00:00", "2001-09-08T00:00"),
        ("Per", "Olav", "relative.no_certificate", "2001-09-08T00:00", ""),
    ]


async def test_a_number_that_comes_along_brings_the_relations_with_it(world: World) -> None:
    """Marte was known by a D-number; a relation tells of her by her new number before her Patient does."""
    old = {"system": "urn:oid:2.16.578.1.12.4.1.4.2", "value": "57858026018"}
    await world.take({**citizen(MARTE), "identifier": [old]}, citizen(JONAS), parent(JONAS, MARTE), now=NOW)
    both = [{**old, "use": "old"}, {"system": FNR, "value": MARTE}]
    await world.take({**citizen(MARTE), "identifier": both}, now=NOW)
    assert await permits(world) == [*JONAS_HIMSELF, *of_jonas("Marte")]
    held = await world.owner.fetch(
        "SELECT i.value FROM access.permit p JOIN identity.person_identifier i ON i.person_id = p.actor_id "
        "WHERE p.rule = 'parent.youth' ORDER BY 1"
    )
    assert [row["value"] for row in held] == [MARTE, "57858026018"]


async def test_a_patient_told_by_number_alone(world: World) -> None:
    by_number = {"type": "Patient", "identifier": {"system": FNR, "value": JONAS}}
    await world.take({**parent(JONAS, MARTE), "patient": by_number}, citizen(JONAS), now=NOW)
    assert await permits(world) == [*JONAS_HIMSELF, *of_jonas("Marte")]


async def test_read_again_from_the_beginning_the_rows_are_the_same(world: World) -> None:
    everything = [
        citizen(JONAS), citizen(ELLA), citizen(MARTE), parent(JONAS, MARTE), parent(ELLA, MARTE),
        parent(JONAS, PER, "far"), youth_access(JONAS, "2026-09-01"), guardian(OLAV, PER), citizen(OLAV),
    ]  # fmt: skip
    await world.take(*everything, now=NOW)
    before = [tuple(row) for row in await world.owner.fetch("SELECT * FROM access.permit ORDER BY 1, 2")]
    for table in ("access.permit", "access.relation", "journal.resource", "journal.position"):
        await world.owner.execute(f"DELETE FROM {table}")  # noqa: S608 - the names above
    for resource in reversed(everything):
        await world.take(resource, now=NOW)
    after = [tuple(row) for row in await world.owner.fetch("SELECT * FROM access.permit ORDER BY 1, 2")]
    assert after == before
    assert NAMES[JONAS] in {row[1] for row in await permits(world)}
