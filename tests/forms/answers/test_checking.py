import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from forms.answers.forms_of import COLOURS, form_of, item
from innsyn.forms.engine.checking import problems_of
from innsyn.forms.engine.filling import fill
from innsyn.forms.engine.model import Constraint, Form
from innsyn.forms.engine.state import Context, Problem
from innsyn.forms.engine.taking import add, attach, take
from innsyn.forms.engine.values import Answers, Attachment, Coding
from innsyn.web.locale import LOCALES, catalogue

CONTEXT = Context(now=datetime(2026, 5, 17, 12, tzinfo=UTC))


def told(
    form: Form, posted: dict[str, str], *, complete: bool = True, before: Answers | None = None
) -> list[str]:
    shown = {name.partition("-")[0] for name in posted}
    answers = take(form, before or [], {name: [text] for name, text in posted.items()}, shown)
    return [said(each) for each in problems_of(fill(form, answers, CONTEXT), complete=complete)]


def said(problem: Problem) -> str:
    values = ",".join(text for _, text in problem.values)
    return (
        f"{problem.field} {problem.words or problem.text_key.removeprefix('forms.problem.')} {values}".strip()
    )


@pytest.mark.parametrize(
    ("kind", "more", "text", "problem"),
    [
        ("integer", {}, "3,5", "whole_number"),
        ("integer", {}, "tre", "number"),
        ("decimal", {}, "1" * 19, "number_long"),
        ("decimal", {"min_value": Decimal("3.5")}, "3,4", "min_number 3,5"),
        ("decimal", {"max_value": Decimal(10)}, "10,01", "max_number 10"),
        ("decimal", {"decimals": 1}, "1,50", "decimals 1"),
        ("decimal", {"decimals": 1}, "1,5", ""),
        ("string", {"max_length": 3}, "fire", "max_length 3,4"),
        ("string", {"min_length": 3}, "to", "min_length 3"),
        ("string", {"regex": "[0-9]{4}"}, "0123", ""),
        ("string", {"regex": "[0-9]{4}"}, "01234", "regex"),
        ("string", {"regex": "[0-9]{4}", "message": "Fire siffer, takk."}, "x", "Fire siffer, takk."),
        ("time", {}, "25.00", "no_such_time"),
        ("time", {"max_value": "16:00:00"}, "16.30", "max_time 16.00"),
        ("url", {}, "www.helsenorge.no", ""),
        ("url", {}, "javascript:alert(1)", "url"),
        ("url", {}, "to ord", "url"),
        ("text", {}, "x\ud800", "characters"),
        ("text", {}, "x" * 20_001, "letters 20000"),
        ("open-choice", {"options": COLOURS}, "-other", "other"),
        ("choice", {"options": COLOURS, "required": True}, "gul", "required_choice"),
    ],
)
def test_what_is_wrong_with_one_answer(kind: str, more: dict[str, Any], text: str, problem: str) -> None:
    form = form_of(item("q", kind, **more))
    assert told(form, {"0": text}) == ([f"0 {problem}"] if problem else [])


@pytest.mark.parametrize(
    ("date", "problem"),
    [
        (("17", "5", "85"), "year"),
        (("31", "2", "2026"), "no_such_date"),
        (("17", "5", ""), "date_part"),
        (("17", "mai", "2026"), "date"),
        (("16", "5", "2026"), "min_date 17.5.2026"),
        (("1", "6", "2026"), "max_date 31.5.2026"),
        (("17", "5", "2026"), ""),
    ],
)
def test_dates(date: tuple[str, str, str], problem: str) -> None:
    form = form_of(item("q", "date", min_value="2026-05-17", max_value="2026-05-31"))
    posted = dict(zip(["0-d", "0-m", "0-y"], date, strict=True))
    assert told(form, posted) == ([f"0 {problem}"] if problem else [])


def test_nothing_is_said_of_what_is_missing_until_somebody_goes_on() -> None:
    form = form_of(
        item("a", "string", required=True),
        item("b", "date"),
        item("c", "open-choice", options=COLOURS),
        item("d", "group", item("e", "string"), required=True),
    )
    posted = {"0": "", "1-d": "3", "2": "-other"}
    assert told(form, posted, complete=False) == []
    assert told(form, posted) == ["0 required", "1 date_part", "2 other", "3 group_required"]


def test_how_many() -> None:
    form = form_of(
        item("a", "string", repeats=True, min_occurs=2, max_occurs=3, required=True),
        item("g", "group", item("b", "string"), repeats=True, min_occurs=2, max_occurs=4, required=True),
    )
    answers = add(form, take(form, [], {"0": ["en"], "2.0": ["x"]}, {"0", "2.0"}), "1.0")
    found = problems_of(fill(form, answers, CONTEXT), complete=True)
    assert [said(each) for each in found] == ["0 fewest 2", "1.0 group_fewest 2"]
    many = take(form, answers, {"0": ["1", "2", "3", "4"], "2.1": ["y"]}, {"0", "2.1"})
    assert [said(each) for each in problems_of(fill(form, many, CONTEXT), complete=True)] == ["0 most 3"]


def test_units_and_files() -> None:
    kilo, gram = (Coding(system="http://unitsofmeasure.org", code=code, display=code) for code in ("kg", "g"))
    form = form_of(
        item("a", "quantity", units=(kilo, gram), max_value=Decimal(300)),
        item(
            "b", "attachment", max_size=1_000_000, media_types=("image/*", "application/pdf"), required=True
        ),
    )
    assert told(form, {"0": "70"}) == ["0 unit", "1 required_file"]
    assert told(form, {"0": "301", "0-u": "http://unitsofmeasure.org|kg"}) == [
        "0 max_number 300",
        "1 required_file",
    ]
    large = attach(form, [], "1", Attachment(content_type="image/png", url="urn:uuid:1", size=2**21))
    assert told(form, {}, before=large) == ["1 file_size 1"]
    text = attach(form, [], "1", Attachment(content_type="text/html", url="urn:uuid:1", size=2))
    assert told(form, {}, before=text) == ["1 file_type IMAGE, PDF"]


def test_what_is_not_asked_has_no_problems_and_constraints_have_their_own_words() -> None:
    rule = Constraint(
        key="k", expression="%resource.item.where(linkId='b').answer.value = 1", human="B må være 1."
    )
    form = form_of(
        item("a", "string", required=True, hidden=True),
        item("b", "integer", constraints=(rule,)),
        item("c", "string", required=True, read_only=True),
    )
    assert told(form, {"1": "2"}) == ["1 B må være 1."]
    assert told(form, {"1": "1"}) == []


def test_only_the_fields_that_are_asked_for() -> None:
    form = form_of(item("a", "string", required=True), item("b", "string", required=True))
    assert [each.field for each in problems_of(fill(form, [], CONTEXT), {"1"}, complete=True)] == ["1"]


def test_a_pattern_that_never_ends_elsewhere_ends_here() -> None:
    form = form_of(item("q", "string", regex="(a+)+b"))
    begun = perf_counter()
    assert told(form, {"0": "a" * 20_000}) == ["0 regex"]
    assert perf_counter() - begun < 2


@pytest.mark.parametrize("locale", LOCALES)
def test_every_problem_has_its_words(locale: str) -> None:
    engine = Path(problems_of.__code__.co_filename).parent
    source = "".join((engine / f"{name}.py").read_text("utf-8") for name in ("checking", "typed", "limits"))
    keys = set(re.findall(r'Unread\("(\w+)"\)', source)) | set(
        re.findall(r'return \(?"(\w+)"\)?[,)]', source)
    )
    keys |= set(re.findall(r'"forms\.problem\.(\w+)"', source)) | set(
        re.findall(r'[(]?"((?:min|max)_\w+)"', source)
    )
    assert (
        sorted(
            f"forms.problem.{key}" for key in keys if f"forms.problem.{key}" not in catalogue(locale).known()
        )
        == []
    )
