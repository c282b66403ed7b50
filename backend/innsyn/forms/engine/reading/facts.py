"""What an item's extensions say about its answers: limits, units, files, slider, table."""

from decimal import Decimal
from typing import Any, Final

from innsyn.forms.engine.model import Type
from innsyn.forms.engine.reading import limits
from innsyn.forms.engine.reading.context import Reading
from innsyn.forms.engine.reading.options import at_hand
from innsyn.forms.engine.reading.regexes import regex_of
from innsyn.forms.engine.reading.said import (
    CORE,
    EHELSE,
    QUESTIONNAIRE,
    SDC,
    code_of,
    codes_in,
    count_of,
    every,
    expression_of,
    number_of,
    one,
    text_of,
)
from innsyn.forms.engine.reading.source import Extension, Primitive, SourceItem
from innsyn.forms.engine.reading.tree import controls
from innsyn.forms.engine.reading.values import is_number, is_well_formed
from innsyn.forms.engine.texts import plain_text
from innsyn.forms.engine.values import Coding

_SYSTEM: Final = "http://helsenorge.no/fhir/CodeSystem/"
_SHOWN_IN: Final = {"2": "pdf", "3": "form"}
_SCORES: Final = {"QS": "question", "SS": "section", "TS": "total"}
# maxSize says no unit: 5 is megabytes and 5000000 is not.
_MEGABYTE, _MOST_MEGABYTES = 1_000_000, 1_000
_NUMBERS: Final = frozenset({Type.INTEGER, Type.DECIMAL, Type.QUANTITY})
_TIMES: Final = {Type.DATE: "date", Type.DATE_TIME: "date_time", Type.TIME: "time"}


def facts_of(item: SourceItem, kind: Type, reading: Reading) -> dict[str, Any]:
    """Fields of Item by their names."""
    occurs = _occurs(item, reading)
    least, most = _limit("min", item, kind, reading), _limit("max", item, kind, reading)
    _must_leave_room(least[0], most[0], item.link_id, reading)
    entry_format = plain_text(text_of(one(item.extension, f"{CORE}entryFormat")))
    return {
        "min_occurs": occurs[0] or 0,
        "max_occurs": occurs[1],
        **_lengths(item, reading),
        "regex": regex_of(item, reading),
        "message": plain_text(text_of(one(item.extension, f"{EHELSE}validationtext"))),
        "min_value": least[0],
        "min_expression": least[1],
        "max_value": most[0],
        "max_expression": most[1],
        "decimals": count_of(one(item.extension, f"{CORE}maxDecimalPlaces")),
        "max_size": _max_size(item, reading),
        "media_types": tuple(
            filter(None, (text_of(each) for each in every(item.extension, f"{CORE}mimeType")))
        ),
        "entry_format": entry_format[:200],
        "repeats_text": plain_text(text_of(one(item.extension, f"{EHELSE}repeatstext"))),
        "short_text": plain_text(text_of(one(item.extension, f"{SDC}shortText"))),
        "open_label": plain_text(text_of(one(item.extension, f"{SDC}openLabel"))),
        "horizontal": text_of(one(item.extension, f"{QUESTIONNAIRE}choiceOrientation")) == "horizontal",
        "reference_types": tuple(
            filter(
                None, (text_of(each) for each in every(item.extension, f"{QUESTIONNAIRE}referenceResource"))
            )
        ),
        **_units(item, kind, reading),
        **_coded(item),
    }


def _occurs(item: SourceItem, reading: Reading) -> tuple[int | None, int | None]:
    """Of what does not repeat it says nothing: builders of forms leave it behind."""
    if not item.repeats:
        return None, None
    least = count_of(one(item.extension, f"{QUESTIONNAIRE}minOccurs"))
    most = count_of(one(item.extension, f"{QUESTIONNAIRE}maxOccurs"))
    _must_leave_room(_decimal(least), _decimal(most), item.link_id, reading)
    return least, most


def _lengths(item: SourceItem, reading: Reading) -> dict[str, int | None]:
    least = count_of(one(item.extension, f"{CORE}minLength"))
    most = item.max_length if item.max_length is not None and item.max_length > 0 else None
    _must_leave_room(_decimal(least), _decimal(most), item.link_id, reading)
    return {"min_length": least, "max_length": most}


def _decimal(count: int | None) -> Decimal | None:
    return None if count is None else Decimal(count)


def _limit(end: str, item: SourceItem, kind: Type, reading: Reading) -> tuple[Decimal | str | None, str]:
    """The lowest or highest answer, and the expression that works it out ('' if there is none)."""
    worked_out = text_of(one(item.extension, f"{EHELSE}sdf-{end}value"))
    if worked_out:
        return None, worked_out
    quantity = one(item.extension, f"{SDC}{end}Quantity")
    if quantity is not None and quantity.value_quantity is not None:
        return _number(quantity.value_quantity.value, item, reading), ""
    said = one(item.extension, f"{CORE}{end}Value")
    if said is None:
        return None, ""
    if expression := _beside(said):
        return None, expression
    return _of_kind(said, item, kind, reading), ""


def _beside(said: Extension) -> str:
    besides: tuple[Primitive | None, ...] = (
        said.beside_date,
        said.beside_date_time,
        said.beside_integer,
        said.beside_decimal,
        said.beside_string,
    )
    urls = (f"{CORE}cqf-expression", f"{CORE}cqf-calculatedValue")
    inside = [extension for beside in besides if beside for extension in beside.extension]
    expression = expression_of(one([*inside, *said.extension], *urls))
    return expression.expression if expression else ""


def _of_kind(said: Extension, item: SourceItem, kind: Type, reading: Reading) -> Decimal | str | None:
    if kind in _NUMBERS:
        quantity = said.value_quantity.value if said.value_quantity else None
        number = number_of(said) if quantity is None else quantity
        if number is None:
            _wrong(said, item, kind, reading)
        return _number(number, item, reading)
    if kind in _TIMES:
        text = said.value_date or said.value_date_time or said.value_instant or said.value_time
        if text is None or not is_well_formed(_TIMES[kind], text):
            _wrong(said, item, kind, reading)
            return None
        return text
    reading.findings.warn("not_understood", item.link_id, what=f"A limit of the value of a {kind}")
    return None


def _wrong(said: Extension, item: SourceItem, kind: Type, reading: Reading) -> None:
    found = next(
        (name[6:] for name in said.__struct_fields__ if name.startswith("value_") and getattr(said, name)), ""
    )
    reading.findings.refuse("wrong_limit_type", item.link_id, found=found or "missing", expected=kind)


def _number(number: Decimal | None, item: SourceItem, reading: Reading) -> Decimal | None:
    if number is not None and not is_number(number):
        reading.findings.refuse("number_too_large", item.link_id, number=number)
        return None
    return number


def _must_leave_room(
    least: Decimal | str | None, most: Decimal | str | None, where: str, reading: Reading
) -> None:
    crossed = (isinstance(least, Decimal) and isinstance(most, Decimal) and least > most) or (
        isinstance(least, str) and isinstance(most, str) and len(least) == len(most) and least > most
    )
    if crossed:
        reading.findings.refuse("limits_crossed", where, least=least, most=most)


def _max_size(item: SourceItem, reading: Reading) -> int | None:
    said = number_of(one(item.extension, f"{CORE}maxSize"))
    if said is None or not is_number(said) or said <= 0:
        return None
    if said <= _MOST_MEGABYTES:
        reading.findings.warn("maximum_is_megabytes", item.link_id, size=said)
        return int(said * _MEGABYTE)
    return int(min(said, Decimal(10**12)))


def _units(item: SourceItem, kind: Type, reading: Reading) -> dict[str, Any]:
    said = one(item.extension, f"{QUESTIONNAIRE}unit")
    unit = said.value_coding if said else None
    units = [
        each.value_coding for each in every(item.extension, f"{QUESTIONNAIRE}unitOption") if each.value_coding
    ]
    if address := text_of(one(item.extension, f"{QUESTIONNAIRE}unitValueSet")):
        units += _units_of(address, item, reading)
    if unit is None and kind is Type.QUANTITY and not units:
        unit = _first_unit(item)
    words = [child.text for child in item.item if "unit" in controls(child) and child.text]
    if unit is None and words:
        unit = Coding(display=plain_text(words[0]))
    opened = code_of(one(item.extension, f"{SDC}unitOpen")) in {"optionsOrType", "optionsOrString"}
    return {"unit": unit, "units": tuple(units[: limits.OPTIONS_OF_ONE]), "unit_open": opened}


def _first_unit(item: SourceItem) -> Coding | None:
    """R4's older way to say the unit: an initial quantity without a value."""
    for each in item.initial:
        quantity = each.value_quantity
        if quantity is not None and quantity.value is None and (quantity.unit or quantity.code):
            return Coding(system=quantity.system, code=quantity.code, display=quantity.unit)
    return None


def _units_of(address: str, item: SourceItem, reading: Reading) -> list[Coding]:
    options = at_hand(address, reading)
    if not options:
        reading.findings.refuse(
            "broken_value_set", item.link_id, value_set=address, why="the units are not listed"
        )
        return []
    return [option.value.value_coding for option in options if option.value.value_coding is not None]


def _coded(item: SourceItem) -> dict[str, Any]:
    """What the Norwegian forms say in item.code."""
    shown = next((each.code for each in codes_in(item.code, f"{_SYSTEM}RenderOptions")), "")
    formula = next((each.code for each in codes_in(item.code, "http://ehelse.no/scoringFormulas")), "")
    ordering = next((each.code for each in codes_in(item.code, f"{_SYSTEM}TableOrderingColumn")), "")
    function = next((each.code for each in codes_in(item.code, f"{_SYSTEM}TableOrderingFunctions")), "")
    labels = [(each.code, plain_text(each.display)) for each in codes_in(item.code, f"{_SYSTEM}SliderLabels")]
    labels += [
        (code, plain_text(child.text))
        for child in item.item
        for code in controls(child)
        if code in {"lower", "upper"}
    ]
    columns = codes_in(item.code, f"{_SYSTEM}TableColumnName") or codes_in(item.code, f"{_SYSTEM}TableColumn")
    step = number_of(one(item.extension, f"{QUESTIONNAIRE}sliderStepValue"))
    return {
        "shown_in": _SHOWN_IN.get(shown, ""),
        "score": _SCORES.get(formula, ""),
        "ordered_by": " ".join(filter(None, (ordering, function))),
        "slider_labels": tuple(labels),
        "columns": tuple((each.code, plain_text(each.display)) for each in columns),
        "slider_step": step if step is not None and is_number(step) and step > 0 else None,
    }
