"""How much, how often, and when: the prescriber's own sentence, else one made of the structured dosage.

The sentence is in bokmål, the language of the journal, like the sentences that the prescriber writes.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from innsyn.journal.fhir.datatypes import Dosage, DoseAndRate, Range, Timing, TimingRepeat
from innsyn.journal.fhir.reading import amount, number, quantity_text, text_of, texts_of, tidy
from innsyn.records.medications.drug import strength_text

# "500mg", "2 tabletter": a dose alone, where the rest of the sentence stands in the structure.
_DOSE_ALONE = re.compile(r"[\d.,/]+\s?[^\W\d]*")
_UNITS = {  # after "hver", one and several; and after "ganger"
    "s": ("sekund", "sekund", "i sekundet"),
    "min": ("minutt", "minutt", "i minuttet"),
    "h": ("time", "time", "i timen"),
    "d": ("dag", "dag", "daglig"),
    "wk": ("uke", "uke", "i uken"),
    "mo": ("måned", "måned", "i måneden"),
    "a": ("år", "år", "i året"),
}
_DURATIONS = {
    "s": "sekunder",
    "min": "minutter",
    "h": "timer",
    "d": "dager",
    "wk": "uker",
    "mo": "måneder",
    "a": "år",
}
# http://hl7.org/fhir/R4/valueset-event-timing.html
_WHEN = {
    "MORN": "om morgenen",
    "MORN.early": "tidlig om morgenen",
    "MORN.late": "sent på formiddagen",
    "NOON": "midt på dagen",
    "AFT": "om ettermiddagen",
    "AFT.early": "tidlig på ettermiddagen",
    "AFT.late": "sent på ettermiddagen",
    "EVE": "om kvelden",
    "EVE.early": "tidlig på kvelden",
    "EVE.late": "sent på kvelden",
    "NIGHT": "om natten",
    "PHS": "etter leggetid",
    "HS": "ved leggetid",
    "WAKE": "når du våkner",
    "C": "til måltid",
    "CM": "til frokost",
    "CD": "til lunsj",
    "CV": "til middag",
    "AC": "før måltid",
    "ACM": "før frokost",
    "ACD": "før lunsj",
    "ACV": "før middag",
    "PC": "etter måltid",
    "PCM": "etter frokost",
    "PCD": "etter lunsj",
    "PCV": "etter middag",
}
# http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation
_TIMINGS = {
    "QD": "1 gang daglig",
    "BID": "2 ganger daglig",
    "TID": "3 ganger daglig",
    "QID": "4 ganger daglig",
    "QOD": "annenhver dag",
    "AM": "om morgenen",
    "PM": "om ettermiddagen",
    "BED": "ved leggetid",
    "WK": "1 gang i uken",
    "MO": "1 gang i måneden",
    "Q1H": "hver time",
    "Q2H": "hver 2. time",
    "Q3H": "hver 3. time",
    "Q4H": "hver 4. time",
    "Q6H": "hver 6. time",
    "Q8H": "hver 8. time",
}
_DAYS = {
    "mon": "mandag",
    "tue": "tirsdag",
    "wed": "onsdag",
    "thu": "torsdag",
    "fri": "fredag",
    "sat": "lørdag",
    "sun": "søndag",
}


def sentence(dosages: Iterable[Dosage]) -> str:
    """All dosages of a prescription as one sentence, '' when nothing is said."""
    said = dict.fromkeys(filter(None, map(_one, dosages)))
    whole = "; ".join(said)
    return whole[:1].upper() + whole[1:]


def _one(dosage: Dosage) -> str:
    text = tidy(dosage.text)
    if text and not _DOSE_ALONE.fullmatch(text):
        return _with(text, dosage.patient_instruction)
    dose = text or next(filter(None, map(_dose, dosage.dose_and_rate)), "")
    often, *qualified = _often(dosage.timing)
    most = strength_text(dosage.max_dose_per_period)
    told = (
        *_dose_and_frequency(dose, often),
        *qualified,
        _as_needed(dosage),
        *(text.rstrip(".") for text in texts_of(dosage.additional_instruction)),
        f"høyst {most}" if most else "",
    )
    return _with(", ".join(filter(None, told)), dosage.patient_instruction)


def _dose_and_frequency(dose: str, often: str) -> tuple[str, ...]:
    if dose and dose[-1].isdigit():  # one of what, the source does not say
        return f"{dose} om gangen", often
    return (f"{dose} {often}".strip(),)


def _with(text: str, instruction: str) -> str:
    text, instruction = text.strip(" ,"), " ".join(instruction.split())
    if not instruction or instruction.casefold() in text.casefold():
        return text
    return f"{text.rstrip('.')}. {instruction}" if text else instruction


def _dose(one: DoseAndRate) -> str:
    dose = quantity_text(one.dose_quantity) or _range_text(one.dose_range)
    rate = quantity_text(one.rate_quantity) or _range_text(one.rate_range) or strength_text(one.rate_ratio)
    return ", ".join(filter(None, (dose, rate)))


def _range_text(given: Range | None) -> str:
    if given is None:
        return ""
    low, unit = amount(given.low)
    high, other = amount(given.high)
    span = "\N{EN DASH}".join(filter(None, (low, high)))
    return f"{span} {other or unit}".replace(".", ",").strip()


def _often(timing: Timing | None) -> list[str]:
    """The frequency first, then what qualifies it; at least one element."""
    if timing is None:
        return [""]
    repeat = timing.repeat
    if repeat is None:
        return [_named(timing)]
    when = " og ".join(_WHEN[code] for code in repeat.when if code in _WHEN)
    clock = " og ".join(f"kl. {time[:5].replace(':', '.')}" for time in repeat.time_of_day)
    days = " og ".join(_DAYS[day] for day in repeat.day_of_week if day in _DAYS)
    told = [
        _frequency(repeat) or _named(timing),
        when,
        f"hver {days}" if days else "",
        clock,
        _duration(repeat),
    ]
    return list(filter(None, told)) or [""]


def _named(timing: Timing) -> str:
    codes = [coding.code for coding in timing.code.coding] if timing.code else []
    return next((_TIMINGS[code] for code in codes if code in _TIMINGS), "") or text_of(timing.code)


def _frequency(repeat: TimingRepeat) -> str:
    if repeat.period_unit not in _UNITS or repeat.period is None:
        return ""
    one, several, each = _UNITS[repeat.period_unit]
    times = _times(repeat)
    if repeat.period == 1 and repeat.period_max is None:
        return f"{times} {each}"
    period = number(repeat.period) + (f"\N{EN DASH}{number(repeat.period_max)}" if repeat.period_max else "")
    if times == "1 gang":
        return (
            f"annenhver {one}" if period == "2" and repeat.period_unit != "h" else f"hver {period}. {several}"
        )
    return f"{times} per {period} {_DURATIONS[repeat.period_unit]}"


def _times(repeat: TimingRepeat) -> str:
    count = repeat.frequency or 1
    if repeat.frequency_max and repeat.frequency_max != count:
        return f"{count}\N{EN DASH}{repeat.frequency_max} ganger"
    return "1 gang" if count == 1 else f"{count} ganger"


def _duration(repeat: TimingRepeat) -> str:
    bounds = repeat.bounds_duration
    if bounds is None or bounds.value is None:
        return ""
    unit = bounds.code or bounds.unit
    if bounds.value == Decimal(1):
        return f"i 1 {_UNITS[unit][0]}" if unit in _UNITS else f"i {quantity_text(bounds)}"
    return f"i {number(bounds.value)} {_DURATIONS.get(unit, bounds.unit)}"


def _as_needed(dosage: Dosage) -> str:
    reason = text_of(dosage.as_needed_codeable_concept)
    if reason:
        return f"ved behov ({reason})"
    return "ved behov" if dosage.as_needed_boolean else ""
