"""Names in expressions: each is defined where it is used, or known when the form is opened."""

from collections.abc import Iterator, Mapping
from typing import Final

from innsyn.forms.engine.model import Form, Item, Type
from innsyn.forms.engine.reading.context import Reading
from innsyn.forms.engine.reading.expressions import CONTAINED
from innsyn.forms.engine.reading.scopes import Reach, Scope
from innsyn.forms.engine.reading.worked_out import queries_of

# What a form can be told when it is opened (launchContext, and Helsenorge's own without one).
TOLD: Final = frozenset({"patient"})
_TOLD_ELSEWHERE: Final = frozenset({"user", "encounter", "practitioner", "location", "study", "clinical"})
_HELSENORGE: Final = frozenset({"representative", "relatedPerson"})


def check_names(form: Form, scopes: Mapping[int, Scope], reading: Reading) -> None:
    """Refuses an expression that an answer hangs on where a name of it has no value; warns of what is only help."""
    queries = _queries(reading)
    never = (frozenset(form.launch) | _HELSENORGE | _TOLD_ELSEWHERE | {CONTAINED}) - TOLD
    known = never | TOLD
    for item in form.by_number:
        scope = scopes[item.number]
        for expression in _needed(item):
            _refuse(scope.reach(expression), item.link_id, known, queries, reading)
        _must_not_wait_for_ever(item, scope, never, reading)
        for expression in filter(
            None, (item.initial_expression, item.options_expression, item.text_expression)
        ):
            _warn(scope.reach(expression), expression, item.link_id, known | queries, reading)
    for constraint in form.constraints:
        _refuse(scopes[-1].reach(constraint.expression), "", known, queries, reading)


def _must_not_wait_for_ever(item: Item, scope: Scope, never: frozenset[str], reading: Reading) -> None:
    """Whoever answers can not write what is worked out, so what it is worked out from has to be there."""
    source = reading.by_link[item.link_id]
    expression = item.calculated or item.copied or (item.initial_expression if source.read_only else "")
    if not expression or not item.asks:
        return
    for name in sorted(scope.reach(expression).names & never):
        if source.required:
            reading.findings.refuse("never_answered", item.link_id, name=name)
        elif not item.initial_expression:
            reading.findings.warn("never_worked_out", item.link_id, name=name)


def _needed(item: Item) -> Iterator[str]:
    yield from filter(None, (item.calculated, item.enable_expression, item.copied))
    yield from (constraint.expression for constraint in item.constraints)
    if (
        item.options_expression
        and not item.options
        and not item.value_set
        and item.type is not Type.OPEN_CHOICE
    ):
        yield item.options_expression


def _refuse(
    reach: Reach, where: str, known: frozenset[str], queries: frozenset[str], reading: Reading
) -> None:
    for name in sorted(reach.names - known):
        reading.findings.refuse("needs_a_query" if name in queries else "unknown_name", where, name=name)


def _warn(reach: Reach, expression: str, where: str, known: frozenset[str], reading: Reading) -> None:
    for name in sorted(reach.names - TOLD):
        why = f"%{name} is not known here" if name in known else f"%{name} is defined nowhere"
        reading.findings.warn("prefill_not_done", where, why=why, expression=expression)


def _queries(reading: Reading) -> frozenset[str]:
    found = set(queries_of(reading.source.extension))
    for item in reading.by_link.values():
        found |= set(queries_of(item.extension))
    return frozenset(found)
