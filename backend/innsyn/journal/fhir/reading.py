"""Reading FHIR datatypes as a person would: the name, the text, the number, the time."""

import re
from collections.abc import Iterable
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from innsyn.journal.codes import normal_system, same_system
from innsyn.journal.fhir.datatypes import (
    Annotation,
    CodeableConcept,
    Coding,
    HumanName,
    Period,
    Quantity,
    Range,
)

# Times without an offset are the clock on a Norwegian wall.
OSLO = ZoneInfo("Europe/Oslo")
_YEAR, _MONTH, _DAY = 4, 7, 10
_DECIMALS = 6
_WHOLE = re.compile(r"\.0+$")
_SIZE = 15
_NAME = 300
_SEMANTIC_TAG = re.compile(
    r" \((?:finding|disorder|procedure|situation|regime/therapy|observable entity|morphologic abnormality|event"
    r"|qualifier value|substance|product|medicinal product|clinical drug|organism|body structure|cell structure"
    r"|person|occupation|physical object|specimen|assessment scale|record artifact|environment)\)$"
)
_PROPERTY = re.compile(
    r" \[(?:(?:Mass|Moles|#|Units|Enzymatic activity|Arbitrary units|Volume)/(?:volume|mass|time|area)"
    r"|(?:Mass|Molar|Volume) ?(?:[Rr]atio|[Ff]raction)|Entitic (?:volume|mass|mean volume)|Ratio|Presence|Type"
    r"|Score|Identifier|Volume Rate/Area|Interpretation|Finding|Time|Length)\]"
    r"| (?:panel )?with all children optional$"
)
_ABSENT_REASON = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
ABSENT = {
    "unknown": "Ukjent",
    "asked-unknown": "Spurt, men ukjent",
    "temp-unknown": "Foreløpig ukjent",
    "not-asked": "Ikke spurt om",
    "asked-declined": "Ville ikke svare",
    "masked": "Skjermet",
    "not-applicable": "Ikke aktuelt",
    "error": "Feil ved målingen",
    "not-performed": "Ikke utført",
    "not-permitted": "Ikke tillatt",
    "as-text": "",
}
_NO_UNIT = frozenset(
    {
        "",
        "1",
        "score",
        "count",
        "number",
        "nominal",
        "index",
        "ratio",
        "unitless",
        "no unit",
        "n/a",
        "ph",
        "bool",
    }
)
_UNITS = {
    "mm[Hg]": "mmHg",
    "mm Hg": "mmHg",
    "/min": "/min",
    "Cel": "°C",
    "kg/m2": "kg/m²",
    "g/cm2": "g/cm²",
    "10*3/uL": "10³/µL",
    "10*6/uL": "10⁶/µL",
    "10*9/L": "10⁹/L",
    "10*12/L": "10¹²/L",
    "umol/L": "µmol/L",
    "ug/L": "µg/L",
    "ug/mL": "µg/mL",
    "ug": "µg",
    "/uL": "/µL",
    "uL": "µL",
    "m[IU]/L": "mIU/L",
    "[IU]/L": "IU/L",
    "[IU]": "IU",
    "mL/min/{1.73_m2}": "mL/min/{1.73_m2}",  # has a decimal, which each language writes in its own way
    "[in_i]": "in",
    "[lb_av]": "lb",
}


def text_of(concept: CodeableConcept | None) -> str:
    """What a concept is called: its text, else the first display, else the first code.

    A text that is only the code says less than the display.
    """
    if concept is None:
        return ""
    text = concept.text
    for coding in concept.coding:
        if coding.display and (not text or text == coding.code):
            return tidy(coding.display)
    if text:
        return tidy(text)
    return next((_code_in_words(coding) for coding in concept.coding if coding.code), "")


def _code_in_words(coding: Coding) -> str:
    return ABSENT.get(coding.code, coding.code) if coding.system == _ABSENT_REASON else coding.code


def tidy(name: str) -> str:
    """A name on one line, without what only coders need.

    That is SNOMED CT's tag for the sort of concept, `Asthma (disorder)`, and LOINC's property, which the unit tells
    as well, `Sodium [Moles/volume] in Serum`.
    """
    return _tidied(name) if len(name) <= _NAME else " ".join(name.split())


# Names recur; the few long texts in the place of one would fill the memory.
@lru_cache(maxsize=20_000)
def _tidied(name: str) -> str:
    line = " ".join(name.split())
    return _PROPERTY.sub("", _SEMANTIC_TAG.sub("", line)) or line


def clipped(text: str, limit: int) -> str:
    """The text on one line, cut at a word where it is longer than `limit` characters."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    return line[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def texts_of(concepts: Iterable[CodeableConcept]) -> list[str]:
    """The names of several concepts, without the empty ones."""
    return [text for text in map(text_of, concepts) if text]


def displays_of(concept: CodeableConcept | None) -> tuple[str, ...]:
    """Every name that the codes of a concept have, to find it by."""
    return tuple(coding.display for coding in concept.coding if coding.display) if concept else ()


def code_in(concept: CodeableConcept | None, system: str) -> str:
    """The code of the concept in `system` (any of the system's aliases), or ''."""
    if concept is None:
        return ""
    return next((coding.code for coding in concept.coding if same_system(coding.system, system)), "")


def codes_of(concepts: Iterable[CodeableConcept]) -> set[str]:
    """All codes, whatever the system: for the required bindings of FHIR itself (category, status)."""
    return {coding.code for concept in concepts for coding in concept.coding}


def code_key(concept: CodeableConcept | None) -> str:
    """One key for `the same thing`: normalised system and code of the first coding, else the text."""
    if concept is None:
        return ""
    for coding in concept.coding:
        if coding.code:
            return f"{normal_system(coding.system)}|{coding.code}"
    return f"text|{concept.text.strip().lower()}" if concept.text else ""


def human_name(names: Iterable[HumanName]) -> str:
    """The name a person is called by: usual or official before old; text, else given and family name."""
    ranked = sorted(names, key=lambda name: name.use in {"old", "maiden", "temp"})
    for name in ranked:
        spoken = name.text or " ".join(part for part in (*name.prefix, *name.given, name.family) if part)
        if spoken:
            return spoken
    return ""


def given_name(names: Iterable[HumanName]) -> str:
    """The first given name of the name a person is called by, or ''."""
    ranked = sorted(names, key=lambda name: name.use in {"old", "maiden", "temp"})
    return next((given for name in ranked for given in name.given if given), "")


def number(value: Decimal | None) -> str:
    """The digits as the source wrote them, without exponent: 0.10 stays 0.10.

    More than six decimals come out of a computer and not of an instrument: rounded to four digits that count.
    """
    if value is None:
        return ""
    size = value.adjusted()
    if abs(size) > _SIZE:
        return str(value)  # 1E+999999 written out would fill the memory
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -_DECIMALS:
        return format(round(value, max(0, 3 - size)), "f").rstrip("0").rstrip(".")
    return format(value, "f")


def unit_of(unit: str, code: str) -> str:
    """The unit as people write it, '' for what is no unit ({score}, 1).

    The UCUM code goes before the word, so that the values of a trend have one unit.
    """
    return _unit(unit[:_NAME], code[:_NAME])


@lru_cache(maxsize=4_000)
def _unit(unit: str, code: str) -> str:
    known = _UNITS.get(code) or _UNITS.get(unit)
    if known is not None:
        return known
    said = " ".join((unit or code).split())
    if said.strip("{}()[]#").lower() in _NO_UNIT or said.isdigit():
        return ""
    return said.strip("{}").replace("_", " ") if said.startswith("{") and said.endswith("}") else said


def amount(quantity: Quantity | None) -> tuple[str, str]:
    """(value with comparator, unit) of a quantity."""
    if quantity is None:
        return "", ""
    value = number(quantity.value)
    return (quantity.comparator + value if value else ""), unit_of(quantity.unit, quantity.code)


def quantity_text(quantity: Quantity | None) -> str:
    """`2,5 mg` as a part of a sentence in bokmål, or '' without a value."""
    value, unit = amount(quantity)
    value = _WHOLE.sub("", value).replace(".", ",")
    return f"{value} {unit}".strip() if value else ""


def notes_text(notes: Iterable[Annotation]) -> str:
    """All annotations, one paragraph each."""
    return "\n\n".join(note.text.strip() for note in notes if note.text.strip())


def onset_text(age: Quantity | None, period: Period | None, span: Range | None, text: str) -> str:
    """When something began or ended, where that is no date: a period's start, the source's words, `46 år`."""
    if period is not None and period.start:
        return period.start
    if text:
        return clipped(text, 200)
    if age is not None:
        return _age(age)
    if span is not None:
        return "\N{EN DASH}".join(filter(None, (_age(span.low), _age(span.high))))
    return ""


def _age(age: Quantity | None) -> str:
    if age is None or age.value is None:
        return ""
    units = {"a": "år", "mo": "måneder", "wk": "uker", "d": "dager", "h": "timer"}
    return f"{age.comparator}{number(age.value)} {units.get(age.code, age.unit)}".strip()


def began(period: Period | None) -> str:
    """Start of a period as a FHIR dateTime, or ''."""
    return period.start if period else ""


def ended(period: Period | None) -> str:
    """End of a period as a FHIR dateTime, or ''."""
    return period.end if period else ""


@lru_cache(maxsize=20_000)
def instant(text: str) -> datetime | None:
    """The beginning of what a FHIR dateTime says, with an offset, or None where it says nothing that can be read.

    The first and the last year that Python knows say nothing: in another time zone they may not be there.
    """
    try:
        if len(text) == _YEAR:
            read = datetime(int(text), 1, 1, tzinfo=OSLO)
        elif len(text) == _MONTH:
            read = datetime(int(text[:4]), int(text[5:]), 1, tzinfo=OSLO)
        else:
            read = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not MINYEAR < read.year < MAXYEAR:
        return None
    return read.replace(tzinfo=OSLO) if len(text) <= _DAY or read.tzinfo is None else read.astimezone(UTC)
