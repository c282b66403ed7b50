"""Laboratory results: single, in panels (by DiagnosticReport and by hasMember), and the tree of a culture."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from standins.journal.demo.chart import Chart, Written
from standins.journal.demo.codes import (
    ANALYSES,
    DEVIATION,
    HL7,
    NLK,
    SNOMED,
    UCUM,
    Analysis,
    coding,
    concept,
    volven,
)
from standins.journal.taken import Resource

_NUMBER = re.compile(r"([<>]=?)?(-?\d+(?:\.\d+)?)")
_INTERPRETATION = HL7 + "v3-ObservationInterpretation"
_LAB = [concept("Laboratorieprøve", coding(HL7 + "observation-category", "laboratory", "Laboratory"))]
_CODED = {
    "Ikke påvist": coding(SNOMED, "260415000", "Not detected"),
    "Påvist": coding(SNOMED, "260373001", "Detected"),
    "Negativ": coding(SNOMED, "260385009", "Negative"),
    "Positiv": coding(SNOMED, "10828004", "Positive"),
    "Escherichia coli": coding(SNOMED, "112283007", "Escherichia coli"),
}
_WORDS = {
    "H": "Over referanseområdet",
    "L": "Under referanseområdet",
    "HH": "Kritisk høy",
    "LL": "Kritisk lav",
    "A": "Avvikende",
    "S": "Følsom",
    "I": "Følsom ved økt dosering",
    "R": "Resistent",
}


@dataclass(frozen=True)
class Remark:
    """What sets one result apart: another status, a flag of its own, a comment, a release date."""

    status: str = "final"
    flag: str = ""
    comment: str = ""
    opens: str = ""


PLAIN = Remark()


def lab_result(
    chart: Chart, note: Written, key: str, analysis: str, value: str, remark: Remark = PLAIN
) -> None:
    """One result: a value like `58`, `7.0` or `<5` is a quantity, a known finding coded, the rest text."""
    chart.take(note, "Observation", key, _observation(chart, note, analysis, value, remark))


def lab_panel(
    chart: Chart, note: Written, key: str, title: str, values: Mapping[str, str],
    remarks: Mapping[str, Remark] | None = None, conclusion: str = "",
) -> None:  # fmt: skip
    """A DiagnosticReport with one result per analysis, whose id is the panel's key and the analysis."""
    for analysis, value in values.items():
        lab_result(chart, note, f"{key}-{analysis}", analysis, value, (remarks or {}).get(analysis, PLAIN))
    report: Resource = {
        "status": "final",
        "category": [concept("Medisinsk biokjemi", coding(HL7 + "v2-0074", "LAB", "Laboratory"))],
        "code": concept(title),
        "subject": chart.subject,
        "effectiveDateTime": note.when,
        "issued": note.recorded.isoformat(timespec="seconds"),
        "performer": [note.by],
        "result": [chart.reference("Observation", f"{key}-{analysis}") for analysis in values],
    }
    chart.take(note, "DiagnosticReport", key, report | ({"conclusion": conclusion} if conclusion else {}))


def lab_group(chart: Chart, note: Written, key: str, title: str, values: Mapping[str, str]) -> None:
    """A group of results held together by an Observation with `hasMember`."""
    for analysis, value in values.items():
        lab_result(chart, note, f"{key}-{analysis}", analysis, value)
    members = [f"{key}-{analysis}" for analysis in values]
    chart.take(note, "Observation", key, _group(chart, note, concept(title), members))


def culture(
    chart: Chart,
    note: Written,
    key: str,
    sample: str,
    microbe: str,
    amount: str,
    sensitivity: Mapping[str, str],
) -> None:
    """A microbiology tree: culture, the microbe as its member, and the microbe's sensitivities."""
    members = []
    for number, (antibiotic, answer) in enumerate(sensitivity.items(), 1):
        finding = {"valueCodeableConcept": concept(_WORDS[answer], coding(_INTERPRETATION, answer))}
        child = _basis(chart, note, concept(antibiotic)) | finding
        child["interpretation"] = [concept(_WORDS[answer], coding(_INTERPRETATION, answer))]
        chart.take(note, "Observation", f"{key}-resistens-{number}", child)
        members.append(f"{key}-resistens-{number}")
    found = _group(chart, note, concept("Funn ved dyrkning"), members)
    found |= {"valueCodeableConcept": concept(microbe, _CODED[microbe]), "note": [{"text": amount}]}
    chart.take(note, "Observation", f"{key}-funn", found)
    top = _group(
        chart,
        note,
        concept(sample, volven(NLK, note.source, "NPU18022", "U-Bakteriologisk dyrkning")),
        [f"{key}-funn"],
    )
    top |= {"valueString": f"Vekst av {microbe}. {amount}"}
    top["interpretation"] = [concept("Avvikende", coding(_INTERPRETATION, "A"))]
    chart.take(note, "Observation", key, top)


def _group(chart: Chart, note: Written, code: Resource, members: list[str]) -> Resource:
    return _basis(chart, note, code) | {
        "hasMember": [chart.reference("Observation", member) for member in members]
    }


def _basis(chart: Chart, note: Written, code: Resource) -> Resource:
    return {
        "status": "final",
        "category": _LAB,
        "code": code,
        "subject": chart.subject,
        "effectiveDateTime": note.when,
        "issued": note.recorded.isoformat(timespec="seconds"),
        "performer": [note.by],
    }


def _observation(chart: Chart, note: Written, key: str, value: str, remark: Remark) -> Resource:
    analysis = ANALYSES[key]
    code = concept(analysis.name, volven(NLK, note.source, analysis.code, analysis.name))
    resource = _basis(chart, note, code) | {"status": remark.status} | _value(analysis, value)
    limits = analysis.women if chart.person.sex == "female" else analysis.men
    if remark.opens:
        resource["extension"] = [{"url": "urn:innsyn:release-at", "valueDateTime": remark.opens}]
    if flag := remark.flag or _flag(value, limits):
        resource["interpretation"] = [_interpretation(note.source, flag)]
    if any(limits):
        resource["referenceRange"] = [_reference_range(analysis, limits)]
    if remark.comment:
        resource["note"] = [{"text": remark.comment}]
    return resource


def _value(analysis: Analysis, value: str) -> Resource:
    if number := _NUMBER.fullmatch(value):
        comparator = {"comparator": number[1]} if number[1] else {}
        return {"valueQuantity": {"value": Decimal(number[2])} | comparator | _unit(analysis)}
    if value in _CODED:
        return {"valueCodeableConcept": concept(value, _CODED[value])}
    return {"valueString": value} if value else {}


def _unit(analysis: Analysis) -> Resource:
    printed = {"unit": analysis.unit} if analysis.unit else {}
    return printed | {"system": UCUM, "code": analysis.ucum}


def _flag(value: str, limits: tuple[str, str]) -> str:
    number = _NUMBER.fullmatch(value)
    if not number or not any(limits):
        return ""
    low, high = limits
    if low and Decimal(number[2]) < Decimal(low):
        return "L"
    return "H" if high and Decimal(number[2]) > Decimal(high) else ""


def _interpretation(source: str, flag: str) -> Resource:
    # The regional laboratory marks deviations with the national codes (1 above, 2 below), others as HL7 does.
    national = {"H": "1", "L": "2"}.get(flag, "")
    if source == "lab-midt" and national:
        return concept("", volven(DEVIATION, source, national, _WORDS[flag]))
    return concept(_WORDS[flag], coding(_INTERPRETATION, flag))


def _reference_range(analysis: Analysis, limits: tuple[str, str]) -> Resource:
    ends = zip(("low", "high"), limits, strict=True)
    return {end: {"value": Decimal(limit)} | _unit(analysis) for end, limit in ends if limit}
