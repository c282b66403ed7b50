"""Pages from templates: one Jinja environment per language, compiled once, everything escaped.

`render(locale, name, page)` is all that callers need. A template sees one variable, `page`, and the
functions of `_tools`; a field that the page lacks is an error and never an empty spot on the screen.
"""

from collections.abc import Callable, Sequence
from functools import cache, partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import nh3
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateSyntaxError, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, _escape_inner, escape

from innsyn.web import charts, dates, wording
from innsyn.web.locale import LOCALES, catalogue
from innsyn.web.statics import published

FOLDER: Final = Path(__file__).resolve().parents[3] / "pwa"

# The marked-up text of a note: structure and nothing else. No address, no class, no style, no picture.
NOTE_TAGS: Final = frozenset(
    "p br div span h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption thead tbody tfoot tr th td "
    "b strong i em u sub sup pre blockquote hr".split(),
)
NOTE_ATTRIBUTES: Final = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}}


def render(locale: str, name: str, page: object) -> str:
    """The HTML of the template `name` (a path under pwa/) in one of LOCALES for one page's data."""
    return environment(locale).get_template(name).render(page=page)


def warm() -> None:
    """Compile every page in every language, so that no citizen waits for it."""
    for locale in LOCALES:
        of = environment(locale)
        for name in of.list_templates(filter_func=is_page):
            of.get_template(name)


def is_page(name: str) -> bool:
    """Whether a template is a page of ours, and not something of the build."""
    return name.endswith(".html") and not name.startswith(("build/", "node_modules/"))


class _Settled(NodeTransformer):
    """Texts and addresses that are the same on every page are settled when the template is compiled: an
    environment speaks one language, so `t("home.news")` is a constant in it.
    """

    def __init__(self, known: dict[str, Callable[[str], str]]) -> None:
        self._known = known

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 — Jinja finds it by this name
        settle = self._known.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        if settle and len(node.args) == 1 and isinstance(node.args[0], nodes.Const) and not node.kwargs:
            return nodes.Const(settle(node.args[0].value), lineno=node.lineno)
        return self.generic_visit(node)


class _Escaping(CodeGenerator):
    """Escapes what goes straight to the page without wrapping it as markup first: a page of fifty rows has five
    hundred such places, and the wrapping was a third of its time.
    """

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:  # noqa: ANN401
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            raise TemplateSyntaxError("escaping is never switched off", node.lineno, self.name, self.filename)
        self.write("environment.escaped(")


def escaped(value: object) -> str:
    """The text of a value for a place in a page; markup made by us stays markup."""
    return _escape_inner(value) if type(value) is str else escape(value)


class _OneLanguage(Environment):
    code_generator_class = _Escaping
    escaped = staticmethod(escaped)

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        settled = _Settled({"t": self.globals["t"], "asset": self.globals["asset"]}).visit(source)
        return super()._generate(settled, name, filename, defer_init)


@cache
def environment(locale: str) -> Environment:
    """The environment of one language."""
    made = _OneLanguage(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
    )
    made.globals.update(_tools(locale))
    made.filters.update(_filters(locale))
    made.globals.update(_components(made))
    return made


def _components(of: Environment) -> dict[str, Any]:
    """The macros of every component, known to every page under their own names."""
    found: dict[str, Any] = {}
    for name in of.list_templates(filter_func=lambda name: name.startswith("components/") and is_page(name)):
        module = of.get_template(name).module
        macros = {macro: getattr(module, macro) for macro in vars(module) if not macro.startswith("_")}
        if clash := found.keys() & macros.keys():
            raise ValueError(f"{name} names a component again: {', '.join(clash)}")
        found |= macros
    return found


def _tools(locale: str) -> dict[str, Any]:
    texts = catalogue(locale)
    return {
        "t": texts.text,
        "t_or": texts.text_or,
        "locale": locale,
        "locales": LOCALES,
        "asset": lambda name: published()[name],
        "rows": partial(_with_locale, wording.rows, locale),
        "today_of": dates.today_of,
        "appointment": partial(_with_locale, dates.appointment, locale),
        "ago": partial(_with_locale, dates.ago, locale),
        "at_clock": partial(_with_locale, dates.at_clock, locale),
        "near_day": partial(_with_locale, dates.near_day, locale),
        "with_unit": partial(_with_locale, wording.with_unit, locale),
        "measured": partial(_with_locale, wording.measured, locale),
        "flag_words": partial(_with_locale, wording.flag_words, locale),
        "status_words": partial(_with_locale, wording.status_words, locale),
        "withheld_words": partial(_with_locale, wording.withheld_words, locale),
        "opens_words": partial(_with_locale, wording.opens_words, locale),
        "reference_short": partial(_with_locale, wording.reference_short, locale),
        "reference_words": partial(_with_locale, wording.reference_words, locale),
        "trend_words": partial(_with_locale, wording.trend_words, locale),
        "unit_words": wording.unit_words,
        "needs_care": wording.CARE.__contains__,
        "number_line": charts.number_line,
        "trend_of": charts.trend,
        "more_url": more_url,
        "size_words": partial(_with_locale, size_words, locale),
        "file_words": partial(_with_locale, file_words, locale),
    }


def _with_locale(function: Any, locale: str, /, *args: Any) -> Any:  # noqa: ANN401 — whatever the function gives
    return function(*args, locale)


def _filters(locale: str) -> dict[str, Any]:
    return {
        "number": lambda text: dates.number(text, locale),
        "long_day": lambda at: dates.long_day(at, locale),
        "day_and_time": lambda at: dates.day_and_time(at, locale),
        "after": str.removeprefix,
        "markup_of_note": markup_of_note,
        "paragraphs": paragraphs,
        "phone_link": phone_link,
        "by_month": by_month,
        "before": before,
    }


def markup_of_note(html: str) -> Markup:
    """The text of a note as markup. It was cleaned when it was projected and is cleaned once more here, so that
    even a row written past the projection cannot bring a script, an address or a style to the page.
    """
    clean = nh3.clean(html, tags=set(NOTE_TAGS), attributes=NOTE_ATTRIBUTES, url_schemes=set(), link_rel=None)
    return Markup(clean)  # noqa: S704 — cleaned on the line above


def paragraphs(text: str) -> list[str]:
    """Plain text split where the writer left an empty line."""
    return [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]


def phone_link(number: str) -> str:
    """The address that calls a number, "" for what is no number to call."""
    digits = "".join(sign for sign in number if sign.isdigit() or sign == "+")
    return f"tel:{digits}" if len(digits) >= 3 else ""  # noqa: PLR2004 — 113 is the shortest


def by_month(of: Sequence[wording.Row]) -> list[tuple[str, list[wording.Row]]]:
    """Rows under the month they belong to, in the order they came."""
    return [(name, list(group)) for name, group in groupby(of, key=attrgetter("month"))]


def before(lines: Sequence[wording.Line], line: wording.Line) -> wording.Line | None:
    """The value before this one in a trend that runs from the oldest to the newest."""
    places = [place for place, other in enumerate(lines) if other.id == line.id]
    return lines[places[0] - 1] if places and places[0] else None


def more_url(path: str, chosen: Any, cursor: str) -> str:  # noqa: ANN401 — any page's filter
    """The address of the next page of a list, under the same filter."""
    wanted = {
        "kind": chosen.kind,
        "source": chosen.source,
        "from": chosen.from_,
        "to": chosen.to,
        "q": chosen.q,
        "cursor": cursor,
    }
    return f"{path}?{urlencode({name: value for name, value in wanted.items() if value})}"


def size_words(size: int, locale: str) -> str:
    """The size of a file: "340 kB", "1,2 MB"; "" when it is not known."""
    if not size:
        return ""
    if size < 1_000_000:  # noqa: PLR2004 — below one MB
        return f"{max(1, round(size / 1000))}\N{NO-BREAK SPACE}kB"
    return f"{dates.number(f'{size / 1e6:.1f}', locale)}\N{NO-BREAK SPACE}MB"


def file_words(media_type: str, locale: str) -> str:
    """What kind of file: "PDF", "bilde", "tekst"."""
    main = media_type.split(";")[0].strip().lower()
    key = {"application/pdf": "pdf", "text/html": "text", "text/plain": "text"}.get(main, main.split("/")[0])
    return catalogue(locale).text_or(f"files.{key}", catalogue(locale).text("files.other"))

