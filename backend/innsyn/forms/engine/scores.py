"""Norwegian scores (http://ehelse.no/scoringFormulas): QS questions, SS the sum of a section, TS the sum of the form.

As the national portal's renderer counts them (helsenorge/refero, scoringCalculator): a section score sums the question
scores of the group it stands in and of groups below that have none of their own; a group with a section score counts
above as that one number. The total sums what is left at the top. An option without ordinalValue counts as 0, and where
nothing has been answered there is no sum.
"""

from decimal import Decimal

import msgspec

from innsyn.forms.engine.comparing import same
from innsyn.forms.engine.instances import Place, Tree
from innsyn.forms.engine.model import Form, Item
from innsyn.forms.engine.values import Answer

QUESTION, SECTION, TOTAL = "question", "section", "total"


class Sums(msgspec.Struct, frozen=True):
    """What each sum counts, by number of the item: numbers of questions and of other sums, those first."""

    parts: dict[int, tuple[int, ...]]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The items that are sums."""
        return tuple(self.parts)


def is_calculated(item: Item) -> bool:
    """Is its answer worked out, and nobody's to change?"""
    return bool(item.calculated or item.copied or item.score in {SECTION, TOTAL})


def sums_of(form: Form) -> Sums:
    """The sums of a form, each after those it counts."""
    kept: Sums | None = form.__dict__.get("score_sums")
    if kept is None:
        parts: dict[int, tuple[int, ...]] = {}
        left, totals = _collect(form.items, parts)
        parts.update(dict.fromkeys(totals, tuple(left)))
        kept = form.__dict__["score_sums"] = Sums(parts)
    return kept


def score_of(tree: Tree, place: Place, sums: Sums, known: dict[int, Decimal | None]) -> Decimal | None:
    """The sum at this place, None where nothing is answered. `known` holds the sums that have been counted."""
    numbers = [_value(tree, place, part, sums, known) for part in sums.parts[place.item.number]]
    counted = [number for number in numbers if number is not None]
    return sum(counted, Decimal(0)) if counted else None


def _value(
    tree: Tree, place: Place, number: int, sums: Sums, known: dict[int, Decimal | None]
) -> Decimal | None:
    if number in sums.parts:
        return known.get(number)
    scores = [
        score
        for question in tree.near(place, number)
        for answer in question.counts
        if (score := _score(question, answer)) is not None
    ]
    return sum(scores, Decimal(0)) if scores else None


def _score(question: Place, answer: Answer) -> Decimal | None:
    for option in (*question.options, *question.item.options):
        if same(option.value, answer):
            return option.score or Decimal(0)
    return None


def _collect(items: tuple[Item, ...], parts: dict[int, tuple[int, ...]]) -> tuple[list[int], list[int]]:
    """Numbers that count further up, and the totals met on the way."""
    questions: list[int] = []
    sections: list[int] = []
    totals: list[int] = []
    for item in items:
        if item.score == SECTION:
            sections.append(item.number)
        elif item.score == TOTAL:
            totals.append(item.number)
        elif item.score == QUESTION:
            questions.append(item.number)
        below, more = _collect(item.items, parts) if item.items else ([], [])
        questions += below
        totals += more
    if not sections:
        return questions, totals
    first, *others = sections
    parts[first] = tuple(questions)
    parts.update(dict.fromkeys(others, (first,)))
    return [first], totals
