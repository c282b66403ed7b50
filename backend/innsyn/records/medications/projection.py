"""Medications: prescribed, said to be in use, handed out at a pharmacy, given by health personnel."""

from collections.abc import Callable, Iterable
from typing import Any

from innsyn.journal.fhir.datatypes import CodeableConcept, Dosage, Period, Reference
from innsyn.journal.fhir.medicines import (
    AdministeredDose,
    DispenseRequest,
    MedicationAdministration,
    MedicationDispense,
    MedicationRequest,
    MedicationStatement,
)
from innsyn.journal.fhir.reading import (
    began,
    ended,
    notes_text,
    number,
    quantity_text,
    text_of,
    texts_of,
    tidy,
)
from innsyn.journal.fhir.resources import Condition
from innsyn.records.kinds import Kind
from innsyn.records.medications.dosage import sentence
from innsyn.records.medications.drug import Drug, drug_of, strength_text
from innsyn.records.medications.views import Medication
from innsyn.records.projected import About, NotShown, Projected, note_of

_NOT_ORDERED = frozenset({"proposal", "option"})
# "No known medications", not a medication in use: SNOMED CT, and the absent-unknown codes of IPS.
_NONE_KNOWN = frozenset("787481004 1234391009 no-known-medications no-medication-info".split())
_DEFAULT = "Legemiddel uten navn"
_NEVER_USE = "Skal ikke brukes"
# `active` is what is in use. An event that is over must not read as a treatment that is over.
_DISPENSE = {"completed": "dispensed"}
_ADMINISTRATION = {"completed": "given", "not-done": "not-given", "in-progress": "active"}


def request(order: MedicationRequest, about: About) -> Projected | NotShown | None:
    """A prescription (http://hl7.org/fhir/R4/medicationrequest.html). A draft or proposal is nobody's decision yet."""
    if order.status == "entered-in-error":
        return NotShown("entered_in_error")
    if order.status == "draft" or order.intent in _NOT_ORDERED:
        return NotShown("not_ordered")
    drug = drug_of(order.medication_codeable_concept, order.medication_reference, about)
    author, organisation = about.wrote(order.requester)
    dosage = sentence(order.dosage_instruction)
    bounds = _bounds(order.dosage_instruction)
    status = "intended" if order.intent == "plan" and order.status == "active" else order.status
    forbidden = _NEVER_USE if order.do_not_perform else ""
    return _entry(
        drug,
        patient=order.subject,
        at=order.authored_on or began(bounds) or _valid_from(order.dispense_request),
        status="not-to-be-used" if forbidden else status,
        note=note_of(forbidden, dosage),
        author=author,
        organisation=organisation,
        detail=Medication(
            event="prescription",
            dosage=dosage,
            substance=drug.substance,
            strength=drug.strength,
            form=drug.form,
            route=_route(order.dosage_instruction),
            reason=_reason(order.reason_code, order.reason_reference, order.subject, about),
            prescribed=order.authored_on,
            start=began(bounds),
            end=ended(bounds),
            prescriber=author,
            course=_course(order.dispense_request),
            note=notes_text(order.note),
            status_reason=text_of(order.status_reason),
        ),
    )


def statement(said: MedicationStatement, about: About) -> Projected | NotShown | None:
    """What somebody says is (not) taken (http://hl7.org/fhir/R4/medicationstatement.html)."""
    if said.status == "entered-in-error":
        return NotShown("entered_in_error")
    drug = drug_of(said.medication_codeable_concept, said.medication_reference, about)
    author, organisation = about.wrote(said.information_source)
    dosage = sentence(said.dosage)
    return _entry(
        drug,
        patient=said.subject,
        at=said.effective_date_time or began(said.effective_period) or said.date_asserted,
        status=said.status,
        note=dosage,
        author=author,
        organisation=organisation,
        detail=Medication(
            event="statement",
            dosage=dosage,
            substance=drug.substance,
            strength=drug.strength,
            form=drug.form,
            route=_route(said.dosage),
            reason=_reason(said.reason_code, said.reason_reference, said.subject, about),
            start=said.effective_date_time or began(said.effective_period),
            end=ended(said.effective_period),
            note=notes_text(said.note),
            status_reason=", ".join(texts_of(said.status_reason)),
        ),
    )


def dispense(handed: MedicationDispense, about: About) -> Projected | NotShown | None:
    """What was handed out (http://hl7.org/fhir/R4/medicationdispense.html): an event, never a treatment in use."""
    if handed.status == "entered-in-error":
        return NotShown("entered_in_error")
    drug = drug_of(handed.medication_codeable_concept, handed.medication_reference, about)
    author, organisation = about.wrote(*(one.actor for one in handed.performer), handed.location)
    dosage = sentence(handed.dosage_instruction)
    amount = quantity_text(handed.quantity)
    days = number(handed.days_supply.value) if handed.days_supply else ""
    return _entry(
        drug,
        patient=handed.subject,
        at=handed.when_handed_over or handed.when_prepared,
        status=_DISPENSE.get(handed.status, handed.status),
        note=note_of(amount, dosage),
        author=author,
        organisation=organisation,
        detail=Medication(
            event="dispense",
            dosage=dosage,
            substance=drug.substance,
            strength=drug.strength,
            form=drug.form,
            route=_route(handed.dosage_instruction),
            course=", ".join(filter(None, (amount, f"for {days} dager" if days else ""))),
            note=notes_text(handed.note),
            status_reason=text_of(handed.status_reason_codeable_concept),
        ),
    )


def administration(given: MedicationAdministration, about: About) -> Projected | NotShown | None:
    """What was given, or why it was not (http://hl7.org/fhir/R4/medicationadministration.html)."""
    if given.status == "entered-in-error":
        return NotShown("entered_in_error")
    drug = drug_of(given.medication_codeable_concept, given.medication_reference, about)
    author, organisation = about.wrote(*(one.actor for one in given.performer))
    dose, route = _dose(given.dosage), text_of(given.dosage.route) if given.dosage else ""
    why = ", ".join(texts_of(given.status_reason))
    return _entry(
        drug,
        patient=given.subject,
        at=given.effective_date_time or began(given.effective_period),
        status=_ADMINISTRATION.get(given.status, given.status),
        note=note_of(dose, route, why),
        author=author,
        organisation=organisation,
        detail=Medication(
            event="administration",
            dosage=dose,
            substance=drug.substance,
            strength=drug.strength,
            form=drug.form,
            route=route,
            reason=_reason(given.reason_code, given.reason_reference, given.subject, about),
            start=given.effective_date_time or began(given.effective_period),
            end=ended(given.effective_period),
            note=notes_text(given.note),
            status_reason=why,
        ),
    )


PROJECTIONS: dict[str, Callable[[Any, About], Projected | NotShown | None]] = {
    "MedicationRequest": request,
    "MedicationStatement": statement,
    "MedicationDispense": dispense,
    "MedicationAdministration": administration,
}


def _entry(
    drug: Drug,
    *,
    patient: Reference | None,
    at: str,
    status: str,
    note: str,
    author: str,
    organisation: str,
    detail: Medication,
) -> Projected:
    return Projected(
        kind=Kind.MEDICATIONS,
        patient=patient,
        title=drug.name or _DEFAULT,
        at=at,
        status="" if drug.code.rpartition("|")[2] in _NONE_KNOWN else status,
        note=note,
        organisation=organisation,
        author=author,
        code=drug.code,
        words=(*drug.words, detail.reason, detail.note),
        detail=detail,
    )


def _bounds(dosages: Iterable[Dosage]) -> Period | None:
    repeats = (dosage.timing.repeat for dosage in dosages if dosage.timing and dosage.timing.repeat)
    return next((repeat.bounds_period for repeat in repeats if repeat.bounds_period), None)


def _valid_from(supply: DispenseRequest | None) -> str:
    return began(supply.validity_period) if supply else ""


def _route(dosages: Iterable[Dosage]) -> str:
    return ", ".join(dict.fromkeys(texts_of(dosage.route for dosage in dosages if dosage.route)))


def _dose(dosage: AdministeredDose | None) -> str:
    if dosage is None:
        return ""
    rate = quantity_text(dosage.rate_quantity) or strength_text(dosage.rate_ratio)
    return dosage.text.strip() or ", ".join(filter(None, (quantity_text(dosage.dose), rate)))


def _reason(
    concepts: Iterable[CodeableConcept],
    references: Iterable[Reference],
    patient: Reference | None,
    about: About,
) -> str:
    said = texts_of(concepts)
    for reference in references:
        condition = about.find_own(reference, "Condition", Condition, patient)
        said.append(text_of(condition.code) if condition else tidy(reference.display))
    return ", ".join(dict.fromkeys(filter(None, said)))


def _course(supply: DispenseRequest | None) -> str:
    """`30 tabletter, kan hentes ut 4 ganger, gjelder til 01.03.2027`."""
    if supply is None:
        return ""
    said = [quantity_text(supply.quantity)]
    if supply.number_of_repeats_allowed:
        said.append(f"kan hentes ut {supply.number_of_repeats_allowed + 1} ganger")
    until = ended(supply.validity_period)[:10].split("-")
    if len(until) == 3:  # noqa: PLR2004 (year, month, day)
        said.append("gjelder til " + ".".join(reversed(until)))
    return ", ".join(filter(None, said))
