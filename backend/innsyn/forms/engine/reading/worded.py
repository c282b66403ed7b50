"""The texts of an item: its own, help, below the question; from plain text, Markdown or XHTML, made harmless."""

from collections.abc import Iterable
from typing import Final

from innsyn.forms.engine.model import Text
from innsyn.forms.engine.reading import limits
from innsyn.forms.engine.reading.context import Reading
from innsyn.forms.engine.reading.said import CORE, HELSENORGE, QUESTIONNAIRE, one, text_of
from innsyn.forms.engine.reading.source import Extension, Primitive, SourceItem
from innsyn.forms.engine.reading.tree import HELP, controls
from innsyn.forms.engine.texts import of_markdown, of_xhtml, plain_text, runs, with_link

MARKDOWN: Final = f"{CORE}rendering-markdown"
XHTML: Final = f"{CORE}rendering-xhtml"


def rendered(extensions: Iterable[Extension], plain: str = "") -> Text | None:
    """The text as its rendering extension has it, None without one."""
    said = one(extensions, MARKDOWN, XHTML)
    words = text_of(said)
    if said is None or not words:
        return None
    return of_markdown(words, plain) if said.url == MARKDOWN else of_xhtml(words, plain)


def text(
    plain: str, beside: Primitive | None, where: str, reading: Reading, more: Iterable[Extension] = ()
) -> Text:
    """A text with what stands beside it. Script in it is taken out and said; nothing but script is refused."""
    extensions = [*(beside.extension if beside else ()), *more]
    said = one(extensions, MARKDOWN, XHTML)
    for words in (plain, text_of(said)):
        if len(words) > limits.TEXT:
            reading.findings.refuse("text_too_long", where, size=len(words), most=limits.TEXT)
            return Text()
    made = rendered(extensions, plain) or Text(plain_text(plain))
    if said is not None and runs(text_of(said)):
        empty = not made.plain and not made.html
        (reading.findings.refuse if empty else reading.findings.warn)(
            "only_script" if empty else "script_removed", where
        )
    return made


def of_item(item: SourceItem, reading: Reading) -> Text:
    """The item's own text."""
    return text(item.text, item.beside_text, item.link_id, reading, item.extension)


def help_of(item: SourceItem, reading: Reading) -> Text:
    """What its help button shows: every help item below it, the instruction and the links of extensions."""
    texts = [of_item(child, reading) for child in item.item if set(controls(child)) & HELP]
    if instruction := text_of(one(item.extension, f"{QUESTIONNAIRE}instruction")):
        texts.append(Text(plain_text(instruction)))
    made = joined(texts)
    for label, address in _links(item):
        made = with_link(made, label, address)
    return made


def _links(item: SourceItem) -> Iterable[tuple[str, str]]:
    for extension in item.extension:
        if extension.url == f"{QUESTIONNAIRE}supportLink":
            yield "", text_of(extension)
        elif extension.url == f"{QUESTIONNAIRE}supportHyperlink":
            yield text_of(one(extension.extension, "label")), text_of(one(extension.extension, "link"))


def joined(texts: list[Text]) -> Text:
    """Several texts as one."""
    there = [each for each in texts if each.plain or each.html]
    if len(there) < 2:  # noqa: PLR2004 - one or none
        return there[0] if there else Text()
    return Text("\n".join(each.plain for each in there), "".join(_as_html(each) for each in there))


def _as_html(each: Text) -> str:
    return each.html or of_xhtml(f"<p>{_escaped(each.plain)}</p>").html or f"<p>{_escaped(each.plain)}</p>"


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def sublabel_of(item: SourceItem, reading: Reading) -> Text:
    """The text below the question (sdf-sublabel is Markdown, sdf-sublabel-text is not)."""
    said = one(item.extension, f"{HELSENORGE}sdf-sublabel", f"{HELSENORGE}sdf-sublabel-text")
    words = text_of(said)
    if said is None or not words:
        return Text()
    if len(words) > limits.TEXT:
        reading.findings.refuse("text_too_long", item.link_id, size=len(words), most=limits.TEXT)
        return Text()
    if runs(words):
        reading.findings.warn("script_removed", item.link_id)
    return of_markdown(words) if said.value_markdown is not None else Text(plain_text(words))
