"""What has to be mended, for the list above a page."""

from collections.abc import Iterable

import msgspec

from innsyn.forms.engine.state import Field, Problem
from innsyn.forms.filling.steps import is_seen
from innsyn.forms.filling.words import problem_words, question_of
from innsyn.web.locale import Catalogue


class Wrong(msgspec.Struct, frozen=True, kw_only=True):
    """One problem. `question` '' (and no link): it is at no field that can be seen."""

    name: str
    question: str
    words: str
    anchor: str = ""


def wrongs_of(problems: Iterable[Problem], fields: Iterable[Field], texts: Catalogue) -> list[Wrong]:
    """The problems in the order they came, the first of each field."""
    seen = {field.name: field for top in fields for field in _visible(top)}
    first = {problem.field: problem for problem in reversed(list(problems))}
    return [
        Wrong(
            name=name,
            question=question_of(seen[name], texts) if name in seen else "",
            words=problem_words(problem, texts),
            anchor=f"{'i' if name in seen and seen[name].item.asks else 'f'}-{name}",
        )
        for name, problem in reversed(first.items())
    ]


def _visible(field: Field) -> Iterable[Field]:
    if not is_seen(field):
        return
    yield field
    for below in field.fields:
        yield from _visible(below)
