"""Vaccinations: an Immunization, given or not given."""

from collections.abc import Callable
from typing import Any

from innsyn.journal.fhir.care import Immunization, ProtocolApplied
from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.fhir.reading import clipped, code_key, codes_of, notes_text, text_of, texts_of
from innsyn.records.kinds import Kind
from innsyn.records.projected import NOTE, TITLE, About, NotShown, Projected
from innsyn.records.vaccinations.views import Vaccination

# Where the source gives it no name at all.
_DEFAULT = "Vaksine"


def immunization(shot: Immunization, about: About) -> Projected | NotShown | None:
    """A vaccination (http://hl7.org/fhir/R4/immunization.html). One that was not given is shown with the reason."""
    if shot.status == "entered-in-error":
        return NotShown("entered_in_error")
    title = clipped(text_of(shot.vaccine_code), TITLE) or _DEFAULT
    author, organisation = about.wrote(*_givers(shot))
    place = about.organisation(shot.location) or (shot.location.display if shot.location else "")
    protects = tuple(
        dict.fromkeys(text for one in shot.protocol_applied for text in texts_of(one.target_disease))
    )
    dose = next(filter(None, map(_dose, shot.protocol_applied)), "")
    reason = text_of(shot.status_reason)
    told = (reason,) if shot.status == "not-done" else (", ".join(protects), f"dose {dose}" if dose else "")
    note = notes_text(shot.note)
    return Projected(
        kind=Kind.VACCINATIONS,
        patient=shot.patient,
        title=title,
        at=shot.occurrence_date_time,
        status=shot.status,
        note=clipped(" · ".join(filter(None, (*told, shot.occurrence_string))), NOTE),
        organisation=organisation or place,
        author=author,
        code=code_key(shot.vaccine_code),
        words=(
            *protects,
            note,
            *(coding.display for coding in (shot.vaccine_code.coding if shot.vaccine_code else ())),
        ),
        detail=Vaccination(
            vaccine=title,
            protects=protects,
            dose=dose,
            lot=shot.lot_number,
            manufacturer=about.organisation(shot.manufacturer)
            or (shot.manufacturer.display if shot.manufacturer else ""),
            site=text_of(shot.site),
            route=text_of(shot.route),
            given_by=author,
            place=place or organisation,
            note=note,
            status_reason=reason,
        ),
    )


PROJECTIONS: dict[str, Callable[[Any, About], Projected | NotShown | None]] = {"Immunization": immunization}


def _givers(shot: Immunization) -> list[Reference | None]:
    """Who gave it before who ordered it (http://terminology.hl7.org/CodeSystem/v2-0443)."""
    ranked = sorted(shot.performer, key=lambda one: "OP" in codes_of((one.function,) if one.function else ()))
    return [one.actor for one in ranked]


def _dose(protocol: ProtocolApplied) -> str:
    number = protocol.dose_number_string or str(protocol.dose_number_positive_int or "")
    of = protocol.series_doses_string or str(protocol.series_doses_positive_int or "")
    return f"{number} av {of}" if number and of else number
