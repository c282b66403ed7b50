"""The tree of items: how large it is, whether it is R4, and which items stay items."""

from collections.abc import Iterator
from typing import Final

from innsyn.forms.engine.model import Type
from innsyn.forms.engine.reading import limits
from innsyn.forms.engine.reading.findings import Findings
from innsyn.forms.engine.reading.said import QUESTIONNAIRE, codings_of, every
from innsyn.forms.engine.reading.source import Source, SourceItem

TYPES: Final = frozenset(Type)
# Shown with the item they stand below, not as items of their own.
HELP: Final = frozenset({"help", "help-link", "flyover"})
LABELS: Final = frozenset({"unit", "lower", "upper"})
SIDEBAR: Final = "sidebar"
_WORDS_ONLY: Final = frozenset({Type.DISPLAY, Type.TEXT, Type.STRING, Type.URL})


def controls(item: SourceItem) -> list[str]:
    """The codes of its itemControl."""
    said = every(item.extension, f"{QUESTIONNAIRE}itemControl")
    return [coding.code for extension in said for coding in codings_of(extension) if coding.code]


def is_folded(item: SourceItem) -> bool:
    """Is it help, a unit, an end of a slider or the sidebar: words, and nothing to answer?"""
    codes = set(controls(item))
    if SIDEBAR in codes:
        return not any(_asks(below) for child in item.item for below in everything(child))
    return bool(codes & (HELP | LABELS)) and item.type in _WORDS_ONLY


def _asks(item: SourceItem) -> bool:
    return item.type not in _WORDS_ONLY and item.type != Type.GROUP


def everything(item: SourceItem) -> Iterator[SourceItem]:
    """The item and all below it."""
    yield item
    for child in item.item:
        yield from everything(child)


def kept(items: list[SourceItem]) -> Iterator[SourceItem]:
    """What stays an item, in document order."""
    for item in items:
        if not is_folded(item):
            yield item
            yield from kept(item.item)


def must_be_small(source: Source, findings: Findings) -> None:
    """Raises Refused for a tree too deep or too large to go on with."""
    count, level = 0, source.item
    for _ in range(limits.DEPTH):
        count += len(level)
        if count > limits.ITEMS:
            raise findings.stop("too_many_items", count=_total(source.item), most=limits.ITEMS)
        level = [child for item in level for child in item.item]
    if level:
        raise findings.stop("too_deep", level[0].link_id, most=limits.DEPTH)


def _total(level: list[SourceItem]) -> int:
    count = 0
    while level:
        count += len(level)
        level = [child for item in level for child in item.item]
    return count


def check(source: Source, findings: Findings) -> None:
    """Every item has a linkId of its own and a type of R4. Raises Refused if there is nothing to go on with."""
    if not source.item:
        raise findings.stop("no_items")
    seen: set[str] = set()
    for top in source.item:
        for item in everything(top):
            _check(item, seen, findings)


def _check(item: SourceItem, seen: set[str], findings: Findings) -> None:
    where = item.link_id
    if not where or len(where) > limits.LINK_ID:
        findings.refuse("no_link_id", where, what=item.text or item.type)
    elif where in seen:
        findings.refuse("duplicate_link_id", where)
    seen.add(where)
    _must_be_r4(item, findings)
    if item.type == Type.DISPLAY and any(_asks(below) or below.type == Type.GROUP for below in item.item):
        findings.refuse("items_below_display", where)


def _must_be_r4(item: SourceItem, findings: Findings) -> None:
    where = item.link_id
    if item.option is not None or item.options is not None:
        findings.refuse("not_r4", where, what="item.option", release="STU3")
    if any(condition.has_answer is not None for condition in item.enable_when):
        findings.refuse("not_r4", where, what="enableWhen.hasAnswer", release="STU3")
    if item.answer_constraint is not None or item.disabled_display is not None or item.type == "coding":
        findings.refuse("not_r4", where, what="coding, answerConstraint or disabledDisplay", release="R5")
    elif item.type not in TYPES:
        findings.refuse("unknown_item_type", where, type=item.type)
