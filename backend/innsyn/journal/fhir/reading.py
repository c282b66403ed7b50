"""Reading FHIR datatypes as a person would: the name, the text, the number, the time."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from innsyn.journal.codes import normal_system, same_system
from innsyn.journal.fhir.datatypes import Annotation, CodeableConcept, Coding, HumanName, Period, Quantity

# Times without an offset are the clock on a Norwegian wall.
OSLO = ZoneInfo("Europe/Oslo")
_YEAR, _MONTH, _DAY = 4, 7, 10


def text_of(concept: CodeableConcept | None) -> str:
    """What a concept is called: its text, else the first display, else the first code."""
    if concept is None:
        return ""
    if concept.text:
        return concept.text
    for coding in concept.coding:
        if coding.display:
            return coding.display
    return concept.coding[0].code if concept.coding else ""


def texts_of(concepts: Iterable[CodeableConcept]) -> list[str]:
    """The names of several concepts, without the empty ones."""
    return [text for text in map(text_of, concepts) if text]


def code_in(concept: CodeableConcept | None, system: str) -> str:
    """The code of the concept in `system` (any of the system's aliases), or ''."""
    if concept is None:
        return ""
    return next((coding.code for coding in concept.coding if same_system(coding.system, system)), "")


def codes_of(concepts: Iterable[CodeableConcept]) -> set[str]:
    """All codes, whatever the system: for the required bindings of FHIR itself (category, status)."""
    return {coding.code for concept in concepts for coding in concept.coding}


def code_key(concept: CodeableConcept | None) -> str:
    """One key for `the same thing measured`: normalised system and code of the first coding, else the text."""
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
    """The digits as the source wrote them, without exponent: 0.10 stays 0.10."""
    return "" if value is None else format(value, "f")


def amount(quantity: Quantity | None) -> tuple[str, str]:
    """(value with comparator, unit) of a quantity."""
    if quantity is None:
        return "", ""
    return quantity.comparator + number(quantity.value), quantity.unit or quantity.code


def quantity_text(quantity: Quantity | None) -> str:
    """`5 mg`, or '' without a value."""
    value, unit = amount(quantity)
    return f"{value} {unit}".strip() if value else ""


def notes_text(notes: Iterable[Annotation]) -> str:
    """All annotations, one paragraph each."""
    return "\n\n".join(note.text.strip() for note in notes if note.text.strip())


def began(period: Period | None) -> str:
    """Start of a period as a FHIR dateTime, or ''."""
    return period.start if period else ""


def ended(period: Period | None) -> str:
    """End of a period as a FHIR dateTime, or ''."""
    return period.end if period else ""


@lru_cache(maxsize=20_000)
def instant(text: str) -> datetime | None:
    """The beginning of what a FHIR dateTime says, with an offset, or None where it says nothing that can be read."""
    try:
        if len(text) == _YEAR:
            return datetime(int(text), 1, 1, tzinfo=OSLO)
        if len(text) == _MONTH:
            return datetime(int(text[:4]), int(text[5:]), 1, tzinfo=OSLO)
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) <= _DAY or read.tzinfo is None:
        return read.replace(tzinfo=OSLO)
    try:
        return read.astimezone(UTC)
    except OverflowError:
        return None
