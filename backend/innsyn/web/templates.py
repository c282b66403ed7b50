"""Pages from templates: one Jinja environment per language, compiled once, everything escaped.

`render(locale, name, page)` is all that callers need. A template sees one variable, `page`, and the
functions of `_tools`; a field that the page lacks is an error and never an empty spot on the screen.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextvars import ContextVar, copy_context
from functools import cache, partial
from pathlib import Path
from typing import Any, Final, cast

import markupsafe
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import escape

from innsyn.web import charts, dates, filters, wording
from innsyn.web.locale import LOCALES, catalogue
from innsyn.web.statics import published

FOLDER: Final = Path(__file__).resolve().parents[3] / "pwa"


# Set by `render`, for the components: a macro sees no variable of the page.
_base: Final[ContextVar[str]] = ContextVar("base", default="")
_mark: Final[ContextVar[str]] = ContextVar("mark", default="")
_POSTED: Final = re.compile(r'<form\b[^>]* method="post"[^>]*>')
# Of the installation: set once, when the application starts.
_scans_files = False
# In every form that is posted, when a template is compiled: none can be forgotten (web/marks.py).
_MARKED: Final = r"\g<0>{% if mark() %}<input type=hidden name=m value={{ mark() }}>{% endif %}"


def render(locale: str, name: str, page: object) -> str:
    """The HTML of the template `name` (a path under pwa/) in one of LOCALES for one page's data."""
    reader = getattr(page, "reader", None)
    _base.set(getattr(reader, "base", ""))
    _mark.set(getattr(reader or page, "mark", ""))
    return environment(locale).get_template(name).render(page=page)


def say_of_files(*, are_scanned: bool) -> None:
    """Whether the pages may leave out that files are not scanned for viruses here."""
    global _scans_files  # noqa: PLW0603 - a macro sees no variable of the page, and this is the same on every page
    _scans_files = are_scanned


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
    """Settles texts and addresses that are the same on every page when a template is compiled.

    An environment speaks one language, so `t("home.news")` is a constant in it.
    """

    def __init__(self, known: dict[str, Callable[[str], str]]) -> None:
        self._known = known

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 — Jinja finds it by this name
        settle = self._known.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        if settle and len(node.args) == 1 and isinstance(node.args[0], nodes.Const) and not node.kwargs:
            return nodes.Const(settle(node.args[0].value), lineno=node.lineno)
        return self.generic_visit(node)


_escape_text: Final[Callable[[str], str]] = markupsafe._escape_inner  # type: ignore[attr-defined] # noqa: SLF001


class _Escaping(CodeGenerator):
    """Escapes what goes straight to the page without wrapping it as markup first.

    A page of fifty rows has five hundred such places, and the wrapping was a third of its time.
    """

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: object) -> None:  # noqa: ARG002
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            raise TemplateSyntaxError("escaping is never switched off", node.lineno, self.name, self.filename)
        self.write("environment.escaped(")


def escaped(value: object) -> str:
    """The text of a value for a place in a page; markup made by us stays markup."""
    return _escape_text(value) if type(value) is str else escape(value)


class _OneLanguage(Environment):
    code_generator_class = _Escaping
    escaped = staticmethod(escaped)

    def preprocess(self, source: str, name: str | None = None, filename: str | None = None) -> str:
        return _POSTED.sub(_MARKED, super().preprocess(source, name, filename))

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        return super()._generate(self.settled(source), name, filename, defer_init)

    def settled(self, source: nodes.Template) -> nodes.Template:
        """The template with every text and address in its place that is the same on every page."""
        known = {name: cast("Callable[[str], str]", self.globals[name]) for name in ("t", "asset")}
        return cast("nodes.Template", _Settled(known).visit(source))


@cache
def environment(locale: str) -> Environment:
    """The environment of one language."""
    made = _bare(locale)
    made.globals.update(_components(made))
    made.globals["dictionary"] = dictionary_name(locale)
    return made


def _bare(locale: str) -> "_OneLanguage":
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
    return made


# What pages have in common, most of all lists and entries: together they make the dictionary of a language. What comes
# with every row is in shell/common as it stands in a page; the rest is the text of templates in their order.
_ROWS: Final = "shell/common.html"
_COMMON: Final = (
    *("home", "records/entry", "records/lab_results/entry", "records/timeline/list", "records/list"),
    *(f"components/{name}/{name}" for name in ("hero", "area", "result-table", "facts", "freshness")),
    *(f"components/{name}/{name}" for name in ("search", "urgent", "session", "language", "more")),
    *("shell/open", "shell/base", "shell/signed-in"),
)


@cache
def fixed_text(locale: str) -> bytes:
    """The text that pages of one language have in common, as a compression dictionary. Nobody's data is in it."""
    of = _bare(locale)
    of.globals.update(_components(of))
    texts = catalogue(locale)
    words = (texts.text(key) for key in sorted(texts.known()) if key.startswith("flags."))
    rows = copy_context().run(_of_nobody, of.get_template(_ROWS))
    # A part that comes again stays: what stands beside it is worth more than the bytes it costs.
    parts = (part for name in _COMMON for part in _fixed_parts(of, f"{name}.html"))
    return "".join([*words, rows, *parts]).encode()


def _of_nobody(template: Template) -> str:
    _base.set("")
    _mark.set("")
    return template.render()


def _fixed_parts(of: "_OneLanguage", name: str) -> Iterator[str]:
    source = (FOLDER / name).read_text("utf-8")
    for output in of.settled(of.parse(source, name)).find_all(nodes.Output):
        for node in output.nodes:
            if isinstance(node, nodes.TemplateData):
                yield node.data
            elif isinstance(node, nodes.Const):
                yield str(node.value)


def dictionary_name(locale: str) -> str:
    """The name of a language's dictionary, with its content's hash in it."""
    return f"{locale}.{hashlib.sha256(fixed_text(locale)).hexdigest()[:10]}"


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
        # What addresses of the opened record begin with: of somebody else's, what stands for them.
        "base": _base.get,
        "mark": _mark.get,
        "scans_files": lambda: _scans_files,
        "locales": LOCALES,
        "asset": lambda name: published()[name],
        "rows": partial(_with_locale, wording.rows, locale),
        "today_of": dates.today_of,
        "ahead": dates.ahead,
        "appointment": partial(_with_locale, dates.appointment, locale),
        "ago": partial(_with_locale, dates.ago, locale),
        "at_clock": partial(_with_locale, dates.at_clock, locale),
        "near_day": partial(_with_locale, dates.near_day, locale),
        "with_unit": partial(_with_locale, wording.with_unit, locale),
        "measured": partial(_with_locale, wording.measured, locale),
        "flag_words": partial(_with_locale, wording.flag_words, locale),
        "news_of": wording.news_to,
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
        "more_url": filters.more_url,
        "size_words": partial(_with_locale, filters.size_words, locale),
        "file_words": partial(_with_locale, filters.file_words, locale),
    }


def _with_locale(function: Any, locale: str, /, *args: Any) -> Any:  # noqa: ANN401 — whatever the function gives
    return function(*args, locale)


def _filters(locale: str) -> dict[str, Any]:
    return {
        "number": lambda text: dates.number(text, locale),
        "long_day": lambda at: dates.long_day(at, locale),
        "day_and_time": lambda at: dates.day_and_time(at, locale),
        "after": str.removeprefix,
        "markup_of_note": filters.markup_of_note,
        "paragraphs": filters.paragraphs,
        "phone_link": filters.phone_link,
        "phone_words": filters.phone_words,
        "by_month": filters.by_month,
        "before": filters.before,
    }
