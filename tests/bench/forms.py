"""Large forms: opening one, and working it out again after each answer. Values are of this machine's processor.

A form of our own making, and those of ../shared/data where they are.
"""

import gc
import json
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, Final

from bench.figures import Figure, at_most
from bench.form_requests import typed
from forms.evaluating.answering import answered
from innsyn.forms.engine.filling import begin, fill
from innsyn.forms.engine.model import Form
from innsyn.forms.engine.reading import read
from innsyn.forms.engine.state import Context
from innsyn.forms.engine.values import Answers, read_answers, write_answers

SHARED: Final = Path(__file__).resolve().parents[3] / "shared" / "data"
LARGE: Final = {
    "TestAssembled715": "smartforms-questionnaires/TestAssembled715.json",
    "Cardiology": "hl7-sdc/Questionnaire-CardiologyForm.json",
    "HSO": "helsenorge-refero-skjema/actions__genereateQuestionnaireResponse/q.json",
}
_SDC: Final = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
_ROUNDS = 40
_CONTEXT: Final = Context(
    now=datetime(2026, 11, 23, 12, tzinfo=UTC),
    launch={"patient": {"resourceType": "Patient", "birthDate": "1980-02-03", "gender": "female"}},
)


def measure() -> list[Figure]:
    """Each large form: read, begun and worked out; and worked out again with most of it answered."""
    bodies = {"made up": json.dumps(made_up()).encode()}
    bodies |= {
        name: _mended((SHARED / path).read_bytes())
        for name, path in LARGE.items()
        if (SHARED / path).exists()
    }
    return [figure for name, body in bodies.items() for figure in _figures(name, body)] + typed(made_up())


def _figures(name: str, body: bytes) -> list[Figure]:
    # Before anything else: no expression of it has been read in this process.
    began = time.process_time()
    form = read(body).form
    assert form is not None, f"{name} is refused"
    fill(form, begin(form, _CONTEXT), _CONTEXT)
    opened = (time.process_time() - began) * 1000
    kept = [write_answers(_filled(form, seed)) for seed in range(8)]
    again = _times(lambda turn: _again(form, kept[turn % len(kept)]), _ROUNDS)
    expressions = sum(
        bool(expression)
        for item in form.by_number
        for expression in (item.calculated, item.copied, item.enable_expression, item.initial_expression)
    )
    size = f"{len(form.by_number)} items, {expressions} expressions, {len(body) // 1000} kB"
    return [
        at_most(f"form {name}: read and opened for the first time", 1000, opened, "ms", size),
        at_most(f"form {name}: worked out again, p50", 30, again[0], "ms"),
        at_most(f"form {name}: worked out again, p95", 60, again[1], "ms"),
    ]


def _again(form: Form, kept: bytes) -> None:
    write_answers(fill(form, read_answers(kept), _CONTEXT).answers)


def _filled(form: Form, seed: int) -> Answers:
    return fill(form, answered(form, Random(seed)), _CONTEXT).answers  # noqa: S311 - made-up answers


def _mended(body: bytes) -> bytes:
    """Without what the form is refused for: a form that says too little, and options that stand there twice."""
    form = json.loads(body)
    if form["resourceType"] == "Bundle":
        form = form["entry"][0]["resource"]
    waiting = [form]
    while waiting:
        item = waiting.pop()
        waiting += item.get("item", ())
        if len(item.get("enableWhen", ())) > 1:
            item.setdefault("enableBehavior", "any")
        if "answerOption" in item:
            item["answerOption"] = list({_code(each): each for each in item["answerOption"]}.values())
        kept = [each for each in item.get("extension", ()) if "onstraint" not in each["url"]]
        item["extension"] = kept
    return json.dumps(form).encode()


def _code(option: dict[str, Any]) -> str:
    return str(option.get("valueCoding", {}).get("code") or option)


def _times(do: Callable[[int], None], rounds: int) -> tuple[float, float]:
    """p50 and p95 of the processor's milliseconds, the first time left out: nothing else is waited for."""
    do(0)
    # As the web process when it has started: what it has read once is not looked through again for garbage.
    gc.collect()
    gc.freeze()
    times = []
    for turn in range(rounds):
        began = time.process_time()
        do(turn)
        times.append((time.process_time() - began) * 1000)
    cuts = statistics.quantiles(times, n=20, method="inclusive")
    return cuts[9], cuts[18]


def made_up(sections: int = 22) -> dict[str, Any]:
    """A form in sections of 21 items, ten of them with an expression that looks at others: 463 items, 221 of those."""
    items = [_section(number) for number in range(sections)]
    total = (
        "%resource.descendants().where(linkId.startsWith('sum-')).answer.value.aggregate($this + $total, 0)"
    )
    items.append({"linkId": "total", "type": "integer", "text": "Sum", "readOnly": True,
                  "extension": [_expression("calculatedExpression", total)]})  # fmt: skip
    return {"resourceType": "Questionnaire", "status": "active", "url": "urn:innsyn:large", "title": "Large",
            "version": "1", "language": "nb", "item": items}  # fmt: skip


def _section(number: int) -> dict[str, Any]:
    below: list[dict[str, Any]] = [
        {"linkId": f"q-{number}-{n}", "type": "integer", "text": f"Question {n}"} for n in range(10)
    ]
    below += [_conditional(number, n) for n in range(5)]
    below += [_calculated(number, n) for n in range(4)]
    parts = " + ".join(
        f"%resource.descendants().where(linkId='q-{number}-{n}').answer.value" for n in range(2)
    )
    below.append({"linkId": f"sum-{number}", "type": "integer", "text": "Sum", "readOnly": True,
                  "extension": [_expression("calculatedExpression", parts)]})  # fmt: skip
    return {"linkId": f"section-{number}", "type": "group", "text": f"Section {number}", "item": below}


def _conditional(number: int, n: int) -> dict[str, Any]:
    asked = f"%resource.descendants().where(linkId='q-{number}-{n}').answer.value > {n * 20}"
    return {"linkId": f"more-{number}-{n}", "type": "string", "text": "More",
            "extension": [_expression("enableWhenExpression", asked)]}  # fmt: skip


def _calculated(number: int, n: int) -> dict[str, Any]:
    worked_out = f"%resource.repeat(item).where(linkId='q-{number}-{n}').answer.value * 2"
    return {"linkId": f"twice-{number}-{n}", "type": "integer", "text": "Twice", "readOnly": True,
            "extension": [_expression("calculatedExpression", worked_out)]}  # fmt: skip


def _expression(name: str, words: str) -> dict[str, Any]:
    return {"url": _SDC + name, "valueExpression": {"language": "text/fhirpath", "expression": words}}
