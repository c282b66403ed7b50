"""How much a form asks to be worked out and chosen from: looked at before any of it is parsed."""

from collections.abc import Iterable, Iterator
from typing import Final

from innsyn.forms.engine.instances import MOST_FIELDS
from innsyn.forms.engine.model import Form, fewest_of
from innsyn.forms.engine.places import MOST_INSTANCES, is_repeating_group
from innsyn.forms.engine.reading import limits
from innsyn.forms.engine.reading.expressions import tokens_in
from innsyn.forms.engine.reading.findings import Findings
from innsyn.forms.engine.reading.said import CORE, EHELSE, HELSENORGE, every, text_of
from innsyn.forms.engine.reading.source import Extension, Source
from innsyn.forms.engine.reading.tree import everything

_MARKDOWN: Final = (f"{CORE}rendering-markdown", f"{HELSENORGE}sdf-sublabel")


def must_be_workable(source: Source, findings: Findings) -> None:
    """Raises Refused for more expressions or options than there is time for."""
    options = sum(len(item.answer_option) for top in source.item for item in everything(top))
    if options > limits.OPTIONS:
        raise findings.stop("too_many_options", count=options, most=limits.OPTIONS)
    said = [source.extension]
    for top in source.item:
        for item in everything(top):
            said += [item.extension, item.beside_text.extension if item.beside_text else []]
    _must_be_quick(said, len(source.description), findings)


def must_have_room(form: Form, findings: Findings) -> None:
    """Raises Refused for more instances than a draft may have before anybody has added one (minOccurs)."""
    for item in form.by_number:
        if is_repeating_group(item) and item.min_occurs > MOST_INSTANCES:
            raise findings.stop(
                "too_many_instances", item.link_id, count=item.min_occurs, most=MOST_INSTANCES
            )
    if (count := fewest_of(form.items)) > MOST_FIELDS:
        raise findings.stop("too_many_fields", count=count, most=MOST_FIELDS)


def _must_be_quick(said: list[list[Extension]], described: int, findings: Findings) -> None:
    expressions = {each for extensions in said for each in _expressions(extensions)}
    size = sum(tokens for each in expressions if (tokens := tokens_in(each)) <= limits.TOKENS_OF_ONE)
    if size > limits.TOKENS:
        raise findings.stop("too_many_expressions", size=size, most=limits.TOKENS)
    if (count := len(_patterns(said))) > limits.REGEXES:
        raise findings.stop("too_many_regexes", count=count, most=limits.REGEXES)
    size = described + sum(
        len(text_of(each)) for extensions in said for each in every(extensions, *_MARKDOWN)
    )
    if size > limits.MARKDOWN:
        raise findings.stop("too_much_markdown", size=size, most=limits.MARKDOWN)


def _patterns(said: list[list[Extension]]) -> set[str]:
    return {text_of(each) for extensions in said for each in every(extensions, f"{CORE}regex")}


def _expressions(extensions: Iterable[Extension]) -> Iterator[str]:
    for each in extensions:
        if each.value_expression is not None:
            yield each.value_expression.expression
        elif each.value_string and each.url.startswith(EHELSE):
            yield each.value_string
        yield from _expressions(each.extension)
