"""Texts of a form, made harmless: what is kept, what is taken out, and how it is told."""

import pytest

from forms.reading.questionnaires import item, questionnaire, refused, warned
from innsyn.forms.engine.model import Text
from innsyn.forms.engine.texts import of_markdown, of_xhtml, plain_text, runs, sanitised, with_link

SCRIPTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe src='//evil'></iframe>",
    "<a href='javascript:alert(1)'>her</a>",
    "<a href='java&#115;cript:alert(1)'>her</a>",
    "<p style='background:url(//evil)' onclick='x()'>tekst</p>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<form action='//evil'><input name=a></form>",
    "<a href='data:text/html,<script>alert(1)</script>'>her</a>",
    "<meta http-equiv=refresh content='0;url=//evil'>",
]
HARMFUL = ("<script", "<img", "<svg", "<iframe", "<form", "style=", "onerror", "src=", "//evil")


@pytest.mark.parametrize("markup", SCRIPTS)
@pytest.mark.parametrize("made", [of_xhtml, of_markdown])
def test_nothing_runs_and_nothing_is_fetched(markup: str, made: object) -> None:
    assert callable(made)
    text = made(f"Før {markup} etter")
    html = text.html or text.plain
    assert not runs(html)
    assert not [each for each in HARMFUL if each in text.html]
    assert "Før" in text.plain


def test_what_a_form_needs_is_kept() -> None:
    kept = "<p>Les <strong>dette</strong> og <em>dette</em></p><ul><li>en</li><li>to</li></ul>"
    assert sanitised(kept) == kept
    assert sanitised("<table><tr><th scope='col'>Dag</th></tr><tr><td colspan='2'>1</td></tr></table>") == (
        '<table><tbody><tr><th scope="col">Dag</th></tr><tr><td colspan="2">1</td></tr></tbody></table>'
    )


def test_links_are_https_and_tell_nobody() -> None:
    assert of_markdown("Se [Helsenorge](https://helsenorge.no/x)").html == (
        '<p>Se <a href="https://helsenorge.no/x" rel="noopener noreferrer">Helsenorge</a></p>\n'.strip()
    )
    assert of_markdown("Se [her](http://helsenorge.no) og [der](/min/side)").html == ""
    assert with_link(Text("Les mer"), "", "javascript:alert(1)") == Text("Les mer")


def test_the_words_alone_where_they_say_all() -> None:
    assert of_markdown("Bare tekst") == Text("Bare tekst")
    assert of_xhtml("<div>Bare <b>tekst</b></div>") == Text("Bare tekst", "Bare <b>tekst</b>")
    assert of_markdown("**Ny** tekst", "Gammel tekst") == Text(
        "Gammel tekst", "<p><strong>Ny</strong> tekst</p>"
    )


def test_headings_stand_below_the_pages_own() -> None:
    assert sanitised("<h1>Del 1</h1>") == "<h2>Del 1</h2>"


def test_signs_that_nobody_sees_are_taken_out() -> None:
    assert plain_text("\u202eikke\u202c\x00 syk\u200b ") == "ikke syk"


def test_markup_that_is_too_deep_becomes_its_words() -> None:
    assert sanitised("<b>" * 900 + "ord" + "</b>" * 900) == "ord"


def test_script_in_a_question_is_taken_out_and_told() -> None:
    url = "http://hl7.org/fhir/StructureDefinition/rendering-xhtml"
    body = questionnaire(
        item("1", text="", _text={"extension": [{"url": url, "valueString": f"Hva heter du? {SCRIPTS[0]}"}]})
    )
    assert warned(body) == [("script_removed", "1")]
    alone = questionnaire(item("1", text="", _text={"extension": [{"url": url, "valueString": SCRIPTS[0]}]}))
    assert refused(alone) == [("only_script", "1")]


def test_plain_text_is_no_markup() -> None:
    assert plain_text("Er 3 < 4 & <b>5</b>?") == "Er 3 < 4 & <b>5</b>?"
