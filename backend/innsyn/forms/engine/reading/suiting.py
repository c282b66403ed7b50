"""Options as answers of the question they stand on: they leave as what R4 has for the type of the question."""

from typing import Final

import msgspec

from innsyn.forms.engine.model import Option, Type
from innsyn.forms.engine.reading.context import Reading
from innsyn.forms.engine.reading.options import at_hand, options_of, tidy
from innsyn.forms.engine.reading.source import SourceItem
from innsyn.forms.engine.reading.values import ANSWERED_WITH, kind_of_value
from innsyn.forms.engine.values import Reference, Value

_CHOICES: Final = frozenset({Type.CHOICE, Type.OPEN_CHOICE})
_TEXTS: Final = frozenset({Type.STRING, Type.TEXT})

Options = tuple[Option, ...]


def typed_options(item: SourceItem, reading: Reading) -> tuple[Options, str]:
    """The options of a question and the value set to search, as `options_of` has them, of the type of the question.

    R4 gives value sets to choices alone (que-5). Where one stands on another question all the same, a text is answered
    with the code, which is what validators look for in it, and a reference with words. What has no meaning is refused.
    """
    kind = Type(item.type)
    if kind in _CHOICES:
        return options_of(item, reading)
    if item.answer_value_set and not item.answer_option:
        return _of_value_set(item, kind, reading), ""
    options, searched = options_of(item, reading)
    for option in options:
        found = kind_of_value(option.value)
        if found not in ANSWERED_WITH[kind]:
            expected = " or ".join(ANSWERED_WITH[kind])
            reading.findings.refuse("wrong_option_type", item.link_id, found=found, expected=expected)
            return (), ""
    return options, searched


def _of_value_set(item: SourceItem, kind: Type, reading: Reading) -> Options:
    where, address = item.link_id, item.answer_value_set
    options = at_hand(address, reading)
    if kind is Type.REFERENCE:
        if not options:
            reading.findings.warn("value_set_not_used", where, value_set=address)
        told = [_with(each, Value(value_reference=Reference(display=each.text))) for each in options or ()]
        return tidy(told, where, reading)
    # Nobody who types words knows the codes of a set that is searched.
    if kind not in _TEXTS or not options:
        reading.findings.refuse("value_set_on_type", where, value_set=address, type=kind)
        return ()
    return tidy([_with(each, Value(value_string=_code(each))) for each in options], where, reading)


def _with(option: Option, value: Value) -> Option:
    return msgspec.structs.replace(option, value=value)


def _code(option: Option) -> str:
    coding = option.value.value_coding
    return coding.code if coding else option.text
