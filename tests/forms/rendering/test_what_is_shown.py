"""What a page says of a form: steps, conditions, marks, tables, answers in words."""

import json

from msgspec.structs import replace

from forms.answers.forms_of import form_of, item
from forms.rendering.pages_read import parsed
from innsyn.forms.engine.filling import begin, fill
from innsyn.forms.engine.model import Condition, Control, Form, Text
from innsyn.forms.engine.state import Context, Filled, Problem
from innsyn.forms.engine.taking import add
from innsyn.forms.engine.values import Answer, Node, Quantity, Value
from innsyn.forms.filling.steps import open_step
from innsyn.forms.filling.views import shown_steps, steps_of
from innsyn.web.templates import render
from pwa.form_examples import ANSWERED, NOW, check_page, fill_page, filled, form, sent_page

CONTEXT = Context(now=NOW)
YES = Value(value_boolean=True)


def stands(of: Form, *nodes: Node) -> Filled:
    return fill(of, list(nodes) or begin(of, CONTEXT), CONTEXT)


def test_a_step_keeps_its_place_when_others_come_and_go() -> None:
    asks = item("asks", "group", item("smokes", "boolean"), text="Om deg")
    hangs = item("hangs", "group", item("how", "string"), text="Røyk", enable_when=(Condition(1, "=", YES),))
    of = form_of(asks, hangs, item("end", "group", item("words", "text"), text="Til slutt"), steps=True)
    without = steps_of(stands(of))
    with_it = steps_of(stands(of, Node("asks", item=[Node("smokes", answer=[Answer(value_boolean=True)])])))
    assert [(step.index, step.number, step.title, step.state) for step in shown_steps(without, 2)] == [
        (0, 1, "Om deg", "left"),
        (2, 2, "Til slutt", "here"),
    ]
    assert [(step.index, step.number, step.title, step.state) for step in shown_steps(with_it, 2, {"3"})] == [
        (0, 1, "Om deg", "done"),
        (1, 2, "Røyk", "wrong"),
        (2, 3, "Til slutt", "here"),
    ]
    assert [open_step(without, wanted) for wanted in (-1, 0, 1, 9)] == [0, 0, 2, 2]


def test_a_frame_around_the_groups_is_no_step() -> None:
    groups = (item("a", "group", item("x", "string")), item("b", "group", item("y", "string")))
    of = form_of(item("frame", "group", item("hello", "display"), *groups), steps=True)
    assert [(step.title, [each.item.link_id for each in step.fields]) for step in steps_of(stands(of))] == [
        ("", ["hello"]),
        ("A", ["a"]),
        ("B", ["b"]),
    ]


def test_conditions_are_told_where_the_page_can_tell_them_alone() -> None:
    inside = (item("has", "boolean"), item("which", "string", enable_when=(Condition(2, "=", YES),)))
    outside = item(
        "why", "string", enable_when=(Condition(0, "exists", YES), Condition(2, "=", YES)), enable_all=True
    )
    of = form_of(item("first", "string"), item("group", "group", *inside, repeats=True), outside)
    answers = add(of, begin(of, CONTEXT), "1.0")
    page = parsed(render("nb", "forms/fill.html", fill_page(fill(of, answers, CONTEXT))))
    told = {each.get("data-field"): each.get("data-when") for each in page.xpath("//*[@data-when]")}
    assert {name: json.loads(when) for name, when in told.items()} == {
        "3.0": [{"q": "2.0", "op": "=", "v": ["true"]}],
        "3.1": [{"q": "2.1", "op": "=", "v": ["true"]}],
    }
    assert [each.get("data-field") for each in page.xpath("//*[@data-any]")] == ["3.0", "3.1"]
    assert page.xpath("//*[@id='f-4']/@hidden") == [""]
    assert page.xpath("//input[@name='on']/@value") == ["0 2.0 3.0 2.1 3.1 4"]


def test_what_only_the_server_can_tell_says_so() -> None:
    of = form_of(
        item("asks", "boolean"),
        item("here", "string", enable_when=(Condition(0, "=", YES),)),
        item("there", "string", enable_expression="true"),
        item("always", "string"),
    )
    page = parsed(render("nb", "forms/fill.html", fill_page(stands(of))))
    assert page.xpath("//*[@data-told]/@data-field") == ["2"]
    assert page.xpath("//*[@data-when]/@data-field") == ["1"]


def test_no_level_of_heading_is_left_out() -> None:
    rich = Text(plain="Mer", html="<h2>Mer</h2><h5>Under</h5><p>Les.</p>")
    inner = item("inner", "group", item("x", "string"), item("named", "group", item("y", "string")), text="")
    of = form_of(item("outer", "group", inner, text="Ytterst"), item("says", "display"))
    stood = stands(of)
    stood = replace(stood, fields=(stood.fields[0], replace(stood.fields[1], text=rich)))
    page = parsed(render("nb", "forms/fill.html", fill_page(stood)))
    headings = page.xpath("//form//*[self::h2 or self::h3 or self::h4]")
    assert [(each.tag, each.text_content()) for each in headings] == [
        ("h2", "Ytterst"),
        ("h3", "Named"),
        ("h2", "Mer"),
        ("h3", "Under"),
    ]


def test_of_required_and_optional_the_fewer_are_marked() -> None:
    few = form_of(item("a", "string", required=True), item("b", "string"), item("c", "string"))
    most = form_of(
        item("a", "string", required=True), item("b", "string", required=True), item("c", "string")
    )
    marked = "//*[@class='form-mark']"
    said = []
    for of in (few, most):
        page = parsed(render("nb", "forms/fill.html", fill_page(stands(of))))
        said.append([each.getparent().text_content().strip() for each in page.xpath(marked)])
    assert said == [["A (må fylles ut)"], ["C (valgfritt)"]]


def test_answers_in_words_in_three_languages() -> None:
    done = filled(form("checkup"), ANSWERED)
    said = {}
    for locale in ("nb", "nn", "en"):
        page = check_page(done)
        page = replace(page, reader=replace(page.reader, locale=locale))
        said[locale] = {
            each.xpath("string(dt)"): each.xpath("string(dd[1])")
            for each in parsed(render(locale, "forms/check.html", page)).xpath(
                "//dl[@class='form-summary']/div"
            )
        }
    asked = (
        "Røyker du?",
        "Hva veier du?",
        "Når fikk du diabetes?",
        "Hvor høy er du, i centimeter?",
        "Kroppsmasseindeks",
    )
    assert {locale: [lines[each] for each in asked] for locale, lines in said.items()} == {
        "nb": ["Ja", "62,5\xa0kg", "17. mai 1980", "168", "22,1"],
        "nn": ["Ja", "62,5\xa0kg", "17. mai 1980", "168", "22,1"],
        "en": ["Yes", "62.5\xa0kg", "17 May 1980", "168", "22.1"],
    }


def test_a_table_sums_up_and_what_can_be_answered_is_never_one() -> None:
    def columns(*, read_only: bool) -> Form:
        cells = (
            item("name", "string", repeats=True, read_only=read_only),
            item("dose", "quantity", read_only=read_only),
        )
        return form_of(item("table", "group", *cells, control=Control.GTABLE))

    nodes = Node(
        "table",
        item=[
            Node("name", answer=[Answer(value_string="Metformin"), Answer(value_string="Insulin")]),
            Node("dose", answer=[Answer(value_quantity=Quantity(value=None, unit="mg"))]),
        ],
    )
    shown, asked = (
        parsed(render("nb", "forms/fill.html", fill_page(stands(columns(read_only=each), nodes))))
        for each in (True, False)
    )
    table = shown.xpath("//table")[0]
    assert [[cell.text_content() for cell in row] for row in table.xpath(".//tr")] == [
        ["Name", "Dose"],
        ["Metformin", "–"],
        ["Insulin", "–"],
    ]
    assert table.xpath(".//th/@scope") == ["col", "col", "row", "row"]
    assert asked.xpath("//table") == []


def test_what_is_never_on_the_screen_is_not_in_the_page() -> None:
    of = form_of(
        item("seen", "string"),
        item("hidden", "string", hidden=True, initial=(Value(value_string="gjemt"),)),
        item("paper", "display", shown_in="pdf", text="Bare på papir"),
    )
    for template, page in (("fill", fill_page), ("check", check_page), ("sent", sent_page)):
        html = render("nb", f"forms/{template}.html", page(stands(of)))
        assert ("gjemt" in html, "Bare på papir" in html) == (False, False)


def test_titles_say_nothing_of_health_and_errors_come_first() -> None:
    of = form("checkup")
    done = filled(of, ANSWERED)
    wrong = [next(each for each in done.all() if each.item.link_id == "weight")]
    problems = [Problem(field=wrong[0].name, text_key="", words="Skriv et tall")]
    page = parsed(render("nb", "forms/fill.html", fill_page(done, 1, problems)))
    assert page.xpath("string(//title)") == "Feil: Fyll ut skjema – Innsyn"
    assert page.xpath("string(//*[@role='alert']//li)") == "Hva veier du? Skriv et tall"
    link = page.xpath("//*[@role='alert']//a/@href")[0]
    field = page.xpath(f"//*[@id='{link[1:]}']")[0]
    assert (field.get("aria-invalid"), field.get("aria-describedby")) == ("true", f"e-{wrong[0].name}")
    assert page.xpath(f"string(//*[@id='e-{wrong[0].name}'])") == "Skriv et tall"


def test_rich_words_name_their_input_from_beside_it() -> None:
    of = form_of(item("rich", "string"))
    rich = Text(plain="Les og svar", html="<h2>Les</h2> <p>og svar</p>")
    text = fill(of, begin(of, CONTEXT), CONTEXT)
    shown = replace(text, fields=(replace(text.fields[0], text=rich),))
    page = parsed(render("nb", "forms/fill.html", fill_page(shown)))
    assert page.xpath("//input[@id='i-0']/@aria-labelledby") == ["l-0"]
    assert page.xpath("string(//*[@id='l-0'])").split() == ["Les", "og", "svar"]


def test_what_is_read_through_stands_under_the_headings_of_the_form() -> None:
    done = filled(form("checkup"), ANSWERED)
    page = parsed(render("nb", "forms/sent.html", sent_page(done)))
    headings = page.xpath("//section[contains(@class, 'form-sheet')]/*[self::h2 or self::h3]")
    assert [(each.tag, each.text_content()) for each in headings] == [
        ("h2", "Dette svarte du"),
        ("h2", "Hvordan du har det"),
        ("h2", "Mål og datoer"),
        ("h2", "Medisiner"),
        ("h3", "Medisin nr. 1"),
        ("h2", "Til slutt"),
    ]


def test_the_page_says_why_no_more_can_be_added() -> None:
    def ends(times: int, most: int | None = None) -> list[str]:
        of = form_of(item("g", "group", item("x", "string"), repeats=True, max_occurs=most))
        answers = begin(of, CONTEXT)
        for _ in range(times):
            answers = add(of, answers, "0.0")
        page = parsed(render("nb", "forms/fill.html", fill_page(fill(of, answers, CONTEXT))))
        return [each.text_content().strip() for each in page.xpath("//p[@class='form-add']")]

    assert ends(1) == ["Legg til flere: G"]
    assert ends(1, most=2) == ["Det er plass til 2, og flere kan ikke legges til."]
    # Where a form gives no limit, nothing is offered that would not be done.
    assert ends(98) == ["Legg til flere: G"]
    assert ends(99) == ["Det er plass til 100, og flere kan ikke legges til."]
