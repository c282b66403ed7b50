"""The rule book that anyone may read: all rules, both versions, the one in force marked, each refusal with its rule."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from access.family import JONAS, MARTE, citizen
from innsyn.access.book.refusals import refused_by
from innsyn.access.book.rule import Book
from innsyn.access.book.versions import HELSAMI, HELSENORGE, VERSIONS
from innsyn.access.book.views import RefusedPage, RulesPage, rules_page
from innsyn.web.locale import LOCALES, catalogue
from innsyn.web.templates import render
from world import World

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("book", VERSIONS, ids=lambda book: book.key)
def test_every_rule_in_force_stands_there_with_its_words_and_its_source(book: Book, locale: str) -> None:
    page = rules_page(book, None)
    html = unescape(render(locale, "access/rules.html", page))
    texts = catalogue(locale)
    for rule in book.rules:
        [item] = re.findall(rf'<li id="{re.escape(rule.key)}">.*?</li>', html, re.DOTALL)
        assert texts.text(f"rules.name.{rule.key}") in item
        assert texts.text(f"rules.means.{rule.key}") in item
        assert all(source.name in item for source in rule.sources)
    assert html.count(texts.text("rules.in_force")) - html.count(texts.text("rules.not_in_force")) <= 1
    assert [version.in_force for version in page.versions] == [True, False, False]


def test_of_the_versions_not_in_force_only_what_they_say_otherwise() -> None:
    def otherwise(page: RulesPage) -> dict[str, list[str]]:
        return {
            version.key: [rule.key for group in version.groups for rule in group.rules]
            for version in page.versions[1:]
        }

    assert otherwise(rules_page(HELSENORGE, None)) == {
        "helsenorge-resident": ["parent.child", "parent.youth", "parent.other_address"],
        "helsami": ["own.minor", "parent.youth_whole"],
    }
    assert otherwise(rules_page(HELSAMI, None))["helsenorge"] == [
        "own.youth",
        "own.no_consent",
        "own.child",
        "parent.youth",
    ]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_denial_has_words_for_whoever_meets_it(locale: str) -> None:
    texts = catalogue(locale)
    for book in VERSIONS:
        for rule in book.rules:
            told = refused_by(rule.key, locale)
            assert told is not None
            assert told.href == f"/rules#{rule.key}"
            assert (f"rules.refusal.{rule.key}" in texts.known()) == rule.denies, rule.key
            # What the banner of somebody else's record says: of every rule that opens one.
            opens_anothers = not rule.denies and rule.key != "self"
            assert (f"rules.because.{rule.key}" in texts.known()) == opens_anothers, rule.key
    assert refused_by("preview", locale) is None


@pytest.mark.parametrize("locale", LOCALES)
def test_a_refusal_tells_the_rule_and_leads_to_it(locale: str) -> None:
    refused = refused_by("parent.from_sixteen", locale)
    assert refused is not None
    html = render(locale, "access/rules-refused.html", RefusedPage(reader=None, refused=refused, own=False))
    assert 'href="/rules#parent.from_sixteen"' in html
    assert refused.text in unescape(html)


async def test_the_page_is_for_anyone_and_tells_nothing_of_whoever_reads(world: World) -> None:
    await world.take(citizen(JONAS), citizen(MARTE), now=NOW)
    for browser in (world.browser(), await world.log_in(MARTE), await world.log_in(JONAS)):
        answer = await browser.get("/rules")
        assert answer.status_code == 200
        assert 'id="parent.youth"' in answer.text
        assert "Jonas" not in answer.text
    english = await world.browser().get("/rules", params={"locale": "en"})
    assert "<h1" in english.text
    assert "The rule book" in english.text
