"""What real forms work out, where they are: ../shared/data."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

import msgspec
import pytest

from forms.evaluating.answering import answered
from innsyn.forms.engine.converting import as_answer
from innsyn.forms.engine.filling import begin, fill
from innsyn.forms.engine.model import Form, Item
from innsyn.forms.engine.reading import read
from innsyn.forms.engine.state import Context, Filled
from innsyn.forms.engine.values import Answer, Answers, Node, Quantity

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the real forms are not here")

PATIENT = {
    "resourceType": "Patient",
    "birthDate": "1980-02-03",
    "gender": "female",
    "name": [{"family": "N"}],
}
NOW = Context(now=datetime(2026, 11, 23, 12, tzinfo=UTC), launch={"patient": PATIENT})
NUMBER = int | Decimal


def form_at(path: str) -> Form:
    """The form, which has to be usable."""
    form = read((DATA / path).read_bytes()).form
    assert form is not None
    return form


def answers_to(items: tuple[Item, ...], said: Mapping[str, int]) -> Answers:
    """Answers by linkId: which option, or the number itself."""
    nodes = []
    for item in items:
        below = answers_to(item.items, said)
        if item.link_id in said:
            number = said[item.link_id]
            answer = as_answer(item.options[number].value) if item.options else Answer(value_integer=number)
            nodes.append(Node(item.link_id, [msgspec.structs.replace(answer, item=below)]))
        elif below:
            nodes.append(Node(item.link_id, item=below))
    return nodes


def numbers(filled: Filled) -> dict[str, NUMBER | None]:
    """The numbers that were worked out, by linkId."""
    found: dict[str, NUMBER | None] = {}
    for field in filled.all():
        if field.calculated and field.answers:
            (answer,) = field.answers
            quantity = answer.value_quantity or Quantity()
            found[field.item.link_id] = answer.value_integer or answer.value_decimal or quantity.value
    return found


@pytest.mark.parametrize(
    ("path", "said", "wanted"),
    [
        (
            "helsenorge-refero-skjema/calculators/q.json",
            {"verdi1": 0, "verdi2": 1, "Tall1": 4, "Tall2": 5},
            {
                "Delsum": 300,
                "Totalsum": 300,
                "aritmetisk_gjennomsnitt": 75,
                "kopiert_felt": 300,
                "aritmetisk_gjennomsnitt_kopi": 75,
                "Sum": 9,
                "Gjennomsnitt": 5,
            },
        ),
        ("helsenorge-refero-skjema/components__scoring__choice-radio-button/q.json", {"2.1": 2}, {"3.1": Decimal(2)}),
        ("helsenorge-refero-skjema/components__scoring__choice-check-box/q.json", {"2.1": 3}, {"3.1": Decimal(3)}),
        (
            "lhc-lforms-questionnaires/phq9.json",
            {"/44250-9": 3, "/44255-8": 2, "/44259-0": 1},
            {"/44261-6": Decimal(6)},
        ),
    ],
)  # fmt: skip
def test_scores_and_sums_of_real_forms(path: str, said: dict[str, int], wanted: dict[str, NUMBER]) -> None:
    form = form_at(path)
    filled = fill(form, answers_to(form.items, said), NOW)
    assert (numbers(filled), filled.failed) == (wanted, ())


@pytest.mark.parametrize(
    "path",
    [
        "smartforms-questionnaires/TestAssembled715.json",
        "smartforms-questionnaires/AuCorePatient.json",
        "lhc-lforms-questionnaires/phq9.json",
        "lhc-lforms-questionnaires/enableWhenOnCalculatedValueFromFHIRPath.json",
        "hl7-sdc/Questionnaire-questionnaire-sdc-profile-example-ussg-fht.json",
    ],
)
def test_real_forms_are_worked_out_whole_and_the_same_again(path: str) -> None:
    form = form_at(path)
    for answers in (begin(form, NOW), answered(form, Random(1)), answered(form, Random(2), instances=3)):  # noqa: S311
        filled = fill(form, answers, NOW)
        assert fill(form, filled.answers, NOW) == filled
        assert filled.failed == ()
