"""Vaccinations, from FHIR to what the list and the page say."""

import pytest

from innsyn.journal.fhir.care import Immunization
from innsyn.journal.fhir.datatypes import Reference
from innsyn.records.kinds import Kind
from innsyn.records.projected import NotShown, Projected
from innsyn.records.vaccinations.projection import immunization
from innsyn.records.vaccinations.views import Vaccination
from records.trial import KARI, SETS, about, read, sweep

SHOT = {
    "resourceType": "Immunization",
    "id": "mmr",
    "status": "completed",
    "vaccineCode": {
        "coding": [{"system": "urn:oid:2.16.578.1.12.4.1.1.9999", "code": "MMR", "display": "MMR-vaksine"}]
    },
    "patient": KARI,
    "occurrenceDateTime": "2020-05-01",
}


def test_a_vaccination_tells_against_what_which_dose_and_who_gave_it() -> None:
    around = about(
        {"resourceType": "Practitioner", "id": "nurse", "name": [{"text": "Anne Lund"}]},
        {"resourceType": "Practitioner", "id": "doctor", "name": [{"text": "Lars Haug"}]},
        {"resourceType": "Location", "id": "hs", "name": "Levanger helsestasjon"},
        {"resourceType": "Organization", "id": "msd", "name": "MSD"},
    )
    told = {
        **SHOT,
        "location": {"reference": "Location/hs"},
        "manufacturer": {"reference": "Organization/msd"},
        "lotNumber": "K12",
        "site": {"text": "Venstre overarm"},
        "route": {"text": "Subkutant"},
        "performer": [
            {"function": {"coding": [{"code": "OP"}]}, "actor": {"reference": "Practitioner/doctor"}},
            {"function": {"coding": [{"code": "AP"}]}, "actor": {"reference": "Practitioner/nurse"}},
        ],
        "note": [{"text": "Gikk fint."}],
        "protocolApplied": [
            {
                "targetDisease": [{"text": "Meslinger"}, {"text": "Kusma"}],
                "doseNumberPositiveInt": 1,
                "seriesDosesPositiveInt": 2,
            }
        ],
    }
    assert immunization(read(Immunization, told), around) == Projected(
        kind=Kind.VACCINATIONS,
        patient=Reference(reference="Patient/kari"),
        title="MMR-vaksine",
        at="2020-05-01",
        status="completed",
        note="Meslinger, Kusma · dose 1 av 2",
        organisation="Levanger helsestasjon",
        author="Anne Lund",
        code="volven:9999|MMR",
        words=("Meslinger", "Kusma", "Gikk fint.", "MMR-vaksine"),
        detail=Vaccination(
            vaccine="MMR-vaksine",
            protects=("Meslinger", "Kusma"),
            dose="1 av 2",
            lot="K12",
            manufacturer="MSD",
            site="Venstre overarm",
            route="Subkutant",
            given_by="Anne Lund",
            place="Levanger helsestasjon",
            note="Gikk fint.",
        ),
    )


def test_one_that_was_not_given_says_why() -> None:
    told = {**SHOT, "status": "not-done", "statusReason": {"text": "Hadde feber"}}
    said = immunization(read(Immunization, told), about())
    assert isinstance(said, Projected)
    assert (said.status, said.note) == ("not-done", "Hadde feber")
    assert said.detail == Vaccination(vaccine="MMR-vaksine", status_reason="Hadde feber")


def test_a_time_in_words_is_told_in_words() -> None:
    said = immunization(
        read(Immunization, {**SHOT, "occurrenceDateTime": "", "occurrenceString": "som barn"}), about()
    )
    assert isinstance(said, Projected)
    assert (said.at, said.note) == ("", "som barn")


def test_a_vaccine_without_a_name_has_one_for_the_list() -> None:
    said = immunization(read(Immunization, {**SHOT, "vaccineCode": {}}), about())
    assert isinstance(said, Projected)
    assert said.title == "Vaksine"


def test_a_mistake_is_not_shown() -> None:
    assert immunization(read(Immunization, {**SHOT, "status": "entered-in-error"}), about()) == NotShown(
        "entered_in_error"
    )


@pytest.mark.parametrize("name", SETS)
def test_real_vaccinations_can_all_be_read(name: str) -> None:
    sweep(name, Immunization, immunization, Vaccination)
