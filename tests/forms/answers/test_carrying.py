from decimal import Decimal

from forms.answers.forms_of import COLOURS, form_of, item
from innsyn.forms.engine.carrying import carry
from innsyn.forms.engine.model import Form
from innsyn.forms.engine.taking import add, take
from innsyn.forms.engine.values import Answer, Answers, Node, Value


def carried(
    old: Form, new: Form, posted: dict[str, list[str]], before: Answers | None = None
) -> tuple[Answers, list[str]]:
    answers, lost = carry(
        old, take(old, before or [], posted, {name.partition("-")[0] for name in posted}), new
    )
    return answers, [each.text for each in lost]


def test_answers_follow_their_link_ids_wherever_they_stand() -> None:
    old = form_of(item("a", "string"), item("g", "group", item("b", "string")))
    new = form_of(item("h", "group", item("b", "text"), item("c", "boolean", item("a", "string"))))
    assert carried(old, new, {"0": ["en"], "2": ["to"]}) == (
        [
            Node(
                "h",
                item=[
                    Node("b", [Answer(value_string="to")]),
                    Node("c", [Answer(item=[Node("a", [Answer(value_string="en")])])]),
                ],
            )
        ],
        [],
    )


def test_values_turn_only_where_they_say_the_same() -> None:
    old = form_of(
        item("a", "integer"), item("b", "string"), item("c", "choice", options=COLOURS), item("d", "boolean")
    )
    new = form_of(
        item("a", "decimal"),
        item("b", "text"),
        item("c", "open-choice", options=COLOURS[1:]),
        item("d", "date"),
    )
    posted = {"0": ["3"], "1": ["ord"], "2": ["urn:colours|r"], "3": ["true"]}
    assert carried(old, new, posted) == (
        [
            Node("a", [Answer(value_decimal=Decimal(3))]),
            Node("b", [Answer(value_string="ord")]),
            Node("c", [Answer(value_string="Rød")]),
        ],
        ["D"],
    )


def test_what_has_no_place_is_told() -> None:
    old = form_of(
        item("a", "choice", options=COLOURS),
        item("b", "string", repeats=True),
        item("c", "string"),
        item("d", "string"),
    )
    new = form_of(
        item("a", "choice", options=COLOURS[1:]), item("b", "string"), item("d", "string", hidden=True)
    )
    posted = {"0": ["urn:colours|r"], "1": ["en", "to"], "2": ["tre"], "3": ["fire"]}
    assert carried(old, new, posted) == ([Node("b", [Answer(value_string="en")])], ["A", "B", "C", "D"])
    _, lost = carry(old, take(old, [], posted, {"1"}), new)
    assert [each.answers for each in lost] == [(Answer(value_string="to"),)]


def test_instances_stay_apart_and_meet_only_where_nothing_repeats_any_more() -> None:
    old = form_of(item("g", "group", item("b", "string"), repeats=True))
    before = add(old, [], "0.0")
    posted = {"1.0": ["en"], "1.1": ["to"]}
    same, lost = carried(old, old, posted, before)
    assert (same, lost) == (take(old, before, posted, posted), [])
    single = form_of(item("g", "group", item("b", "string")))
    assert carried(old, single, posted, before) == (
        [Node("g", item=[Node("b", [Answer(value_string="en")])])],
        ["B"],
    )


def test_what_could_not_be_read_stays_to_be_mended_and_new_questions_begin_as_they_do() -> None:
    old = form_of(item("a", "date"))
    new = form_of(item("a", "date"), item("b", "integer", initial=(Value(value_integer=7),)))
    assert carried(old, new, {"0-d": ["31"], "0-m": ["2"], "0-y": ["2026"]}) == (
        [Node("a", [Answer(typed="31|2|2026")]), Node("b", [Answer(value_integer=7)])],
        [],
    )
    text = form_of(item("a", "text"))
    assert carried(old, text, {"0-d": ["31"], "0-m": ["2"], "0-y": ["2026"]})[0] == [
        Node("a", [Answer(value_string="31 2 2026")])
    ]
