"""Imaging: a report of radiology, the examination itself, and findings that are measured in the pictures."""

from collections.abc import Callable, Iterable
from typing import Any

from innsyn.journal.codes import NCRP, same_system
from innsyn.journal.fhir.datatypes import CodeableConcept, Coding, Reference
from innsyn.journal.fhir.measured import answer_of, flag_of, range_of, taken, trend_code
from innsyn.journal.fhir.reading import began, clipped, codes_of, ended, notes_text, text_of, texts_of, tidy
from innsyn.journal.fhir.resources import DiagnosticReport, ImagingStudy, Observation
from innsyn.records.attached import attached
from innsyn.records.imaging.views import Imaging
from innsyn.records.kinds import Kind
from innsyn.records.projected import TITLE, About, NotShown, Projected, note_of

# http://terminology.hl7.org/CodeSystem/v2-0074, observation-category, LOINC's and SNOMED CT's words for the same,
# and the document type of Volven 9602.
_IMAGING = frozenset(
    "imaging RAD IMG CT CUS MR NMR NMS OUS RUS RX VUS XRC LP29684-5 18748-4 18726-0 363679005 394914008 E00-1".split()
)
# DICOM's acquisition modalities (PS3.16, CID 29), in words where they are more than letters.
_MODALITIES = {
    "CT": "CT",
    "MR": "MR",
    "US": "Ultralyd",
    "IVUS": "Ultralyd",
    "CR": "Røntgen",
    "DX": "Røntgen",
    "RG": "Røntgen",
    "MG": "Mammografi",
    "BMD": "Beintetthetsmåling",
    "NM": "Nukleærmedisin",
    "PT": "PET",
    "XA": "Angiografi",
    "RF": "Gjennomlysning",
    "ES": "Endoskopi",
    "OP": "Øyefotografi",
    "OPT": "Øyefotografi (OCT)",
    "XC": "Fotografi",
    "IO": "Tannrøntgen",
    "PX": "Tannrøntgen",
    "ECG": "EKG",
}
_DEFAULT = "Bildeundersøkelse"


def report(read: DiagnosticReport, about: About) -> Projected | NotShown | None:
    """A DiagnosticReport from imaging (http://hl7.org/fhir/R4/diagnosticreport.html).

    The studies it is about are its members, so that one examination is one line of the timeline.
    """
    if not _is_imaging(read):
        return None
    if read.status == "entered-in-error":
        return NotShown("entered_in_error")
    author, organisation = about.wrote(*read.results_interpreter, *read.performer)
    title = clipped(text_of(read.code), TITLE) or _DEFAULT
    text, documents = attached(read.presented_form, title)
    conclusion = read.conclusion.strip() or "\n".join(texts_of(read.conclusion_code))
    studies = [study for one in read.imaging_study if (study := _study(one, read.subject, about))]
    return Projected(
        kind=Kind.IMAGING,
        patient=read.subject,
        title=title,
        at=read.effective_date_time
        or began(read.effective_period)
        or ended(read.effective_period)
        or read.issued,
        status=read.status,
        note=note_of(conclusion or text),
        organisation=organisation,
        author=author,
        words=(conclusion, text),
        members=(*read.result, *read.imaging_study),
        documents=documents,
        detail=Imaging(
            conclusion=conclusion,
            text=text,
            procedure=_joined(study.procedure_code for study in studies),
            body_site=", ".join(dict.fromkeys(_body_site(study) for study in studies if _body_site(study))),
            modality=", ".join(dict.fromkeys(_modality(study) for study in studies if _modality(study))),
            requester=about.requested_by(read.based_on, read.subject),
            issued=read.issued,
            images=sum(study.number_of_instances or 0 for study in studies),
        ),
    )


def study(taken_: ImagingStudy, about: About) -> Projected | NotShown | None:
    """An ImagingStudy: that pictures were taken, and of what (http://hl7.org/fhir/R4/imagingstudy.html)."""
    if taken_.status in {"entered-in-error", "cancelled"}:
        return NotShown(taken_.status.replace("-", "_"))
    author, organisation = about.wrote(*taken_.interpreter, taken_.location)
    modality, body_site = _modality(taken_), _body_site(taken_)
    procedure = _joined([taken_.procedure_code])
    named = " ".join(filter(None, (modality, body_site.lower())))
    title = clipped(taken_.description or procedure or named, TITLE) or _DEFAULT
    comment = notes_text(taken_.note)
    return Projected(
        kind=Kind.IMAGING,
        patient=taken_.subject,
        title=title,
        at=taken_.started,
        status=taken_.status,
        note=note_of(*(said for said in (modality, body_site) if said.lower() not in title.lower())),
        organisation=organisation,
        author=author,
        words=(procedure, comment),
        detail=Imaging(
            text=comment,
            procedure=procedure,
            body_site=body_site,
            modality=modality,
            requester=about.practitioner(taken_.referrer),
            reason=", ".join(texts_of(taken_.reason_code)),
            images=taken_.number_of_instances or 0,
        ),
    )


def finding(seen: Observation, about: About) -> Projected | NotShown | None:
    """An Observation made in the pictures."""
    if not codes_of(seen.category) & _IMAGING:
        return None
    if seen.status == "entered-in-error":
        return NotShown("entered_in_error")
    author, organisation = about.wrote(*seen.performer)
    found = answer_of(seen)
    low, high, _ = range_of(seen)
    comment = notes_text(seen.note)
    return Projected(
        kind=Kind.IMAGING,
        patient=seen.subject,
        title=clipped(text_of(seen.code), TITLE) or _DEFAULT,
        at=taken(seen),
        value=found.value,
        unit=found.unit,
        flag=flag_of(seen),
        low=low,
        high=high,
        status=seen.status,
        note=note_of(found.text or comment),
        organisation=organisation,
        author=author,
        code=trend_code(seen.code),
        words=(found.text, comment),
        members=seen.has_member,
        detail=Imaging(
            conclusion=found.text, text=comment, body_site=text_of(seen.body_site), issued=seen.issued
        ),
    )


PROJECTIONS: dict[str, Callable[[Any, About], Projected | NotShown | None]] = {
    "DiagnosticReport": report,
    "ImagingStudy": study,
    "Observation": finding,
}


def _is_imaging(read: DiagnosticReport) -> bool:
    if codes_of(read.category) & _IMAGING or read.imaging_study:
        return True
    codings = read.code.coding if read.code else ()
    return any(coding.code in _IMAGING or same_system(coding.system, NCRP) for coding in codings)


def _study(reference: Reference, patient: Reference | None, about: About) -> ImagingStudy | None:
    return about.find_own(reference, "ImagingStudy", ImagingStudy, patient)


def _joined(concepts: Iterable[tuple[CodeableConcept, ...]]) -> str:
    return ", ".join(dict.fromkeys(text for group in concepts for text in texts_of(group)))


def _modality(study_: ImagingStudy) -> str:
    codings = study_.modality or tuple(series.modality for series in study_.series if series.modality)
    return ", ".join(dict.fromkeys(filter(None, map(_modality_name, codings))))


def _modality_name(coding: Coding) -> str:
    return _MODALITIES.get(coding.code) or tidy(coding.display) or coding.code


def _body_site(study_: ImagingStudy) -> str:
    sites = (series.body_site for series in study_.series if series.body_site)
    return ", ".join(dict.fromkeys(tidy(site.display) for site in sites if site.display))
