"""Which expressions a form has, and which answers each looks at, as far as that can be read off.

An expression that names every item it looks at by linkId is asked again only when one of those has changed; all others
whenever anything has.
"""

import re
from collections.abc import Collection, Iterator
from typing import Final

import msgspec

from innsyn.forms.engine.model import Form, Item, Variable

_NAMED: Final = re.compile(r"where\(\s*linkId\s*=\s*'([^'\\]*)'\s*\)")
_VARIABLE: Final = re.compile(r"%`?([A-Za-z_][\w-]*)")
_LITERAL: Final = re.compile(r"'(?:[^'\\]|\\.)*'")
# What leads into the response; and what looks at where an item stands among others, which is not in its name.
_LOOKS: Final = re.compile(
    r"\b(item|answer|value|descendants|children|repeat|linkId|QuestionnaireResponse)\b|%resource|%context|\$this"
)
_COUNTS: Final = re.compile(
    r"\bitem\s*(\[|\.\s*(first|last|tail|skip|take|single|count|exists|empty|select)\b)"
)


class Job(msgspec.Struct, frozen=True):
    """An expression of an item. `needs`: numbers of the items it looks at; None: any."""

    item: Item
    expression: str
    needs: frozenset[int] | None


class Jobs(msgspec.Struct, frozen=True):
    """The expressions of a form that decide what is asked, answered and offered. `decisive`: items enableWhen names."""

    enabling: tuple[Job, ...]
    calculated: tuple[Job, ...]
    offering: tuple[Job, ...]
    decisive: frozenset[int]


def jobs_of(form: Form) -> Jobs:
    """The expressions of a form, in document order."""
    kept: Jobs | None = form.__dict__.get("jobs")
    if kept is None:
        items = form.by_number
        kept = form.__dict__["jobs"] = Jobs(
            tuple(_job(form, each, each.enable_expression) for each in items if each.enable_expression),
            tuple(
                _job(form, each, each.calculated or each.copied)
                for each in items
                if each.asks and (each.calculated or each.copied)
            ),
            tuple(_job(form, each, each.options_expression) for each in items if each.options_expression),
            frozenset(condition.question for each in items for condition in each.enable_when),
        )
    return kept


def reach(form: Form, numbers: Collection[int]) -> set[int]:
    """These items, all that they stand in, and all below.

    Who looks at a group looks at what is below it; and what is below a question moves when that is answered.
    """
    reached: set[int] = set()
    for start in numbers:
        reached.update(below.number for below in form.by_number[start].all())
        parent = form.parents.get(start)
        number = parent.number if parent else None
        while number is not None and number not in reached:
            reached.add(number)
            parent = form.parents.get(number)
            number = parent.number if parent else None
    return reached


def _job(form: Form, item: Item, expression: str) -> Job:
    needs: set[int] = set()
    for each in (expression, *_variables(form, item, expression)):
        looked = _looked_at(form, each)
        if looked is None:
            return Job(item, expression, None)
        needs |= looked
    return Job(item, expression, frozenset(needs))


def _looked_at(form: Form, expression: str) -> set[int] | None:
    named = _NAMED.findall(expression)
    bare = _LITERAL.sub("''", _NAMED.sub("", expression))
    if not named:
        return None if _LOOKS.search(bare) else set()
    if "linkId" in bare or _COUNTS.search(bare):
        return None
    return {form.by_link[link_id].number for link_id in named if link_id in form.by_link}


def _variables(form: Form, item: Item, expression: str) -> Iterator[str]:
    """The expressions of all variables that this one leads to. One name may be several: each counts."""
    by_name: dict[str, list[str]] = {}
    for variable in _in_scope(form, item):
        by_name.setdefault(variable.name, []).append(variable.expression)
    waiting, seen = [expression], set[str]()
    while waiting:
        for name in _VARIABLE.findall(_LITERAL.sub("''", waiting.pop())):
            if name not in seen:
                seen.add(name)
                found = by_name.get(name, [])
                waiting += found
                yield from found


def _in_scope(form: Form, item: Item) -> Iterator[Variable]:
    yield from form.variables
    at: Item | None = item
    while at is not None:
        yield from at.variables
        at = form.parents.get(at.number)
