"""Laboratory results: an Observation is one result, a DiagnosticReport (or an Observation with members) a panel."""

from collections.abc import Callable
from typing import Any

from innsyn.journal.codes import NCRP, NLK, NORPAT, same_system
from innsyn.journal.fhir.datatypes import CodeableConcept, Reference
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
    began,
    clipped,
    codes_of,
    displays_of,
    ended,
    notes_text,
    text_of,
    texts_of,
)
from innsyn.journal.fhir.resources import DiagnosticReport, Observation
from innsyn.journal.fhir.specimen import Specimen
from innsyn.records.attached import attached
from innsyn.records.kinds import Kind
from innsyn.records.lab_results.views import LabResult
from innsyn.records.projected import TITLE, About, NotShown, Projected, note_of

# http://terminology.hl7.org/CodeSystem/v2-0074 (its CT is not one: that is a CAT scan),
_SECTIONS = "LAB BG BLB CG CH CP GE HM IMM MB MCB MYC OSL PAR PAT SP SR TX URN VR"
# observation-category, LOINC's and SNOMED CT's words for the same, and the document types of Volven 9602.
_CATEGORIES = "laboratory LP29693-6 LP7839-6 26436-6 11502-2 11526-1 15220000 C00-1 C01-2 C03-2 C04-2 C06-2"
_LABORATORY = frozenset(f"{_SECTIONS} {_CATEGORIES}".split())
# Codes that stand where a category should, and say that there is none.
_NO_CATEGORY = frozenset({"", "masked", "unknown"})
# Where the source gives it no name at all.
_DEFAULT = "Prøvesvar"


def observation(result: Observation, about: About) -> Projected | NotShown | None:
    """A laboratory Observation (http://hl7.org/fhir/R4/observation.html); other categories are not ours.

    A cancelled one is shown: that a sample could not be analysed, and why, is an answer too.
    """
    if not _is_laboratory(result):
        return None
    if result.status == "entered-in-error":
        return NotShown("entered_in_error")
    if says_nothing(result):
        return NotShown("no_value")
    found = answer_of(result)
    low, high, _ = range_of(result)
    author, organisation = about.wrote(*result.performer)
    detail = _detail(result, found, about)
    return Projected(
        kind=Kind.LAB_RESULTS,
        patient=result.subject,
        title=clipped(text_of(result.code), TITLE) or _DEFAULT,
        at=detail.collected,
        value=found.value,
        unit=found.unit,
        flag=flag_of(result),
        low=low,
        high=high,
        status=result.status,
        note=note_of(
            found.text, _judged(result, found.value), _told(found.value, detail.parts), detail.comment
        ),
        organisation=organisation,
        author=author,
        code=trend_code(result.code),
        words=(detail.comment, found.text, *displays_of(result.code)),
        members=result.has_member,
        detail=detail,
    )


def _detail(result: Observation, found: Answer, about: About) -> LabResult:
    low, high, reference = range_of(result)
    return LabResult(
        comment=notes_text(result.note),
        conclusion=found.text,
        method=text_of(result.method),
        specimen=_specimen(result.specimen, result.subject, about),
        collected=taken(result),
        issued=result.issued,
        requester=about.requested_by(result.based_on, result.subject),
        code=_codes(result.code),
        reference="" if low or high else reference,
        parts=tuple(map(reading_of, result.component)),
    )


def report(panel: DiagnosticReport, about: About) -> Projected | NotShown | None:
    """A laboratory DiagnosticReport as a panel of its results (http://hl7.org/fhir/R4/diagnosticreport.html).

    Without a category, one that has results is a panel of them. One of another category than laboratory or imaging
    (cardiology, a LOINC type of document) is a note to read, and not ours, unless it holds results and nothing to read.
    """
    if not _is_panel(panel):
        return None
    if panel.status == "entered-in-error":
        return NotShown("entered_in_error")
    author, organisation = about.wrote(*panel.results_interpreter, *panel.performer)
    conclusion = panel.conclusion.strip() or "\n".join(texts_of(panel.conclusion_code))
    at = panel.effective_date_time or began(panel.effective_period) or ended(panel.effective_period)
    title = clipped(text_of(panel.code), TITLE) or _DEFAULT
    text, documents = attached(panel.presented_form, title)
    return Projected(
        kind=Kind.LAB_RESULTS,
        patient=panel.subject,
        title=title,
        at=at or panel.issued,
        status=panel.status,
        note=note_of(conclusion or text),
        organisation=organisation,
        author=author,
        words=(conclusion, text, *displays_of(panel.code)),
        members=panel.result,
        documents=documents,
        detail=LabResult(
            comment=text,
            conclusion=conclusion,
            specimen=", ".join(
                dict.fromkeys(filter(None, (_specimen(one, panel.subject, about) for one in panel.specimen)))
            ),
            collected=at,
            issued=panel.issued,
            requester=about.requested_by(panel.based_on, panel.subject),
            code=_codes(panel.code),
        ),
    )


PROJECTIONS: dict[str, Callable[[Any, About], Projected | NotShown | None]] = {
    "Observation": observation,
    "DiagnosticReport": report,
}


def _is_laboratory(result: Observation) -> bool:
    categories = codes_of(result.category)
    if categories & _LABORATORY:
        return not is_vital_sign(result.code)
    return not categories - _NO_CATEGORY and (result.specimen is not None or _is_analysis(result.code))


def _is_panel(panel: DiagnosticReport) -> bool:
    categories = codes_of(panel.category)
    if is_vital_sign(panel.code):
        return False
    if categories & _LABORATORY or _is_analysis(panel.code):
        return True
    if panel.imaging_study or _is_of(panel.code, NCRP):
        return False
    if not categories - _NO_CATEGORY:
        return bool(panel.result) or bool(panel.code and codes_of((panel.code,)) & _LABORATORY)
    return bool(panel.result) and not (panel.conclusion or panel.presented_form)


def _is_analysis(code: CodeableConcept | None) -> bool:
    """Norwegian laboratory and pathology codes say so by themselves."""
    return _is_of(code, NLK) or _is_of(code, NORPAT)


def _is_of(code: CodeableConcept | None, system: str) -> bool:
    return code is not None and any(same_system(coding.system, system) for coding in code.coding)


def _judged(result: Observation, value: str) -> str:
    said = interpretation_of(result) if result.interpretation else ""
    return "" if said == value else said


def _told(value: str, parts: tuple[Reading, ...]) -> str:
    """The first parts of a result that has no value of its own."""
    return "" if value else " · ".join(map(str, parts[:3]))


def _codes(concept: CodeableConcept | None) -> str:
    if concept is None:
        return ""
    title = text_of(concept)
    said = [
        f"{coding.display} ({coding.code})" if coding.display not in ("", title) else coding.code
        for coding in concept.coding
        if coding.code
    ]
    return ", ".join(dict.fromkeys(said))


def _specimen(reference: Reference | None, patient: Reference | None, about: About) -> str:
    if reference is None:
        return ""
    specimen = about.find_own(reference, "Specimen", Specimen, patient)
    return text_of(specimen.type) if specimen and specimen.type else reference.display
