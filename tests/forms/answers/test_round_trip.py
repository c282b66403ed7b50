"""Fill in, write, check, read back: every form that others have made and can be used here, and some of ours."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.answers.forms_of import COLOURS, form_of, item
from forms.answers.forms_of_others import WHERE, usable
from forms.generating import filled_in
from innsyn.forms.engine.checking import is_answered, problems_of
from innsyn.forms.engine.conformance import issues_of
from innsyn.forms.engine.filling import begin, fill
from innsyn.forms.engine.instances import Tree
from innsyn.forms.engine.model import Form, Type
from innsyn.forms.engine.places import value_of
from innsyn.forms.engine.responding import Meta, answers_in, response_of
from innsyn.forms.engine.state import Context, Field, Filled
from innsyn.forms.engine.taking import add, remove, take
from innsyn.forms.engine.values import Value, read_answers, write_answers

CONTEXT = Context(now=datetime(2026, 5, 17, 12, tzinfo=UTC))
ABOUT = Meta(subject="kari", author="kari", authored=CONTEXT.now)


def told(filled: Filled) -> list[tuple[str, Value]]:
    def look(fields: tuple[Field, ...]) -> Iterator[tuple[str, Value]]:
        for field in fields:
            if field.enabled:
                yield from (
                    (field.item.link_id, value_of(each)) for each in field.answers if is_answered(each)
                )
                yield from look(field.fields)

    return list(look(filled.fields))


def read_back(form: Form, body: bytes) -> list[tuple[str, Value]]:
    places = Tree(form, answers_in(body))
    return [
        (place.item.link_id, value_of(answer))
        for place in places
        for answer in place.answers
        if is_answered(answer)
    ]


def differences(form: Form, source: dict[str, Any] | None, seed: int) -> tuple[list[str], list[str]]:
    """What went wrong, and what the generator could not mend (a pattern it has no word for, a constraint)."""
    filled = fill(form, begin(form, CONTEXT), CONTEXT)
    for _, now in filled_in(form, seed, CONTEXT, filled.answers):
        filled = now
    body = response_of(filled, about=ABOUT)
    wrong = [] if read_back(form, body) == told(filled) else ["read back differs"]
    again = fill(form, read_answers(write_answers(filled.answers)), CONTEXT)
    wrong += [] if response_of(again, about=ABOUT) == body else ["kept and filled again differs"]
    left = sorted({each.text_key.rpartition(".")[2] for each in problems_of(filled, complete=True)})
    if source is not None:
        issues = issues_of(source, json.loads(body, parse_float=Decimal))
        wrong += [
            f"{each.key} {each.where}" for each in issues if each.is_error and not (left and each.key in LEFT)
        ]
    return wrong, left


# Where the form itself is in the way, whoever fills it in.
KNOWN = {
    # The answer is copied from a question with other options.
    "helsenorge-refero-skjema/components__copyFrom__choice/q.json": {"not_offered"},
}

# What a response has wrong when somebody has left something to mend: only that is excused, and only then.
LEFT = {"required", "min", "max", "regex", "not_offered", "unit", "max_length", "min_length"}

OWN = form_of(
    *(item(kind.value, kind) for kind in Type if kind not in {Type.GROUP, Type.CHOICE}),
    item("c", "choice", options=COLOURS, repeats=True),
    item("o", "open-choice", options=COLOURS),
    item(
        "g",
        "group",
        item("x", "string", item("below", "integer")),
        item("h", "group", item("y", "date"), repeats=True),
    ),
    item("r", "group", item("z", "decimal", repeats=True), repeats=True, max_occurs=3),
)


@pytest.mark.parametrize("seed", range(10))
def test_our_own_form_comes_back_as_it_was_filled_in(seed: int) -> None:
    assert differences(OWN, None, seed) == ([], [])


@pytest.mark.skipif(not WHERE.exists(), reason="the forms of others are not beside this checkout")
def test_every_form_of_others_comes_back_as_it_was_filled_in() -> None:
    wrong = {}
    for name, form in usable().items():
        source = json.loads((WHERE / name).read_text("utf-8"))
        found, _ = differences(form, source, seed=len(name))
        if {each.partition(" ")[0] for each in found} - KNOWN.get(name, set()):
            wrong[name] = found
    assert wrong == {}


NAMES = [place.name for place in Tree(OWN, [])]
ODD = st.one_of(
    st.sampled_from(NAMES), st.from_regex(re.compile(r"[0-9.]{1,6}(-[dmyuto])?"), fullmatch=True), st.text()
)
LETTERS = st.text(st.characters(exclude_categories=()), max_size=30)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(ODD, st.lists(LETTERS, max_size=4), max_size=8), st.lists(ODD, max_size=8))
def test_nothing_that_is_posted_breaks_anything(posted: dict[str, list[str]], names: list[str]) -> None:
    answers = take(OWN, [], posted, [*posted, *names])
    for name in names:
        answers = remove(OWN, add(OWN, answers, name), name)
    filled = fill(OWN, read_answers(write_answers(answers)), CONTEXT)
    problems_of(filled, complete=True)
    body = response_of(filled, about=ABOUT)
    assert b"typed" not in body
    assert not any(
        issue.is_error for issue in issues_of({"item": []}, json.loads(body)) if issue.key != "link_unknown"
    )
