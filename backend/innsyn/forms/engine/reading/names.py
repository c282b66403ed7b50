"""Names in expressions: each is defined where it is used, or known when the form is opened."""

from collections.abc import Iterator
from typing import Final

from innsyn.forms.engine.model import Form, Item
from innsyn.forms.engine.reading.circles import in_scope
from innsyn.forms.engine.reading.context import Reading
from innsyn.forms.engine.reading.expressions import names_in
from innsyn.forms.engine.reading.worked_out import queries_of

# What a form can be told when it is opened (launchContext, and Helsenorge's own without one).
TOLD: Final = frozenset({"patient"})
_TOLD_ELSEWHERE: Final = frozenset({"user", "encounter", "practitioner", "location", "study", "clinical"})
_HELSENORGE: Final = frozenset({"representative", "relatedPerson"})


def check_names(form: Form, reading: Reading) -> None:
    """Refuses an expression that an answer hangs on where a name of it has no value; warns of others."""
    queries = _queries(reading)
    declared = frozenset(form.launch)
    for item in form.by_number:
        defined = {each.name: each.expression for each in in_scope(form, item)}
        known = defined.keys() | declared | TOLD | _HELSENORGE | _TOLD_ELSEWHERE
        for expression in _needed(item):
            _check(expression, item.link_id, defined, known, queries, reading)
    defined = {each.name: each.expression for each in form.variables}
    for constraint in form.constraints:
        known = defined.keys() | declared | TOLD | _HELSENORGE | _TOLD_ELSEWHERE
        _check(constraint.expression, "", defined, known, queries, reading)


def _needed(item: Item) -> Iterator[str]:
    yield item.calculated
    yield item.enable_expression
    yield item.copied
    yield from (constraint.expression for constraint in item.constraints)


def _check(
    expression: str,
    where: str,
    defined: dict[str, str],
    known: set[str],
    queries: frozenset[str],
    reading: Reading,
) -> None:
    waiting, seen = [expression], {expression}
    while waiting:
        for name in names_in(waiting.pop()):
            inner = defined.get(name, "")
            if inner and inner not in seen:
                seen.add(inner)
                waiting.append(inner)
            elif not inner and name in queries:
                reading.findings.refuse("needs_a_query", where, name=name)
            elif name not in known:
                reading.findings.refuse("unknown_name", where, name=name)


def _queries(reading: Reading) -> frozenset[str]:
    found = set(queries_of(reading.source.extension))
    for item in reading.by_link.values():
        found |= set(queries_of(item.extension))
    return frozenset(found)
