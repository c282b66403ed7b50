"""What an expression of a form sees: the response as it now is, its own item in it, and the variables in scope.

The response is made once for all expressions, of what is enabled and answered, and made anew when something in it has
changed. What one expression has found in it (everything below, the items with a linkId) is kept for the next.
"""

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from innsyn.forms.engine.comparing import same
from innsyn.forms.engine.fhirpath import Budget, ExpressionFailed, ask_nodes, plain_of
from innsyn.forms.engine.fhirpath.functions import ORDINAL, WEIGHT
from innsyn.forms.engine.fhirpath.walking import node
from innsyn.forms.engine.instances import Place, Tree
from innsyn.forms.engine.model import Form, Item, Option, Variable
from innsyn.forms.engine.state import Context
from innsyn.forms.engine.values import VALUE_FIELDS, Answer, Value

# Of one expression; and of all that a form asks in one go. Then nothing more is worked out. Steps run out long before
# the seconds do; those are for a machine that is slower than any we know.
STEPS, SECONDS = 300_000, 0.5
ALL_STEPS, ALL_SECONDS = 600_000, 1.0
# Whose day it is: the form is about a day where it is answered.
_OSLO: Final = ZoneInfo("Europe/Oslo")
_ITEM: Final = "QuestionnaireResponse.item"
_DEEPEST: Final = 30
_JSON_NAMES: Final = {
    name: msgspec.structs.fields(Value)[index].encode_name for index, name in enumerate(VALUE_FIELDS)
}


class Surroundings:
    """Asks the expressions of one form with one set of answers."""

    def __init__(self, tree: Tree, context: Context) -> None:
        self._tree, self._context = tree, context
        self._budget = Budget(ALL_STEPS, ALL_SECONDS)
        self._known = {
            "now": context.now.astimezone(_OSLO),
            "sct": "http://snomed.info/sct",
            "loinc": "http://loinc.org",
            "ucum": "http://unitsofmeasure.org",
            **{name: node(resource, None) for name, resource in context.launch.items()},
        }
        self._depth = 0
        self._leaves: dict[int, tuple[list[Answer], tuple[Option, ...], dict[str, Any] | None]] = {}
        self.refresh()

    def refresh(self) -> None:
        """The answers have changed: what was found in the old ones counts no more."""
        self._items: dict[int, dict[str, Any]] = {}
        self.spent(self._tree.size)
        items = [made for place in self._tree.top if (made := self._item(place)) is not None]
        made = {"resourceType": "QuestionnaireResponse", "status": "in-progress", "item": items}
        self.resource = node(made if items else {**made, "item": None}, None)
        self._memo: dict[Any, Any] = {}
        self.variables: dict[tuple[int, str], Any] = {}

    def spent(self, steps: int) -> None:
        """Work that is done for all expressions together counts as theirs: where it is too much, the rest fail."""
        with suppress(ExpressionFailed):
            self._budget.spend(steps)

    @property
    def cost(self) -> int:
        """The steps that have been taken until now."""
        return ALL_STEPS - self._budget.left

    def ask(self, expression: str, place: Place | None = None) -> list[Any]:
        """JSON values of an expression that stands on the item at `place` (None: on the form). ExpressionFailed."""
        return [plain_of(value) for value in self.ask_nodes(expression, place)]

    def ask_nodes(self, expression: str, place: Place | None) -> list[Any]:
        """As `ask`, as nodes: for variables."""
        if self._depth > _DEEPEST:
            raise ExpressionFailed("limit")
        self._depth += 1
        share = self._budget.share(STEPS, SECONDS)
        given = share.left
        try:
            return ask_nodes(expression, self._on(place), _Names(self, place), budget=share, memo=self._memo)
        finally:
            self._depth -= 1
            self._budget.take(share, given)

    def known(self, name: str, place: Place | None) -> Any:  # noqa: ANN401 - nodes or a value
        """The value of %name at a place. KeyError where nothing has that name."""
        if name in {"resource", "rootResource"}:
            return self.resource
        if name == "context":
            return self._on(place)
        for owner in _outwards(place):
            variables = owner.item.variables if owner else self._tree.form.variables
            variable = next((each for each in variables if each.name == name), None)
            if variable is not None:
                return self._variable(variable, owner)
        if name == "questionnaire":
            return questionnaire_of(self._tree.form)
        if name == "qitem" and place is not None:
            return node(_definition(place.item), "Questionnaire.item")
        return self._known[name]

    def _variable(self, variable: Variable, owner: Place | None) -> Any:  # noqa: ANN401 - nodes
        key = (id(owner), variable.name)
        if key not in self.variables:
            # A variable that needs itself finds that it has failed.
            self.variables[key] = ExpressionFailed("limit")
            try:
                self.variables[key] = self.ask_nodes(variable.expression, owner)
            except ExpressionFailed as failed:
                self.variables[key] = failed
        value = self.variables[key]
        if isinstance(value, ExpressionFailed):
            raise ExpressionFailed(value.reason)
        return value

    def _on(self, place: Place | None) -> Any:  # noqa: ANN401 - a node
        if place is None:
            return self.resource
        # An item that nobody has answered is not in the response: then it is one without anything.
        return node(self._items.get(id(place)) or {"linkId": place.item.link_id}, _ITEM)

    def _item(self, place: Place) -> dict[str, Any] | None:
        if not place.enabled:
            return None
        if not place.below and place.item.asks:
            return self._leaf(place)
        below = [made for each in place.below if (made := self._item(each)) is not None]
        answers = [_answer(answer, place) for answer in place.counts] if place.item.asks else []
        item: dict[str, Any] = {"linkId": place.item.link_id}
        if below:
            (answers[0] if answers else item)["item"] = below
        if answers:
            item["answer"] = answers
        if len(item) == 1:
            return None
        self._items[id(place)] = item
        return item

    def _leaf(self, place: Place) -> dict[str, Any] | None:
        # Answers and options are never changed, but put in place of others: the same lists are the same item.
        answers, options, made = self._leaves.get(id(place), (None, (), None))
        if answers is not place.answers or options is not place.options:
            given = [_answer(answer, place) for answer in place.counts]
            made = {"linkId": place.item.link_id, "answer": given} if given else None
            self._leaves[id(place)] = (place.answers, place.options, made)
        if made is not None:
            self._items[id(place)] = made
        return made


class _Names:
    """The variables of one place, worked out when they are asked for."""

    __slots__ = ("_place", "_surroundings")

    def __init__(self, surroundings: Surroundings, place: Place | None) -> None:
        self._surroundings, self._place = surroundings, place

    def __getitem__(self, name: str, /) -> Any:  # noqa: ANN401 - nodes or a value
        return self._surroundings.known(name, self._place)

    def get(self, name: str, otherwise: Any = None, /) -> Any:  # noqa: ANN401 - nodes or a value
        """The value, `otherwise` where there is none."""
        try:
            return self[name]
        except KeyError:
            return otherwise


def questionnaire_of(form: Form) -> Any:  # noqa: ANN401 - a node
    """The form as %questionnaire: its items, options and their scores."""
    kept = form.__dict__.get("as_questionnaire")
    if kept is None:
        items = [_definition(item) for item in form.items]
        made = {"resourceType": "Questionnaire", "url": form.url, "title": form.title, "item": items}
        kept = form.__dict__["as_questionnaire"] = node(made, None)
    return kept


def _outwards(place: Place | None) -> Iterator[Place | None]:
    while place is not None:
        yield place
        place = place.parent
    yield None


def _definition(item: Item) -> dict[str, Any]:
    made: dict[str, Any] = {"linkId": item.link_id, "type": str(item.type), "text": item.text.plain}
    if item.options:
        made["answerOption"] = [_option(option) for option in item.options]
    if item.items:
        made["item"] = [_definition(below) for below in item.items]
    return made


def _option(option: Option) -> dict[str, Any]:
    made = _plain(option.value)
    if option.score is not None:
        made["extension"] = _scores(option.score)
    return made


def _answer(answer: Answer, place: Place) -> dict[str, Any]:
    made = _plain(answer)
    if "valueCoding" in made and place.options:
        score = next((each.score for each in place.options if same(each.value, answer)), None)
        if score is not None:
            # Where the forms of others look for a score: it is not sent.
            made["valueCoding"] = {**made["valueCoding"], "extension": _scores(score)}
    return made


def _scores(score: Decimal) -> list[dict[str, Any]]:
    return [{"url": url, "valueDecimal": score} for url in (ORDINAL, WEIGHT)]


def _plain(value: Value) -> dict[str, Any]:
    made = {}
    for name, key in _JSON_NAMES.items():
        one = getattr(value, name)
        if one is not None:
            made[key] = (
                msgspec.to_builtins(one, builtin_types=(Decimal,)) if isinstance(one, msgspec.Struct) else one
            )
    return made
