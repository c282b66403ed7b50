"""Whatever arrives as a form, there is a verdict, and soon."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.reading.questionnaires import CORE, SDC, choice, extension, fhirpath, item, questionnaire
from innsyn.forms.engine.model import Verdict
from innsyn.forms.engine.reading import read

# What a form may take of a quiet machine; the test machine may be busy with others.
SECONDS = 2
BUSY = 4


def calculated(expression: str) -> dict[str, Any]:
    return extension(f"{SDC}calculatedExpression", **fhirpath(expression))


def xhtml(markup: str) -> dict[str, Any]:
    return {"extension": [extension(f"{CORE}rendering-xhtml", valueString=markup)]}


def markdown(words: str) -> dict[str, Any]:
    return {"extension": [extension(f"{CORE}rendering-markdown", valueMarkdown=words)]}


def variables(count: int) -> list[dict[str, Any]]:
    return [
        extension(f"{CORE}variable", **fhirpath(f"%v{n + 1} + %v{n + 2}", name=f"v{n}")) for n in range(count)
    ]


def waits(link_id: int) -> dict[str, Any]:
    condition = {"question": str(link_id + 1), "operator": "exists", "answerBoolean": True}
    return item(str(link_id), "boolean", enableWhen=[condition])


LARGE = {
    "brackets": b"[" * 2_000_000,
    "objects": b'{"a":' * 400_000,
    "extensions in extensions": b'{"resourceType":"Questionnaire","extension":['
    + b'{"extension":[' * 100_000,
    "ten thousand items": questionnaire(*(item(str(n)) for n in range(10_000))),
    "one linkId": questionnaire(*(item("1") for _ in range(5_000))),
    "each waits for the next": questionnaire(*(waits(n) for n in range(4_999)), item("4999", "boolean")),
    "brackets in Markdown": questionnaire(*(item(str(n), _text=markdown("[" * 20_000)) for n in range(3))),
    "tables in Markdown": questionnaire(item(_text=markdown("|a" * 10_000 + "\n" + "|-" * 10_000))),
    "tags in tags": questionnaire(*(item(str(n), _text=xhtml("<b>" * 900)) for n in range(600))),
    "tables in links": questionnaire(
        *(item(str(n), _text=xhtml("<table>" * 50 + "<a><p>" * 5 + "</a>" * 300)) for n in range(600))
    ),
    "tags without an end": questionnaire(*(item(str(n), _text=xhtml("<a onx" * 33_000)) for n in range(8))),
    "patterns": questionnaire(
        *(
            item(str(n), "string", extension(f"{CORE}regex", valueString=f"((a{{0,30}}){{0,30}}|{n})" * 20))
            for n in range(300)
        )
    ),
    "long chains": questionnaire(
        *(item(str(n), "decimal", calculated(f"a{n}." * 140 + "b")) for n in range(17))
    ),
    "many expressions": questionnaire(
        *(item(str(n), "decimal", calculated(f"{n}.where(linkId='{n}').x")) for n in range(600))
    ),
    "variables in variables": questionnaire(
        *(item(str(n), "decimal", calculated("%v0")) for n in range(2_000)), extension=variables(600)
    ),
    "codes": questionnaire(
        item("1", "choice", answerValueSet="#a"),
        contained=[
            {
                "resourceType": "ValueSet",
                "id": "a",
                "expansion": {"contains": [{"system": "s", "code": str(n)} for n in range(30_000)]},
            }
        ],
    ),
}


@pytest.mark.parametrize("name", LARGE)
def test_the_verdict_on_what_is_meant_to_keep_us_busy_comes_soon(name: str) -> None:
    began = time.process_time()
    verdict = read(LARGE[name])
    assert time.process_time() - began < BUSY * SECONDS / 2
    assert verdict.form is None or len(verdict.form.by_number) <= 5_000
    assert (verdict.form is None) == bool(verdict.refusals)


ORDINARY = json.loads(
    questionnaire(
        item(
            "g",
            "group",
            extension(f"{CORE}questionnaire-maxOccurs", valueInteger=3),
            repeats=True,
            item=[
                item(
                    "1",
                    "decimal",
                    extension(f"{CORE}minValue", valueDecimal=1),
                    initial=[{"valueDecimal": 2}],
                ),
                choice(
                    "a", "b", link_id="2", enableWhen=[{"question": "1", "operator": ">", "answerDecimal": 1}]
                ),
                item("3", "decimal", calculated("%resource.item.answer.value"), _text=markdown("**Sum**")),
                item("4", "choice", answerValueSet="#v"),
                item("5", "quantity", extension(f"{CORE}questionnaire-unit", valueCoding={"code": "kg"})),
            ],
        ),
        contained=[
            {"resourceType": "ValueSet", "id": "v", "compose": {"include": [{"concept": [{"code": "x"}]}]}}
        ],
        meta={"security": [{"system": "http://helsenorge.no/fhir/KanUtforesAv", "code": "1"}]},
    )
)
ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from(
        ["1", "g", "group", "choice", "%x", "(", "today()", "http://x", "\x00", "1e999", "NaN"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)


def places(node: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401
    yield way
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, value in inner:
        yield from places(value, (*way, name))


PLACES = list(places(ORDINARY))[1:]


def understood(verdict: Verdict) -> None:
    assert (verdict.form is None) == bool(verdict.refusals)
    assert "unreadable" not in {each.key for each in verdict.refusals}
    for each in (*verdict.refusals, *verdict.warnings):
        assert each.words.isprintable()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), ANY), min_size=1, max_size=4))
def test_a_form_with_anything_anywhere_has_a_verdict(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    form = json.loads(json.dumps(ORDINARY))
    for way, value in changes:
        node = form
        try:
            for step in way[:-1]:
                node = node[step]
            node[way[-1]] = value
        except (TypeError, LookupError):
            continue
    understood(read(json.dumps(form).encode()))


@settings(max_examples=200, deadline=None)
@given(body=st.binary(max_size=200) | ANY.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_have_a_verdict(body: bytes) -> None:
    verdict = read(body)
    understood(verdict)
    assert verdict.form is None


def test_an_ordinary_form_is_what_the_others_are_made_of() -> None:
    assert read(json.dumps(ORDINARY).encode()).form is not None
