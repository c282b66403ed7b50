"""A secret address, and a death, hold until whoever said so says otherwise in words that can be read."""

from typing import Any

import httpx
import msgspec
import pytest

from access.family import (
    ELLA,
    JONAS,
    KARI,
    MARTE,
    OLAV,
    PER,
    citizen,
    confidential,
    nearest,
    parent,
)
from access.relations_reading import handle_of
from innsyn.access.relations.reading import CONFIDENTIALITY, is_secret
from world import FNR, Resource, World, result


async def flag(world: World, number: str, name: str = "secret") -> bool:
    query = f"SELECT {name} FROM identity.person JOIN identity.person_identifier USING (person_id) WHERE value = $1"  # noqa: S608
    found: bool = await world.owner.fetchval(query, number)
    return found


async def a_father(world: World, *more: Resource) -> tuple[httpx.AsyncClient, str]:
    """Per, who reads Ella's record, as told by the second of two services; and Jonas's beside it."""
    await world.take(
        citizen(ELLA), {**citizen(ELLA), "id": "ella-b"}, citizen(PER), citizen(JONAS),
        {**parent(ELLA, PER, "far"), "patient": {"reference": "Patient/ella-b"}}, parent(JONAS, PER, "far"),
        result("lab", "ella-b"), *more,
    )  # fmt: skip
    per = await world.log_in(PER)
    handle = await handle_of(per, "Ella")
    assert handle is not None
    return per, handle


async def opened(browser: httpx.AsyncClient, handle: str) -> int:
    return (await browser.get(f"/for/{handle}/api/entries")).status_code


SIX = citizen(ELLA, secret="6")
TWO = {"identifier": [*SIX["identifier"], {"system": FNR, "value": OLAV}]}
SAYS_NOTHING: list[dict[str, Any]] = [
    {"extension": "x"},
    {"extension": [{"url": 6}]},
    {"extension": [], "address": "x"},
    {"extension": [], "address": [{"extension": "x"}]},
    {"extension": SIX["extension"], "address": "x"},
    # Of two persons nobody knows whom it is about, even when it says that anybody may know.
    TWO,
    {**TWO, "extension": []},
    {**TWO, "extension": [confidential("Unclassified")]},
]


@pytest.mark.parametrize("version", SAYS_NOTHING)
async def test_a_version_that_cannot_be_read_or_is_nobodys_lowers_nothing(
    world: World, version: dict[str, Any]
) -> None:
    per, handle = await a_father(world)
    assert await opened(per, handle) == 200
    await world.take(SIX)
    assert await opened(per, handle) == 404
    await world.take({**SIX, **version})
    # The other service, which has not heard, and the relation are told once more.
    await world.take(
        {**citizen(ELLA), "id": "ella-b", "n": 2},
        {**parent(ELLA, PER, "far", n=2), "patient": {"reference": "Patient/ella-b"}},
    )
    assert (await flag(world, ELLA), await opened(per, handle)) == (True, 404)
    assert not await flag(world, JONAS)
    assert await handle_of(per, "Jonas") is not None
    # What can be read lowers it.
    await world.take(citizen(ELLA, n=9))
    assert (await flag(world, ELLA), await opened(per, handle)) == (False, 200)


async def test_a_deleted_patient_lowers_nothing(world: World) -> None:
    per, handle = await a_father(world)
    await world.take(SIX, version=2)
    await world.delete("Patient", "ella", 3)
    await world.take({**citizen(ELLA), "id": "ella-b", "n": 2})
    assert (await flag(world, ELLA), await opened(per, handle)) == (True, 404)


async def test_a_version_of_two_persons_that_says_it_for_the_first_time_is_heard(world: World) -> None:
    per, handle = await a_father(world)
    await world.take({**SIX, **TWO}, version=2)
    await world.take({**SIX, **TWO, "n": 2}, version=3)
    assert (await flag(world, ELLA), await opened(per, handle)) == (True, 404)
    assert await handle_of(per, "Jonas") is not None


async def test_what_was_said_follows_the_number_to_another_patient(world: World) -> None:
    """Ella's only Patient has become nobody; the next service's Patient is her by the same number."""
    await world.take(SIX, version=1)
    await world.take({**SIX, **TWO}, version=2)
    await world.take({**citizen(ELLA), "id": "ella-b"}, citizen(JONAS))
    assert (await flag(world, ELLA), await flag(world, JONAS)) == (True, False)


HERS = parent(ELLA, MARTE, extension=[confidential("6")])
NO_RELATION: list[dict[str, Any]] = [
    {"active": False},
    {"relationship": []},
    {"patient": {"display": "?"}},
    {"period": {"start": "2026-02-30"}},
    # These cannot be read.
    {"extension": "x"},
    {"extension": [], "address": "x"},
    {"active": "yes"},
    {"identifier": [{"system": FNR, "value": number} for number in (MARTE, KARI)]},
]


@pytest.mark.parametrize("version", NO_RELATION)
async def test_a_relation_that_ends_leaves_the_address_secret(world: World, version: dict[str, Any]) -> None:
    await world.take(citizen(OLAV), citizen(ELLA), citizen(KARI), nearest(OLAV, KARI))
    await world.take(HERS, parent(ELLA, PER, "far"))
    await world.take({**HERS, **version})
    assert [await flag(world, number) for number in (MARTE, KARI, PER)] == [True, False, False]
    rows = await world.owner.fetch(
        "SELECT a.given_name FROM access.permit p JOIN identity.person a ON a.person_id = p.actor_id "
        "JOIN identity.person s ON s.person_id = p.subject_id WHERE s.given_name = 'Ella' AND a.given_name <> 'Ella'"
    )
    assert {row[0] for row in rows} == {"Per"}
    # The relation says that it is not secret (any more), active or not.
    await world.take(parent(ELLA, MARTE, active=False))
    assert not await flag(world, MARTE)
    assert not await world.owner.fetchval("SELECT count(*) FROM access.relation WHERE id = 'ella-marte'")


async def test_a_relation_that_is_deleted_leaves_the_address_secret(world: World) -> None:
    await world.take(citizen(ELLA), HERS, parent(ELLA, PER, "far"), version=1)
    await world.delete("RelatedPerson", "ella-marte", 2)
    await world.delete("RelatedPerson", "ella-per", 2)
    assert [await flag(world, number) for number in (MARTE, PER)] == [True, False]
    kin = await world.owner.fetch("SELECT id, says FROM access.relation")
    assert [tuple(row) for row in kin] == [("ella-marte", 0)]


VALUES: list[tuple[dict[str, Any], bool]] = [
    ({"valueInteger": 6}, True),
    ({"valueInteger": 0}, True),
    ({"valueBoolean": False}, True),
    ({"valueCode": 0}, True),
    ({"valueCode": ""}, True),
    ({"valueCode": " 6"}, True),
    ({}, True),
    ({"valueCoding": {}}, True),
    ({"valueCoding": {"display": "Fortrolig"}}, True),
    ({"valueCoding": "0"}, True),
    ({"valueCodeableConcept": {"text": "Strengt fortrolig (kode 6)"}}, True),
    ({"valueCodeableConcept": {"coding": [{"display": "6"}]}}, True),
    ({"valueCodeableConcept": {"coding": [{"code": "0"}, {"code": "6"}]}}, True),
    ({"extension": [{"url": "code", "valueCode": "6"}]}, True),
    ({"valueCode": "0", "extension": [{"url": "code", "valueCode": "6"}]}, True),
    ({"valueCode": "0", "valueString": "6"}, True),
    ({"valueCodeableConcept": {"coding": [{"code": "Unclassified"}]}}, False),
    ({"valueCoding": {"code": "ClientAddress"}}, False),
    ({"valueString": "ugradert"}, False),
    ({"id": "1", "valueCode": "0"}, False),
    ({"valueCode": "", "valueString": "ugradert", "valueCoding": None, "extension": []}, False),
    ({"valueCode": "", "valueString": "", "valueCoding": None, "extension": []}, True),
]


def test_what_can_be_read_beside_what_cannot_counts() -> None:
    six, none = confidential("6"), confidential("Unclassified")
    shapes = ([six, "x"], [six, {"url": 6}], [none, "x"], [none, {"url": 6}], "x", [none, six], [none])
    found = [is_secret(msgspec.json.encode({**citizen(JONAS), "extension": shape})) for shape in shapes]
    assert found == [True, True, None, None, None, True, False]
    assert [is_secret(body) for body in (None, b"", b"{", b"[]", b"\xff", b"{}")] == [*[None] * 5, False]


@pytest.mark.parametrize(("value", "secret"), VALUES)
def test_a_word_that_is_there_and_cannot_be_read_counts_as_secret(
    value: dict[str, Any], secret: bool
) -> None:
    extension = [{"url": CONFIDENTIALITY, **value}]
    for said in ({"extension": extension}, {"address": [{"city": "Bodø"}, {"extension": extension}]}):
        assert is_secret(msgspec.json.encode({**citizen(JONAS), **said})) is secret


async def test_whoever_is_dead_stays_dead_until_that_service_says_otherwise(world: World) -> None:
    per, handle = await a_father(world)
    dead = citizen(ELLA, deceasedBoolean=True)
    await world.take(dead)
    assert (await flag(world, ELLA, "deceased"), await opened(per, handle)) == (True, 404)
    others = {**citizen(ELLA), "id": "ella-b", "n": 2}
    for version in (
        others,
        {**dead, **TWO},
        {**others, "n": 3},
        {**citizen(ELLA), **TWO},
        {**others, "n": 4},
    ):
        await world.take(version)
        assert (await flag(world, ELLA, "deceased"), await opened(per, handle)) == (True, 404)
    assert [await flag(world, number, "deceased") for number in (JONAS, PER)] == [False, False]
    await world.take(citizen(ELLA, n=9))
    assert (await flag(world, ELLA, "deceased"), await opened(per, handle)) == (False, 200)


@pytest.mark.parametrize("dead_first", [True, False])
async def test_two_services_in_one_batch_of_which_one_has_heard_of_the_death(
    world: World, dead_first: bool
) -> None:
    told = [citizen(OLAV, deceasedDateTime="2026-11-01"), {**citizen(OLAV), "id": "olav-b"}]
    await world.take(*told[:: 1 if dead_first else -1], citizen(PER))
    assert [await flag(world, number, "deceased") for number in (OLAV, PER)] == [True, False]
