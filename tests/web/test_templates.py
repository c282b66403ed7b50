"""Pages are complete in every language, and nothing the journal says can become markup."""

import re
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import TemplateSyntaxError, UndefinedError

from innsyn.records.kinds import Kind
from innsyn.web.locale import LOCALES, catalogue
from innsyn.web.templates import dictionary_name, environment, fixed_text, is_page, render
from innsyn.web.wording import rows
from pwa.examples import pages
from pwa.record import NEWEST, a_list
from pwa.shapes import Line, Page, Reader, Said

PAGES = pages()
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}"
# What decides the arrangement of a page rather than being shown on it.
STRUCTURE = {
    "kind",
    "at",
    "locale",
    "flag",
    "status",
    "withheld",
    "opens",
    "recorded",
    "corrected",
    "changed",
    "key",
    "type",
}


def poisoned(value: Any, name: str = "") -> Any:  # noqa: ANN401 — any example
    """The same data with hostile text in every place where the journal's text comes."""
    if isinstance(value, str):
        return value if name in STRUCTURE or not value else EVIL
    if name == "kinds":
        return value
    if isinstance(value, list):
        return [poisoned(one) for one in value]
    if isinstance(value, Said):
        return Said(**{key: poisoned(one, key) for key, one in vars(value).items()})
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{field.name: poisoned(getattr(value, field.name), field.name) for field in fields(value)}
        )
    return value


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_speaks_its_language_and_names_no_health_in_its_title(name: str, locale: str) -> None:
    markup = render(locale, *PAGES[name])
    assert f'<html lang="{locale}"' in markup
    assert markup.count("<h1") == 1
    title = re.search(r"<title>(.*)</title>", markup)
    assert title
    texts = catalogue(locale)
    assert title[1].removesuffix(" – Innsyn") in {form for key in texts.known() for form in texts.forms(key)}


@pytest.mark.parametrize("name", PAGES)
def test_hostile_text_stays_text(name: str) -> None:
    template, page = PAGES[name]
    markup = render("nb", template, poisoned(page))
    assert "<script>" not in markup
    assert "<img src=x" not in markup
    assert "49" not in re.sub(r"[0-9a-f]{8,}|\d{3,}|-\d+|\d+-", "", markup)


def test_a_note_keeps_its_structure_and_loses_everything_else() -> None:
    html = '<h2>Svar</h2><p onclick="x()" style="color:red">Fint <a href="https://evil.example">her</a></p><script>x()</script>'
    page = Page(line=replace(NEWEST, kind="notes"), detail=Said(html=html, recipients=[]), sources=[])
    markup = render("nb", "records/notes/entry.html", page)
    assert "<h2>Svar</h2><p>Fint her</p>" in markup


def test_escaping_is_never_switched_off() -> None:
    with pytest.raises(TemplateSyntaxError):
        environment("nb").from_string("{% autoescape false %}{{ page }}{% endautoescape %}")


def test_a_field_that_is_missing_is_an_error_and_not_an_empty_spot() -> None:
    with pytest.raises(UndefinedError):
        environment("nb").from_string("{{ page.nothing }}").render(page=SimpleNamespace())


@pytest.mark.parametrize("locale", LOCALES)
def test_every_template_compiles(locale: str) -> None:
    names = environment(locale).list_templates(filter_func=is_page)
    assert len(names) > 50
    for name in names:
        environment(locale).get_template(name)


def test_the_heading_is_the_text_of_the_link_that_led_there() -> None:
    home = render("nb", *PAGES["home"])
    listed = re.search(r'<a href="/journal/medications">([^<]+)</a>', home)
    entry = re.search(r'<a href="/journal/medications/d1">([^<]+)</a>', render("nb", *PAGES["medications"]))
    assert listed
    assert entry
    assert f'data-size="xl">{listed[1]}</h1>' in render("nb", *PAGES["medications"])
    assert f'data-size="xl">{entry[1]}</h1>' in render("nb", *PAGES["medication-entry"])


READER = Reader()


@pytest.mark.parametrize(
    ("line", "news"),
    [
        (Line("1", "notes", recorded="2026-11-19T18:03:59Z"), ""),
        (Line("2", "notes", recorded="2026-11-19T18:04:01Z"), "new"),
        (Line("3", "notes", recorded="2026-11-01T00:00:00Z", corrected="2026-11-20T00:00:00Z"), "corrected"),
        (Line("4", "notes", recorded="2026-11-01T00:00:00Z", corrected="2026-11-02T00:00:00Z"), ""),
        (Line("7", "notes", recorded="2026-11-01T00:00:00Z", changed="2026-11-20T00:00:00Z"), "changed"),
        (Line("5", "notes", recorded="2026-11-19T19:30:00+01:00"), "new"),
        (Line("6", "notes", recorded="2026-11-19T18:30:00+01:00"), ""),
    ],
)
def test_new_and_corrected_are_about_when_this_person_last_looked(line: Line, news: str) -> None:
    assert rows([line], READER, "nb")[0].news == news


def test_at_the_first_visit_nothing_is_called_new() -> None:
    assert rows([NEWEST], replace(READER, new_since=None), "nb")[0].news == ""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (NEWEST, ("", "i går", "41 mmol/mol, innenfor referanseområdet", "Steinkjer legesenter")),
        (
            Line("w", "lab_results", "2026-11-22", "Prøvesvar", withheld="doctor_first", opens="2026-12-06"),
            (
                "withheld",
                "i går",
                "Legen ser på det først. Det åpnes senest 6. desember 2026",
                "Steinkjer legesenter",
            ),
        ),
        (
            Line(
                "e",
                "encounters",
                "2026-11-26T10:15:00+01:00",
                "Kontroll",
                status="cancelled",
                organisation="",
            ),
            ("", "torsdag 26. november kl. 10.15", "", "Avlyst"),
        ),
        (
            Line("h", "lab_results", "2019", "Kalium", "5.4", "mmol/L", "high", organisation=""),
            ("care", "2019", "5,4 mmol/L, over referanseområdet", ""),
        ),
        (
            Line("p", "lab_results", "2026-11", "Panel", parts=1, organisation=""),
            ("", "november 2026", "", "1 svar"),
        ),
    ],
    ids=["value", "withheld", "cancelled", "high", "panel"],
)
def test_a_row_in_words(line: Line, said: tuple[str, str, str, str]) -> None:
    row = rows([line], READER, "nb")[0]
    assert (row.tone, row.when, row.judged.replace("\N{NO-BREAK SPACE}", " "), row.rest) == said


def test_more_keeps_the_filter_and_encodes_it() -> None:
    template, page = PAGES["timeline"]
    page = replace(page, filter=replace(page.filter, q="kne & hofte", source="st-olavs"))
    assert 'href="/journal?source=st-olavs&amp;q=kne+%26+hofte&amp;cursor=c1"' in render("nb", template, page)


def test_an_empty_list_says_what_will_come() -> None:
    markup = render("nb", "records/encounters/list.html", a_list("encounters"))
    assert "Når du får en time, står den her med tid, sted og hva du bør gjøre før du kommer." in markup


def test_the_dictionary_holds_nobodys_data() -> None:
    text = fixed_text("nb").decode()
    assert "Logg ut" in text
    assert not re.search(r"Kari|Nordli|Metformin|\d{7}", re.sub(r"/static/[^\"]+|#[0-9a-f]{6}", "", text))
    assert dictionary_name("nb") != dictionary_name("nn")


@pytest.mark.parametrize("locale", LOCALES)
def test_the_dictionary_holds_every_row_of_the_journal_as_a_page_has_it(locale: str) -> None:
    text = fixed_text(locale).decode()
    for kind in Kind:
        words = catalogue(locale).text(f"kinds.{kind}")
        assert f'<li class="line line-icon icon-{kind}"><a href="/journal/{kind}/' in text
        assert f'<option value="{kind}">{words}</option>' in text
        assert f'<li><a class="icon-{kind}" href="/journal/{kind}">{words}</a></li>' in text


def test_dates_are_days_of_norway() -> None:
    page = PAGES["home"][1]
    assert isinstance(page.reader, Reader)
    late = replace(page, reader=replace(page.reader, now=datetime.fromisoformat("2026-11-22T23:30:00+00:00")))
    assert date(2026, 11, 23).isoformat() == "2026-11-23"
    assert "i går" in render("nb", "home.html", late)
