"""Works a form out until nothing changes: what is enabled, calculated, copied and summed.

The order follows from what changes: all that can have been touched by the last change is asked again, and nothing
else. So a chain of sums takes one round for each link, and a ring of them never rests: after a bound its items are
given up, without a value.
"""

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Final

from innsyn.forms.engine.converting import NotAnAnswer, answers_of, options_of, words_of
from innsyn.forms.engine.dependencies import Job, jobs_of, reach
from innsyn.forms.engine.enabling import enable
from innsyn.forms.engine.fhirpath import ExpressionFailed
from innsyn.forms.engine.instances import Place, Tree
from innsyn.forms.engine.model import Item, Option, Type
from innsyn.forms.engine.scores import is_calculated, score_of, sums_of
from innsyn.forms.engine.surroundings import Surroundings
from innsyn.forms.engine.values import VALUE_FIELDS, Answer

_ROUNDS: Final = 400
# Numbers of items; None: anything may have changed.
Changed = Collection[int] | None


class Work:
    """One form being worked out. `failed` has the numbers of items whose expressions gave no answer."""

    def __init__(self, tree: Tree, surroundings: Surroundings) -> None:
        self._tree, self._surroundings = tree, surroundings
        self._jobs = jobs_of(tree.form)
        self._said: dict[int, bool] = {}
        self.failed: set[int] = set()

    def run(self) -> None:
        """Until nothing changes, or the bound."""
        self._forget()
        restless: set[int] = set()
        changed: Changed = None
        # What stands in no ring rests after a round for each; whoever moves after that is in one, or hangs on one.
        longest = 2 + len(self._jobs.calculated) + len(self._jobs.enabling)
        for turn in range(min(_ROUNDS, 2 * longest)):
            flipped = self._enable(changed)
            moved = self._calculate(None if changed is None else {*changed, *flipped})
            if not moved and not flipped:
                return
            if moved:
                self._surroundings.refresh()
            changed = reach(self._tree.form, {*moved, *flipped})
            if turn >= min(longest, _ROUNDS // 2):
                restless |= moved | flipped
        self._give_up(restless)

    def _forget(self) -> None:
        """What was worked out before is no answer: everything follows from what somebody has answered."""
        for number, places in enumerate(self._tree.by_number):
            if is_calculated(self._tree.form.by_number[number]):
                for place in places:
                    place.answers = []

    def _enable(self, changed: Changed) -> set[int]:
        """What is enabled now. Gives the items for which that is not as it was."""
        asking = list(_touched(self._jobs.enabling, changed))
        if changed is not None and not asking and self._jobs.decisive.isdisjoint(changed):
            return set()
        self._surroundings.spent(self._tree.size)
        before = {id(place): place.enabled for place in self._tree}
        if changed is None:
            # Expressions see only what is enabled: so the conditions that need none come first.
            enable(self._tree, self._verdict)
            self._surroundings.refresh()
        for job in asking:
            for place in self._tree.by_number[job.item.number]:
                self._ask_enabled(place)
        if self._jobs.enabling or changed is not None:
            enable(self._tree, self._verdict)
        flipped = {place.item.number for place in self._tree if place.enabled != before[id(place)]}
        if flipped:
            self._surroundings.refresh()
        return flipped

    def _verdict(self, place: Place) -> bool | None:
        return self._said.get(id(place))

    def _ask_enabled(self, place: Place) -> None:
        try:
            given = self._surroundings.ask(place.item.enable_expression, place)
        except ExpressionFailed:
            self.failed.add(place.item.number)
            self._said.pop(id(place), None)
            return
        self.failed.discard(place.item.number)
        self._said[id(place)] = given == [True]

    def _calculate(self, changed: Changed) -> set[int]:
        moved = set()
        for job in _touched(self._jobs.calculated, changed):
            for place in self._tree.by_number[job.item.number]:
                if place.enabled and self._settle(place, self._calculated(place, job.expression)):
                    moved.add(job.item.number)
        return moved | self._sum_up()

    def _calculated(self, place: Place, expression: str) -> list[Answer]:
        try:
            answers = answers_of(self._surroundings.ask(expression, place), place.item)
        except (ExpressionFailed, NotAnAnswer):
            self.failed.add(place.item.number)
            return []
        self.failed.discard(place.item.number)
        return answers

    def _sum_up(self) -> set[int]:
        sums, moved = sums_of(self._tree.form), set()
        known: dict[int, Decimal | None] = {}
        for number in sums.numbers:
            for place in self._tree.by_number[number]:
                total = score_of(self._tree, place, sums, known) if place.enabled else None
                known[number] = total
                if place.enabled and self._settle(place, self._summed(total, place)):
                    moved.add(number)
        return moved

    def _summed(self, total: Decimal | None, place: Place) -> list[Answer]:
        try:
            return answers_of([] if total is None else [total], place.item)
        except NotAnAnswer:
            self.failed.add(place.item.number)
            return []

    def _settle(self, place: Place, answers: list[Answer]) -> bool:
        if [_value(each) for each in place.answers] == [_value(each) for each in answers]:
            return False
        place.answers = answers
        return True

    def _give_up(self, restless: set[int]) -> None:
        """What is worked out has no value, and what is asked for by an expression is asked."""
        for number in restless:
            item = self._tree.form.by_number[number]
            if not (is_calculated(item) or item.enable_expression):
                continue
            self.failed.add(number)
            for place in self._tree.by_number[number]:
                self._said.pop(id(place), None)
                if is_calculated(item):
                    place.answers = []
        enable(self._tree, self._verdict)
        self._surroundings.refresh()

    def offer(self) -> None:
        """The options that expressions give, when everything else is worked out."""
        for job in self._jobs.offering:
            for place in self._tree.by_number[job.item.number]:
                if place.enabled:
                    place.options = self._offered(place)

    def _offered(self, place: Place) -> tuple[Option, ...]:
        try:
            return options_of(self._surroundings.ask(place.item.options_expression, place), place.item)
        except (ExpressionFailed, NotAnAnswer):
            self.failed.add(place.item.number)
            return place.item.options

    def words(self, place: Place) -> str | None:
        """The text that the item's expression makes at this place; None where it has none, or that gives none."""
        item = place.item
        # What cannot be answered can still show what was answered elsewhere.
        expression = item.text_expression or ("" if item.asks else item.copied)
        given = self._given(place, expression) if expression else None
        try:
            return words_of(given)
        except NotAnAnswer:
            return None

    def limits(self, place: Place) -> tuple[Decimal | str | None, Decimal | str | None]:
        """The least and the greatest that the item's expressions allow here; else what the form says."""
        item = place.item
        least = self._limit(place, item.min_expression) if item.min_expression else item.min_value
        greatest = self._limit(place, item.max_expression) if item.max_expression else item.max_value
        return least, greatest

    def _limit(self, place: Place, expression: str) -> Decimal | str | None:
        given = self._given(place, expression)
        if isinstance(given, dict):
            given = given.get("value")
        if isinstance(given, bool):
            return None
        if place.item.type in {Type.DATE, Type.DATE_TIME, Type.TIME}:
            return _dated(given, place.item)
        return Decimal(given) if isinstance(given, int | Decimal) else None

    def _given(self, place: Place, expression: str) -> object:
        try:
            given = self._surroundings.ask(expression, place)
        except ExpressionFailed:
            self.failed.add(place.item.number)
            return None
        return given[0] if len(given) == 1 else None


def _dated(given: object, item: Item) -> str | None:
    if not isinstance(given, str):
        return None
    return given.split("T")[0] if item.type is Type.DATE else given


def _touched(jobs: tuple[Job, ...], changed: Changed) -> Iterator[Job]:
    for job in jobs:
        if changed is None or job.needs is None or not job.needs.isdisjoint(changed):
            yield job


def _value(answer: Answer) -> tuple[object, ...]:
    return tuple(getattr(answer, name) for name in VALUE_FIELDS)
