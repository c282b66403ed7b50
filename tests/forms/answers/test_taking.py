from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from forms.answers.forms_of import COLOURS, form_of, item
from innsyn.forms.engine.checking import problems_of
from innsyn.forms.engine.filling import fill
from innsyn.forms.engine.options import OTHER, key_of
from innsyn.forms.engine.parts import parts_of
from innsyn.forms.engine.places import answers_at
from innsyn.forms.engine.state import Context
from innsyn.forms.engine.taking import add, remove, take
from innsyn.forms.engine.values import Answer, Coding, Node, Quantity

CONTEXT = Context(now=datetime(2026, 5, 17, 12, tzinfo=UTC))


def taken(kind: str, texts: str | dict[str, str], **more: Any) -> tuple[Answer, ...]:  # noqa: ANN401
    form = form_of(item("q", kind, **more))
    posted = (
        {f"0{suffix}": [text] for suffix, text in texts.items()}
        if isinstance(texts, dict)
        else {"0": [texts]}
    )
    return answers_at(form, take(form, [], posted, {"0"}), "0")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("3,5", "3.5"),
        ("3.5", "3.5"),
        ("1 234,50", "1234.50"),
        ("1\u00a0234", "1234"),
        ("\u22122,0", "-2.0"),
        ("+7", "7"),
        (",5", "0.5"),
        ("007", "7"),
        ("1,000", "1.000"),
        ("0.500", "0.500"),
        ("1234.500", "1234.500"),
        ("1 234.500", "1234.500"),
    ],
)
def test_numbers_are_read_as_norwegians_write_them(text: str, read: str) -> None:
    (answer,) = taken("decimal", text)
    assert str(answer.value_decimal) == str(Decimal(read))


@pytest.mark.parametrize("text", ["1.000", "12.500", "-1.000.000", "1.000,5", "1,000.5", "1,000,000"])
@pytest.mark.parametrize("kind", ["decimal", "integer", "quantity"])
def test_a_point_that_may_stand_between_thousands_is_asked_about(kind: str, text: str) -> None:
    form = form_of(item("q", kind))
    answers = take(form, [], {"0": [text]}, {"0"})
    told = problems_of(fill(form, answers, CONTEXT), complete=False)
    assert (answers_at(form, answers, "0")[0].value_decimal, [each.text_key for each in told]) == (
        None,
        ["forms.problem.number_thousands"],
    )


def test_a_number_with_three_decimals_that_is_shown_in_english_and_sent_again_is_the_same() -> None:
    form = form_of(item("q", "decimal"))
    answers = take(form, [], {"0": ["12,345"]}, {"0"})
    assert take(form, answers, {"0": ["12.345"]}, {"0"}) == answers


@pytest.mark.parametrize("text", ["1 23", "٣", "3e5", "tre", "1" * 19, "--2", "."])
def test_a_number_with_two_meanings_or_none_stays_as_typed(text: str) -> None:
    assert taken("decimal", text) == (Answer(typed=text),)


@pytest.mark.parametrize(("text", "read"), [("3 500", 3500), ("-4", -4), ("2147483647", 2147483647)])
def test_whole_numbers(text: str, read: int) -> None:
    assert taken("integer", text) == (Answer(value_integer=read),)


@pytest.mark.parametrize("text", ["3,0", "2147483648", "3.500"])
def test_what_is_no_whole_number(text: str) -> None:
    assert taken("integer", text) == (Answer(typed=text),)


@pytest.mark.parametrize("text", ["13.45", "13:45", "1345", "kl. 13.45", "13 45", "13:45:00"])
def test_times(text: str) -> None:
    assert taken("time", text) == (Answer(value_time="13:45:00"),)


@pytest.mark.parametrize("text", ["24.00", "12.60", "13", "12.3"])
def test_what_is_no_time(text: str) -> None:
    assert taken("time", text) == (Answer(typed=text),)


def test_dates_and_what_is_none() -> None:
    assert taken("date", {"-d": "7", "-m": "05", "-y": "1985"}) == (Answer(value_date="1985-05-07"),)
    assert taken("date", {"-d": "29", "-m": "2", "-y": "2025"}) == (Answer(typed="29|2|2025"),)
    assert taken("date", {"-d": "7", "-m": "5", "-y": "85"}) == (Answer(typed="7|5|85"),)
    assert taken("date", {"-d": "", "-m": "", "-y": ""}) == ()
    assert taken("date", {"-y": "1985"}, control="year") == (Answer(value_date="1985"),)
    assert taken("date", {"-m": "5", "-y": "1985"}, control="yearMonth") == (Answer(value_date="1985-05"),)


def test_moments_are_norwegian() -> None:
    summer = {"-d": "7", "-m": "7", "-y": "2026", "-t": "1345"}
    assert taken("dateTime", summer) == (Answer(value_date_time="2026-07-07T13:45:00+02:00"),)
    jumped_over = {"-d": "29", "-m": "3", "-y": "2026", "-t": "02.30"}
    assert taken("dateTime", jumped_over) == (Answer(typed="29|3|2026|02.30"),)


def test_quantities_keep_the_unit_that_was_chosen_also_of_what_is_no_number() -> None:
    kilo = Coding(system="http://unitsofmeasure.org", code="kg", display="kg")
    gram = Coding(system="http://unitsofmeasure.org", code="g", display="gram")
    key = "http://unitsofmeasure.org|kg"
    made = taken("quantity", {"": "70,5", "-u": key}, units=(kilo, gram))
    weight = Quantity(value=Decimal("70.5"), unit="kg", system="http://unitsofmeasure.org", code="kg")
    assert made == (Answer(value_quantity=weight),)
    unread = taken("quantity", {"": "mye", "-u": key}, units=(kilo, gram))
    shown = parts_of(item("q", "quantity", units=(kilo, gram)), unread[0])
    assert shown == {"": "mye", "u": key}
    assert taken("quantity", {"": "", "-u": key}, units=(kilo, gram)) == ()


def test_control_characters_go_and_broken_letters_are_told() -> None:
    assert taken("text", "a\x00b\r\nc\x85") == (Answer(value_string="ab\nc"),)
    assert taken("string", "a\nb") == (Answer(value_string="a b"),)
    assert taken("string", "a\ud800") == (Answer(typed="a\ufffd"),)
    assert taken("text", "x" * 20_001) == (Answer(typed="x" * 20_001),)
    assert taken("text", "x" * 99_000) == (Answer(typed="x" * 60_000),)


def test_choices_are_those_offered_and_ones_own_words() -> None:
    assert taken("choice", "urn:colours|r", options=COLOURS) == (
        Answer(value_coding=COLOURS[0].value.value_coding),
    )
    assert taken("choice", "urn:colours|x", options=COLOURS) == ()
    assert taken("open-choice", {"": OTHER, "-o": "Lilla"}, options=COLOURS) == (
        Answer(value_string="Lilla"),
    )
    assert taken("open-choice", {"": OTHER}, options=COLOURS) == (Answer(typed=OTHER),)
    assert taken("open-choice", {"-o": "Lilla"}, options=COLOURS) == (Answer(value_string="Lilla"),)
    assert (
        taken("open-choice", {"": "urn:colours|g", "-o": "Lilla"}, options=COLOURS)[0].value_coding
        is not None
    )


def test_a_searched_value_is_found_by_its_key() -> None:
    found = taken("choice", "http://snomed.info/sct|1|Feber", value_set="http://vs.example")
    assert found == (Answer(value_coding=Coding(system="http://snomed.info/sct", code="1", display="Feber")),)


GROUPS = form_of(
    item(
        "group",
        "group",
        item("name", "string"),
        item("score", "integer", calculated="1+1"),
        repeats=True,
        max_occurs=3,
    ),
    item("secret", "string", hidden=True),
)


def test_only_what_was_shown_and_may_be_written_is_touched() -> None:
    before = [
        Node("group", item=[Node("score", [Answer(value_integer=2)])]),
        Node("secret", [Answer(value_string="x")]),
    ]
    posted = {
        "1.0": ["Kari"],
        "2.0": ["9"],
        "3": ["y"],
        "1.7": ["nobody"],
        "99": ["?"],
        "1": ["?"],
        "x": ["?"],
    }
    assert take(GROUPS, before, posted, set()) == before
    assert take(GROUPS, before, posted, set(posted)) == [
        Node(
            "group",
            item=[Node("name", [Answer(value_string="Kari")]), Node("score", [Answer(value_integer=2)])],
        ),
        Node("secret", [Answer(value_string="x")]),
    ]


def test_instances_come_and_go_within_the_limits() -> None:
    one = take(GROUPS, [], {"1.0": ["Kari"]}, {"1.0"})
    two = add(GROUPS, one, "0.0")
    three = add(GROUPS, two, "0.1")
    assert [len(each) for each in (one, two, three, add(GROUPS, three, "0.0"))] == [1, 2, 3, 3]
    filled = take(GROUPS, three, {"1.2": ["Ola"]}, {"1.0", "1.1", "1.2"} - {"1.0"})
    left = remove(GROUPS, filled, "0.1")
    assert [answers_at(GROUPS, left, f"1.{index}") for index in range(3)] == [
        (Answer(value_string="Kari"),),
        (Answer(value_string="Ola"),),
        (),
    ]
    assert remove(GROUPS, one, "0.0") == one
    assert add(GROUPS, [], "0.0") == [Node("group"), Node("group")]


def test_what_stands_below_a_question_stays_below_it() -> None:
    form = form_of(item("ill", "boolean", item("how", "string")))
    below = take(form, [], {"1": ["Feber"]}, {"1"})
    assert below == [Node("ill", [Answer(item=[Node("how", [Answer(value_string="Feber")])])])]
    both = take(form, below, {"0": ["true"]}, {"0"})
    assert both == [
        Node("ill", [Answer(value_boolean=True, item=[Node("how", [Answer(value_string="Feber")])])])
    ]
    assert take(form, both, {}, {"0"}) == below


def test_an_answer_that_nobody_changed_is_kept_to_the_letter() -> None:
    form = form_of(item("when", "dateTime"))
    exact = [Node("when", [Answer(value_date_time="2026-07-07T11:45:00.5Z")])]
    parts = parts_of(form.by_number[0], exact[0].answer[0])
    posted = {f"0-{suffix}": [text] for suffix, text in parts.items()}
    assert take(form, exact, posted, {"0"}) == exact


@pytest.mark.parametrize("kind", ["choice", "open-choice"])
def test_a_choice_can_be_taken_back(kind: str) -> None:
    form = form_of(item("q", kind, options=COLOURS))
    first = take(form, [], {"0": [key_of(COLOURS[0].value)]}, {"0"})
    assert answers_at(form, first, "0") != ()
    # A list of which nothing is chosen says an empty one, and so does the button that takes an answer back.
    assert take(form, first, {"0": [""]}, {"0"}) == []
