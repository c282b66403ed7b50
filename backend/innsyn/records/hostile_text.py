"""The journal's text is hostile until it has been here: markup, Markdown and plain text, made harmless when projected.

Three walls: a linear scan writes out the few tags we know, balanced and at most DEPTH deep (nh3 takes time quadratic
in the nesting); nh3 parses that as a browser would and decides what is left; signs that hide or turn text go last.
`clean` answers a text that `clean` does not change.
"""

import re
import unicodedata
from functools import lru_cache
from html import escape, unescape

import msgspec
import nh3
from markdown_it import MarkdownIt

LIMIT = 65_536
DEPTH = 100

# Closing tags are written after the cut: they must not bring the text over the limit again.
_SLACK = 2_048
_PASSES = 6
_TAGS = frozenset(
    "p br div h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption thead tbody tfoot tr th td "
    "b strong i em u sub sup pre blockquote hr".split()
)
_VOID = frozenset({"br", "hr"})
# What is inside these is no text for a reader.
_WITH_CONTENT = frozenset(
    "script style title template iframe object embed svg math noscript textarea select xmp plaintext noembed "
    "noframes applet audio video canvas head".split()
)
_ATTRIBUTES = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}}
_CLEANER = nh3.Cleaner(
    tags=set(_TAGS), attributes=_ATTRIBUTES, url_schemes=set(), link_rel=None, strip_comments=True
)

# Possessive throughout: each sign is looked at once, or "<aaaa…" without an end would take quadratic time.
_TAG = re.compile(
    r"""<(?P<end>/?)(?P<name>[a-zA-Z][^\s/<>"'=]*+)(?:(?P<said>(?:[^<>"']|"[^"<]*+"|'[^'<]*+')*+)>|[^<>]*+>)"""
)
_SPAN = re.compile(r"""(?:^|\s)(colspan|rowspan)\s*=\s*["']?([1-9]\d?)(?!\d)""", re.IGNORECASE)
_SCOPE = re.compile(r"""(?:^|\s)scope\s*=\s*["']?(col|row|colgroup|rowgroup)\b""", re.IGNORECASE)
_HEADING = re.compile(r"<(/?)h([1-6])>")
_ANY_TAG = re.compile(r"(<[^<>]*>)")
_BLOCK = re.compile(
    r"</?(?:p|div|h[1-6]|ul|ol|li|dl|dt|dd|table|caption|tr|td|th|pre|blockquote|br|hr)[^<>]*>"
)
_LEADING_LINES = re.compile(r"<pre>\n+")
_BLANKS = re.compile(r"[ \t\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")
# A "#" alone can mean a fracture in a clinician's shorthand: two headings on lines of their own are Markdown.
_MARKDOWN = re.compile(r"(?:^|\n)#{1,4} [^\n#]+\n(?:.*\n)*?\n?#{1,4} [^\n#]+(?:\n|$)")


class Cleaned(msgspec.Struct, frozen=True):
    """A harmless fragment of HTML; `cut` when it was longer than LIMIT and the end is gone."""

    html: str
    cut: bool = False


class Plain(msgspec.Struct, frozen=True):
    """Harmless plain text, to be escaped when shown; `cut` as in Cleaned."""

    text: str
    cut: bool = False


def clean(markup: str) -> Cleaned:
    """The text and its structure out of any HTML or XHTML: no address, style, script or identifier is left."""
    cut = False
    for _ in range(_PASSES):
        markup, shorter = _shortened(_visible(markup))
        cut |= shorter
        cleaned, settled = _pass(markup)
        if settled or cleaned == markup:
            return Cleaned(cleaned, cut)
        markup = cleaned
    # Markup that no two parsers agree about: the reader gets its text.
    paragraphs = "".join(
        f"<p>{escape(line, quote=False)}</p>" for line in words_of(markup).split("\n") if line.strip()
    )
    return Cleaned(_pass(_shortened(paragraphs)[0])[0], cut=cut)


def clean_markdown(text: str) -> Cleaned:
    """Markdown as a fragment of HTML; HTML within it is shown as the text it is."""
    written = plain(text)
    cleaned = clean(_markdown().render(written.text))
    return Cleaned(cleaned.html, cut=written.cut or cleaned.cut)


def plain(text: str) -> Plain:
    """Plain text with its line breaks, without signs that nobody sees."""
    text = unicodedata.normalize("NFC", _visible(text[: 2 * LIMIT]))
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    tidy = _BLANK_LINES.sub("\n\n", lines).strip("\n")
    if len(tidy) <= LIMIT:
        return Plain(tidy)
    return Plain(tidy[:LIMIT].rsplit(None, 1)[0], cut=True)


def is_markdown(text: str) -> bool:
    """Whether plain text was written with Markdown's headings."""
    return _MARKDOWN.search(text[:LIMIT]) is not None


def words_of(html: str) -> str:
    """The text of a cleaned fragment, a line for each block: to search in and to quote from."""
    text = unescape(_ANY_TAG.sub("", _BLOCK.sub("\n", html)))
    return "\n".join(line for line in (" ".join(line.split()) for line in text.split("\n")) if line)


def below(html: str, level: int) -> str:
    """A cleaned fragment with its headings below `level` and no level skipped, whatever the writer called them."""
    before, open_ = level, [level]

    def lowered(tag: re.Match[str]) -> str:
        nonlocal before
        if tag[1]:
            return f"</h{open_.pop() if len(open_) > 1 else before}>"
        before = min(max(int(tag[2]), level + 1), before + 1, 6)
        open_.append(before)
        return f"<h{before}>"

    return _HEADING.sub(lowered, html)


def _pass(markup: str) -> tuple[str, bool]:
    """The cleaned markup, and whether nh3 had nothing to change: then another pass would not either."""
    known = _known_tags(markup)
    parsed = _CLEANER.clean(known)
    html = _LEADING_LINES.sub("<pre>", parsed)
    # Entities have become signs by now. Between tags only: "<p>" followed by a combining stroke would compose to "<p≯".
    parts = _ANY_TAG.split(html)
    preformatted = 0
    for n, part in enumerate(parts):
        if n % 2:
            preformatted += (part == "<pre>") - (part == "</pre>")
        else:
            text = unicodedata.normalize("NFC", _visible(part))
            parts[n] = text if preformatted else _BLANKS.sub(" ", text)
    cleaned = below("".join(parts), 1)
    return cleaned, parsed == known and len(cleaned) <= LIMIT


def _known_tags(markup: str) -> str:
    """Only the tags of _TAGS, without attributes but a cell's, every one closed, at most DEPTH open at a time."""
    out: list[str] = []
    open_: list[str] = []
    at = 0
    markup = _without_comments(markup)
    while (tag := _TAG.search(markup, at)) is not None:
        out.append(markup[at : tag.start()].replace("<", "&lt;"))
        at = tag.end()
        name = tag["name"].rpartition(":")[2].lower()  # a narrative may have a prefix for XHTML: <x:div>
        if name in _WITH_CONTENT and not tag["end"] and not tag[0].endswith("/>"):
            at = _end_of(name, markup, at)
        elif name in _TAGS:
            out.append(_written(tag, name, open_))
    out.append(markup[at:].replace("<", "&lt;"))
    out += [f"</{name}>" for name in reversed(open_)]
    return "".join(out)


def _written(tag: re.Match[str], name: str, open_: list[str]) -> str:
    if name in _VOID:
        return f"<{name}>"
    if tag["end"]:
        if name not in open_:
            return ""
        closed: list[str] = []
        while not closed or closed[-1] != name:
            closed.append(open_.pop())
        return "".join(f"</{each}>" for each in closed)
    if len(open_) >= DEPTH:
        return ""
    start = f"<{name}{_attributes(name, tag['said'] or '')}>"
    if tag[0].endswith("/>"):
        return f"{start}</{name}>"
    open_.append(name)
    return start


def _attributes(name: str, said: str) -> str:
    if name not in _ATTRIBUTES or not said:
        return ""
    kept = {found[1].lower(): found[2] for found in _SPAN.finditer(said)}
    if name == "th" and (scope := _SCOPE.search(said)) is not None:
        kept["scope"] = scope[1].lower()
    return "".join(f' {attribute}="{value}"' for attribute, value in sorted(kept.items()))


def _end_of(name: str, markup: str, at: int) -> int:
    closing = re.compile(rf"</(?:[a-z]+:)?{name}[^<>]*+>", re.IGNORECASE).search(markup, at)
    return closing.end() if closing else len(markup)


def _without_comments(markup: str) -> str:
    if "<!" not in markup and "<?" not in markup:
        return markup
    out: list[str] = []
    at = 0
    for start in re.finditer(r"<[!?]", markup):
        if start.start() < at:
            continue
        out.append(_closed(markup[at : start.start()]))
        begins, ends = next(pair for pair in _ASIDES if markup.startswith(pair[0], start.start()))
        end = markup.find(ends, start.start() + len(begins))
        inside = markup[start.start() + len(begins) : end]
        if end < 0:
            return "".join(out)
        if begins == "<![CDATA[":
            out.append(escape(inside, quote=False))
        at = end + len(ends)
    return "".join([*out, markup[at:]])


_ASIDES = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<!", ">"), ("<?", ">"))


def _closed(text: str) -> str:
    """A "<" before a comment is a sign; without the comment it would begin a tag."""
    return text[:-1] + "&lt;" if text.endswith("<") else text


def _shortened(markup: str) -> tuple[str, bool]:
    if len(markup) <= LIMIT:
        return markup, False
    kept = markup[: LIMIT - _SLACK]
    if kept.rfind("<") > kept.rfind(">"):
        kept = kept[: kept.rfind("<")]
    ampersand = kept.rfind("&", len(kept) - 12)
    if ampersand >= 0 and ";" not in kept[ampersand:]:
        kept = kept[:ampersand]
    return kept, True


# Controls, lone surrogates, noncharacters, tag characters, zero width, and what turns the direction of text: a sign
# that nobody sees can make the "ikke" of a sentence appear somewhere else than where it was written.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def _visible(text: str) -> str:
    if "\r" in text or "\u2028" in text or "\u2029" in text:
        text = (
            text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
        )
    return _UNSEEN.sub("", text)


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    # Links become no links here, so their address stays readable as written; they also are what takes Markdown long.
    written = MarkdownIt("commonmark", {"html": False, "breaks": True})
    return written.enable("table").disable(["link", "image", "autolink", "reference"])
