"""The rule book as a page: generated from the rules themselves, so it cannot say anything else than what is done."""

from collections.abc import Iterable
from itertools import groupby

import msgspec

from innsyn.access.book.refusals import RefusedBy
from innsyn.access.book.rule import Book, Rule, Source, When, Who
from innsyn.access.book.versions import VERSIONS
from innsyn.access.capability import Capability
from innsyn.access.views import Who as Reader

_ADDRESS = frozenset({When.SHARED_ADDRESS, When.NO_SHARED_ADDRESS})
_DOES = (Capability.MESSAGE, Capability.BOOK, Capability.FORMS, Capability.MANAGE)
# In which order a citizen meets them; the order in which they are asked is the book's.
_GROUPS = ("others", "self", "parent", "relative", "guardian", "receiver", "rest")


class RuleView(msgspec.Struct, frozen=True, kw_only=True):
    """One rule. `last` is the last whole year of age it holds for (None: no end); `when` are codes of conditions.

    `kinds` None are all; `does` are names of capabilities beyond seeing. `anchor` is its place on the page.
    """

    key: str
    anchor: str
    opens: bool
    from_age: int
    last: int | None
    when: list[str]
    kinds: tuple[str, ...] | None
    does: list[str]
    longest: int | None
    sources: tuple[Source, ...]


class GroupView(msgspec.Struct, frozen=True):
    """Rules about the same kind of reader."""

    name: str
    rules: list[RuleView]


class VersionView(msgspec.Struct, frozen=True):
    """A version of the book. Of one that is not in force only what it says otherwise."""

    key: str
    in_force: bool
    groups: list[GroupView]
    sources: tuple[Source, ...]


class RulesPage(msgspec.Struct, frozen=True, kw_only=True):
    """The version in force first. `reader` None: nobody is logged in."""

    reader: Reader | None
    versions: list[VersionView]


class RefusedPage(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody was refused by a rule (template access/rules-refused.html). `own`: it was their own record."""

    reader: Reader | None
    refused: RefusedBy
    own: bool


def rules_page(book: Book, reader: Reader | None) -> RulesPage:
    """All versions, for a page that anyone may read."""
    others = (other for other in VERSIONS if other.key != book.key)
    return RulesPage(
        reader=reader,
        versions=[
            _version(book, book.rules, in_force=True),
            *(_version(other, _otherwise(other, book), in_force=False) for other in others),
        ],
    )


def _version(book: Book, rules: Iterable[Rule], *, in_force: bool) -> VersionView:
    return VersionView(book.key, in_force, _groups(book, rules), book.sources)


def _otherwise(other: Book, book: Book) -> list[Rule]:
    """The rules that decide otherwise there; that a page cites another source is no difference."""
    said = [_decision(rule, book) for rule in book.rules]
    return [rule for rule in other.rules if _decision(rule, other) not in said]


def _decision(rule: Rule, book: Book) -> tuple[Rule, list[str]]:
    return msgspec.structs.replace(rule, sources=()), _conditions(rule, book)


def _groups(book: Book, rules: Iterable[Rule]) -> list[GroupView]:
    place = {name: number for number, name in enumerate(_GROUPS)}
    ordered = sorted(rules, key=lambda rule: place[_group(rule)])
    return [
        GroupView(name, [_view(rule, book) for rule in found]) for name, found in groupby(ordered, key=_group)
    ]


def _group(rule: Rule) -> str:
    if rule.who is Who.OTHERS:
        return "others" if rule.when else "rest"
    return "receiver" if rule.who is Who.GIVER else rule.who.value


def _view(rule: Rule, book: Book) -> RuleView:
    return RuleView(
        key=rule.key,
        anchor=rule.key,
        opens=not rule.denies,
        from_age=rule.from_age,
        last=rule.until_age - 1 if rule.until_age else None,
        when=_conditions(rule, book),
        kinds=rule.kinds,
        does=[(each.name or "").lower() for each in _DOES if each in rule.capabilities],
        longest=rule.longest,
        sources=rule.sources,
    )


def _conditions(rule: Rule, book: Book) -> list[str]:
    """The conditions as codes of texts: which parent has to live with the child is the version's."""
    return [f"{when.value}_{book.address.value}" if when in _ADDRESS else when.value for when in rule.when]
