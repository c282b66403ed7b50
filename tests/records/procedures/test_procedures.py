"""What was done, by whom and where: one rule in each test."""

import pytest

from innsyn.journal.fhir.care import Procedure
from innsyn.journal.fhir.datatypes import Reference
from innsyn.records.kinds import Kind
from innsyn.records.people import Person
from innsyn.records.procedures.projection import procedure
from innsyn.records.procedures.views import ProcedureDone
from innsyn.records.projected import NotShown, Projected
from records.staffed import CLINIC, DOCTOR, KARI, OLAV, POST, ROOM, STAFF, Fhir, project, shown

SCOPE: Fhir = {
    "resourceType": "Procedure",
    "id": "skopi",
    "status": "completed",
    "code": {
        "coding": [
            {"system": "http://snomed.info/sct", "code": "10847001", "display": "Bronchoscopy (procedure)"}
        ]
    },
    "subject": KARI,
    "performedPeriod": {"start": "2026-03-02T09:00:00+01:00", "end": "2026-03-02T09:40:00+01:00"},
    "performer": [{"function": {"text": "operatør"}, "actor": {"reference": "PractitionerRole/berg-post"}}],
    "location": {"reference": "Location/rom"},
    "reasonCode": [{"text": "Langvarig hoste"}],
    "bodySite": [{"text": "Høyre lunge"}],
    "outcome": {"text": "Uten komplikasjoner"},
    "followUp": [{"text": "Kontroll om tre måneder"}],
    "note": [{"text": "Tatt tre prøver."}],
}


def test_a_procedure_says_what_why_where_and_by_whom() -> None:
    assert shown(procedure, Procedure, SCOPE, *STAFF) == Projected(
        kind=Kind.PROCEDURES,
        patient=Reference(reference="Patient/kari"),
        title="Bronchoscopy",
        at="2026-03-02T09:00:00+01:00",
        status="completed",
        note="Langvarig hoste",
        organisation="Lungepoliklinikken",
        author="Anne Berg, overlege",
        words=("Langvarig hoste", "Uten komplikasjoner", "Tatt tre prøver.", "Bronchoscopy (procedure)"),
        detail=ProcedureDone(
            code="10847001",
            body_site="Høyre lunge",
            outcome="Uten komplikasjoner",
            reason="Langvarig hoste",
            performed_by=(
                Person(
                    name="Anne Berg", role="overlege", phone="74 00 00 02", organisation="Lungepoliklinikken"
                ),
            ),
            place="Lungepoliklinikken, 2. etasje",
            follow_up="Kontroll om tre måneder",
            note="Tatt tre prøver.",
            start="2026-03-02T09:00:00+01:00",
            end="2026-03-02T09:40:00+01:00",
        ),
    )


def test_entered_in_error_is_not_shown() -> None:
    assert project(procedure, Procedure, SCOPE | {"status": "entered-in-error"}) == NotShown(
        "entered_in_error"
    )


@pytest.mark.parametrize(
    ("said", "status"),
    [("preparation", "active"), ("not-done", "not-done"), ("stopped", "stopped"), ("unknown", "")],
)
def test_the_status_is_what_it_means_to_the_citizen(said: str, status: str) -> None:
    assert shown(procedure, Procedure, SCOPE | {"status": said}).status == status


@pytest.mark.parametrize("day", ["2019", "2019-03", "2019-03-02"])
def test_a_partial_date_stays_partial(day: str) -> None:
    told = {key: value for key, value in SCOPE.items() if key != "performedPeriod"} | {
        "performedDateTime": day
    }
    assert shown(procedure, Procedure, told).at == day


def test_a_time_in_words_is_told_and_is_no_date() -> None:
    told: Fhir = {
        "resourceType": "Procedure",
        "status": "completed",
        "code": {"text": "Fjernet mandler"},
        "subject": KARI,
        "performedString": "som barn",
    }
    done = shown(procedure, Procedure, told)
    assert (done.at, done.note, done.detail) == ("", "som barn", ProcedureDone(note="som barn"))


def test_where_nothing_tells_the_organisation_the_contact_does_but_only_ones_own() -> None:
    told: Fhir = {
        "resourceType": "Procedure",
        "status": "completed",
        "code": {"text": "Spirometri"},
        "subject": KARI,
        "encounter": {"reference": "Encounter/besok"},
    }
    contact: Fhir = {
        "resourceType": "Encounter",
        "id": "besok",
        "subject": KARI,
        "serviceProvider": {"reference": "Organization/lunge"},
    }
    assert shown(procedure, Procedure, told, contact, CLINIC).organisation == "Lungepoliklinikken"
    assert shown(procedure, Procedure, told, contact | {"subject": OLAV}, CLINIC).organisation == ""


def test_what_has_not_come_is_called_as_the_source_calls_it() -> None:
    told = SCOPE | {
        "performer": [{"actor": {"reference": "Practitioner/ukjent", "display": "Dr. Moe"}}],
        "location": {"reference": "Location/ukjent", "display": "Stue 3"},
    }
    done = shown(procedure, Procedure, told)
    assert (done.author, done.organisation) == ("Dr. Moe", "Stue 3")


def test_a_home_number_is_nobodys_to_call() -> None:
    private = DOCTOR | {"telecom": [{"system": "phone", "value": "91 00 00 00", "use": "home"}]}
    told = SCOPE | {"performer": [{"actor": {"reference": "Practitioner/berg"}}]}
    done = shown(procedure, Procedure, told, private, POST, ROOM)
    assert isinstance(done.detail, ProcedureDone)
    assert done.detail.performed_by == (Person(name="Anne Berg"),)


def test_a_code_without_words_is_no_title() -> None:
    told = SCOPE | {
        "code": {"coding": [{"system": "urn:x", "code": "JKA21"}]},
        "note": [{"text": "Galleblæren ble tatt."}],
    }
    assert shown(procedure, Procedure, told).title == "Galleblæren ble tatt."
