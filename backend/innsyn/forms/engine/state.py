"""How a form stands with these answers: what a page shows, and what `engine/filling.py` computes."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from innsyn.forms.engine.model import Constraint, Form, Item, Option, Text
from innsyn.forms.engine.values import Answer, Answers


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What expressions may know: when it is (aware), and resources by their launchContext name (patient) as JSON.

    `locale` is nb, nn or en: texts of problems are keys, so it only says how numbers are read.
    """

    now: datetime
    locale: str = "nb"
    launch: Mapping[str, Any] = {}


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What has to be mended: at which field, as a key of texts with its values, or in the form's own words."""

    field: str
    text_key: str
    values: tuple[tuple[str, str], ...] = ()
    words: str = ""


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """An item at one place. A repeating group has a Field for each instance, a question one for all its answers.

    `name` is the item's number, and then for each repeating group around it (outermost first; itself last, if it is
    one) which instance: `12`, `12.0`, `12.0.3`. It is the name of the input, and of the anchor.
    `calculated`: its answer is worked out here and cannot be changed. `is_first`/`can_add`/`can_remove` are of
    repeating groups.
    """

    name: str
    item: Item
    text: Text
    enabled: bool
    answers: tuple[Answer, ...] = ()
    options: tuple[Option, ...] = ()
    required: bool = False
    read_only: bool = False
    calculated: bool = False
    is_first: bool = True
    can_add: bool = False
    can_remove: bool = False
    # Below a group; below a question they belong to its (first) answer.
    fields: "tuple[Field, ...]" = ()

    def all(self) -> "Iterator[Field]":
        """Itself and everything below, in document order."""
        yield self
        for each in self.fields:
            yield from each.all()


class Broken(msgspec.Struct, frozen=True):
    """A constraint that is not true: of which field ('' is the form itself)."""

    field: str
    constraint: Constraint


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """A form with answers: everything worked out. `answers` have the calculated values in them."""

    form: Form
    answers: Answers
    fields: tuple[Field, ...]
    # Expressions that could not be worked out (too long, or wrong), by linkId: nothing is guessed in their place.
    failed: tuple[str, ...] = ()
    # Constraints that are false. Those that give nothing (a question is not answered yet) are not among them.
    broken: tuple[Broken, ...] = ()

    def all(self) -> Iterator[Field]:
        """Every field, in document order."""
        for top in self.fields:
            yield from top.all()
