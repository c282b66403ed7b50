"""Conditions and calculations that go round in a circle: no order to work them out in would be the right one."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from innsyn.forms.engine.model import Form, Item
from innsyn.forms.engine.reading.findings import Findings
from innsyn.forms.engine.reading.scopes import Scope
from innsyn.forms.engine.reading.turning import circle_in


class _Known(NamedTuple):
    """What is worked out of a form: whether an item is asked, or what a question is answered with."""

    number: int
    is_answer: bool


def must_have_no_circles(form: Form, scopes: Mapping[int, Scope], findings: Findings) -> None:
    """Refuses conditions, calculations and variables that need themselves to be worked out, also by way of each other.

    What is not asked is not used by expressions, so an answer depends on its question being asked.
    """
    for scope in dict.fromkeys(scopes.values()):
        if (names := scope.circle()) is not None:
            findings.refuse("cycle", path=" → ".join(f"%{name}" for name in names))
            return
    depends: dict[_Known, list[_Known]] = {}
    for item in form.by_number:
        asked, answer = _Known(item.number, is_answer=False), _Known(item.number, is_answer=True)
        depends[asked] = [*_whether_it_is_asked(form, item, scopes)]
        used = [*_questions(form, item, item.calculated, scopes)] if item.calculated else []
        if answer in used:
            findings.warn("own_answers", item.link_id)
        depends[answer] = [asked, *(each for each in used if each != answer)]
    if (circle := circle_in(depends)) is not None:
        links = [form.by_number[known.number].link_id for known in circle]
        path = " → ".join(link for n, link in enumerate(links) if n == 0 or links[n - 1] != link)
        findings.refuse("cycle", links[0], path=path)


def _whether_it_is_asked(form: Form, item: Item, scopes: Mapping[int, Scope]) -> Iterator[_Known]:
    """What its being asked depends on: the questions it names, and what it stands in."""
    for condition in item.enable_when:
        yield _Known(condition.question, is_answer=True)
    if item.enable_expression:
        yield from _questions(form, item, item.enable_expression, scopes)
    if (above := form.parents.get(item.number)) is not None:
        yield _Known(above.number, is_answer=False)


def _questions(form: Form, item: Item, expression: str, scopes: Mapping[int, Scope]) -> Iterator[_Known]:
    """The questions that an expression asks for by linkId, through its variables too. Groups only hold them."""
    for link_id in scopes[item.number].reach(expression).link_ids:
        named = form.by_link.get(link_id)
        if named is not None and named.asks:
            yield _Known(named.number, is_answer=True)
