"""A field as its component draws it: everything said, named and chosen, so that the markup decides nothing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec
from markupsafe import Markup, escape

from innsyn.forms.engine.model import Item, Option, Type
from innsyn.forms.engine.places import is_repeating_group
from innsyn.forms.engine.state import Field, Problem
from innsyn.forms.filling.choosing import Choice, choices_of, other_of
from innsyn.forms.filling.conditions import places_on, when_of
from innsyn.forms.filling.headings import DEEPEST, has_heading
from innsyn.forms.filling.inputs import Row, hints_of, rows_of
from innsyn.forms.filling.kinds import can_change, kind_of
from innsyn.forms.filling.steps import PAPER
from innsyn.forms.filling.tables import Table, table_of
from innsyn.forms.filling.words import (
    Kept,
    answers_words,
    inline_text,
    problem_words,
    question_of,
    shown_text,
)
from innsyn.web.locale import Catalogue

_SETS: Final = {"radio", "checks", "scale", "search", "date", "file"}


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """`text` is '' where there is none. `label`: how it names its control: label | legend | beside (more than a line).

    `mark`: '' | required | optional, in words on the page. `number` counts the instances of a repeating group.
    """

    field: Field
    kind: str
    name: str
    text: Markup
    label: str
    question: str
    level: int
    number: int = 0
    is_hidden: bool = False
    when: str = ""
    mark: str = ""
    sublabel: Markup = Markup("")
    help: Markup = Markup("")
    hints: tuple[str, ...] = ()
    error: str = ""
    choices: tuple[Choice, ...] = ()
    other: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    words: tuple[str, ...] = ()
    table: Table | None = None
    sought: str = ""
    search: str = ""
    can_add: bool = False
    # How many instances there are, where there can be no more: 0 otherwise.
    most: int = 0
    fields: "tuple[Shown, ...]" = ()

    @property
    def item(self) -> Item:
        """The item of the form."""
        return self.field.item


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a page knows beside its fields (see views.FillPage)."""

    texts: Catalogue
    problems: Mapping[str, Problem]
    marks: str
    places: Mapping[int, list[Field]]
    files: Mapping[str, Kept]
    found: Mapping[str, Sequence[Option]]
    sought: Mapping[str, str]
    failed: Sequence[str]


def asked_of(
    fields: Iterable[Field],
    problems: Iterable[Problem],
    texts: Catalogue,
    files: Mapping[str, Kept],
    searches: tuple[Mapping[str, Sequence[Option]], Mapping[str, str], Sequence[str]],
) -> Asked:
    """What `shown` needs for one page. Of required and optional questions the fewer are marked."""
    every = [below for field in fields for below in field.all()]
    questions = [field for field in every if can_change(field)]
    required = sum(field.required for field in questions)
    found, sought, failed = searches
    return Asked(
        texts=texts,
        problems={problem.field: problem for problem in reversed(list(problems))},
        marks="optional" if required * 2 > len(questions) else "required",
        places=places_on(every),
        files=files,
        found=found,
        sought=sought,
        failed=failed,
    )


def shown(fields: Sequence[Field], level: int, asked: Asked) -> tuple[Shown, ...]:
    """Fields with everything below them; `level` is that of a heading here. What is never on the screen is left out."""
    kept = [field for field in fields if not field.item.hidden and field.item.shown_in != PAPER]
    made = []
    for place, field in enumerate(kept):
        following = kept[place + 1].item.number if place + 1 < len(kept) else -1
        one = _shown(field, level, asked)
        # Only the last instance has the button that adds one more, or says that there can be no more.
        if field.item.number == following and (one.can_add or one.most):
            one = msgspec.structs.replace(one, can_add=False, most=0)
        made.append(one)
    return tuple(made)


def _shown(field: Field, level: int, asked: Asked) -> Shown:
    item, kind = field.item, kind_of(field)
    question = question_of(field, asked.texts)
    # An input needs a name, also where the form has none for it.
    inline = inline_text(field.text) if field.text.plain or not item.asks else escape(question)
    is_set = kind in _SETS or (kind not in {"area", "select"} and item.repeats)
    number = _instance(field) if item.repeats and item.type is Type.GROUP else 0
    text = inline if inline is not None else shown_text(field.text, min(level + bool(number), DEEPEST))
    # Only below a heading that is drawn is there a deeper one.
    is_headed = has_heading(text) or (kind == "group" and bool(number or inline))
    deeper = min(level + is_headed, DEEPEST)
    below = () if kind == "table" else shown(field.fields, deeper, asked)
    common = Shown(
        field=field,
        kind=kind,
        name=field.name,
        text=text,
        label="beside" if inline is None else "legend" if is_set else "label",
        question=question,
        level=level,
        number=number,
        is_hidden=not field.enabled,
        when=when_of(field, asked.places),
        sublabel=shown_text(item.sublabel, deeper),
        help=shown_text(item.help, deeper),
        can_add=field.can_add,
        most=0 if field.can_add or field.read_only or not is_repeating_group(item) else _instance(field),
        fields=below,
    )
    return msgspec.structs.replace(common, **_own(field, kind, asked))


def _instance(field: Field) -> int:
    return int(field.name.rpartition(".")[2]) + 1


def _own(field: Field, kind: str, asked: Asked) -> dict[str, object]:
    if kind == "table":
        return {"table": table_of(field, asked.texts, asked.files)}
    if kind == "output":
        return {"words": answers_words(field, asked.texts, asked.files)}
    if not can_change(field):
        return {}
    problem = asked.problems.get(field.name)
    own: dict[str, object] = {
        "mark": asked.marks if field.required == (asked.marks == "required") else "",
        "hints": hints_of(field, kind, asked.texts),
        "error": problem_words(problem, asked.texts) if problem else "",
    }
    if kind in {"radio", "checks", "scale", "select", "search"}:
        own |= {
            "choices": choices_of(field, kind, asked.found.get(field.name, ()), asked.texts),
            "other": other_of(field),
        }
    else:
        own["rows"] = rows_of(field, kind, asked.texts, asked.files)
    if kind == "search":
        own |= {"sought": asked.sought.get(field.name, ""), "search": _search(field, asked)}
    return own


def _search(field: Field, asked: Asked) -> str:
    if field.name in asked.failed:
        return asked.texts.text("forms.fill.search_failed")
    if field.name not in asked.found:
        return ""
    found = len(asked.found[field.name])
    words = asked.sought.get(field.name, "")
    return (
        asked.texts.text("forms.fill.found", n=found)
        if found
        else asked.texts.text("forms.fill.none_found", words=words)
    )


def names_of(fields: Iterable[Shown]) -> list[str]:
    """The fields whose inputs stand on the page: only these are touched when it is sent."""
    names: list[str] = []
    for one in fields:
        if one.rows or one.kind in {"radio", "checks", "scale", "select", "search", "file"}:
            names.append(one.name)
        names += names_of(one.fields)
    return names


def files_in(fields: Iterable[Shown]) -> list[Shown]:
    """The fields that take files."""
    found: list[Shown] = []
    for one in fields:
        found += [one] if one.kind == "file" else []
        found += files_in(one.fields)
    return found
