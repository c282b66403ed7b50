"""Three complete languages, and the right one for each reader."""

import re
from pathlib import Path
from string import Formatter

import pytest

from innsyn.web.locale import LOCALES, catalogue, negotiate

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = [
    path for path in (ROOT / "pwa").rglob("*.html") if not {"node_modules", "build"} & set(path.parts)
]
SOURCES = list((ROOT / "backend" / "innsyn").rglob("*.py"))

# t("key"), t_or("key"), text("key"), text_or("key"); a key that goes on in a variable ends in a dot.
CALL = re.compile(r"""\b(?:t|t_or|text|text_or)\(\s*f?["']([a-z_]+(?:\.[a-z_{}-]*)*)["']""")
KEY = re.compile(r"""["']([a-z_]+\.[a-z_.]+)["']""")


def mentioned() -> set[str]:
    text = "\n".join(path.read_text("utf-8") for path in [*TEMPLATES, *SOURCES])
    return {found.split("{")[0] for found in CALL.findall(text)} | set(KEY.findall(text)) | prefixes(text)


def prefixes(text: str) -> set[str]:
    """What a key begins with that goes on in a variable: `"kinds." ~ kind`, `f"flags.{flag}"`."""
    return set(re.findall(r"""f?["']([a-z_]+\.(?:[a-z_]+[._])*)(?=["'{])""", text))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_key_a_page_asks_for_is_there(locale: str) -> None:
    text = "\n".join(path.read_text("utf-8") for path in TEMPLATES)
    asked = {key for key in CALL.findall(text) if not key.endswith((".", "_"))}
    assert sorted(asked - catalogue(locale).known()) == []


def test_every_refusal_has_its_words() -> None:
    text = "\n".join(path.read_text("utf-8") for path in SOURCES)
    keys = set(re.findall(r"""text_key[^=\n]*=\s*(?:\d+,\s*)?["']([a-z_.]+)["']""", text))
    assert sorted(keys - catalogue("nb").known()) == []


def test_no_text_is_left_over() -> None:
    known = mentioned()
    begun = tuple(key for key in known if key.endswith((".", "_")))
    left = [key for key in catalogue("nb").known() if key not in known and not key.startswith(begun)]
    assert sorted(left) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_languages_have_the_same_keys_forms_and_names(locale: str) -> None:
    ours, bokmal = catalogue(locale), catalogue("nb")
    assert ours.known() == bokmal.known()
    for key in bokmal.known():
        assert [names(form) for form in ours.forms(key)] == [names(form) for form in bokmal.forms(key)] or {
            name for form in ours.forms(key) for name in names(form)
        } == {name for form in bokmal.forms(key) for name in names(form)}, key
        assert all(form.strip() for form in ours.forms(key)), f"{locale}: {key} says nothing"


def names(form: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(form) if name}


@pytest.mark.parametrize("locale", ["nb", "nn"])
def test_nobody_is_told_that_an_error_occurred(locale: str) -> None:
    texts = " ".join(form for key in catalogue(locale).known() for form in catalogue(locale).forms(key))
    assert not re.search(r"feil (har )?oppst|\bDe\b hatt|vennligst|brukeren", texts, re.IGNORECASE)


@pytest.mark.parametrize("locale", LOCALES)
def test_sentences_are_short(locale: str) -> None:
    texts = catalogue(locale)
    sentences = [
        part for key in texts.known() for form in texts.forms(key) for part in re.split(r"[.!?]", form)
    ]
    assert max(len(sentence.split()) for sentence in sentences) <= 20


def test_one_and_many() -> None:
    texts = catalogue("nb")
    assert [texts.text("dates.minutes_ago", n=n) for n in (1, 3)] == [
        "for 1 minutt siden",
        "for 3 minutter siden",
    ]


def test_an_unknown_key_is_a_bug() -> None:
    with pytest.raises(KeyError):
        catalogue("nb").text("no.such.key")


@pytest.mark.parametrize(
    ("setting", "cookie", "accept", "expected"),
    [
        ("en", "nn", "nb", "en"),
        ("", "nn", "en", "nn"),
        (None, None, "nn-NO,nn;q=0.9,en;q=0.8", "nn"),
        (None, None, "en-GB,en;q=0.9", "en"),
        (None, None, "no,en;q=0.5", "nb"),
        (None, None, "en;q=0.2,nb;q=0.7", "nb"),
        (None, None, "en;q=0,fr", "nb"),
        (None, None, "se,de", "nb"),
        ("xx", "<script>", "*;q=0.1", "nb"),
        (None, None, None, "nb"),
    ],
)
def test_language_is_setting_then_cookie_then_browser_then_bokmal(
    setting: str | None, cookie: str | None, accept: str | None, expected: str
) -> None:
    assert negotiate(setting, cookie, accept) == expected
