"""The answers that can be chosen: answerOption, sdf-optionReference, and value sets that are at hand."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import unescape
from typing import Any, Final

import msgspec

from innsyn.forms.engine.canonical import address_of
from innsyn.forms.engine.model import Option, Type
from innsyn.forms.engine.options import OTHER, key_of
from innsyn.forms.engine.reading import limits
from innsyn.forms.engine.reading.context import Reading
from innsyn.forms.engine.reading.said import CORE, EHELSE, QUESTIONNAIRE, every, number_of, one, text_of
from innsyn.forms.engine.reading.source import (
    AnswerOption,
    Concept,
    DisplayedCoding,
    Extension,
    Primitive,
    SourceItem,
    ValueSet,
)
from innsyn.forms.engine.reading.values import coding_of, is_number, is_well_formed
from innsyn.forms.engine.reading.worded import rendered
from innsyn.forms.engine.texts import plain_text
from innsyn.forms.engine.values import Coding, Reference, Value

ORDINAL: Final = f"{CORE}ordinalValue"
_SCORES: Final = (ORDINAL, f"{CORE}itemWeight", f"{QUESTIONNAIRE}ordinalValue")
_KINDS: Final = ("string", "integer", "date", "time", "reference")


def options_of(item: SourceItem, reading: Reading) -> tuple[tuple[Option, ...], str]:
    """The options of a question, and the address of the value set that is to be searched instead ('' if none)."""
    given = [_option(each, item.link_id, reading) for each in item.answer_option]
    given += _receivers(item)
    found = [option for option in given if option is not None]
    if not item.answer_value_set or found:
        return tidy(found, item.link_id, reading), ""
    options, searched = _of_value_set(item.answer_value_set, item.link_id, reading)
    return tidy(options, item.link_id, reading), searched


def tidy(options: Sequence[Option], where: str, reading: Reading) -> tuple[Option, ...]:
    """The options without those that are there already; too many, or two that are sent alike, are refused."""
    if len(options) > limits.OPTIONS_OF_ONE:
        reading.findings.refuse("too_many_options", where, count=len(options), most=limits.OPTIONS_OF_ONE)
        return ()
    kept: dict[object, Option] = {}
    for option in options:
        key = _key(option.value)
        before = kept.setdefault(key, option)
        if before is option:
            continue
        if before.text == option.text:
            reading.findings.warn("duplicate_choice", where, option=option.text)
        else:
            reading.findings.refuse("duplicate_option", where, option=f"{before.text} / {option.text}")
    _must_be_told_apart(kept.values(), where, reading)
    return tuple(kept.values())


def _must_be_told_apart(options: Iterable[Option], where: str, reading: Reading) -> None:
    # What comes back from a page is the key alone: of two with one key, the first would be taken for the other.
    known: dict[str, Option] = {}
    for option in options:
        key = key_of(option.value)
        before = known.setdefault(key, option)
        if before is not option:
            reading.findings.refuse("options_alike", where, option=f"{before.text} / {option.text}")
        if key == OTHER and reading.by_link[where].type == Type.OPEN_CHOICE:
            reading.findings.refuse("reserved_option", where, option=option.text)


def _key(value: Value) -> object:
    if (coding := value.value_coding) is not None:
        # Without a code the words are all there is to tell them apart.
        return coding.system, coding.code or coding.display
    return msgspec.json.encode(value)


def _option(said: AnswerOption, where: str, reading: Reading) -> Option | None:
    extensions = [*said.extension, *(said.value_coding.extension if said.value_coding else ())]
    score = _score(extensions)
    if said.value_coding is not None:
        value, text = _coded(said.value_coding, score)
    else:
        value, text = _plain(said)
    if value is None:
        reading.findings.warn("not_understood", where, what="An answer without a value")
        return None
    text = text or _beside(said.beside_string)
    return Option(
        value=value,
        text=text,
        prefix=_prefix(extensions),
        score=score,
        chosen=said.initial_selected,
        exclusive=any(
            each.value_boolean for each in every(said.extension, f"{QUESTIONNAIRE}optionExclusive")
        ),
    )


def _coded(said: DisplayedCoding, score: Decimal | None) -> tuple[Value | None, str]:
    text = plain_text(said.display) or _beside(said.beside_display) or plain_text(said.code)
    return (Value(value_coding=coding_of(said, scored(score))) if said.code or said.display else None), text


def _plain(said: AnswerOption) -> tuple[Value | None, str]:
    for kind in _KINDS:
        value: Any = getattr(said, f"value_{kind}")
        if value is None or value == "":
            continue
        if not is_well_formed(kind, value):
            return None, ""
        text = (value.display or value.reference) if isinstance(value, Reference) else str(value)
        return Value(**{f"value_{kind}": value}), plain_text(text)
    return None, ""


def _beside(said: Primitive | None) -> str:
    text = rendered(said.extension if said else ())
    return text.plain if text else ""


def _prefix(extensions: Iterable[Extension]) -> str:
    said = one(extensions, f"{QUESTIONNAIRE}optionPrefix", f"{CORE}valueset-label")
    # Labels are signs, sometimes written as &#9917 of HTML.
    return plain_text(unescape(text_of(said)))[:40]


def _score(extensions: Iterable[Extension]) -> Decimal | None:
    number = number_of(one(extensions, *_SCORES))
    return number if number is not None and is_number(number) else None


def scored(score: Decimal | None) -> list[dict[str, Any]]:
    """A Coding's extension with its score, as FHIRPath's ordinal() and R4 want it."""
    return [] if score is None else [{"url": ORDINAL, "valueDecimal": score}]


def _receivers(item: SourceItem) -> list[Option | None]:
    said = [each.value_reference for each in every(item.extension, f"{EHELSE}sdf-optionReference")]
    return [
        Option(value=Value(value_reference=each), text=plain_text(each.display or each.reference))
        for each in said
        if each is not None and (each.reference or each.display)
    ]


def at_hand(address: str, reading: Reading) -> list[Option] | None:
    """The options of a value set that came with the form, None where it would have to be searched."""
    given = reading.value_sets.get(address)
    if given is not None:
        return list(given)
    contained = _contained(address, reading)
    return options_in(contained) if contained is not None else None


def _contained(address: str, reading: Reading) -> ValueSet | None:
    url, version = address_of(address)
    found = reading.contained.get(address)
    # One that says no version lies in the form itself: whoever asked for a version had it there.
    plain = reading.contained.get(url) if version else None
    return plain if found is None and plain is not None and not plain.version else found


def _of_value_set(address: str, where: str, reading: Reading) -> tuple[list[Option], str]:
    given = reading.value_sets.get(address)
    if given is not None:
        return list(given), ""
    contained = _contained(address, reading)
    if contained is not None:
        return _listed(contained, address, where, reading)
    if address.startswith("#"):
        reading.findings.refuse(
            "broken_value_set", where, value_set=address, why="it is not contained in the form"
        )
    else:
        reading.findings.warn("searched", where, value_set=address)
    return [], address


def _listed(value_set: ValueSet, address: str, where: str, reading: Reading) -> tuple[list[Option], str]:
    options = options_in(value_set)
    if options is not None:
        if not options:
            reading.findings.refuse("broken_value_set", where, value_set=address, why="it has no codes")
        return options, ""
    if value_set.url:
        reading.findings.warn("searched", where, value_set=value_set.url)
        return [], value_set.url
    reading.findings.refuse(
        "broken_value_set",
        where,
        value_set=address,
        why="its codes are not listed, and it has no url to search by",
    )
    return [], ""


def options_in(value_set: ValueSet) -> list[Option] | None:
    """The options of a value set that lists them; None where a terminology server has to work them out."""
    if value_set.expansion is not None:
        return [option for concept in value_set.expansion.contains for option in _expanded(concept)]
    compose = value_set.compose
    if compose is None or compose.exclude:
        return None
    if any(include.filter or include.value_set or not include.concept for include in compose.include):
        return None
    return [
        _concept(concept, include.system, include.version)
        for include in compose.include
        for concept in include.concept
        if concept.code
    ]


def _expanded(concept: Concept, level: int = 0) -> Iterable[Option]:
    if concept.code and not concept.abstract and not concept.inactive:
        yield _concept(concept, concept.system, concept.version)
    if level < limits.DEPTH:
        for below in concept.contains:
            yield from _expanded(below, level + 1)


def _concept(concept: Concept, system: str, version: str) -> Option:
    score = _score(concept.extension)
    coding = Coding(
        extension=scored(score), system=system, version=version, code=concept.code, display=concept.display
    )
    return Option(
        value=Value(value_coding=coding),
        text=plain_text(concept.display or concept.code),
        prefix=_prefix(concept.extension),
        score=score,
    )
