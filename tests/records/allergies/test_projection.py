"""Allergies and critical information, from FHIR to what the list and the page say."""

from typing import Any

import pytest

from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.fhir.resources import AllergyIntolerance, Flag
from innsyn.records.allergies.projection import allergy, flag
from innsyn.records.allergies.views import Allergy
from innsyn.records.kinds import Kind
from innsyn.records.projected import NotShown, Projected
from records.trial import KARI, SETS, about, read, sweep

PATIENT = Reference(reference="Patient/kari")


def status(code: str) -> dict[str, Any]:
    return {"coding": [{"code": code}]}


PENICILLIN = {
    "resourceType": "AllergyIntolerance",
    "id": "pen",
    "clinicalStatus": status("active"),
    "verificationStatus": status("confirmed"),
    "category": ["medication"],
    "criticality": "high",
    "code": {"coding": [{"display": "Penicillin (substance)"}]},
    "patient": KARI,
    "recordedDate": "2012-05",
}


def answer(**changes: object) -> Projected | NotShown | None:
    return allergy(read(AllergyIntolerance, {**PENICILLIN, **changes}), about())


def shown(**changes: object) -> Projected:
    said = answer(**changes)
    assert isinstance(said, Projected)
    return said


def test_an_allergy_tells_what_happened_and_how_grave_it_is() -> None:
    around = about({"resourceType": "Practitioner", "id": "gp", "name": [{"text": "Lars Haug"}]})
    told = {
        **PENICILLIN,
        "recorder": {"reference": "Practitioner/gp"},
        "onsetAge": {"value": 12, "code": "a"},
        "note": [{"text": "Innlagt den gangen."}],
        "reaction": [
            {"manifestation": [{"text": "Utslett"}], "severity": "mild", "onset": "2004"},
            {
                "manifestation": [{"text": "Anafylaksi"}, {"text": "Utslett"}],
                "severity": "severe",
                "onset": "2012-05",
            },
        ],
    }
    assert allergy(read(AllergyIntolerance, told), around) == Projected(
        kind=Kind.ALLERGIES,
        patient=PATIENT,
        title="Penicillin",
        at="2012-05",
        flag="severe",
        status="active",
        note="Utslett, Anafylaksi",
        author="Lars Haug",
        words=("Utslett", "Anafylaksi", "Innlagt den gangen.", "Penicillin (substance)"),
        detail=Allergy(
            substance="Penicillin",
            criticality="high",
            certainty="confirmed",
            reactions=("Utslett", "Anafylaksi"),
            severity="severe",
            onset="12 år",
            category="medication",
            note="Innlagt den gangen.",
            last_seen="2012-05",
        ),
    )


def test_what_was_said_by_mistake_is_not_shown() -> None:
    assert answer(verificationStatus=status("entered-in-error")) == NotShown("entered_in_error")


def test_a_refuted_allergy_says_that_it_was_ruled_out_and_warns_of_nothing() -> None:
    said = shown(verificationStatus=status("refuted"))
    assert (said.status, said.note) == ("refuted", "Avkreftet")
    assert said.detail == Allergy(substance="Penicillin", certainty="refuted", category="medication")


def test_an_unconfirmed_allergy_is_marked() -> None:
    said = shown(verificationStatus=status("unconfirmed"), reaction=[{"manifestation": [{"text": "Kløe"}]}])
    assert (said.status, said.note) == ("active", "Ikke bekreftet · Kløe")


def test_without_a_clinical_status_an_allergy_counts() -> None:
    assert shown(clinicalStatus=None).status == "active"


@pytest.mark.parametrize("over", ["inactive", "resolved"])
def test_an_allergy_that_is_over_says_so(over: str) -> None:
    assert shown(clinicalStatus=status(over)).status == over


def test_no_known_allergy_is_shown_as_such() -> None:
    none = {
        "coding": [
            {
                "system": "http://snomed.info/sct",
                "code": "716186003",
                "display": "No known allergy (situation)",
            }
        ]
    }
    said = shown(code=none, category=[], criticality="")
    assert (said.title, said.detail) == (
        "No known allergy",
        Allergy(substance="No known allergy", certainty="confirmed", category="none"),
    )


def test_a_reaction_names_the_substance_where_the_allergy_does_not() -> None:
    assert shown(code=None, reaction=[{"substance": {"text": "Jordbær"}}]).title == "Jordbær"
    assert shown(code=None).title == "Allergi"


FLAG = {
    "resourceType": "Flag",
    "id": "f",
    "status": "active",
    "category": [{"text": "Pågående behandling"}],
    "code": {"text": "Pacemaker"},
    "subject": KARI,
    "period": {"start": "2019-06"},
    "author": {"reference": "Organization/st-olavs", "display": "St. Olavs hospital"},
}


def test_a_flag_is_critical_information() -> None:
    assert flag(read(Flag, FLAG), about()) == Projected(
        kind=Kind.ALLERGIES,
        patient=PATIENT,
        title="Pacemaker",
        at="2019-06",
        flag="severe",
        status="active",
        note="Pågående behandling",
        organisation="St. Olavs hospital",
        words=("Pågående behandling",),
        detail=Allergy(substance="Pacemaker", criticality="high", onset="2019-06", category="flag"),
    )


def test_a_flag_for_the_office_warns_of_nothing() -> None:
    office = {**FLAG, "category": [{"coding": [{"code": "admin", "display": "Administrative"}]}]}
    said = flag(read(Flag, office), about())
    assert isinstance(said, Projected)
    assert said.detail == Allergy(substance="Pacemaker", onset="2019-06", category="flag")


def test_a_flag_raised_by_mistake_is_not_shown() -> None:
    assert flag(read(Flag, {**FLAG, "status": "entered-in-error"}), about()) == NotShown("entered_in_error")


@pytest.mark.parametrize("name", SETS)
def test_real_allergies_can_all_be_read(name: str) -> None:
    sweep(name, AllergyIntolerance, allergy, Allergy)
    sweep(name, Flag, flag, Allergy)
