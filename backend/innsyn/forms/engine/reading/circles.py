"""Conditions and calculations that go round in a circle: no order to work them out in would be the right one."""

from collections.abc import Iterator, Mapping, Sequence

from innsyn.forms.engine.model import Form, Item, Variable
from innsyn.forms.engine.reading.expressions import link_ids_in, names_in
from innsyn.forms.engine.reading.findings import Findings


def must_have_no_circles(form: Form, findings: Findings) -> None:
    """Refuses conditions that depend on themselves, and calculations that do by way of another item."""
    asks = _whether_it_is_asked(form)
    if (circle := _circle(asks)) is not None:
        findings.refuse("cycle", form.by_number[circle[0]].link_id, path=_path(form, circle))
        return
    answers = {item.number: _answered_from(form, item) for item in form.by_number if item.calculated}
    for number, others in answers.items():
        if number in others:
            findings.warn("own_answers", form.by_number[number].link_id)
    apart = {number: [each for each in others if each != number] for number, others in answers.items()}
    if (circle := _circle(apart)) is not None:
        findings.refuse("cycle", form.by_number[circle[0]].link_id, path=_path(form, circle))


def _whether_it_is_asked(form: Form) -> dict[int, list[int]]:
    """Item -> the items its being asked depends on: those it names, and what it stands in."""
    found: dict[int, list[int]] = {}
    for item in form.by_number:
        above = form.parents.get(item.number)
        found[item.number] = [
            *(condition.question for condition in item.enable_when),
            *_questions(form, item, item.enable_expression),
            *([above.number] if above else ()),
        ]
    return found


def _answered_from(form: Form, item: Item) -> list[int]:
    return list(_questions(form, item, item.calculated))


def _questions(form: Form, item: Item, expression: str) -> Iterator[int]:
    """The questions that an expression asks for by linkId, through its variables too. Groups only hold them."""
    if not expression:
        return
    defined = {each.name: each.expression for each in in_scope(form, item)}
    waiting, seen = [expression], {expression}
    while waiting:
        text = waiting.pop()
        for link_id in link_ids_in(text):
            named = form.by_link.get(link_id)
            if named is not None and named.asks:
                yield named.number
        for name in names_in(text):
            inner = defined.get(name, "")
            if inner and inner not in seen:
                seen.add(inner)
                waiting.append(inner)


def in_scope(form: Form, item: Item) -> Iterator[Variable]:
    """The variables that an item may use: of the form, of what it stands in, and its own; inner ones last."""
    chain = [item]
    while (above := form.parents.get(chain[-1].number)) is not None:
        chain.append(above)
    yield from form.variables
    for each in reversed(chain):
        yield from each.variables


def _circle(depends: Mapping[int, Sequence[int]]) -> list[int] | None:
    done: set[int] = set()
    for start in depends:
        if start in done:
            continue
        path, on_path = [start], {start}
        turns = [iter(depends.get(start, ()))]
        while turns:
            following = next(turns[-1], None)
            if following is None:
                turns.pop()
                done.add(path[-1])
                on_path.discard(path.pop())
            elif following in on_path:
                return [*path[path.index(following) :], following]
            elif following not in done:
                path.append(following)
                on_path.add(following)
                turns.append(iter(depends.get(following, ())))
    return None


def _path(form: Form, circle: Sequence[int]) -> str:
    return " → ".join(form.by_number[number].link_id for number in circle)
