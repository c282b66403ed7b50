"""Answers, texts and problems of a form as the page says them."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Protocol

from markupsafe import Markup, escape

from innsyn.forms.engine.model import Item, Option, Text, Type
from innsyn.forms.engine.options import key_of
from innsyn.forms.engine.parts import parts_of
from innsyn.forms.engine.state import Field, Problem
from innsyn.forms.engine.texts import sanitised
from innsyn.forms.engine.values import Answer
from innsyn.forms.filling.headings import fitted
from innsyn.web import dates, filters, wording
from innsyn.web.locale import Catalogue


class Kept(Protocol):
    """What is known of a file beside its answer (views.FileShown)."""

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...


_PROBLEM: Final = "forms.problem."
_LONGEST_QUESTION: Final = 90
# What may stand in a label or a legend; a text with anything else names its input from beside it.
_BLOCKS: Final = (
    "<p>",
    "<h2",
    "<h3",
    "<h4",
    "<h5",
    "<h6",
    "<ul",
    "<ol",
    "<dl",
    "<table",
    "<blockquote",
    "<hr",
    "<a ",
)


@lru_cache(8192)
def markup_of(html: str) -> Markup:
    """Text.html as markup; sanitised again in the same breath, and remembered, for a form comes back many times."""
    return Markup(sanitised(html))  # noqa: S704 — sanitised in the same breath


def shown_text(text: Text, level: int = 2) -> Markup:
    """A text of the form, for any place that takes paragraphs; `level` is that of a heading there."""
    if not text.html:
        return Markup("<br>").join(escape(line) for line in text.plain.splitlines())
    return fitted(markup_of(text.html), level)


def inline_text(text: Text) -> Markup | None:
    """A text for a label or a legend; None where it is more than a line of words."""
    html = text.html
    if html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1:
        html = html[3:-4]
    if any(block in html for block in _BLOCKS):
        return None
    return shown_text(Text(text.plain, html))


def question_of(field: Field, texts: Catalogue) -> str:
    """A question in one short line, for a list of several."""
    item = field.item
    words = " ".join((item.short_text or field.text.plain).split()) or texts.text("forms.fill.question")
    cut = words if len(words) <= _LONGEST_QUESTION else f"{words[: _LONGEST_QUESTION - 1].rstrip()}…"
    return f"{item.prefix} {cut}" if item.prefix else cut


def problem_words(problem: Problem, texts: Catalogue) -> str:
    """What is wrong and what to do, in the form's own words where it has some."""
    if problem.words:
        return problem.words
    known = texts.known()
    for key in (problem.text_key, f"{_PROBLEM}{problem.text_key}"):
        if key in known:
            return texts.text(key, **_numbered(problem.values))
    return texts.text("forms.fill.invalid")


def _numbered(values: tuple[tuple[str, str], ...]) -> dict[str, object]:
    return {name: int(value) if name == "n" and value.isdecimal() else value for name, value in values}


def answers_words(
    field: Field, texts: Catalogue, files: Mapping[str, Kept], answers: tuple[Answer, ...] | None = None
) -> tuple[str, ...]:
    """Every answer of a field in words, one text each."""
    given = field.answers if answers is None else answers
    told = (answer_words(field.item, answer, field.options, texts, files) for answer in given)
    return tuple(words for words in told if words)


def answer_words(
    item: Item, answer: Answer, options: tuple[Option, ...], texts: Catalogue, files: Mapping[str, Kept]
) -> str:
    """One answer as a person says it; what was typed and is no such value stands as it was typed."""
    locale = texts.locale
    if answer.typed:
        return _typed(item, answer, locale)
    if answer.value_boolean is not None:
        return texts.text("forms.fill.yes" if answer.value_boolean else "forms.fill.no")
    if answer.value_quantity is not None:
        quantity = answer.value_quantity
        number = "" if quantity.value is None else f"{quantity.value:f}"
        return f"{quantity.comparator}{wording.with_unit(number, quantity.unit or quantity.code, locale)}"
    if answer.value_attachment is not None:
        return _file(answer, locale, files)
    offered = _offered(answer, options)
    return offered or _literal(answer, locale)


def _offered(answer: Answer, options: tuple[Option, ...]) -> str:
    if not options:
        return ""
    key = key_of(answer)
    return next((option.text for option in options if key_of(option.value) == key), "")


def _literal(answer: Answer, locale: str) -> str:
    if answer.value_coding is not None:
        return answer.value_coding.display or answer.value_coding.code
    if answer.value_date is not None:
        return dates.long_day(answer.value_date, locale)
    if answer.value_date_time is not None:
        return dates.day_and_time(answer.value_date_time, locale)
    if answer.value_decimal is not None:
        return dates.number(f"{answer.value_decimal:f}", locale)
    if answer.value_integer is not None:
        return dates.number(str(answer.value_integer), locale)
    if answer.value_time is not None:
        clock = answer.value_time[:5]
        return clock if locale == "en" else clock.replace(":", ".")
    if answer.value_reference is not None:
        return answer.value_reference.display or answer.value_reference.reference
    return answer.value_string or answer.value_uri or ""


def _typed(item: Item, answer: Answer, locale: str) -> str:
    parts = parts_of(item, answer, locale)
    apart = ". " if item.type in {Type.DATE, Type.DATE_TIME} else " "
    return apart.join(text for suffix, text in parts.items() if text and (suffix or text != "-other"))


def _file(answer: Answer, locale: str, files: Mapping[str, Kept]) -> str:
    attachment = answer.value_attachment
    if attachment is None:
        return ""
    kept = files.get(attachment.url)
    name = attachment.title or (kept.name if kept else "") or attachment.content_type
    size = filters.size_words(attachment.size or (kept.size if kept else 0), locale)
    return f"{name} ({size})" if size else name
