"""The reference range of a result, and the flag that follows from it."""

from innsyn.journal.fhir.resources import Observation
from innsyn.records.lab_results.projection import observation
from innsyn.records.projected import Projected
from records.trial import KARI, about, read


def shown(**changes: object) -> Projected:
    told = {
        "category": [{"coding": [{"code": "laboratory"}]}],
        "code": {"text": "HbA1c"},
        "subject": KARI,
        "valueQuantity": {"value": 58, "unit": "mmol/mol"},
        **changes,
    }
    answer = observation(read(Observation, told), about())
    assert isinstance(answer, Projected)
    return answer


def test_a_flag_that_nobody_set_follows_from_the_range() -> None:
    high = [{"high": {"value": 42, "unit": "mmol/mol"}}]
    low = [{"low": {"value": 60, "unit": "mmol/mol"}}]
    assert shown(referenceRange=high).flag == "high"
    assert shown(referenceRange=low).flag == "low"
    assert shown(referenceRange=[{"high": {"value": 60}}]).flag == "normal"
    assert shown().flag == ""


def test_a_range_in_another_unit_judges_nothing() -> None:
    assert shown(referenceRange=[{"high": {"value": 6, "unit": "%"}}]).flag == ""


def test_a_goal_of_treatment_is_not_the_normal_range() -> None:
    goal = [{"high": {"value": 53}, "type": {"coding": [{"code": "treatment"}]}}]
    answer = shown(referenceRange=goal)
    assert (answer.low, answer.high, answer.flag) == ("", "", "")


def test_of_several_ranges_for_different_people_none_is_chosen() -> None:
    women = {
        "low": {"value": 11.7, "unit": "g/dL"},
        "high": {"value": 15.3, "unit": "g/dL"},
        "appliesTo": [{"text": "Kvinner"}],
    }
    men = {
        "low": {"value": 13.4, "unit": "g/dL"},
        "high": {"value": 17, "unit": "g/dL"},
        "appliesTo": [{"text": "Menn"}],
    }
    answer = shown(valueQuantity={"value": 12.0, "unit": "g/dL"}, referenceRange=[women, men])
    assert (answer.low, answer.high, answer.flag) == ("", "", "")
    assert answer.detail.reference == "Kvinner: 11,7–15,3 g/dL\nMenn: 13,4–17 g/dL"  # type: ignore[attr-defined]
