"""A component is a folder: markup, examples, and a style where it has one of its own."""

import re

import pytest

from innsyn.web.locale import LOCALES
from pwa.components import FOLDER, Example, examples

COMPONENTS = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
EXAMPLES = list(examples())
IDS = [f"{example.component}: {example.name}" for example in EXAMPLES]
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_component_has_its_markup_and_its_examples(component: str) -> None:
    assert (FOLDER / component / f"{component}.html").exists()
    assert component in {example.component for example in EXAMPLES}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("example", EXAMPLES, ids=IDS)
def test_an_example_renders_in_every_language_with_every_tag_closed(example: Example, locale: str) -> None:
    markup = example.html(locale)
    assert "None" not in markup
    opened: list[str] = []
    for end, name, closed in re.findall(r"<(/?)([a-z][a-z0-9]*)[^>]*?(/?)>", markup):
        if end:
            assert opened.pop() == name
        elif name not in VOID and not closed:
            opened.append(name)
    assert opened == []


def test_what_is_empty_leaves_nothing_behind() -> None:
    nothing = {"none", "nothing wrong", "nothing told", "the last page", "words cannot be drawn"}
    left = {example.name: example.html("nb").strip() for example in EXAMPLES if example.name in nothing}
    assert left == dict.fromkeys(nothing, "")
