"""Names in expressions: each is defined where it is used, or known when the form is opened."""

from collections.abc import Iterator, Mapping
from typing import Final

from innsyn.forms.engine.model import Form, Item
from innsyn.forms.engine.reading.context import Reading
from innsyn.forms.engine.reading.scopes import Reach, Scope
from innsyn.forms.engine.reading.worked_out import queries_of

# What a form can be told when it is opened (launchContext, and Helsenorge's own without one).
TOLD: Final = frozenset({"patient"})
_TOLD_ELSEWHERE: Final = frozenset({"user", "encounter", "practitioner", "location", "study", "clinical"})
_HELSENORGE: Final = frozenset({"representative", "relatedPerson"})


def check_names(form: Form, scopes: Mapping[int, Scope], reading: Reading) -> None:
    """Refuses an expression that an answer hangs on where a name of it has no value."""
    queries = _queries(reading)
    known = frozenset(form.launch) | TOLD | _HELSENORGE | _TOLD_ELSEWHERE
    for item in form.by_number:
        for expression in _needed(item):
            _check(scopes[item.number].reach(expression), item.link_id, known, queries, reading)
    for constraint in form.constraints:
        _check(scopes[-1].reach(constraint.expression), "", known, queries, reading)


def _needed(item: Item) -> Iterator[str]:
    yield from filter(None, (item.calculated, item.enable_expression, item.copied))
    yield from (constraint.expression for constraint in item.constraints)


def _check(
    reach: Reach, where: str, known: frozenset[str], queries: frozenset[str], reading: Reading
) -> None:
    for name in sorted(reach.names - known):
        reading.findings.refuse("needs_a_query" if name in queries else "unknown_name", where, name=name)


def _queries(reading: Reading) -> frozenset[str]:
    found = set(queries_of(reading.source.extension))
    for item in reading.by_link.values():
        found |= set(queries_of(item.extension))
    return frozenset(found)
