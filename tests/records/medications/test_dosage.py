"""A structured dosage becomes a sentence."""

import json
from typing import Any

import msgspec
import pytest

from innsyn.journal.fhir.datatypes import Dosage
from innsyn.records.medications.dosage import sentence

TABLET = [{"doseQuantity": {"value": 1, "unit": "tablett"}}]


def said(*dosages: dict[str, Any]) -> str:
    return sentence(msgspec.json.decode(json.dumps(dosages), type=tuple[Dosage, ...]))


@pytest.mark.parametrize(
    ("repeat", "expected"),
    [
        ({"frequency": 1, "period": 1, "periodUnit": "d"}, "1 tablett 1 gang daglig"),
        ({"frequency": 2, "period": 1, "periodUnit": "d"}, "1 tablett 2 ganger daglig"),
        ({"frequency": 1, "frequencyMax": 3, "period": 1, "periodUnit": "d"}, "1 tablett 1–3 ganger daglig"),
        ({"frequency": 1, "period": 8, "periodUnit": "h"}, "1 tablett hver 8. time"),
        ({"frequency": 1, "period": 4, "periodMax": 6, "periodUnit": "h"}, "1 tablett hver 4–6. time"),
        ({"frequency": 1, "period": 2, "periodUnit": "d"}, "1 tablett annenhver dag"),
        ({"frequency": 1, "period": 1, "periodUnit": "wk"}, "1 tablett 1 gang i uken"),
        ({"frequency": 2, "period": 21, "periodUnit": "d"}, "1 tablett 2 ganger per 21 dager"),
        ({"when": ["MORN", "EVE"]}, "1 tablett om morgenen og om kvelden"),
        (
            {"timeOfDay": ["08:00:00"], "dayOfWeek": ["mon", "thu"]},
            "1 tablett hver mandag og torsdag, kl. 08.00",
        ),
        (
            {"frequency": 3, "period": 1, "periodUnit": "d", "boundsDuration": {"value": 7, "code": "d"}},
            "1 tablett 3 ganger daglig, i 7 dager",
        ),
    ],
)
def test_how_often(repeat: dict[str, Any], expected: str) -> None:
    assert said({"doseAndRate": TABLET, "timing": {"repeat": repeat}}) == expected


def test_a_timing_by_its_code() -> None:
    assert (
        said({"doseAndRate": TABLET, "timing": {"code": {"coding": [{"code": "BID"}]}}})
        == "1 tablett 2 ganger daglig"
    )
    assert said({"doseAndRate": TABLET, "timing": {"code": {"text": "ved kur"}}}) == "1 tablett ved kur"


def test_when_needed_what_for_and_how_much_at_most() -> None:
    dosage = {
        "doseAndRate": [
            {"doseRange": {"low": {"value": 0.5, "unit": "mg"}, "high": {"value": 1, "unit": "mg"}}}
        ],
        "asNeededCodeableConcept": {"text": "angst"},
        "additionalInstruction": [{"text": "ikke sammen med alkohol"}],
        "maxDosePerPeriod": {
            "numerator": {"value": 3, "unit": "mg"},
            "denominator": {"value": 24, "unit": "timer"},
        },
    }
    expected = "0.5–1 mg, ved behov (angst), ikke sammen med alkohol, høyst 3 mg per 24 timer"
    assert said(dosage) == expected.replace("0.5", "0,5")


def test_a_dose_without_a_unit_is_so_many_at_a_time() -> None:
    daily = {"repeat": {"frequency": 1, "period": 1.0, "periodUnit": "d"}}
    assert (
        said({"doseAndRate": [{"doseQuantity": {"value": 1.0}}], "timing": daily})
        == "1 om gangen, 1 gang daglig"
    )


def test_as_needed_alone() -> None:
    assert said({"sequence": 1, "asNeededBoolean": True}) == "Ved behov"


def test_the_prescribers_own_sentence_goes_before_the_structure() -> None:
    repeat = {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}
    assert (
        said({"text": "  Én tablett\n daglig ", "doseAndRate": TABLET, "timing": repeat})
        == "Én tablett daglig"
    )


def test_a_text_that_is_only_the_dose_gets_the_rest_from_the_structure() -> None:
    repeat = {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}
    assert said({"text": "500mg", "doseAndRate": TABLET, "timing": repeat}) == "500mg 2 ganger daglig"


def test_what_the_patient_is_told_is_added_once() -> None:
    assert (
        said({"text": "1 tablett daglig", "patientInstruction": "Svelges hel."})
        == "1 tablett daglig. Svelges hel."
    )
    assert said({"text": "1 tablett daglig", "patientInstruction": "1 tablett daglig"}) == "1 tablett daglig"
    assert said({"patientInstruction": "Smøres tynt."}) == "Smøres tynt."


def test_several_dosages_are_told_in_their_order_and_once() -> None:
    assert (
        said({"text": "1 i en uke"}, {"text": "deretter 2"}, {"text": "deretter 2"})
        == "1 i en uke; deretter 2"
    )


def test_nothing_said_is_nothing() -> None:
    assert said() == ""
    assert said({"timing": {}}) == ""
