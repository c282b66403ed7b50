"""Diagnoses: a Condition, from the problem list or from one contact."""

from collections.abc import Callable
from typing import Any

from innsyn.journal.codes import ICD10_NO, ICPC2, SNOMED, normal_system
from innsyn.journal.fhir.datatypes import CodeableConcept
from innsyn.journal.fhir.reading import (
    began,
    clipped,
    code_key,
    codes_of,
    ended,
    notes_text,
    onset_text,
    text_of,
    texts_of,
)
from innsyn.journal.fhir.resources import Condition
from innsyn.records.diagnoses.views import Diagnosis
from innsyn.records.kinds import Kind
from innsyn.records.projected import TITLE, About, NotShown, Projected, note_of

_CLINICAL = ("recurrence", "relapse", "active", "remission", "resolved", "inactive")
_SAME = {"relapse": "recurrence"}
_OPEN = frozenset({"active", "recurrence"})
# "No known problems" is no problem: SNOMED CT, and the absent-unknown codes of IPS.
_NONE_KNOWN = frozenset({"160245001", "no-known-problems", "no-problem-info"})
_UNCONFIRMED = frozenset({"unconfirmed", "provisional", "differential"})
_SYSTEMS = {
    ICD10_NO: "ICD-10",
    "http://hl7.org/fhir/sid/icd-10": "ICD-10",
    "http://hl7.org/fhir/sid/icd-10-cm": "ICD-10-CM",
    ICPC2: "ICPC-2",
    SNOMED: "SNOMED CT",
}
# Where the source gives it no name at all.
_DEFAULT = "Diagnose"


def condition(told: Condition, about: About) -> Projected | NotShown | None:
    """A diagnosis, problem or concern (http://hl7.org/fhir/R4/condition.html).

    One that has been ruled out is no illness of this person and not listed as one; the note it stands in tells of it.
    What is only suspected says so in its line.
    """
    verification = codes_of((told.verification_status,)) if told.verification_status else set()
    if "entered-in-error" in verification:
        return NotShown("entered_in_error")
    if "refuted" in verification:
        return NotShown("refuted")
    author, organisation = about.wrote(told.recorder, told.asserter)
    detail = _detail(told, verification)
    return Projected(
        kind=Kind.DIAGNOSES,
        patient=told.subject,
        title=clipped(text_of(told.code), TITLE) or _DEFAULT,
        at=told.onset_date_time or began(told.onset_period) or told.recorded_date,
        status="active" if detail.clinical in _OPEN else detail.clinical,
        note=_note(detail),
        organisation=organisation,
        author=author,
        code=code_key(told.code),
        words=(detail.note, detail.code, detail.body_site),
        detail=detail,
    )


def _note(detail: Diagnosis) -> str:
    unsure = "Ikke bekreftet" if detail.certainty == "unconfirmed" else ""
    return note_of(unsure, detail.body_site, detail.severity) or note_of(detail.note)


def _detail(told: Condition, verification: set[str]) -> Diagnosis:
    unsure = bool(verification & _UNCONFIRMED)
    return Diagnosis(
        code=_codes(told.code),
        clinical=_clinical(told),
        certainty="unconfirmed" if unsure else "confirmed" if "confirmed" in verification else "",
        severity=text_of(told.severity),
        body_site=", ".join(texts_of(told.body_site)),
        onset=told.onset_date_time
        or onset_text(told.onset_age, told.onset_period, told.onset_range, told.onset_string),
        abated=told.abatement_date_time
        or ended(told.abatement_period)
        or onset_text(told.abatement_age, None, told.abatement_range, told.abatement_string),
        note=notes_text(told.note),
        stage=", ".join(filter(None, (text_of(stage.summary) for stage in told.stage))),
        category=_category(told),
    )


PROJECTIONS: dict[str, Callable[[Any, About], Projected | NotShown | None]] = {"Condition": condition}


def _clinical(told: Condition) -> str:
    """As the source says. Without a word: over when it says that it ended, open when it is on the problem list."""
    if told.code and codes_of((told.code,)) & _NONE_KNOWN:
        return ""
    codes = codes_of((told.clinical_status,)) if told.clinical_status else set()
    said = next((code for code in _CLINICAL if code in codes), "")
    if said:
        return _SAME.get(said, said)
    if (
        told.abatement_date_time
        or ended(told.abatement_period)
        or told.abatement_string
        or told.abatement_age
    ):
        return "resolved"
    return "active" if "problem-list-item" in codes_of(told.category) else ""


def _category(told: Condition) -> str:
    codes = codes_of(told.category)
    return next(
        (code for code in ("problem-list-item", "encounter-diagnosis", "health-concern") if code in codes), ""
    )


def _codes(concept: CodeableConcept | None) -> str:
    title, said = text_of(concept), []
    for coding in concept.coding if concept else ():
        system = _SYSTEMS.get(normal_system(coding.system), "")
        code = f"{system} {coding.code}".strip()
        name = text_of(CodeableConcept(coding=(coding,)))
        if coding.code:
            said.append(f"{name} ({code})" if coding.display and name != title else code)
    return ", ".join(dict.fromkeys(said))
