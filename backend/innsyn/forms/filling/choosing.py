"""What there is to choose from at a field, and what has been chosen."""

from collections.abc import Iterable, Sequence

import msgspec

from innsyn.forms.engine.model import Option, Type
from innsyn.forms.engine.options import OTHER, key_of, option_key
from innsyn.forms.engine.parts import parts_of
from innsyn.forms.engine.state import Field
from innsyn.forms.filling.kinds import marks_of
from innsyn.forms.filling.words import answer_words
from innsyn.web import dates
from innsyn.web.locale import Catalogue


class Choice(msgspec.Struct, frozen=True):
    """`place` makes its id; the first one is where a link to the field leads. `under`: what a mark of a scale means."""

    place: int
    key: str
    text: str
    is_chosen: bool
    prefix: str = ""
    under: str = ""


def choices_of(field: Field, kind: str, found: Sequence[Option], texts: Catalogue) -> tuple[Choice, ...]:
    """In the order of the form; a search shows what is chosen before what it has found.

    What is not required can be unchosen again: an empty choice comes last once there is an answer to take back.
    """
    chosen = _chosen(field)
    offered = _offered(field, kind, found, texts)
    made = [
        Choice(place, key, text, key in chosen, *rest) for place, (key, text, *rest) in enumerate(offered)
    ]
    can_take_back = kind in {"radio", "scale", "search"} and not field.item.repeats and not field.required
    if chosen and can_take_back:
        made.append(Choice(len(made), "", texts.text("forms.fill.no_answer"), is_chosen=False))
    return tuple(made)


def other_of(field: Field) -> tuple[str, ...]:
    """The citizen's own words beside the options, a line for each; () where only options may be chosen."""
    if field.item.type is not Type.OPEN_CHOICE:
        return ()
    given = (parts_of(field.item, answer) for answer in field.answers)
    return tuple(parts.get("o", "") for parts in given if parts.get("") == OTHER) or ("",)


def _chosen(field: Field) -> set[str]:
    keys = set()
    for answer in field.answers:
        parts = parts_of(field.item, answer)
        keys.add(parts.get("", ""))
        if not answer.typed:
            keys |= {key_of(answer), option_key(field.item, answer)}
    return keys - {""}


def _offered(
    field: Field, kind: str, found: Sequence[Option], texts: Catalogue
) -> Iterable[tuple[str, str] | tuple[str, str, str, str]]:
    item = field.item
    if item.type is Type.BOOLEAN:
        return [("true", texts.text("forms.fill.yes")), ("false", texts.text("forms.fill.no"))]
    if item.type in {Type.INTEGER, Type.DECIMAL}:
        under = dict(item.slider_labels)
        numbers = (f"{mark.normalize():f}" for mark in marks_of(item))
        return [(each, dates.number(each, texts.locale), "", under.get(each, "")) for each in numbers]
    options = [(option_key(item, option.value), option.text, option.prefix, "") for option in field.options]
    if kind == "search":
        options = [
            *_held(field, texts),
            *((option_key(item, each.value), each.text, "", "") for each in found),
        ]
        options = list({each[0]: each for each in reversed(options)}.values())[::-1]
    if item.type is Type.OPEN_CHOICE:
        options.append((OTHER, item.open_label or texts.text("forms.fill.other"), "", ""))
    return options


def _held(field: Field, texts: Catalogue) -> list[tuple[str, str, str, str]]:
    held = [
        answer
        for answer in field.answers
        if answer.value_coding is not None or answer.value_reference is not None
    ]
    return [
        (option_key(field.item, each), answer_words(field.item, each, field.options, texts, {}), "", "")
        for each in held
    ]
