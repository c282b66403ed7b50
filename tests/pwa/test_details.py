"""The page of each kind asks only for what its detail has, and stands when the source has said nothing more."""

import pytest

from innsyn.records.details import DETAILS
from innsyn.records.entries import Line
from innsyn.records.kinds import Kind
from innsyn.web.locale import LOCALES
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
