"""How much a form asks to be worked out and chosen from: looked at before any of it is parsed."""

from collections.abc import Iterable, Iterator

from innsyn.forms.engine.reading import limits
from innsyn.forms.engine.reading.expressions import tokens_in
from innsyn.forms.engine.reading.findings import Findings
from innsyn.forms.engine.reading.said import EHELSE
from innsyn.forms.engine.reading.source import Extension, Source
from innsyn.forms.engine.reading.tree import everything


def must_be_workable(source: Source, findings: Findings) -> None:
    """Raises Refused for more expressions or options than there is time for."""
    options = sum(len(item.answer_option) for top in source.item for item in everything(top))
    if options > limits.OPTIONS:
        raise findings.stop("too_many_options", count=options, most=limits.OPTIONS)
    expressions = set(_expressions(source.extension))
    for top in source.item:
        for item in everything(top):
            expressions |= set(_expressions(item.extension))
    size = sum(tokens_in(each) for each in expressions if len(each) <= limits.EXPRESSION)
    if size > limits.TOKENS:
        raise findings.stop("too_many_expressions", size=size, most=limits.TOKENS)


def _expressions(extensions: Iterable[Extension]) -> Iterator[str]:
    for each in extensions:
        if each.value_expression is not None:
            yield each.value_expression.expression
        elif each.value_string and each.url.startswith(EHELSE):
            yield each.value_string
        yield from _expressions(each.extension)
