"""Whatever a form, an answer or a search says, nothing of it runs, loads or leads out of the page."""

import json
from typing import Any

import pytest

from forms.rendering.pages_read import answered, faults_in, inputs_of, parsed, runs_in
from innsyn.forms.engine.filling import begin, fill
from innsyn.forms.engine.model import Form, Option
from innsyn.forms.engine.reading import read
from innsyn.forms.engine.state import Context, Problem
from innsyn.forms.engine.taking import take
from innsyn.forms.engine.values import Coding, Value
from innsyn.forms.filling import views
from innsyn.web.templates import render
from pwa.form_examples import NOW, check_page, fill_page, sent_page

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1)) ![y](https://evil.example/z.png)",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "</textarea></script><iframe srcdoc='<script>alert(1)</script>'>",
    "\" autofocus onfocus=alert(1) x='",
    "{{ 7 * 7 }}{% include 'home.html' %}",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<base href=https://evil.example/><form action=https://evil.example><input name=m>",
)
CONTEXT = Context(now=NOW)
MARKDOWN = "http://hl7.org/fhir/StructureDefinition/rendering-markdown"
XHTML = "http://hl7.org/fhir/StructureDefinition/rendering-xhtml"
CONTROL = "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl"


def questionnaire(text: str, way: str) -> Form:
    """A form whose every text is this, as plain text, Markdown or XHTML."""
    rich: dict[str, Any] = {}
    if way == "markdown":
        rich = {"_text": {"extension": [{"url": MARKDOWN, "valueMarkdown": text}]}}
    if way == "xhtml":
        rich = {"_text": {"extension": [{"url": XHTML, "valueString": text}]}}
    asked = {"text": text, "prefix": text, **rich}
    options = [{"valueCoding": {"system": "urn:x", "code": str(n), "display": text}} for n in range(8)]
    help_ = {"linkId": "h", "type": "text", "extension": [_control("help")], **asked}
    items = [
        {
            "linkId": "g",
            "type": "group",
            "repeats": True,
            "item": [{"linkId": "s", "type": "string", **asked}],
            **asked,
        },
        {"linkId": "t", "type": "text", "item": [help_], **asked},
        {"linkId": "c", "type": "choice", "answerOption": options, **asked},
        {"linkId": "o", "type": "open-choice", "repeats": True, "answerOption": options[:3], **asked},
        {"linkId": "d", "type": "display", **asked},
        {"linkId": "hi", "type": "text", "extension": [_control("highlight")], **asked},
        {"linkId": "si", "type": "text", "extension": [_control("sidebar")], **asked},
        {"linkId": "f", "type": "attachment", **asked},
        {"linkId": "v", "type": "choice", "answerValueSet": "urn:vs", **asked},
    ]
    made = {
        "resourceType": "Questionnaire",
        "url": "urn:q",
        "version": "1",
        "status": "active",
        "language": "nb-NO",
    }
    verdict = read(json.dumps({**made, "title": text, "description": text, "item": items}).encode())
    assert verdict.form is not None, verdict.refusals
    return verdict.form


def _control(code: str) -> dict[str, Any]:
    coding = {"system": "http://hl7.org/fhir/questionnaire-item-control", "code": code}
    return {"url": CONTROL, "valueCodeableConcept": {"coding": [coding]}}


@pytest.mark.parametrize("way", ["plain", "markdown", "xhtml"])
@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_a_text_runs(text: str, way: str) -> None:
    of = questionnaire(text, way)
    filled = fill(of, begin(of, CONTEXT), CONTEXT)
    page = parsed(render("nb", "forms/fill.html", fill_page(filled)))
    posted = {name: [text] if name[0].isdigit() else value for name, value in answered(page).items()}
    searched = next(field for field in filled.all() if field.item.link_id == "v")
    answers = take(of, filled.answers, posted, page.xpath("//input[@name='on']/@value")[0].split())
    done = fill(of, answers, CONTEXT)
    every = [Problem(field=field.name, text_key="", words=text) for field in done.all()]
    option = Option(value=Value(value_coding=Coding(system=text, code=text, display=text)), text=text)
    words = next(field for field in done.all() if field.item.link_id == "t")
    shown = fill_page(
        done,
        0,
        every,
        unit=text,
        found={searched.name: [option]},
        sought={searched.name: text},
        lost=[views.LostShown(text=text, answer=text)],
    )
    conflict = views.ConflictPage(
        reader=shown.reader,
        draft=shown.draft,
        title=text,
        step=0,
        revision=1,
        form=shown.form,
        clashes=[views.Clash(field=words, mine=words.answers, theirs=())],
        posted=[(text, text)],
    )
    pages = [
        ("forms/fill.html", shown),
        ("forms/check.html", check_page(done, every, receiver=text)),
        ("forms/sent.html", sent_page(done, receiver=text, author=text, receipt=text)),
        ("forms/conflict.html", conflict),
    ]
    for template, each in pages:
        document = parsed(render("nb", template, each))
        assert [*runs_in(document), *faults_in(document)] == [], template
        assert "49" not in document.xpath("string(//main)")
    inputs = inputs_of(parsed(render("nb", "forms/fill.html", shown)))
    assert [each.text.strip() for each in inputs if each.tag == "textarea"] == [text]
