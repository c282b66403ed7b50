"""What stands together on the screen: a group is a card of its own, and so are the questions between two groups."""

from collections.abc import Sequence
from itertools import groupby

import msgspec

from innsyn.forms.filling.shown import Shown

_SAYS: frozenset[str] = frozenset({"words", "highlight", "details"})


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """`head` is the group that it shows, None for what stands loose; `is_plain`: words between cards, with no question.

    `is_open`: there is something to see in it now; for a head its own field says that.
    """

    head: Shown | None = None
    fields: tuple[Shown, ...] = ()
    is_plain: bool = False
    is_open: bool = True


def cards_of(fields: Sequence[Shown]) -> list[Card]:
    """Fields of a step in the order of the form; what stands beside the page is left out."""
    on_page = [one for one in fields if one.kind != "aside"]
    made: list[Card] = []
    for _, run in groupby(on_page, key=lambda one: one.name if one.kind == "group" else one.kind in _SAYS):
        together = tuple(run)
        first = together[0]
        if first.kind == "group":
            made.append(Card(head=first, fields=first.fields))
            continue
        is_open = any(not one.is_hidden for one in together)
        made.append(Card(fields=together, is_plain=first.kind in _SAYS, is_open=is_open))
    return made


def beside(fields: Sequence[Shown]) -> list[Shown]:
    """What the form wants to have beside the page."""
    found = [one for one in fields if one.kind == "aside" and not one.is_hidden]
    return found + [below for one in fields if not one.is_hidden for below in beside(one.fields)]
