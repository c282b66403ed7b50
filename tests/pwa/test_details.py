"""The page of each kind asks only for what its detail has, and stands when the source has said nothing more."""

import re

import pytest

from innsyn.records.details import DETAILS
from innsyn.records.encounters.views import Contact
from innsyn.records.entries import Line
from innsyn.records.kinds import Kind
from innsyn.records.people import Person
from innsyn.web.locale import LOCALES, catalogue
from innsyn.web.templates import render
from pwa.shapes import Page


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", list(Kind))
def test_a_page_stands_on_an_empty_detail(kind: Kind, locale: str) -> None:
    line = Line(id="1", kind=kind, title="Tittel", at="2026-11-22")
    markup = render(locale, f"records/{kind}/entry.html", Page(line=line, detail=DETAILS[kind]()))
    assert 'data-size="xl">Tittel</h1>' in markup
    assert "<dd></dd>" not in markup
    assert "None" not in markup


@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_withheld_shows_its_reason_and_nothing_else(kind: Kind) -> None:
    line = Line(id="1", kind=kind, at="2026-11-22", withheld="doctor_first", opens="2026-12-06")
    markup = render("nb", f"records/{kind}/entry.html", Page(line=line, detail=None))
    assert "Legen ser på det først." in markup
    assert "Det åpnes senest 6. desember 2026." in markup
    assert "Om denne oppføringen" not in markup


@pytest.mark.parametrize(
    ("at", "status", "said"),
    [
        ("2026-11-26T10:15:00+01:00", "active", ["Hit skal du", "Hvem du møter"]),
        ("2026-11-23T10:15:00+01:00", "active", ["Her var du", "Hvem du møtte"]),
        ("2026-11-20T10:15:00+01:00", "completed", ["Her var du", "Hvem du møtte"]),
        ("2026-11-26T10:15:00+01:00", "cancelled", ["Hvor timen var satt opp", "Hvem timen var hos"]),
    ],
    ids=["coming", "just over", "past", "called off"],
)
def test_only_a_coming_contact_is_told_as_coming(at: str, status: str, said: list[str]) -> None:
    detail = Contact(place="Steinkjer legesenter", participants=(Person(name="Anne Vik"),))
    line = Line(id="1", kind=Kind.ENCOUNTERS, at=at, title="Kontroll", status=status)
    markup = render("nb", "records/encounters/entry.html", Page(line=line, detail=detail))
    headings = re.findall(r"<h2 class=\"ds-heading\">([^<]+)</h2>", markup)
    assert headings[:2] == said


def test_a_vaccine_that_was_not_given_is_never_said_to_be() -> None:
    line = Line(id="1", kind=Kind.VACCINATIONS, at="2026-11-22", title="Influensa", status="not-done")
    page = Page(line=line, detail=DETAILS[Kind.VACCINATIONS]())
    markup = render("nb", "records/vaccinations/entry.html", page)
    assert "Ikke gitt. Skrevet ned 22. november 2026" in markup
    assert "Gitt " not in markup


@pytest.mark.parametrize("kind", list(Kind))
def test_an_entry_without_a_title_is_named_after_its_kind(kind: Kind) -> None:
    line = Line(id="1", kind=kind, at="2026-11-22", withheld="doctor_first")
    markup = render("nb", f"records/{kind}/entry.html", Page(line=line, detail=None))
    assert f'data-size="xl">{catalogue("nb").text(f"kind.{kind}")}</h1>' in markup
