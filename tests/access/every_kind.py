"""One entry of every kind, of one person: what a reader may see of it is what the reader may see of the record."""

from collections.abc import Mapping
from typing import Any

from world import Resource

# What its title is in the record; past appointments are a kind of their own to a permit.
TITLES: Mapping[str, str] = {
    "lab_results": "Marka prøve",
    "measurements": "Marka måling",
    "imaging": "Marka bilde",
    "medications": "Marka medisin",
    "notes": "Marka notat",
    "allergies": "Marka allergi",
    "diagnoses": "Marka diagnose",
    "vaccinations": "Marka vaksine",
    "procedures": "Marka inngrep",
    "encounters": "Marka kommende time",
    "encounters.past": "Marka tidligere time",
    "referrals": "Marka henvisning",
    "care_plans": "Marka plan",
    "care_team": "Marka team",
}
WITHHELD, NEVER_SHOWN = "Marka svar som venter", "Marka svar for legen"


def every_kind(of: str) -> list[Resource]:
    """The resources, about the Patient with this id; also one result that waits and one that is never shown."""
    subject = {"reference": f"Patient/{of}"}
    text = {kind: {"text": title} for kind, title in TITLES.items()}
    day = "2026-10-02T10:00:00+02:00"
    return [
        _about("Observation", of, "lab", subject=subject, status="final", code=text["lab_results"],
               category=[{"coding": [{"code": "laboratory"}]}], effectiveDateTime=day,
               valueQuantity={"value": 41, "unit": "mmol/mol"}),
        _about("Observation", of, "vital", subject=subject, status="final", code=text["measurements"],
               category=[{"coding": [{"code": "vital-signs"}]}], effectiveDateTime=day,
               valueQuantity={"value": 70, "unit": "kg"}),
        _about("DiagnosticReport", of, "rad", subject=subject, status="final", code=text["imaging"],
               category=[{"coding": [{"code": "RAD"}]}], effectiveDateTime=day, conclusion="Uten funn"),
        _about("MedicationRequest", of, "med", subject=subject, status="active", intent="order",
               medicationCodeableConcept=text["medications"], authoredOn=day),
        _about("DocumentReference", of, "note", subject=subject, status="current", description=TITLES["notes"],
               type=text["notes"], date=day,
               content=[{"attachment": {"contentType": "text/plain", "data": "SGVp", "title": TITLES["notes"]}}]),
        _about("AllergyIntolerance", of, "all", patient=subject, code=text["allergies"], recordedDate=day,
               clinicalStatus={"coding": [{"code": "active"}]}),
        _about("Condition", of, "con", subject=subject, code=text["diagnoses"], recordedDate=day,
               clinicalStatus={"coding": [{"code": "active"}]}),
        _about("Immunization", of, "vac", patient=subject, status="completed", vaccineCode=text["vaccinations"],
               occurrenceDateTime=day),
        _about("Procedure", of, "pro", subject=subject, status="completed", code=text["procedures"],
               performedDateTime=day),
        _appointment(of, "coming", "encounters", "2099-01-10T10:00:00+01:00"),
        # Nobody has closed it: what counts is the time.
        _appointment(of, "past", "encounters.past", "2020-01-10T10:00:00+01:00"),
        _about("ServiceRequest", of, "ref", subject=subject, status="active", intent="order",
               category=[{"text": "Henvisning"}], code=text["referrals"], authoredOn=day),
        _about("CarePlan", of, "plan", subject=subject, status="active", intent="plan",
               title=TITLES["care_plans"], period={"start": "2026-10-01"}),
        _about("CareTeam", of, "team", subject=subject, status="active", name=TITLES["care_team"],
               participant=[{"member": {"display": "Anne Vik"}}], period={"start": "2026-10-01"}),
        _waiting(of, "class2", "2", WITHHELD, subject),
        _waiting(of, "class4", "4", NEVER_SHOWN, subject),
    ]  # fmt: skip


def _about(kind: str, of: str, id_: str, /, **more: Any) -> Resource:  # noqa: ANN401
    return {"resourceType": kind, "id": f"{of}-{id_}", **more}


def _appointment(of: str, name: str, title: str, start: str) -> Resource:
    who = {"actor": {"reference": f"Patient/{of}"}, "status": "accepted"}
    return _about(
        "Appointment", of, name, status="booked", description=TITLES[title], start=start, participant=[who]
    )


def _waiting(of: str, name: str, release: str, title: str, subject: Resource) -> Resource:
    tag = {"system": "urn:innsyn:release-class", "code": release}
    return _about(
        "Observation", of, name, meta={"tag": [tag]}, subject=subject, status="final", code={"text": title},
        category=[{"coding": [{"code": "laboratory"}]}], effectiveDateTime="2026-10-03",
        valueQuantity={"value": 98765, "unit": "mmol/mol"},
    )  # fmt: skip
