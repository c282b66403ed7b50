"""Which variables stand where, and what an expression reaches through them."""

from collections.abc import Iterator, Mapping

import msgspec

from innsyn.forms.engine.model import Form, Item, Variable
from innsyn.forms.engine.reading.expressions import link_ids_in, names_in
from innsyn.forms.engine.reading.turning import circle_in


class Reach(msgspec.Struct, frozen=True):
    """What an expression asks for, itself or through variables: linkIds, and names that no variable has."""

    link_ids: frozenset[str]
    names: frozenset[str]


class Scope:
    """The variables that may be used at a place, by name; inner ones hide outer ones."""

    def __init__(self, defined: Mapping[str, str]) -> None:
        self._defined = defined
        self._reached: dict[str, Reach] = {}

    def below(self, variables: tuple[Variable, ...]) -> "Scope":
        """The scope of an item with variables of its own; without any it is the same."""
        if not variables:
            return self
        return Scope({**self._defined, **{each.name: each.expression for each in variables}})

    def reach(self, expression: str) -> Reach:
        """What the expression asks for in the end."""
        if expression not in self._reached:
            self._reached[expression] = self._walk(expression)
        return self._reached[expression]

    def _walk(self, expression: str) -> Reach:
        link_ids, names = set(link_ids_in(expression)), names_in(expression)
        seen: set[str] = set()
        waiting = list(names)
        unknown = set()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            if name not in self._defined:
                unknown.add(name)
                continue
            inner = self._defined[name]
            link_ids |= link_ids_in(inner)
            waiting += names_in(inner)
        return Reach(frozenset(link_ids), frozenset(unknown))

    def circle(self) -> list[str] | None:
        """Variables that need themselves to be worked out, the first again at the end; None if there are none."""
        return circle_in(
            {
                name: [*filter(self._defined.__contains__, names_in(said))]
                for name, said in self._defined.items()
            }
        )


def scopes_of(form: Form) -> dict[int, Scope]:
    """The scope of each item, by its number; -1 is that of the form."""
    top = Scope({}).below(form.variables)
    found = {-1: top}
    for item in form.items:
        found.update(_below(item, top))
    return found


def _below(item: Item, outer: Scope) -> Iterator[tuple[int, Scope]]:
    own = outer.below(item.variables)
    yield item.number, own
    for child in item.items:
        yield from _below(child, own)
