from datetime import UTC, datetime
from decimal import Decimal

from forms.evaluating.made import (
    NO,
    NOW,
    YES,
    enabled,
    form_of,
    integer,
    item,
    node,
    of,
    shown,
    string,
    when,
)
from innsyn.forms.engine.filling import begin, fill
from innsyn.forms.engine.model import Constraint, Option, Text, Type, Variable
from innsyn.forms.engine.state import Broken, Context
from innsyn.forms.engine.values import Answer, Coding, Node, Quantity, Value


def test_a_chain_of_calculations_is_followed_to_its_end_in_any_order() -> None:
    form = form_of(
        item("half", Type.DECIMAL, calculated=f"{of('sum')} / 2"),
        item("again", Type.STRING, copied=of("half")),
        item("sum", Type.INTEGER, calculated=f"{of('a')} + {of('b')}"),
        item("a", Type.INTEGER),
        item("g", Type.GROUP, item("b", Type.INTEGER)),
    )
    answers = [node("a", integer(4)), node("g", below=[node("b", integer(5))])]
    filled = fill(form, answers, NOW)
    assert shown(filled) == {"half": Decimal("4.5"), "again": "4.5", "sum": 9, "a": 4, "b": 5}
    assert [field.item.link_id for field in filled.all() if field.calculated and field.read_only] == [
        *("half", "again", "sum"),
    ]
    assert filled.failed == ()
    without = fill(form, [node("a", integer(4)), *filled.answers[:3]], NOW)
    assert shown(without) == {"a": 4}


def test_what_is_calculated_takes_the_type_of_its_item() -> None:
    kilo = Coding(system="http://unitsofmeasure.org", code="kg", display="kg")
    options = (Option(value=Value(value_coding=Coding(system="urn:s", code="yes", display="Ja")), text="Ja"),)
    form = form_of(
        item("half-up", Type.INTEGER, calculated="5 / 2"),
        item("two-places", Type.DECIMAL, calculated="2 / 3", decimals=2),
        item("many-places", Type.DECIMAL, calculated="2 / 3"),
        item("kilos", Type.QUANTITY, calculated="80.5", unit=kilo),
        item("day", Type.DATE, calculated="now()"),
        item("true", Type.BOOLEAN, calculated="1 < 2"),
        item("words", Type.STRING, calculated="3 'mg'"),
        item("pick", Type.CHOICE, calculated="'yes'", options=options),
    )
    assert shown(fill(form, [], NOW)) == {
        "half-up": 3,
        "two-places": Decimal("0.67"),
        "many-places": Decimal("0.6666666667"),
        "kilos": Quantity(value=Decimal("80.5"), unit="kg", system=kilo.system, code="kg"),
        "day": "2026-11-23",
        "true": True,
        "words": "3 mg",
        "pick": options[0].value.value_coding,
    }


def test_what_cannot_be_calculated_has_no_value_and_is_told() -> None:
    form = form_of(
        item("wrong", Type.INTEGER, calculated="'a'"),
        item("unknown", Type.INTEGER, calculated="%nobody"),
        item("several", Type.INTEGER, calculated="1 | 2"),
        item("endless", Type.INTEGER, calculated="1.repeat($this + 1)"),
        item("well", Type.INTEGER, calculated="1 + 1"),
        item("asked", enable_expression="%nobody"),
    )
    filled = fill(form, [node("wrong", integer(7))], NOW)
    assert shown(filled) == {"well": 2}
    assert filled.failed == ("wrong", "unknown", "several", "endless", "asked")
    # Nothing is hidden because an expression cannot be worked out.
    assert "asked" in enabled(filled)


def test_a_ring_of_calculations_ends_without_values() -> None:
    form = form_of(
        item("a", Type.INTEGER, calculated=f"iif({of('b')}.exists(), {of('b')} + 1, 1)"),
        item("b", Type.INTEGER, calculated=f"{of('a')} + 1"),
        item("c", Type.INTEGER, calculated="3"),
    )
    filled = fill(form, [], NOW)
    assert shown(filled) == {"c": 3}
    assert filled.failed == ("a", "b")
    assert fill(form, filled.answers, NOW) == filled


def test_a_question_that_is_asked_only_when_it_is_not_ends_asked() -> None:
    form = form_of(item("q", Type.INTEGER, enable_expression=f"{of('q')}.exists().not()"))
    filled = fill(form, [node("q", integer(1))], NOW)
    assert (enabled(filled), filled.failed, shown(filled)) == ({"q"}, ("q",), {"q": 1})


def test_expressions_do_not_see_what_is_disabled() -> None:
    form = form_of(
        item("q", Type.BOOLEAN),
        item("n", Type.INTEGER, enable_when=(when("q", "=", Value(value_boolean=True)),)),
        item("sum", Type.INTEGER, calculated=f"iif({of('n')}.exists(), {of('n')}, 0) + 1"),
        item("late", enable_expression="%resource.item.where(linkId='sum').answer.value > 3"),
    )
    filled = fill(form, [node("q", YES), node("n", integer(5))], NOW)
    assert (shown(filled)["sum"], "late" in enabled(filled)) == (6, True)
    hidden = fill(form, [node("q", NO), node("n", integer(5))], NOW)
    assert (shown(hidden)["sum"], "late" in enabled(hidden), shown(hidden)["n"]) == (1, False, 5)


def test_variables_are_of_the_form_of_a_group_and_of_its_instance() -> None:
    bmi = item("bmi", Type.DECIMAL, calculated="(%weight / (%height / %hundred).power(2)).round(1)")
    form = form_of(
        item(
            "body",
            Type.GROUP,
            item("weight", Type.INTEGER),
            item("height", Type.INTEGER),
            bmi,
            repeats=True,
            variables=(
                Variable("weight", "item.where(linkId='weight').answer.value"),
                Variable("height", "item.where(linkId='height').answer.value"),
            ),
        ),
        variables=(Variable("hundred", "100.0"),),
    )
    body = [[node("weight", integer(kilos)), node("height", integer(180))] for kilos in (81, 97)]
    filled = fill(form, [node("body", below=each) for each in body], NOW)
    assert (shown(filled)["bmi.0"], shown(filled)["bmi.1"]) == (Decimal("25.0"), Decimal("29.9"))


def test_a_variable_that_needs_itself_fails() -> None:
    variables = (Variable("x", "%y + 1"), Variable("y", "%x + 1"))
    form = form_of(item("q", Type.INTEGER, calculated="%x"), variables=variables)
    assert fill(form, [], NOW).failed == ("q",)


def test_options_limits_and_texts_follow_the_answers() -> None:
    form = form_of(
        item("names", repeats=True),
        item("pick", Type.CHOICE, options_expression="%resource.item.where(linkId='names').answer.value"),
        item("born", Type.DATE, max_expression="today()", min_expression="today() - 120 years"),
        item(
            "hello",
            Type.DISPLAY,
            text_expression="'Hei, ' + %resource.item.where(linkId='names').answer.value[0]",
        ),
    )
    filled = fill(form, [node("names", string("Kari"), string("Ola"), string("Kari"))], NOW)
    _, pick, born, hello = filled.fields
    assert [(option.value.value_string, option.text) for option in pick.options] == [
        ("Kari", "Kari"),
        ("Ola", "Ola"),
    ]
    assert (born.item.min_value, born.item.max_value) == ("1906-11-23", "2026-11-23")
    assert hello.text == Text("Hei, Kari")
    assert fill(form, [], NOW).fields[3].text == Text("hello")


def test_what_cannot_be_answered_shows_what_was_answered_elsewhere() -> None:
    form = form_of(item("q", Type.CHOICE), item("also", Type.DISPLAY, copied=of("q")))
    chosen = Answer(value_coding=Coding(system="urn:s", code="a", display="Alltid"))
    filled = fill(form, [node("q", chosen)], NOW)
    assert (filled.fields[1].text, filled.failed) == (Text("Alltid"), ())
    assert fill(form, [], NOW).fields[1].text == Text("also")


def test_constraints_tell_what_is_false_and_nothing_of_what_is_not_answered() -> None:
    later = Constraint(key="later", human="Later than it began", expression=(
        "item.where(linkId='from').answer.value <= item.where(linkId='to').answer.value"))  # fmt: skip
    period = item(
        "period",
        Type.GROUP,
        item("from", Type.DATE),
        item("to", Type.DATE),
        repeats=True,
        constraints=(later,),
    )
    form = form_of(period)

    def dates(first: str, second: str) -> Node:
        return node(
            "period", below=[node("from", Answer(value_date=first)), node("to", Answer(value_date=second))]
        )

    half = node("period", below=[node("from", Answer(value_date="2026-01-01"))])
    filled = fill(form, [dates("2026-01-01", "2026-02-01"), dates("2026-03-01", "2026-02-01"), half], NOW)
    assert filled.broken == (Broken("0.1", later),)


def test_this_value_is_the_answer_of_the_question_itself() -> None:
    born = Constraint(key="sdf-fhirpathvalidation", human="", expression="this.value <= today()")
    form = form_of(item("born", Type.DATE, constraints=(born,)))
    days = {
        day: fill(form, [node("born", Answer(value_date=day))], NOW).broken
        for day in ("2026-11-23", "2026-11-24")
    }
    assert days == {"2026-11-23": (), "2026-11-24": (Broken("0", born),)}
    assert fill(form, [], NOW).broken == ()


def test_a_day_begins_when_it_does_in_norway() -> None:
    late = Context(now=datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    form = form_of(
        item("day", Type.DATE, calculated="today()"), item("then", Type.DATE_TIME, calculated="now()")
    )
    assert shown(fill(form, [], late)) == {"day": "2026-07-02", "then": "2026-07-02T00:30:00.000+02:00"}


def test_a_form_begins_with_what_is_known_of_the_patient() -> None:
    patient = {
        "resourceType": "Patient",
        "birthDate": "1980-02-03",
        "name": [{"family": "Nordmann", "given": ["Kari"]}],
    }
    form = form_of(
        item("name", initial_expression="%patient.name.first().select(given.first() + ' ' + family)"),
        item("born", Type.DATE, initial_expression="%patient.birthDate"),
        item("first", initial=(Value(value_string="mine"),), initial_expression="%patient.name.family"),
        item("user", initial_expression="%user.name"),
        item("number", Type.INTEGER, initial_expression="%patient.name.family"),
    )
    context = Context(now=datetime(2026, 11, 23, tzinfo=UTC), launch={"patient": patient})
    assert begin(form, context) == [
        node("name", string("Kari Nordmann")),
        node("born", Answer(value_date="1980-02-03")),
        node("first", string("mine")),
    ]
    assert begin(form, NOW) == [node("first", string("mine"))]


def test_a_hostile_form_ends() -> None:
    endless = [item(str(n), Type.INTEGER, calculated="1.repeat($this + 1)") for n in range(200)]
    began = datetime.now(UTC)
    filled = fill(form_of(*endless), [], NOW)
    assert len(filled.failed) == 200
    assert (datetime.now(UTC) - began).total_seconds() < 6
