"""Whose a look-up is, and what is kept of it: exactly once, of one person, whatever it looks like."""

from typing import Any

import pytest

from access.looked import EVERYBODY, PROFILE, REASON, TEMPLATE, decision, look_up
from world import FNR, KARI, OLA, World, patient, utc

BOTH = (patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
# Written by a hospital whose texts nobody has looked at.
EVIL = "<script>alert(1)</script>\u0000=HYPERLINK(1)"


async def kept(world: World, name: str = "Kari") -> list[dict[str, Any]]:
    """The look-ups of the person with this given name, without its keys."""
    rows = await world.owner.fetch(
        "SELECT l.* FROM access.lookup l JOIN identity.person p USING (person_id)"
        " WHERE p.given_name = $1 ORDER BY l.at",
        name,
    )
    return [{key: value for key, value in row.items() if not key.endswith("_id")} for row in rows]


async def test_everything_that_the_profile_tells(world: World) -> None:
    event = look_up(
        "a",
        contact="stay",
        purposeOfEvent=[
            {
                "coding": [
                    {"system": REASON, "code": "TREAT"},
                    {"system": TEMPLATE, "code": "BELEGG"},
                    {
                        "system": "urn:oid:2.16.578.1.12.4.1.1.9151",
                        "code": "15",
                        "display": "Hjemmetjenester",
                    },
                ]
            }
        ],
        entity=[{"what": {"reference": "Patient/kari"}}, {"what": {"reference": "Composition/1"}}],
    )
    event["extension"].append(decision("Innlagt pasient", chosen=True))
    told = await world.take(*EVERYBODY, *BOTH, event)
    assert (told.projected, told.quarantined, told.balances) == ({"AuditEvent": 1}, [], True)
    assert await kept(world) == [
        {
            "at": utc(2026, 11, 3, 9),
            "told": "2026-11-03T10:00:00+01:00",
            "name": "Anne Vik",
            "role": "sykepleier",
            "unit": "Medisinsk sengepost 2",
            "organisation": "Sykehuset Levanger",
            "unit_reference": "Organization/ward",
            "act": "read",
            "areas": ["notes"],
            "reason": "admitted",
            "decision": "Innlagt pasient",
            "service": "Hjemmetjenester",
            "emergency": False,
            "self_authorised": True,
            "by_patient": False,
            "refused": False,
            "source": "st-olavs",
            "version": 1,
        }
    ]
    assert await kept(world, "Ola") == []


PATIENT_BY_NUMBER = {"identifier": {"system": FNR, "value": KARI}}


@pytest.mark.parametrize(
    "told",
    [
        {"extension": [{"url": f"{PROFILE}patient-extension", "valueReference": PATIENT_BY_NUMBER}]},
        {"extension": [], "entity": [{"what": {"reference": "Patient/kari"}}]},
        {"extension": [], "entity": [{"what": PATIENT_BY_NUMBER, "type": {"code": "Patient"}}]},
        {"extension": [], "entity": [{"what": {"reference": "Patient/kari"}}] * 2},
        # The extension says whose record it was; that a list of others was on the screen too does not.
        {"entity": [{"what": {"reference": "Patient/kari"}}, {"what": {"reference": "Patient/ola"}}]},
    ],
)
async def test_whose_it_is(world: World, told: dict[str, Any]) -> None:
    await world.take(*EVERYBODY, *BOTH)
    event = look_up("a") | told
    assert (await world.take(event)).projected == {"AuditEvent": 1}
    assert (len(await kept(world)), len(await kept(world, "Ola"))) == (1, 0)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"extension": []}, "no_patient"),
        (
            {
                "extension": [],
                "entity": [{"what": {"reference": "Patient/kari"}}, {"what": {"reference": "Patient/ola"}}],
            },
            "no_patient",
        ),
        (
            {
                "extension": [
                    {"url": f"{PROFILE}patient-extension", "valueReference": {"reference": "Patient/x"}}
                ]
            },
            "unknown_patient",
        ),
        (
            {
                "extension": [
                    {
                        "url": f"{PROFILE}patient-extension",
                        "valueReference": {"reference": "Patient/ola", **PATIENT_BY_NUMBER},
                    }
                ]
            },
            "two_patients",
        ),
        ({"agent": "nobody"}, "not_r4"),
    ],
)
async def test_one_that_may_be_anybodys_is_nobodys(world: World, told: dict[str, Any], reason: str) -> None:
    await world.take(*EVERYBODY, *BOTH)
    tally = await world.take(look_up("a") | told)
    assert ([bad.reason for bad in tally.quarantined], tally.balances) == ([reason], True)
    assert (await kept(world), await kept(world, "Ola")) == ([], [])


async def test_one_that_came_before_its_patient_is_kept_when_the_patient_comes(world: World) -> None:
    early = await world.take(*EVERYBODY, look_up("a"))
    assert [bad.reason for bad in early.quarantined] == ["unknown_patient"]
    late = await world.take(*BOTH)
    assert (late.mended, late.balances) == ([("AuditEvent", "AuditEvent/a")], True)
    assert len(await kept(world)) == 1


async def test_it_is_told_twice_corrected_and_withdrawn(world: World) -> None:
    await world.take(*EVERYBODY, *BOTH, look_up("a"), version=1)
    again = await world.take(look_up("a"), version=1)
    assert (again.unchanged, len(await kept(world))) == ({"AuditEvent": 1}, 1)
    await world.take(look_up("a", by="bente", template="BLAALYS"), version=2)
    assert [(row["name"], row["emergency"]) for row in await kept(world)] == [("Bente Vik", True)]
    gone = await world.delete("AuditEvent", "a", 3)
    assert (gone.not_shown, gone.balances, await kept(world)) == ({("AuditEvent", "deleted"): 1}, True, [])


async def test_one_that_moves_to_another_person_is_shown_to_neither(world: World) -> None:
    await world.take(*EVERYBODY, *BOTH, look_up("a"), version=1)
    moved = await world.take(look_up("a", of="ola"), version=2)
    assert [bad.reason for bad in moved.quarantined] == ["moved_to_another_person"]
    assert (await kept(world), await kept(world, "Ola")) == ([], [])


HOSTILE: dict[str, dict[str, Any]] = {
    "nobody took part": {"agent": []},
    "an agent that is nothing": {"agent": [{}]},
    "a thousand took part": {"agent": [{"name": EVIL, "requestor": False}] * 1000},
    "a thousand things were opened": {
        "entity": [{"what": {"reference": f"Observation/{n}"}} for n in range(1000)]
    },
    "markup in every text": {
        "agent": [{"name": EVIL * 200, "role": [{"text": EVIL}], "requestor": True}],
        "purposeOfEvent": [{"text": EVIL, "coding": [{"system": EVIL, "code": EVIL, "display": EVIL}]}],
    },
    "a day and no clock": {"recorded": "2026-11-03"},
    "no time at all": {"recorded": ""},
    "a time that is none": {"recorded": "2026-13-45T99:99:99Z"},
    "a time to come": {"recorded": "2999-01-01T00:00:00Z"},
    "a person that is in itself": {
        "agent": [{"who": {"reference": "#r"}, "requestor": True}],
        "contained": [
            {"resourceType": "PractitionerRole", "id": "r", "organization": {"reference": "#o"}},
            {"resourceType": "Organization", "id": "o", "name": "Rund", "partOf": {"reference": "#o"}},
        ],
    },
    "an action that is none": {"action": "X", "outcome": "9", "type": {}},
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_one_that_is_hostile_or_broken_is_kept_with_what_can_be_read(world: World, name: str) -> None:
    await world.take(*EVERYBODY, *BOTH)
    now = utc(2026, 11, 20)
    tally = await world.take(look_up("a", **HOSTILE[name]), look_up("b", of="ola"), now=now)
    assert (tally.projected, tally.quarantined, tally.balances) == ({"AuditEvent": 2}, [], True)
    [row] = await kept(world)
    assert row["at"] <= now
    assert max(len(row[text]) for text in ("name", "role", "unit", "organisation", "decision")) <= 300
    kari = await world.log_in(KARI)
    page = await kari.get("/access/log")
    assert (page.status_code, "<script>alert" in page.text) == (200, False)
    assert (await kari.get("/access/log/export.csv")).status_code == 200
    assert (await kari.get("/access/log/export.json")).status_code == 200
