"""Texts of a form are hostile until they have been here: markdown and XHTML become Text, sanitised once, when read."""

import re
from functools import lru_cache
from html import escape, unescape
from typing import Final

import nh3
from markdown_it import MarkdownIt

from innsyn.forms.engine.model import Text

LONGEST: Final = 200_000
# nh3 takes time quadratic in the nesting; whoever nests deeper than this gets the words alone.
_MOST_TAGS: Final = 1_000
_DEEPEST: Final = 60

_TAGS: Final = frozenset(
    "p br h2 h3 h4 h5 h6 ul ol li dl dt dd table caption thead tbody tr th td b strong i em u sub sup code "
    "blockquote hr a".split()
)
_CLEANER: Final = nh3.Cleaner(
    tags=set(_TAGS),
    attributes={"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}},
    clean_content_tags=set(
        "script style title template iframe object embed svg math noscript textarea select".split()
    ),
    url_schemes={"https"},
    url_relative="deny",
    link_rel="noopener noreferrer",
    strip_comments=True,
)
_RUNS: Final = re.compile(
    r"<\s*(?:script|iframe|object|embed|svg|math|style|link|meta|base|form)\b|<[^<>]*\son[a-z]+\s*=|"
    r"(?:javascript|vbscript|data)\s*:",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"<[^<>]*>")
_BLOCK: Final = re.compile(
    r"</?(?:p|h[1-6]|ul|ol|li|dl|dt|dd|table|caption|tr|td|th|blockquote|br|hr|div)\b[^<>]*>"
)
_HEADING_1: Final = re.compile(r"<(/?)h1\b[^<>]*>", re.IGNORECASE)
_EMPTY_LINK: Final = re.compile(r'<a rel="noopener noreferrer">(.*?)</a>', re.DOTALL)
_ONE_PARAGRAPH: Final = re.compile(r"<p>([^<>]*)</p>")
# Controls, lone surrogates, noncharacters, zero width and what turns the direction of text.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef"
    "\ufffe\uffff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def plain_text(text: str) -> str:
    """The words of a text that is not markup, without signs that nobody sees."""
    return _UNSEEN.sub("", text).strip()


def of_markdown(markdown: str, plain: str = "") -> Text:
    """A text from Markdown (with HTML in it, if it has some). `plain`: for where only words go."""
    return _text(_markdown().render(_UNSEEN.sub("", markdown)[:LONGEST]), plain)


def of_xhtml(xhtml: str, plain: str = "") -> Text:
    """A text from XHTML or HTML."""
    return _text(_UNSEEN.sub("", xhtml)[:LONGEST], plain)


def runs(text: str) -> bool:
    """Has it script, an event handler, or an address that runs something?"""
    return _RUNS.search(unescape(text[:LONGEST])) is not None


def words_of(html: str) -> str:
    """The words of sanitised markup, a line for each block."""
    text = unescape(_TAG.sub("", _BLOCK.sub("\n", html)))
    return "\n".join(line for line in (" ".join(line.split()) for line in text.split("\n")) if line)


def with_link(text: Text, label: str, address: str) -> Text:
    """The text with a link after it, if the address is one that may be followed."""
    if not address.startswith("https://"):
        return text
    before = text.html or (f"<p>{escape(text.plain)}</p>" if text.plain else "")
    link = _CLEANER.clean(f'<p><a href="{escape(address)}">{escape(plain_text(label) or address)}</a></p>')
    return Text(text.plain or plain_text(label), before + link)


def _text(markup: str, plain: str) -> Text:
    html = sanitised(markup)
    words = plain_text(plain) or words_of(html)
    simple = _ONE_PARAGRAPH.sub(r"\1", html).strip()
    return Text(
        words,
        "" if "<" not in simple and " ".join(unescape(simple).split()) == " ".join(words.split()) else html,
    )


def sanitised(markup: str) -> str:
    """Harmless HTML: the tags above, https links, nothing that runs or loads."""
    if markup.count("<") > _MOST_TAGS or _depth(markup) > _DEEPEST:
        return escape(words_of(nh3.clean_text(markup) if "<" not in markup else _TAG.sub(" ", markup)))
    cleaned = _CLEANER.clean(_HEADING_1.sub(r"<\1h2>", markup))
    return _EMPTY_LINK.sub(r"\1", cleaned).strip()


def _depth(markup: str) -> int:
    deepest = now = 0
    for tag in _TAG.finditer(markup):
        if tag[0].startswith("</"):
            now = max(now - 1, 0)
        elif not tag[0].endswith("/>"):
            now += 1
            deepest = max(deepest, now)
    return deepest


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    # Reference definitions and raw addresses are what takes Markdown long; neither is used in forms.
    return (
        MarkdownIt("commonmark", {"html": True, "breaks": True})
        .enable("table")
        .disable(["image", "reference", "autolink"])
    )
