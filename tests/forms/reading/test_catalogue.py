"""The catalogue of extensions: what Helsenorge's own renderer and form builder know is here, and the page says so."""

from datetime import UTC, datetime
from html import unescape

import pytest

from access.family import JONAS, MARTE, citizen
from forms.reading.questionnaires import CORE, EHELSE, HELSENORGE, SDC
from innsyn.forms.engine.extensions import CATALOGUE, FAMILIES, Use
from innsyn.forms.engine.reading.words import REFUSALS
from innsyn.forms.standard.views import standard_page
from innsyn.web.locale import LOCALES, catalogue
from innsyn.web.templates import render
from world import World

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NORWEGIAN_RENDERER = {
    CORE: "entryFormat maxDecimalPlaces maxValue minValue minLength questionnaire-maxOccurs questionnaire-minOccurs "
    "regex questionnaire-itemControl questionnaire-unit rendering-markdown questionnaire-hidden ordinalValue "
    "cqf-expression valueset-label maxSize",
    EHELSE: "validationtext repeatstext sdf-optionReference sdf-calculatedExpression sdf-maxvalue sdf-minvalue "
    "sdf-accessibilitytoresponse sdf-authenticationrequirement sdf-generatenarrative sdf-generatepdf sdf-discretion "
    "sdf-canbeperformedby sdf-endpoint sdf-fhirpath",
    HELSENORGE: "sdf-guidanceparameter sdf-guidanceaction sdf-presentationbuttons sdf-questionnaire-navgiator-state "
    "sdf-sublabel sdf-sublabel-text sdf-hyperlink-target validate-readonly sdf-save-capabilities "
    "sdf-questionnaire-print-version",
    SDC: "itemExtractionContext initialExpression calculatedExpression enableWhenExpression answerExpression "
    "candidateExpression launchContext contextExpression itemPopulationContext observationExtract "
    "observationLinkPeriod definitionExtract templateExtract minQuantity maxQuantity shortText openLabel performerType",
}


@pytest.mark.parametrize("base", NORWEGIAN_RENDERER)
def test_what_is_known_elsewhere_is_known_here(base: str) -> None:
    assert {base + name for name in NORWEGIAN_RENDERER[base].split()} <= CATALOGUE.keys()
    assert "http://helsenorge.no/fhir/StructureDefintion/sdf-itemControl-visibility" in CATALOGUE


def test_an_extension_stands_once() -> None:
    assert sum(len(family.known) for family in FAMILIES) == len(CATALOGUE)
    assert {known.use for known in CATALOGUE.values()} == set(Use)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_page_says_all_of_it(locale: str) -> None:
    html = unescape(render(locale, "forms/standard.html", standard_page(locale, None)))
    texts = catalogue(locale)
    for family in FAMILIES:
        assert texts.text(f"forms.standard.family_{family.key}") in html
        for known in family.known:
            assert known.url.rpartition("/")[2].removeprefix("sdc-questionnaire-") in html
            assert (known.en if locale == "en" else known.nb) in html
    assert all(f"<code>{key}</code>" in html for key in REFUSALS)


async def test_anyone_may_read_it_and_it_tells_nothing_of_whoever_does(world: World) -> None:
    await world.take(citizen(JONAS), citizen(MARTE), now=NOW)
    for browser in (world.browser(), await world.log_in(MARTE), await world.log_in(JONAS)):
        answer = await browser.get("/forms/standard")
        assert answer.status_code == 200
        assert "sdf-calculatedExpression" in answer.text
        assert "Jonas" not in answer.text
