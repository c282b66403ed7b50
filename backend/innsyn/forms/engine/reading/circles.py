"""Conditions and calculations that go round in a circle: no order to work them out in would be the right one."""

from collections.abc import Iterator, Mapping

from innsyn.forms.engine.model import Form, Item
from innsyn.forms.engine.reading.findings import Findings
from innsyn.forms.engine.reading.scopes import Scope
from innsyn.forms.engine.reading.turning import circle_in


def must_have_no_circles(form: Form, scopes: Mapping[int, Scope], findings: Findings) -> None:
    """Refuses conditions that depend on themselves, and calculations and variables that do by way of others."""
    for scope in dict.fromkeys(scopes.values()):
        if (names := scope.circle()) is not None:
            findings.refuse("cycle", path=" → ".join(f"%{name}" for name in names))
            return
    asked = {item.number: list(_whether_it_is_asked(form, item, scopes)) for item in form.by_number}
    answers = {
        item.number: list(_questions(form, item, item.calculated, scopes))
        for item in form.by_number
        if item.calculated
    }
    for number, others in answers.items():
        if number in others:
            findings.warn("own_answers", form.by_number[number].link_id)
    apart = {number: [each for each in others if each != number] for number, others in answers.items()}
    for depends in (asked, apart):
        if (circle := circle_in(depends)) is not None:
            path = " → ".join(form.by_number[number].link_id for number in circle)
            findings.refuse("cycle", form.by_number[circle[0]].link_id, path=path)
            return


def _whether_it_is_asked(form: Form, item: Item, scopes: Mapping[int, Scope]) -> Iterator[int]:
    """What its being asked depends on: the questions it names, and what it stands in."""
    for condition in item.enable_when:
        yield condition.question
    if item.enable_expression:
        yield from _questions(form, item, item.enable_expression, scopes)
    if (above := form.parents.get(item.number)) is not None:
        yield above.number


def _questions(form: Form, item: Item, expression: str, scopes: Mapping[int, Scope]) -> Iterator[int]:
    """The questions that an expression asks for by linkId, through its variables too. Groups only hold them."""
    for link_id in scopes[item.number].reach(expression).link_ids:
        named = form.by_link.get(link_id)
        if named is not None and named.asks:
            yield named.number
