"""Another version of the rule book, chosen by the installation; and whose a number is that somebody has acted with."""

from datetime import UTC, date, datetime

from access.family import JONAS, KARI, MARTE, PER, citizen, parent, youth_access
from access.relations_reading import handle_of
from innsyn.access.book.versions import HELSAMI, HELSENORGE, HELSENORGE_RESIDENT
from innsyn.access.relations.commands import bring_up_to_date
from innsyn.access.relations.taking import Taking
from innsyn.worker import REGISTRY, Intake
from world import FNR, World, result

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = date(2026, 11, 23)


async def rules_of(world: World, given: str) -> list[tuple[str, str]]:
    """(rule, version) of every row in Jonas's record that this person has, in order."""
    rows = await world.owner.fetch(
        "SELECT p.rule, p.book FROM access.permit p JOIN identity.person a ON a.person_id = p.actor_id "
        "WHERE a.given_name = $1 ORDER BY p.valid_from",
        given,
    )
    return [(row["rule"], row["book"]) for row in rows]


async def test_a_changed_choice_is_applied_when_the_worker_starts(world: World) -> None:
    await world.take(citizen(JONAS), citizen(MARTE), citizen(KARI), parent(JONAS, MARTE), now=NOW)
    await world.take(parent(JONAS, PER, "far", residence="other"), youth_access(JONAS, "2026-09-01"), now=NOW)
    await world.take(result("lab", "jonas"), result("karis", "kari"), now=NOW)
    marte = await world.log_in(MARTE)

    async def seen() -> list[str]:
        entries = (await marte.get(f"/for/{await handle_of(marte, 'Jonas')}/api/entries")).json()["entries"]
        return [entry["title"] for entry in entries]

    assert await seen() == []
    assert await bring_up_to_date(world.worker, HELSENORGE, TODAY) == 0
    assert await bring_up_to_date(world.worker, HELSAMI, TODAY) == 1
    assert await rules_of(world, "Jonas") == [("own.minor", "helsami"), ("self", "helsami")]
    assert await rules_of(world, "Marte") == [
        ("parent.child", "helsami"),
        ("parent.youth_whole", "helsami"),
        ("parent.from_sixteen", "helsami"),
    ]
    assert await seen() == ["HbA1c"]
    assert await bring_up_to_date(world.worker, HELSAMI, TODAY) == 0
    assert await bring_up_to_date(world.worker, HELSENORGE_RESIDENT, TODAY) == 1
    assert [rule for rule, _ in await rules_of(world, "Per")] == [
        "parent.other_address",
        "parent.from_sixteen",
    ]
    assert [rule for rule, _ in await rules_of(world, "Marte")][1] == "parent.youth"
    assert await seen() == []


async def test_a_feed_is_taken_in_by_the_version_of_the_installation(world: World) -> None:
    world.intake = Intake(world.worker, "journal", REGISTRY, relations_by=Taking(HELSAMI))
    await world.take(citizen(JONAS), parent(JONAS, MARTE), now=NOW)
    assert {book for _, book in await rules_of(world, "Marte")} == {"helsami"}


async def test_a_number_that_somebody_has_a_fullmakt_with_goes_nowhere(world: World) -> None:
    """Whether a Patient that claims her number later is Kari is for people to find out: until then she keeps it."""
    old = {"system": "urn:oid:2.16.578.1.12.4.1.4.2", "value": "57858026018"}
    await world.take({**citizen(MARTE), "identifier": [old]}, citizen(JONAS), now=NOW)
    await world.log_in(KARI)
    await world.owner.execute(
        "INSERT INTO access.permit (subject_id, actor_id, handle_on, audience, capabilities, valid_from, valid_until, "
        "rule, book, origin, origin_id) SELECT j.person_id, i.person_id, j.person_id, 16, 1, '2020-01-01', "
        "'9999-01-01', 'fullmakt', 'helsenorge', 'fullmakt', gen_random_uuid() "
        "FROM identity.person j, identity.person_identifier i WHERE j.given_name = 'Jonas' AND i.value = $1",
        KARI,
    )
    both = [{**old, "use": "old"}, {"system": FNR, "value": KARI}]
    tally = await world.take({**citizen(MARTE), "identifier": both}, now=NOW)
    assert [bad.reason for bad in tally.quarantined] == ["another_person"]
    held = await world.owner.fetchval(
        "SELECT count(*) FROM access.permit p JOIN identity.person_identifier i ON i.person_id = p.actor_id "
        "WHERE p.origin = 'fullmakt' AND i.value = $1",
        KARI,
    )
    assert held == 1
