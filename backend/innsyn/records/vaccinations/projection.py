"""Vaccinations: an Immunization, given or not given."""

from collections.abc import Callable
from typing import Any

from innsyn.journal.fhir.care import Immunization, ProtocolApplied
from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.fhir.reading import (
    clipped,
    code_key,
    codes_of,
    displays_of,
    notes_text,
    text_of,
    texts_of,
)
from innsyn.records.kinds import Kind
from innsyn.records.projected import TITLE, About, NotShown, Projected, note_of
from innsyn.records.vaccinations.views import Vaccination

# Where the source gives it no name at all.
_DEFAULT = "Vaksine"


def immunization(shot: Immunization, about: About) -> Projected | NotShown | None:
    """A vaccination (http://hl7.org/fhir/R4/immunization.html). One that was not given is shown with the reason."""
    if shot.status == "entered-in-error":
        return NotShown("entered_in_error")
    author, organisation = about.wrote(*_givers(shot))
    detail = _detail(shot, author, organisation, about)
    return Projected(
        kind=Kind.VACCINATIONS,
        patient=shot.patient,
        title=detail.vaccine,
        at=shot.occurrence_date_time,
        status=shot.status,
        note=_note(shot, detail),
        organisation=organisation or detail.place,
        author=author,
        code=code_key(shot.vaccine_code),
        words=(*detail.protects, detail.note, *displays_of(shot.vaccine_code)),
        detail=detail,
    )


def _detail(shot: Immunization, author: str, organisation: str, about: About) -> Vaccination:
    protects = dict.fromkeys(text for one in shot.protocol_applied for text in texts_of(one.target_disease))
    return Vaccination(
        vaccine=clipped(text_of(shot.vaccine_code), TITLE) or _DEFAULT,
        protects=tuple(protects),
        dose=next(filter(None, map(_dose, shot.protocol_applied)), ""),
        lot=shot.lot_number,
        manufacturer=_place(shot.manufacturer, about),
        site=text_of(shot.site),
        route=text_of(shot.route),
        given_by=author,
        place=_place(shot.location, about) or organisation,
        note=notes_text(shot.note),
        status_reason=text_of(shot.status_reason),
    )


def _note(shot: Immunization, detail: Vaccination) -> str:
    if shot.status == "not-done":
        return note_of(detail.status_reason)
    dose = f"dose {detail.dose}" if detail.dose else ""
    return note_of(", ".join(detail.protects), dose, shot.occurrence_string)


PROJECTIONS: dict[str, Callable[[Any, About], Projected | NotShown | None]] = {"Immunization": immunization}


def _place(reference: Reference | None, about: About) -> str:
    return about.organisation(reference) or (reference.display if reference else "")


def _givers(shot: Immunization) -> list[Reference | None]:
    """Who gave it before who ordered it (http://terminology.hl7.org/CodeSystem/v2-0443)."""
    ranked = sorted(shot.performer, key=lambda one: "OP" in codes_of((one.function,) if one.function else ()))
    return [one.actor for one in ranked]


def _dose(protocol: ProtocolApplied) -> str:
    number = protocol.dose_number_string or str(protocol.dose_number_positive_int or "")
    of = protocol.series_doses_string or str(protocol.series_doses_positive_int or "")
    return f"{number} av {of}" if number and of else number
