"""Laboratory results: an Observation is one result, a DiagnosticReport (or an Observation with members) a panel."""

from innsyn.journal.fhir.measured import flag_of, range_of, value_of
from innsyn.journal.fhir.reading import began, code_key, codes_of, notes_text, text_of, texts_of
from innsyn.journal.fhir.resources import DiagnosticReport, Observation, ObservationComponent
from innsyn.journal.fhir.specimen import Specimen
from innsyn.records.kinds import Kind
from innsyn.records.lab_results.views import LabResult, Part
from innsyn.records.projected import About, Document, NotShown, Projected

_LABORATORY = frozenset({"laboratory", "LAB", "MB", "CH", "HM", "SP", "IMM", "GE", "CP", "CT", "TX", "PAT"})
_SAID_WRONGLY = frozenset({"entered-in-error", "cancelled"})


def observation(result: Observation, about: About) -> Projected | NotShown | None:
    """A laboratory Observation (http://hl7.org/fhir/R4/observation.html); other categories are not ours."""
    if not codes_of(result.category) & _LABORATORY:
        return None
    if result.status in _SAID_WRONGLY:
        return NotShown(result.status.replace("-", "_"))
    value, unit = value_of(result)
    low, high, reference = range_of(result)
    author, organisation = about.wrote(*result.performer)
    comment = notes_text(result.note)
    return Projected(
        kind=Kind.LAB_RESULTS,
        patient=result.subject,
        title=text_of(result.code),
        at=_taken(result),
        value=value or text_of(result.data_absent_reason),
        unit=unit,
        flag=flag_of(result),
        low=low,
        high=high,
        status=result.status,
        organisation=organisation,
        author=author,
        code=code_key(result.code),
        words=(comment, *_other_names(result)),
        members=result.has_member,
        detail=LabResult(
            comment=comment,
            method=text_of(result.method),
            specimen=_specimen(result, about),
            collected=_taken(result),
            issued=result.issued,
            code=" ".join(coding.code for coding in result.code.coding) if result.code else "",
            reference=reference,
            parts=tuple(map(_part, result.component)),
        ),
    )


def report(panel: DiagnosticReport, about: About) -> Projected | NotShown | None:
    """A laboratory DiagnosticReport as a panel of its results (http://hl7.org/fhir/R4/diagnosticreport.html)."""
    if not codes_of(panel.category) & _LABORATORY:
        return None
    if panel.status in _SAID_WRONGLY:
        return NotShown(panel.status.replace("-", "_"))
    author, organisation = about.wrote(*panel.results_interpreter, *panel.performer)
    conclusion = panel.conclusion or "\n".join(texts_of(panel.conclusion_code))
    return Projected(
        kind=Kind.LAB_RESULTS,
        patient=panel.subject,
        title=text_of(panel.code),
        at=panel.effective_date_time or began(panel.effective_period) or panel.issued,
        status=panel.status,
        note=conclusion,
        organisation=organisation,
        author=author,
        words=(conclusion,),
        members=panel.result,
        documents=tuple(
            Document(form.title, form.content_type, form.data) for form in panel.presented_form
        ),
        detail=LabResult(
            conclusion=conclusion,
            collected=panel.effective_date_time or began(panel.effective_period),
            issued=panel.issued,
        ),
    )


def _taken(result: Observation) -> str:
    return (
        result.effective_date_time
        or began(result.effective_period)
        or result.effective_instant
        or result.issued
    )


def _other_names(result: Observation) -> list[str]:
    return [coding.display for coding in result.code.coding if coding.display] if result.code else []


def _specimen(result: Observation, about: About) -> str:
    if (specimen := about.find(result.specimen, "Specimen", Specimen)) is not None:
        return text_of(specimen.type)
    return result.specimen.display if result.specimen else ""


def _part(component: ObservationComponent) -> Part:
    value, unit = value_of(component)
    low, high, _ = range_of(component)
    return Part(
        title=text_of(component.code), value=value, unit=unit, flag=flag_of(component), low=low, high=high
    )
