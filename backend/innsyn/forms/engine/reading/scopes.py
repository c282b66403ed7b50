"""Which variables stand where, and what an expression reaches through them."""

from collections.abc import Iterator, Mapping

import msgspec

from innsyn.forms.engine.model import Form, Item, Variable
from innsyn.forms.engine.reading.expressions import link_ids_in, names_in
from innsyn.forms.engine.reading.turning import circle_in


class Reach(msgspec.Struct, frozen=True):
    """What an expression asks for: linkIds, and names of variables; `reach` has gone through those there are."""

    link_ids: frozenset[str]
    names: frozenset[str]

    @staticmethod
    def of(expression: str) -> "Reach":
        """What it asks for itself."""
        return Reach(link_ids_in(expression), names_in(expression))


class Scope:
    """The variables that may be used at a place, by name; inner ones hide outer ones."""

    def __init__(self, defined: Mapping[str, Reach]) -> None:
        self._defined = defined
        self._reached: dict[str, Reach] = {}

    def below(self, variables: tuple[Variable, ...]) -> "Scope":
        """The scope of an item with variables of its own; without any it is the same."""
        if not variables:
            return self
        return Scope({**self._defined, **{each.name: self._own(each) for each in variables}})

    def _own(self, variable: Variable) -> Reach:
        """A variable that is defined by its own name means the one outside: %prefix + 'a'."""
        itself = Reach.of(variable.expression)
        outer = self._defined.get(variable.name)
        if outer is None or variable.name not in itself.names:
            return itself
        return Reach(itself.link_ids | outer.link_ids, (itself.names - {variable.name}) | outer.names)

    def reach(self, expression: str) -> Reach:
        """What the expression asks for in the end: the names are those that no variable has."""
        if expression not in self._reached:
            self._reached[expression] = self._walk(Reach.of(expression))
        return self._reached[expression]

    def _walk(self, start: Reach) -> Reach:
        link_ids, waiting = set(start.link_ids), list(start.names)
        seen: set[str] = set()
        unknown: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            inner = self._defined.get(name)
            if inner is None:
                unknown.add(name)
            else:
                link_ids |= inner.link_ids
                waiting += inner.names
        return Reach(frozenset(link_ids), frozenset(unknown))

    def circle(self) -> list[str] | None:
        """Variables that need themselves to be worked out, the first again at the end; None if there are none."""
        defined = self._defined
        return circle_in(
            {name: [*filter(defined.__contains__, inner.names)] for name, inner in defined.items()}
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
