"""A block is asked for, leaves as a Consent, and is in force when the journal says so and not before."""

from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from access.wishes.people import permit, person
from innsyn.access.audience import Audience
from innsyn.access.wishes.rules import GROUNDS, OUTCOMES, Outcome, Standing, What, can_be_withdrawn, standing
from world import KARI, OLA, World, patient, result

KEY = UUID(int=77)
UNIT = {"key": str(KEY), "what": "block_unit", "target": "Ortopedisk poliklinikk", "understood": "1"}
ENTRY = {"key": str(KEY), "understood": "1"}


@pytest.mark.parametrize(
    ("outcome", "delivery", "withdrawn", "expected"),
    [
        ("", "", False, Standing.QUEUED),
        ("", "queued", False, Standing.QUEUED),
        ("", "sent", False, Standing.SENT),
        ("", "received", False, Standing.RECEIVED),
        ("", "refused", False, Standing.TURNED_AWAY),
        ("", "dead", False, Standing.NOT_DELIVERED),
        ("in_force", "received", False, Standing.IN_FORCE),
        # The answer can be here before the receipt.
        ("in_force", "queued", False, Standing.IN_FORCE),
        ("", "queued", True, Standing.WITHDRAWING),
        ("in_force", "queued", True, Standing.LIFTING),
        ("", "dead", True, Standing.NOT_DELIVERED),
        # The answer tells that it came, whatever we heard when it was sent.
        ("in_force", "dead", False, Standing.IN_FORCE),
        ("in_force", "dead", True, Standing.LIFT_FAILED),
        ("in_force", "refused", True, Standing.LIFT_FAILED),
        ("refused", "received", False, Standing.REFUSED),
        ("refused", "dead", True, Standing.REFUSED),
        ("ended", "received", True, Standing.ENDED),
        ("ended", "received", False, Standing.ENDED),
    ],
)
def test_how_far_a_request_has_come(outcome: str, delivery: str, withdrawn: bool, expected: Standing) -> None:
    assert standing(outcome, delivery, withdrawn=withdrawn) == expected


def test_what_was_sent_and_not_heard_of_is_not_said_to_have_failed() -> None:
    assert standing("", "dead", withdrawn=False, unsure=True) == Standing.UNKNOWN
    assert standing("", "sent", withdrawn=False, unsure=True) == Standing.SENT


def test_what_is_over_or_on_its_way_out_can_not_be_withdrawn() -> None:
    over = {Standing.REFUSED, Standing.ENDED, Standing.WITHDRAWING, Standing.LIFTING}
    over |= {Standing.LIFT_FAILED, Standing.TURNED_AWAY}
    assert {each for each in Standing if not can_be_withdrawn(each)} == over


def test_every_request_shows_in_the_journal_by_a_code_of_nilar() -> None:
    assert {what: OUTCOMES[ground.outcome] for what, ground in GROUNDS.items()} == {
        What.BLOCK_UNIT: "SpecificBlock",
        What.BLOCK_PERSON: "SpecificBlock",
        What.BLOCK_ENTRY: "GeneralBlock",
        What.RESERVATION: "Reservation",
    }
    assert set(OUTCOMES) == set(Outcome)


@pytest.fixture
async def two(world: World) -> World:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    await world.take(result("a", "kari", "CRP"))
    return world


async def sent(world: World) -> list[dict[str, Any]]:
    rows = await world.owner.fetch("SELECT resource FROM journal.outbox ORDER BY queued_at, number")
    return [msgspec.json.decode(row["resource"]) for row in rows]


def answer(status: str, request: UUID = KEY, of: str = "kari") -> dict[str, Any]:
    return {
        "resourceType": "Consent",
        "id": "answer",
        "status": status,
        "identifier": [{"system": "urn:innsyn:request", "value": str(request)}],
        "patient": {"reference": f"Patient/{of}"},
    }


async def test_a_request_leaves_as_a_consent_that_is_proposed(two: World) -> None:
    kari = await two.log_in(KARI)
    # Sent twice by an impatient finger: asked once.
    for _ in range(2):
        assert (await kari.post("/access/blocks", data=UNIT)).headers[
            "location"
        ] == "/access/blocks?done=asked"
    [consent] = await sent(two)
    karis = str(await person(two, "Kari"))
    when = consent.pop("dateTime")
    assert when.endswith("+00:00")
    whose = {"type": "Patient", "identifier": {"system": "urn:innsyn:person", "value": karis}}
    terminology = "http://terminology.hl7.org/CodeSystem"
    assert consent == {
        "resourceType": "Consent",
        "meta": {
            "tag": [
                {
                    "system": "http://nhn.no/fhir/nilar/CodeSystem/pvk-outcome-cs",
                    "code": "Specific",
                    "display": "SpecificBlock",
                }
            ]
        },
        "identifier": [{"system": "urn:innsyn:request", "value": str(KEY)}],
        "status": "proposed",
        "scope": {"coding": [{"system": f"{terminology}/consentscope", "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": f"{terminology}/v3-ActCode", "code": "INFA"}]}],
        "patient": whose,
        "performer": [whose],
        "policyRule": {"text": "pasientjournalloven § 17"},
        "provision": {
            "type": "deny",
            "action": [{"coding": [{"system": f"{terminology}/consentaction", "code": "access"}]}],
            "actor": [
                {
                    "role": {"coding": [{"system": f"{terminology}/v3-ParticipationType", "code": "IRCP"}]},
                    "reference": {"type": "Organization", "display": "Ortopedisk poliklinikk"},
                }
            ],
        },
    }
    page = (await kari.get("/access/blocks")).text
    assert "Sperring for en avdeling: Ortopedisk poliklinikk" in page
    assert "Venter hos oss." in page
    assert "Ortopedisk" not in (await (await two.log_in(OLA)).get("/access/blocks")).text


async def test_it_is_in_force_when_the_journal_says_so_about_the_same_person(two: World) -> None:
    kari = await two.log_in(KARI)
    await kari.post("/access/blocks", data=UNIT)
    await two.worker.execute("UPDATE journal.outbox SET state = 'sent', sent_at = now()")
    assert "Sendt, ikke besvart ennå." in (await kari.get("/access/blocks")).text
    # Not by an answer about somebody else, or to another request, or that is none.
    await two.take(answer("active", of="ola"))
    await two.take({**answer("active", uuid4()), "id": "other"}, {**answer("proposed"), "id": "echo"})
    assert "Sendt, ikke besvart ennå." in (await kari.get("/access/blocks")).text
    tally = await two.take({**answer("active"), "id": "yes"})
    assert (tally.projected.total(), len(tally.quarantined), tally.balances) == (1, 0, True)
    assert "Gjelder nå." in (await kari.get("/access/blocks")).text
    assert (await kari.get("/api/entries")).json()["entries"][0]["title"] == "CRP"
    await two.take({**answer("inactive"), "id": "yes"})
    assert "Opphevet." in (await kari.get("/access/blocks")).text


async def test_the_journal_can_say_no(two: World) -> None:
    kari = await two.log_in(KARI)
    await kari.post("/access/blocks", data=UNIT)
    await two.take(answer("rejected"))
    page = (await kari.get("/access/blocks")).text
    assert "Journalen sa nei." in page
    assert "/lift" not in page


async def test_lifting_a_block_needs_a_fresh_login_and_is_a_request_too(two: World) -> None:
    kari, ola = await two.log_in(KARI), await two.log_in(OLA)
    await kari.post("/access/blocks", data=UNIT)
    await two.take(answer("active"))
    lift = f"/access/blocks/{KEY}/lift"
    await two.owner.execute("UPDATE identity.session SET auth_time = now() - interval '11 minutes'")
    assert [(await kari.get(lift)).status_code, (await kari.post(lift)).status_code] == [403, 403]
    assert len(await sent(two)) == 1
    await two.owner.execute("UPDATE identity.session SET auth_time = now()")
    assert [(await ola.get(lift)).status_code, (await ola.post(lift)).status_code] == [404, 404]
    assert (await kari.get(lift)).status_code == 200
    assert (await kari.post(lift)).headers["location"] == "/access/blocks?done=lifted"
    assert (await kari.post(lift)).status_code == 404
    asked, lifted = await sent(two)
    assert lifted["status"] == "inactive"
    assert {**lifted, "status": "proposed", "dateTime": asked["dateTime"]} == asked
    numbers = await two.owner.fetch("SELECT conversation, number FROM journal.outbox ORDER BY number")
    assert [tuple(row) for row in numbers] == [(KEY, 1), (KEY, 2)]
    assert "Bedt opphevet, gjelder fortsatt." in (await kari.get("/access/blocks")).text


async def test_a_block_of_one_entry_names_it(two: World) -> None:
    kari, ola = await two.log_in(KARI), await two.log_in(OLA)
    entry = (await kari.get("/api/entries")).json()["entries"][0]["id"]
    address = f"/access/blocks/entry/{entry}"
    assert entry in (await kari.get(f"/journal/lab_results/{entry}")).text
    assert (await ola.get(address)).content == (await ola.get(f"/access/blocks/entry/{uuid4()}")).content
    assert (await kari.post(address, data=ENTRY)).status_code == 303
    [consent] = await sent(two)
    assert consent["provision"]["data"] == [
        {"meaning": "instance", "reference": {"identifier": {"system": "urn:innsyn:entry", "value": entry}}}
    ]
    assert "actor" not in consent["provision"]
    assert "Sperring av én opplysning: CRP (2026-11-20)" in (await kari.get("/access/blocks")).text


async def test_the_young_are_told_whom_to_talk_to(two: World) -> None:
    kari = await two.log_in(KARI)
    entry = (await kari.get("/api/entries")).json()["entries"][0]["id"]
    # Kari is fifteen.
    await two.owner.execute("UPDATE identity.person SET own_permits = true WHERE given_name = 'Kari'")
    await permit(two, "Kari", "Kari", Audience.YOUTH)
    for address in ("/access/blocks", f"/access/blocks/entry/{entry}"):
        page = (await kari.get(address)).text
        assert "fra du er 16 år" in page
        assert "Send forespørselen" not in page
        assert (await kari.post(address, data=UNIT if address.endswith("s") else ENTRY)).status_code == 404
    assert await sent(two) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"target": " \u200b x"}, "Skriv hvem eller hvor det gjelder"),
        ({"understood": ""}, "Kryss av for at du forstår"),
        ({"what": "reservation", "understood": "", "target": ""}, "Kryss av for at du forstår"),
    ],
)
async def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    two: World, change: dict[str, str], said: str
) -> None:
    kari = await two.log_in(KARI)
    page = await kari.post("/access/blocks", data=UNIT | change)
    assert page.status_code == 422
    assert said in page.text
    assert ("Ortopedisk" in page.text) == ("target" not in change)
    assert await sent(two) == []


async def test_forms_that_nobody_was_given_are_refused(two: World) -> None:
    kari = await two.log_in(KARI)
    forms: list[dict[str, str]] = [
        UNIT | {"what": "block_entry"},
        UNIT | {"key": "x"},
        UNIT | {"state": "in_force"},
    ]
    assert [(await kari.post("/access/blocks", data=form)).status_code for form in forms] == [400] * 3
    assert await sent(two) == []
