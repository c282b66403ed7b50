"""Any QuestionnaireResponse against its Questionnaire, both as JSON: the last look before something leaves.

It reads the Questionnaire on its own, and not by way of engine/reading, so that an error there is seen here. Rules:
http://hl7.org/fhir/R4/questionnaireresponse.html (structure, qrs-1), http://hl7.org/fhir/R4/questionnaire.html (types,
required, repeats, enableWhen, options), and the extensions that conformance_values.py names.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from innsyn.forms.engine.conformance_asking import Asked, asked_by
from innsyn.forms.engine.conformance_shape import Issue, shape_of
from innsyn.forms.engine.conformance_values import value_issues
from innsyn.forms.engine.responding import ABSENT

__all__ = ("Issue", "issues_of")

Json = dict[str, Any]
# While somebody is still writing, what is missing is no error.
_CHECK_BOXES: Final = frozenset({"check-box", "visual-checkbox-group", "visual-checkbox-cloud"})
_UNFINISHED: Final = frozenset({"in-progress", "stopped", "entered-in-error"})


def issues_of(
    questionnaire: Json | None, response: Json, value_sets: Mapping[str, Sequence[Mapping[str, Any]]] = {}
) -> list[Issue]:
    """Everything that is wrong, by where it is (`item[0].answer[1]`). Without errors among them the response is valid.

    `value_sets`: the codings of each value set by its canonical, as JSON; those in the Questionnaire are found there.
    Numbers may be float or Decimal. A response whose Questionnaire is not known cannot be judged: that is a warning.
    """
    issues = shape_of(response)
    if questionnaire is None:
        return [
            *issues,
            Issue("warning", "questionnaire", "questionnaire_unknown", str(response.get("questionnaire"))),
        ]
    if any(issue.is_error for issue in issues):
        return issues
    look = _Look(response, {**value_sets, **_contained(questionnaire)})
    return [*issues, *look.items(questionnaire.get("item", []), response.get("item", []), "", ())]


def _contained(questionnaire: Json) -> dict[str, list[Json]]:
    found = {}
    for each in questionnaire.get("contained", []):
        if each.get("resourceType") == "ValueSet":
            found[f"#{each.get('id')}"] = codings_of(each)
    return found


def codings_of(value_set: Json) -> list[Json]:
    """The codings that stand in a ValueSet: those of its expansion, else those its compose lists."""
    expanded = value_set.get("expansion", {}).get("contains", [])
    if expanded:
        return [each for one in expanded for each in _with_below(one)]
    included = value_set.get("compose", {}).get("include", [])
    return [
        {"system": part.get("system"), **concept} for part in included for concept in part.get("concept", [])
    ]


def _with_below(contained: Json) -> Iterator[Json]:
    yield contained
    for below in contained.get("contains", []):
        yield from _with_below(below)


class _Look:
    """One response that is looked at."""

    def __init__(self, response: Json, value_sets: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        self.value_sets = value_sets
        self.unfinished = response.get("status") in _UNFINISHED

    def items(
        self, asked: Sequence[Json], given: Sequence[Json], where: str, around: tuple[Asked, ...]
    ) -> Iterator[Issue]:
        """The items of one level. `around` are those above, innermost last, for conditions to look in."""
        by_link: dict[str, list[tuple[str, Json]]] = {}
        for index, item in enumerate(given):
            at = f"{where}item[{index}]"
            by_link.setdefault(item["linkId"], []).append((at, item))
        scope = (*around, Asked(asked, given))
        known = {item.get("linkId") for item in asked}
        for link, found in by_link.items():
            if link not in known:
                yield Issue("error", found[0][0], "link_unknown", link)
        yield from self._order(asked, given, where)
        for item in asked:
            yield from self._item(item, by_link.get(item.get("linkId", ""), []), where, scope)

    def _order(self, asked: Sequence[Json], given: Sequence[Json], where: str) -> Iterator[Issue]:
        # "Groups and questions are in the same order as in the questionnaire": R4, QuestionnaireResponse.item.
        order = {item.get("linkId"): index for index, item in enumerate(asked)}
        places = [order[item["linkId"]] for item in given if item["linkId"] in order]
        if places != sorted(places):
            yield Issue("warning", where or "item", "order", "")

    def _item(
        self, item: Json, found: list[tuple[str, Json]], where: str, scope: tuple[Asked, ...]
    ) -> Iterator[Issue]:
        enabled = asked_by(item, scope)
        at = found[0][0] if found else where.rstrip(".") or "item"
        if enabled is False and found:
            yield Issue("error", at, "not_enabled", item.get("linkId", ""))
        if (
            item.get("required")
            and enabled
            and not self.unfinished
            and not any(_answered(each) for _, each in found)
        ):
            # What says why it has no answer is there, as R4 wants it.
            level = "warning" if any(map(_says_why, found)) else "error"
            yield Issue(level, at, "required", item.get("linkId", ""))
        if len(found) > 1 and not (item.get("repeats") and item.get("type") == "group"):
            yield Issue("error", found[1][0], "repeated", item.get("linkId", ""))
        for place, given in found:
            yield from self._given(item, given, place, scope)

    def _given(self, item: Json, given: Json, at: str, scope: tuple[Asked, ...]) -> Iterator[Issue]:
        below, kind = item.get("item", []), item.get("type")
        if kind in {"group", "display"}:
            if "answer" in given:
                yield Issue("error", at, "no_question", item["linkId"])
            yield from self.items(below, given.get("item", []), f"{at}.", scope)
            return
        if "item" in given:
            yield Issue("error", at, "item_beside_answer", item["linkId"])
        answers = given.get("answer", [])
        if len(answers) > 1 and not item.get("repeats"):
            # Of check-boxes each is for itself (questionnaire-item-control), and Norwegian forms count on it.
            yield Issue("warning" if _has_check_boxes(item) else "error", at, "many_answers", item["linkId"])
        for index, answer in enumerate(answers):
            place = f"{at}.answer[{index}]"
            yield from value_issues(item, answer, place, self.value_sets)
            yield from self.items(below, answer.get("item", []), f"{place}.", scope)
        if not answers:
            yield from self.items(below, [], f"{at}.", scope)


def _has_check_boxes(item: Json) -> bool:
    controls = [each.get("valueCodeableConcept", {}) for each in item.get("extension", [])]
    return any(
        coding.get("code") in _CHECK_BOXES for control in controls for coding in control.get("coding", [])
    )


def _says_why(found: tuple[str, Json]) -> bool:
    return any(each.get("url") == ABSENT for each in found[1].get("extension", []))


def _answered(item: Json) -> bool:
    if any(name.startswith("value") for answer in item.get("answer", []) for name in answer):
        return True
    below = [
        *item.get("item", []),
        *(each for answer in item.get("answer", []) for each in answer.get("item", [])),
    ]
    return any(map(_answered, below))
