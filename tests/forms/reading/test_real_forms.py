"""Every Questionnaire of the shared data: usable, or refused for reasons that are listed here one by one."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from innsyn.forms.engine.extensions import CATALOGUE
from innsyn.forms.engine.model import Verdict
from innsyn.forms.engine.reading import read
from innsyn.forms.engine.reading.bundles import unpacked

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
# Usable and refused, and of the refused ones how many for each reason (a form may have several).
EXPECTED = {
    # CQL; styles it must not be shown without; parts to be assembled; codes that stand twice; wrong types.
    "hl7-sdc": {
        "usable": 15,
        "refused": 8,
        "not_assembled": 3,
        "changes_meaning": 2,
        "bad_expression": 1,
        "critical_extension": 1,
        "duplicate_option": 1,
        "expression_language": 1,
        "no_options": 1,
        "wrong_answer_type": 1,
        "wrong_initial_type": 1,
    },
    # Two versions of one form where several enableWhen have no enableBehavior; one that promises to be anonymous.
    "helsenorge-refero-skjema": {"usable": 110, "refused": 3, "no_enable_behavior": 2, "anonymous": 1},
    # One promises to be anonymous; one has questions below a text; one has formulas with a parenthesis too many.
    "helsenorge-structor-skjema": {
        "usable": 7,
        "refused": 3,
        "anonymous": 1,
        "bad_expression": 1,
        "items_below_display": 1,
        "no_options": 1,
    },
    # Broken on purpose (no linkId, a loop, a modifier, wrong types, names out of scope), answers out of services that
    # are not FHIR, and answers that a FHIR server has to be asked for, or that have to be there beforehand.
    "lhc-lforms-questionnaires": {
        "usable": 79,
        "refused": 15,
        "cycle": 1,
        "needs_a_query": 4,
        "never_answered": 1,
        "no_link_id": 1,
        "no_options": 5,
        "unknown_modifier": 1,
        "unknown_name": 1,
        "wrong_type": 1,
    },
    # "true" as a text where FHIR has a boolean; one is to be filled in by whoever works there.
    "smartforms-questionnaires": {"usable": 16, "refused": 5, "never_answered": 1, "wrong_type": 4},
    "hl7-fhir-r4-examples": {"usable": 5},
    # Broken on purpose: nothing to choose from, lowest above highest, units that are no units, a text out of codes.
    "fhir-test-cases": {
        "usable": 40,
        "refused": 9,
        "value_set_on_type": 1,
        "broken_value_set": 1,
        "limits_crossed": 5,
        "no_options": 2,
    },
}

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data is not here")


def bodies(folder: str) -> Iterator[bytes]:
    for file in sorted((DATA / folder).rglob("*.json")):
        inside = unpacked(file.read_bytes())
        if inside is not None:
            yield from inside.forms


def verdicts(folder: str) -> list[Verdict]:
    return [read(body) for body in bodies(folder)]


@pytest.mark.parametrize("folder", EXPECTED)
def test_what_becomes_of_each_set(folder: str) -> None:
    found: Counter[str] = Counter()
    for verdict in verdicts(folder):
        found["usable" if verdict.form else "refused"] += 1
        found.update({each.key for each in verdict.refusals})
    assert dict(found) == EXPECTED[folder]


@pytest.mark.parametrize("folder", EXPECTED)
def test_every_item_has_its_number_and_no_text_is_lost(folder: str) -> None:
    for body, verdict in ((body, read(body)) for body in bodies(folder)):
        if verdict.form is None:
            continue
        form = verdict.form
        assert [each.number for each in form.by_number] == list(range(len(form.by_number)))
        words = sum(bool(each.text.plain or each.text.html) for each in form.by_number)
        said = sum(_has_words(each) for each in _items(json.loads(body)) if each["linkId"] in form.by_link)
        assert words == said


def _has_words(item: dict[str, Any]) -> bool:
    rendered = [
        each for each in (item.get("_text") or {}).get("extension", []) if "rendering-" in each["url"]
    ]
    return bool(
        item.get("text", "").strip()
        or any(each.get("valueMarkdown") or each.get("valueString") for each in rendered)
    )


def _items(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for each in node.get("item", []):
        yield each
        yield from _items(each)


def test_every_extension_of_the_real_forms_is_in_the_catalogue() -> None:
    unknown = {
        finding.words
        for folder in EXPECTED
        for verdict in verdicts(folder)
        for finding in verdict.warnings
        if finding.key == "unknown_extension"
    }
    # Extensions of a code, whose address is the text itself: an author's slip.
    assert unknown == {
        f"The extension {url} is not known here and does nothing."
        for url in ("heisann hopp", "heisann hopp 2", "Hoppe sa gåsa", "Danse sa grisen")
    }
    assert len(CATALOGUE) > 100
