"""Measurements: every Observation that is neither from a laboratory nor from imaging."""

from collections.abc import Callable
from typing import Any

from innsyn.journal.codes import LOINC, SNOMED
from innsyn.journal.fhir.care import Device
from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.fhir.measured import (
    answer_of,
    flag_of,
    interpretation_of,
    range_of,
    reading_of,
    says_nothing,
    taken,
    trend_code,
)
from innsyn.journal.fhir.reading import amount, clipped, code_in, notes_text, text_of
from innsyn.journal.fhir.resources import Observation, ObservationComponent
from innsyn.records.kinds import Kind
from innsyn.records.measurements.views import Measurement
from innsyn.records.projected import NOTE, TITLE, About, NotShown, Projected

_PRESSURES = frozenset({"85354-9", "55284-4", "35094-2"})
_PRESSURE = f"{LOINC}|85354-9"
_SYSTOLIC = ((LOINC, "8480-6"), (SNOMED, "271649006"))
_DIASTOLIC = ((LOINC, "8462-4"), (SNOMED, "271650006"))
# Where the source gives it no name at all.
_DEFAULT = "Måling"


def observation(measured: Observation, about: About) -> Projected | NotShown | None:
    """Vital signs, examinations, habits, scores (http://hl7.org/fhir/R4/observation.html).

    Whatever no other kind has taken comes here, so it stands after them in the worker's registry.
    """
    if measured.status == "entered-in-error":
        return NotShown("entered_in_error")
    if says_nothing(measured):
        return NotShown("no_value")
    parts = tuple(map(reading_of, measured.component))
    pressure = _pressure(measured) if parts else ("", "")
    found = answer_of(measured)
    value, unit = pressure if pressure[0] else (found.value, found.unit)
    low, high, reference = range_of(measured)
    author, organisation = about.wrote(*measured.performer)
    comment = notes_text(measured.note)
    told = "" if value or found.text else " · ".join(str(part) for part in parts[:3] if part.value)
    return Projected(
        kind=Kind.MEASUREMENTS,
        patient=measured.subject,
        title=clipped(text_of(measured.code), TITLE) or _DEFAULT,
        at=taken(measured),
        value=value,
        unit=unit,
        flag=flag_of(measured),
        low=low,
        high=high,
        status=measured.status,
        note=clipped(" · ".join(filter(None, (found.text, told, *_judged(measured, value), comment))), NOTE),
        organisation=organisation,
        author=author,
        code=_PRESSURE if pressure[0] else trend_code(measured.code),
        words=(comment, found.text, reference),
        members=measured.has_member,
        detail=Measurement(
            comment="\n\n".join(filter(None, (found.text, comment))),
            method=text_of(measured.method),
            device=_device(measured.device, about),
            body_site=text_of(measured.body_site),
            position=_position(measured),
            parts=parts,
        ),
    )


PROJECTIONS: dict[str, Callable[[Any, About], Projected | NotShown | None]] = {"Observation": observation}


def _pressure(measured: Observation) -> tuple[str, str]:
    """("120/80", "mmHg") of a blood pressure that has both values, in whole numbers as it is spoken of."""
    upper = lower = None
    for component in measured.component:
        if _is(component, _SYSTOLIC):
            upper = component.value_quantity
        elif _is(component, _DIASTOLIC):
            lower = component.value_quantity
    if upper is None or lower is None or upper.value is None or lower.value is None:
        return "", ""
    return f"{round(upper.value)}/{round(lower.value)}", amount(upper)[1]


def _is(component: ObservationComponent, codes: tuple[tuple[str, str], ...]) -> bool:
    return any(code_in(component.code, system) == code for system, code in codes)


def _judged(measured: Observation, value: str) -> list[str]:
    said = interpretation_of(measured) if measured.interpretation else ""
    return [said] if said and said != value else []


def _device(reference: Reference | None, about: About) -> str:
    if reference is None:
        return ""
    device = about.find(reference, "Device", Device)
    if device is None:
        return reference.display
    return device.device_name[0].name if device.device_name else text_of(device.type) or reference.display


def _position(measured: Observation) -> str:
    """HL7's extension, and one for each measurement in no-domain (…PulseBodyPositionExtension)."""
    for extension in measured.extension:
        name = extension.url.rsplit("/", 1)[-1].lower()
        if "bodyposition" in name:
            coding = extension.value_coding
            return text_of(extension.value_codeable_concept) or (coding.display if coding else "")
    return ""
