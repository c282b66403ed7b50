"""Example pages of a form, made by the engine from a Questionnaire as a journal would send it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from innsyn.access.views import Acting, Who
from innsyn.forms.drafts.typed import TypedPage
from innsyn.forms.engine.filling import begin, fill
from innsyn.forms.engine.model import Form, Option
from innsyn.forms.engine.reading import read
from innsyn.forms.engine.state import Context, Filled, Problem
from innsyn.forms.engine.taking import take
from innsyn.forms.engine.values import Answer, Coding, Value
from innsyn.forms.filling import views

NOW = datetime(2026, 11, 23, 12, 45, tzinfo=UTC)
DRAFT, KEY, FORM = UUID(int=1), UUID(int=2), UUID(int=7)
FILE = UUID(int=3)
WHO = Who(
    name="Kari Nordli",
    given="Kari",
    initials="KN",
    locale="nb",
    new_since=None,
    now=NOW,
    ends=NOW + timedelta(minutes=30),
    until=NOW + timedelta(minutes=110),
    idle_minutes=30,
    mark="made-up",
)
FOR_MINA = Acting(name="Mina Nordli", given="Mina", rule="parent.under_12", preview=False, only_forms=False)
_FORMS = Path(__file__).with_name("forms")


def form(name: str) -> Form:
    """One of the Questionnaires in `forms/`."""
    verdict = read((_FORMS / f"{name}.json").read_bytes())
    assert verdict.form is not None, verdict.refusals
    return verdict.form


def filled(of: Form, typed: Mapping[str, str | list[str]] | None = None) -> Filled:
    """The form with what was typed, by linkId and the suffix of the input: {"weight": "62", "born-y": "1980"}."""
    context = Context(now=NOW)
    answers = begin(of, context)
    posted: dict[str, list[str]] = {}
    for key, value in (typed or {}).items():
        link, dash, suffix = key.partition("-")
        field = next(each for each in fill(of, answers, context).all() if each.item.link_id == link)
        posted[f"{field.name}{dash}{suffix}"] = value if isinstance(value, list) else [value]
    shown = [field.name for field in fill(of, answers, context).all()]
    return fill(of, take(of, answers, posted, shown), context)


def fill_page(of: Filled, step: int = 0, problems: Sequence[Problem] = (), **more: Any) -> views.FillPage:  # noqa: ANN401
    """A step to fill in."""
    steps = views.steps_of(of)
    page: dict[str, Any] = {
        "reader": WHO,
        "draft": DRAFT,
        "title": of.form.title,
        "steps": views.shown_steps(steps, step, {problem.field for problem in problems}),
        "step": step,
        "fields": steps[step].fields,
        "problems": list(problems),
        "revision": 7,
        "form": FORM,
        "key": KEY,
        "saved": NOW - timedelta(minutes=2),
        "has_before": views.step_before(steps, step) is not None,
        "has_after": views.step_after(steps, step) is not None,
        "intro": of.form.description,
        "sidebar": of.form.sidebar,
    }
    return views.FillPage(**page | more)


def check_page(of: Filled, problems: Sequence[Problem] = (), **more: Any) -> views.CheckPage:  # noqa: ANN401
    """Everything, to read through."""
    page: dict[str, Any] = {
        "reader": WHO,
        "draft": DRAFT,
        "title": of.form.title,
        "steps": views.steps_of(of),
        "problems": list(problems),
        "revision": 7,
        "key": KEY,
        "saved": NOW - timedelta(minutes=2),
        "receiver": "Diabetespoliklinikken",
    }
    return views.CheckPage(**page | more)


def sent_page(of: Filled, state: Any = "waiting", **more: Any) -> views.SentPage:  # noqa: ANN401
    """The receipt."""
    page: dict[str, Any] = {
        "reader": WHO,
        "sent": KEY,
        "title": of.form.title,
        "receipt": "BDFG-HJKL-MNPR",
        "state": state,
        "sent_at": NOW - timedelta(minutes=1),
        "steps": views.steps_of(of),
        "receiver": "Diabetespoliklinikken",
        "paper": f"/forms/sent/{KEY}/receipt.pdf",
    }
    return views.SentPage(**page | more)


ANSWERED: dict[str, str | list[str]] = {
    "feeling": "2",
    "pain": "4",
    "symptoms": ["urn:x|thirst", "urn:x|tired"],
    "weight": "62,5",
    "height": "168",
    "born-d": "17",
    "born-m": "5",
    "born-y": "1980",
    "smokes": "true",
    "words": "Jeg er trett om ettermiddagen.\nDet går bedre etter en tur.",
    "name": "Metformin",
}


def problem(of: Filled, link: str, words: str) -> Problem:
    """Something to mend at the (first) field of an item."""
    field = next(each for each in of.all() if each.item.link_id == link)
    return Problem(field=field.name, text_key="", words=words)


def form_pages() -> dict[str, tuple[str, Any]]:
    """A name, the template and its data, as `examples.pages`."""
    checkup, mood = form("checkup"), form("mood")
    empty, done = filled(checkup), filled(checkup, ANSWERED)
    wrong = [
        problem(done, "born", "Skriv en dato som finnes, for eksempel 17 5 1980"),
        problem(done, "feeling", "Velg ett svar"),
    ]
    unread = filled(checkup, {**ANSWERED, "born-d": "31", "born-m": "2"})
    search = next(each.name for each in done.all() if each.item.link_id == "substance")
    found = [
        Option(value=_coded(code, text), text=text)
        for code, text in (("1", "Penicillin G"), ("2", "Penicillin V"))
    ]
    medicines = next(place for place, step in enumerate(views.steps_of(done)) if step.title == "Medisiner")
    return {
        "form-first": (
            "forms/fill.html",
            fill_page(empty, unit="Diabetespoliklinikken", deadline=date(2026, 12, 1)),
        ),
        "form-answered": ("forms/fill.html", fill_page(done, 1)),
        "form-wrong": ("forms/fill.html", fill_page(unread, 1, [wrong[0]])),
        "form-repeats": (
            "forms/fill.html",
            fill_page(done, medicines, found={search: found}, sought={search: "penic"}),
        ),
        "form-last": ("forms/fill.html", fill_page(done, len(views.steps_of(done)) - 1)),
        "form-one-page": (
            "forms/fill.html",
            fill_page(
                filled(mood), lost=[views.LostShown(text="Hvor gammel er du?", answer="42")], merged=True
            ),
        ),
        "form-check": ("forms/check.html", check_page(done)),
        "form-check-wrong": ("forms/check.html", check_page(done, wrong)),
        "form-sent": ("forms/sent.html", sent_page(done, is_new=True)),
        "form-received": (
            "forms/sent.html",
            sent_page(done, "received", received_at=NOW, author="Kari Nordli", about="Mina Nordli"),
        ),
        "form-failed": ("forms/sent.html", sent_page(done, "failed", kept=False, steps=[])),
        "form-conflict": ("forms/conflict.html", _conflict(done)),
        "form-typed": (
            "forms/typed.html",
            TypedPage(
                reader=WHO,
                draft=DRAFT,
                title=checkup.title,
                step=1,
                words=["Jeg er trett om ettermiddagen.", "17.5.1980"],
                chosen=2,
            ),
        ),
    }


def _coded(code: str, text: str) -> Value:
    return Value(value_coding=Coding(system="urn:x", code=code, display=text))


def _conflict(of: Filled) -> views.ConflictPage:
    weight = next(each for each in of.all() if each.item.link_id == "weight")
    words = next(each for each in of.all() if each.item.link_id == "words")
    clashes = [
        views.Clash(field=weight, mine=weight.answers, theirs=()),
        views.Clash(field=words, mine=words.answers, theirs=(Answer(value_string="Jeg er trett."),)),
    ]
    posted = [("on", f"{weight.name} {words.name}"), (weight.name, "62,5"), ("step", "1"), ("do", "next")]
    return views.ConflictPage(
        reader=WHO,
        draft=DRAFT,
        title=of.form.title,
        step=1,
        revision=8,
        form=FORM,
        clashes=clashes,
        posted=posted,
    )
