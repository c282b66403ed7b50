"""Of several value sets with one address, the one that is asked for."""

import json

import pytest

from forms.reading.questionnaires import form_of, item, questionnaire, warned
from innsyn.forms.engine.canonical import newest, order_of
from innsyn.forms.engine.reading.bundles import unpacked
from innsyn.forms.engine.reading.source import ValueSet

URL = "http://x/koder"


def _set(version: str, status: str = "active", code: str = "") -> dict[str, object]:
    concept = [{"code": code or f"v{version}"}]
    return {
        "resourceType": "ValueSet",
        "id": f"vs{version}",
        "url": URL,
        "version": version,
        "status": status,
        "compose": {"include": [{"system": "urn:s", "concept": concept}]},
    }


def _offered(asked: str, *contained: dict[str, object]) -> list[str]:
    found = form_of(questionnaire(item("1", "choice", answerValueSet=asked), contained=list(contained)))
    return [option.text for option in found.items[0].options]


def test_versions_are_put_in_order_by_their_numbers() -> None:
    in_order = [
        "",
        "beta",
        "0.9",
        "1",
        "1.0",
        "2-beta.2",
        "2-beta.10",
        "2",
        "2.9",
        "2.10",
        "v3",
        "2026-01-15",
    ]
    by_letters = sorted(in_order)
    assert (sorted(by_letters, key=order_of), by_letters != in_order) == (in_order, True)


def test_one_in_use_comes_before_a_higher_one_that_is_not_yet() -> None:
    made = [ValueSet(version="2", status="active"), ValueSet(version="10", status="draft")]
    assert newest(made) == made[0]
    assert newest([]) is None


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        (f"{URL}|1.9", ["v1.9"]),
        (f"{URL}|1.10", ["v1.10"]),
        (URL, ["v1.10"]),
        ("#vs1.9", ["v1.9"]),
        (f"{URL}|2", []),
    ],
)
def test_a_contained_value_set_is_the_version_asked_for(asked: str, offered: list[str]) -> None:
    assert _offered(asked, _set("1.9"), _set("1.10"), _set("3", "draft")) == offered


def test_one_without_a_version_in_the_form_itself_is_what_was_meant() -> None:
    assert _offered(f"{URL}|2", _set("", code="a")) == ["a"]


def test_a_version_that_is_not_there_is_searched_for() -> None:
    body = questionnaire(item("1", "choice", answerValueSet=f"{URL}|2"), contained=[_set("1")])
    assert ("searched", "1") in warned(body)


def test_in_a_bundle_the_newest_is_the_one_without_a_version() -> None:
    form = json.loads(questionnaire(item("1", "choice", answerValueSet=URL)))
    entry = [{"resource": each} for each in (form, _set("2"), _set("1"), _set("3", "draft"))]
    found = unpacked(json.dumps({"resourceType": "Bundle", "entry": entry}).encode())
    assert found is not None
    offered = {address: [option.text for option in each] for address, each in found.value_sets.items()}
    assert offered == {URL: ["v2"], **{f"{URL}|{each}": [f"v{each}"] for each in "123"}}
