"""Appointments and contacts: where to come, whom to meet, what it was about."""

import pytest

from innsyn.journal.fhir.care import Appointment, Encounter
from innsyn.journal.fhir.datatypes import Reference
from innsyn.records.encounters.projection import appointment, encounter
from innsyn.records.encounters.views import Contact
from innsyn.records.kinds import Kind
from innsyn.records.people import Person
from innsyn.records.projected import NotShown, Projected
from records.staffed import CLINIC, KARI, OLAV, STAFF, Fhir, project, shown

ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
VISIT: Fhir = {
    "resourceType": "Encounter",
    "id": "besok",
    "status": "finished",
    "class": {"system": ACT, "code": "AMB", "display": "ambulatory"},
    "type": [{"text": "Poliklinisk kontroll"}],
    "serviceType": {"text": "Lungemedisin"},
    "subject": KARI,
    "participant": [{"individual": {"reference": "PractitionerRole/berg-post"}}],
    "period": {"start": "2026-03-02T09:00:00+01:00", "end": "2026-03-02T09:40:00+01:00"},
    "reasonCode": [{"text": "Kontroll av astma"}],
    "location": [{"location": {"reference": "Location/rom"}}],
    "serviceProvider": {"reference": "Organization/lunge"},
}
TIME: Fhir = {
    "resourceType": "Appointment",
    "id": "time",
    "status": "booked",
    "description": "Kontroll av astma",
    "serviceType": [{"text": "Lungemedisin"}],
    "reasonCode": [{"text": "Pustebesvær"}],
    "start": "2026-12-01T10:15:00+01:00",
    "end": "2026-12-01T10:45:00+01:00",
    "patientInstruction": "Ta med inhalatoren.",
    "participant": [
        {"actor": KARI, "status": "accepted"},
        {"actor": {"reference": "PractitionerRole/berg-post"}, "status": "accepted"},
        {"actor": {"reference": "Location/rom"}, "status": "accepted"},
    ],
}
ANNE = Person(name="Anne Berg", role="overlege", phone="74 00 00 02", organisation="Lungepoliklinikken")


def contact_of(answer: Projected) -> Contact:
    assert isinstance(answer.detail, Contact)
    return answer.detail


def test_a_contact_says_when_where_why_and_whom_one_met() -> None:
    assert shown(encounter, Encounter, VISIT, *STAFF) == Projected(
        kind=Kind.ENCOUNTERS,
        patient=Reference(reference="Patient/kari"),
        title="Poliklinisk kontroll",
        at="2026-03-02T09:00:00+01:00",
        status="completed",
        note="Kontroll av astma",
        organisation="Lungepoliklinikken",
        author="Anne Berg, overlege",
        words=("Kontroll av astma", "Lungemedisin", "Lungepoliklinikken, 2. etasje"),
        detail=Contact(
            start="2026-03-02T09:00:00+01:00",
            end="2026-03-02T09:40:00+01:00",
            place="Lungepoliklinikken, 2. etasje",
            address="Sjukhusvegen 1\nInngang B\n7600 Levanger",
            phone="74 00 00 03",
            reason="Kontroll av astma",
            service_type="Lungemedisin",
            participants=(ANNE,),
            mode="physical",
            setting="ambulatory",
        ),
    )


def test_an_appointment_says_where_to_come_and_how_to_prepare() -> None:
    assert shown(appointment, Appointment, TIME, *STAFF) == Projected(
        kind=Kind.ENCOUNTERS,
        patient=Reference(reference="Patient/kari"),
        title="Kontroll av astma",
        at="2026-12-01T10:15:00+01:00",
        status="active",
        note="Pustebesvær",
        organisation="Lungepoliklinikken, 2. etasje",
        author="Anne Berg, overlege",
        words=("Pustebesvær", "Lungemedisin", "", "Ta med inhalatoren.", "Lungepoliklinikken, 2. etasje"),
        detail=Contact(
            start="2026-12-01T10:15:00+01:00",
            end="2026-12-01T10:45:00+01:00",
            place="Lungepoliklinikken, 2. etasje",
            address="Sjukhusvegen 1\nInngang B\n7600 Levanger",
            phone="74 00 00 03",
            prepare="Ta med inhalatoren.",
            reason="Pustebesvær",
            service_type="Lungemedisin",
            participants=(ANNE,),
            mode="physical",
        ),
    )


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("booked", "active"),
        ("pending", "active"),
        ("waitlist", "waitlist"),
        ("checked-in", "arrived"),
        ("fulfilled", "completed"),
        ("cancelled", "cancelled"),
        ("noshow", "noshow"),
    ],
)
def test_an_appointment_is_in_force_by_its_status_and_not_by_a_clock(said: str, status: str) -> None:
    answer = shown(appointment, Appointment, TIME | {"status": said})
    assert (answer.status, contact_of(answer).pending) == (status, said == "pending")


@pytest.mark.parametrize(
    ("said", "status"),
    [("planned", "active"), ("in-progress", "in-progress"), ("triaged", "arrived"), ("unknown", "")],
)
def test_the_status_of_a_contact(said: str, status: str) -> None:
    assert shown(encounter, Encounter, VISIT | {"status": said}).status == status


def test_a_cancelled_appointment_says_why() -> None:
    told = TIME | {"status": "cancelled", "cancelationReason": {"text": "Legen er syk"}}
    assert contact_of(shown(appointment, Appointment, told)).cancelled_reason == "Legen er syk"


def test_entered_in_error_is_not_shown() -> None:
    wrong = {"status": "entered-in-error"}
    assert project(encounter, Encounter, VISIT | wrong) == NotShown("entered_in_error")
    assert project(appointment, Appointment, TIME | wrong) == NotShown("entered_in_error")


def test_another_patient_at_the_same_appointment_is_not_named() -> None:
    told = TIME | {"participant": [*TIME["participant"], {"actor": OLAV | {"display": "Olav Nordli"}}]}
    answer = shown(appointment, Appointment, told, *STAFF)
    assert answer.patient == Reference(reference="Patient/kari")
    assert contact_of(answer).participants == (ANNE,)


def test_who_has_declined_is_not_met() -> None:
    declined = TIME["participant"][1] | {"status": "declined"}
    told = TIME | {"participant": [{"actor": KARI}, declined]}
    assert contact_of(shown(appointment, Appointment, told, *STAFF)).participants == ()


def test_one_person_in_several_parts_is_listed_once() -> None:
    part = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
    actor = {"reference": "Practitioner/moe", "display": "Dr. Moe"}
    told = VISIT | {
        "participant": [
            {
                "type": [{"coding": [{"system": part, "code": "ADM", "display": "admitter"}]}],
                "individual": actor,
            },
            {"type": [{"text": "kontaktlege"}], "individual": actor},
        ]
    }
    assert contact_of(shown(encounter, Encounter, told)).participants == (
        Person(name="Dr. Moe", role="kontaktlege"),
    )


def test_who_answers_for_a_contact_stands_as_its_author() -> None:
    part = {
        "type": [{"coding": [{"code": "ATND"}]}],
        "individual": {"reference": "PractitionerRole/berg-post"},
    }
    told = VISIT | {"participant": [{"individual": {"display": "Student Lie"}}, part]}
    assert shown(encounter, Encounter, told, *STAFF).author == "Anne Berg, overlege"


@pytest.mark.parametrize(
    ("code", "text", "mode", "setting"),
    [
        ("IMP", "Innleggelse", "physical", "inpatient"),
        ("HH", "Hjemmebesøk", "home", "home"),
        ("VR", "Samtale", "virtual", "virtual"),
        ("VR", "Videokonsultasjon", "video", "virtual"),
        ("AMB", "Telefontime", "phone", "ambulatory"),
        ("AMB", "Telefonkonsultasjon", "phone", "ambulatory"),
        ("AMB", "Hjemmebesøk av jordmor", "home", "ambulatory"),
    ],
)
def test_how_one_meets(code: str, text: str, mode: str, setting: str) -> None:
    told = VISIT | {"class": {"system": ACT, "code": code}, "type": [{"text": text}]}
    contact = contact_of(shown(encounter, Encounter, told))
    assert (contact.mode, contact.setting) == (mode, setting)


def test_without_a_room_the_address_is_the_clinics() -> None:
    told = {key: value for key, value in VISIT.items() if key != "location"}
    contact = contact_of(shown(encounter, Encounter, told, CLINIC))
    assert (contact.place, contact.address, contact.phone) == (
        "Lungepoliklinikken",
        "Sjukhusvegen 1\n7600 Levanger",
        "74 00 00 03",
    )


def test_free_text_in_place_of_a_participant_is_no_person_but_tells_how_one_meets() -> None:
    told = TIME | {
        "participant": [{"actor": KARI}, {"actor": {"display": "Phone call"}}],
        "description": "Samtale",
    }
    contact = contact_of(shown(appointment, Appointment, told))
    assert (contact.participants, contact.mode) == ((), "phone")
