"""Every form that we can lay our hands on, drawn in every state."""

import random

import msgspec
import pytest

from forms.rendering.pages_read import answered, faults_in, parsed, runs_in, sent
from forms.rendering.shared_forms import FOLDERS, usable
from innsyn.forms.engine.filling import begin, fill
from innsyn.forms.engine.model import Form
from innsyn.forms.engine.state import Context, Field, Filled, Problem
from innsyn.forms.engine.taking import take
from innsyn.forms.engine.values import Answer, Answers
from innsyn.forms.filling.views import steps_of
from innsyn.web.templates import render
from pwa.form_examples import NOW, check_page, fill_page, form, sent_page

CONTEXT = Context(now=NOW)
OWN = "own"
# Its steps are many: some of them are enough every day.
MOST_STEPS = 6


def steps_in(filled: Filled) -> list[int]:
    """Indexes of steps to look at."""
    steps = range(len(steps_of(filled)))
    return sorted(random.Random(1).sample(steps, min(MOST_STEPS, len(steps))))  # noqa: S311


def everything_wrong(filled: Filled, step: int) -> list[Problem]:
    """A problem at every question of a step."""
    every = [field for top in steps_of(filled)[step].fields for field in top.all()]
    return [Problem(field=one.name, text_key="", words="Se over svaret") for one in every if one.item.asks]


def forms_in(folder: str) -> dict[str, Form]:
    """The forms of a folder of others; those of the example pages."""
    return {name: form(name) for name in ("checkup", "mood")} if folder == OWN else usable(folder)


@pytest.mark.parametrize("folder", [OWN, *FOLDERS])
def test_a_form_is_drawn_in_every_state(folder: str) -> None:
    faults = {name: drawn(of) for name, of in forms_in(folder).items()}
    assert {name: said for name, said in faults.items() if said} == {}


def drawn(of: Form) -> list[str]:
    """What is wrong with its pages."""
    filled = fill(of, begin(of, CONTEXT), CONTEXT)
    faults = []
    for step in steps_in(filled):
        for problems in ([], everything_wrong(filled, step)):
            document = parsed(render("nb", "forms/fill.html", fill_page(filled, step, problems)))
            faults += [*faults_in(document), *runs_in(document)]
    done = fill(of, all_answered(of, filled), CONTEXT)
    wrong = [each for step in range(len(steps_of(done))) for each in everything_wrong(done, step)]
    pages = [("forms/check.html", check_page(done)), ("forms/check.html", check_page(done, wrong[:200]))]
    for template, page in [*pages, ("forms/sent.html", sent_page(done))]:
        document = parsed(render("nn", template, page))
        faults += [*faults_in(document), *runs_in(document)]
    return faults


@pytest.mark.parametrize("folder", [OWN, *FOLDERS])
def test_a_page_that_is_sent_as_it_came_changes_nothing(folder: str) -> None:
    changed = [(name, *change) for name, of in forms_in(folder).items() for change in changes(of)]
    assert changed == []


def changes(of: Form) -> list[tuple[int, dict[str, bytes], dict[str, bytes]]]:
    """The steps that come back otherwise than they were, empty and with everything answered."""
    found = []
    for answers in (begin(of, CONTEXT), all_answered(of, fill(of, begin(of, CONTEXT), CONTEXT))):
        filled = fill(of, answers, CONTEXT)
        for step in steps_in(filled):
            document = parsed(render("nb", "forms/fill.html", fill_page(filled, step)))
            again = take(
                of, filled.answers, sent(document), document.xpath("//input[@name='on']/@value")[0].split()
            )
            after, before = told(fill(of, again, CONTEXT).fields), told(filled.fields)
            found += [(step, before, after)] if after != before else []
    return found


def all_answered(of: Form, filled: Filled) -> Answers:
    """Everything that the pages ask for, as somebody would answer it."""
    answers = filled.answers
    for step in steps_in(filled):
        document = parsed(render("nb", "forms/fill.html", fill_page(filled, step)))
        on = document.xpath("//input[@name='on']/@value")[0].split()
        answers = take(of, answers, answered(document), on)
    return answers


def told(fields: tuple[Field, ...]) -> dict[str, bytes]:
    """What is answered where."""
    every = (below for field in fields for below in field.all())
    # Of a question that does not repeat, a page shows one answer, also where a form begins with more.
    asked = (
        (field, field.answers if field.item.repeats else field.answers[:1])
        for field in every
        if field.item.asks
    )
    given = {field.name: [each for each in answers if each != Answer()] for field, answers in asked}
    return {name: msgspec.json.encode(answers) for name, answers in given.items() if answers}
