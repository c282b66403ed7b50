"""Measurements: every Observation that is neither from a laboratory nor from imaging."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from innsyn.journal.codes import LOINC, SNOMED
from innsyn.journal.fhir.care import Device
from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.fhir.measured import (
    Answer,
    Reading,
    answer_of,
    flag_of,
    interpretation_of,
    is_vital_sign,
    range_of,
    reading_of,
    says_nothing,
    taken,
    trend_code,
)
from innsyn.journal.fhir.reading import (
    amount,
    began,
    clipped,
    code_in,
    displays_of,
    notes_text,
    number,
    text_of,
)
from innsyn.journal.fhir.resources import DiagnosticReport, Measured, Observation
from innsyn.records.kinds import Kind
from innsyn.records.measurements.views import Measurement
from innsyn.records.projected import TITLE, About, NotShown, Projected, note_of

_PRESSURE = f"{LOINC}|85354-9"
_SYSTOLIC = ((LOINC, "8480-6"), (SNOMED, "271649006"))
_PLAUSIBLE = 1000
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
    found = _answer(measured)
    low, high, reference = range_of(measured)
    author, organisation = about.wrote(*measured.performer)
    detail = _detail(measured, found.text, about)
    return Projected(
        kind=Kind.MEASUREMENTS,
        patient=measured.subject,
        title=clipped(text_of(measured.code), TITLE) or _DEFAULT,
        at=taken(measured),
        value=found.value,
        unit=found.unit,
        flag=flag_of(measured),
        low=low,
        high=high,
        status=measured.status,
        note=note_of(_told(found, detail.parts), _judged(measured, found.value), detail.comment),
        organisation=organisation,
        author=author,
        code=_PRESSURE if _pressure(measured.component) else trend_code(measured.code),
        words=(detail.comment, reference, *displays_of(measured.code)),
        members=measured.has_member,
        detail=detail,
    )


def _detail(measured: Observation, text: str, about: About) -> Measurement:
    return Measurement(
        comment="\n\n".join(filter(None, (text, notes_text(measured.note)))),
        method=text_of(measured.method),
        device=_device(measured.device, about),
        body_site=text_of(measured.body_site),
        position=_position(measured),
        parts=tuple(map(reading_of, measured.component)),
    )


def report(panel: DiagnosticReport, about: About) -> Projected | NotShown | None:
    """A DiagnosticReport of one vital sign: a blood pressure whose two values are Observations of their own."""
    if not is_vital_sign(panel.code):
        return None
    if panel.status == "entered-in-error":
        return NotShown("entered_in_error")
    members = [about.find_own(one, "Observation", Observation, panel.subject) for one in panel.result]
    found = _pressure([member for member in members if member]) or Answer()
    author, organisation = about.wrote(*panel.results_interpreter, *panel.performer)
    comment = panel.conclusion.strip()
    return Projected(
        kind=Kind.MEASUREMENTS,
        patient=panel.subject,
        title=clipped(text_of(panel.code), TITLE) or _DEFAULT,
        at=panel.effective_date_time or began(panel.effective_period) or panel.issued,
        value=found.value,
        unit=found.unit,
        status=panel.status,
        note=note_of(comment),
        organisation=organisation,
        author=author,
        code=_PRESSURE if found.value else trend_code(panel.code),
        words=(comment, *displays_of(panel.code)),
        members=panel.result,
        detail=Measurement(comment=comment),
    )


PROJECTIONS: dict[str, Callable[[Any, About], Projected | NotShown | None]] = {
    "Observation": observation,
    "DiagnosticReport": report,
}


def _answer(measured: Observation) -> Answer:
    return _pressure(measured.component) or answer_of(measured)


def _pressure(parts: Iterable[Measured]) -> Answer | None:
    """120/80 mmHg of a blood pressure that has both values, in whole numbers as it is spoken of."""
    upper = lower = None
    for component in parts:
        if _is(component, _SYSTOLIC):
            upper = component.value_quantity
        elif _is(component, _DIASTOLIC):
            lower = component.value_quantity
    if upper is None or lower is None or upper.value is None or lower.value is None:
        return None
    return Answer(f"{_whole(upper.value)}/{_whole(lower.value)}", amount(upper)[1])


def _whole(value: Decimal) -> str:
    return str(round(value)) if abs(value) < _PLAUSIBLE else number(value)


def _is(component: Measured, codes: tuple[tuple[str, str], ...]) -> bool:
    return any(code_in(component.code, system) == code for system, code in codes)


def _judged(measured: Observation, value: str) -> str:
    said = interpretation_of(measured) if measured.interpretation else ""
    return "" if said == value else said


def _told(found: Answer, parts: tuple[Reading, ...]) -> str:
    """The first parts of a measurement that has neither value nor text of its own."""
    return "" if found.value or found.text else " · ".join(str(part) for part in parts[:3] if part.value)


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
