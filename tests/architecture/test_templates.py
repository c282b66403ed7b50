"""What no template may do: the Content-Security-Policy refuses it, or it would let a note's text run."""

import re

import pytest

from architecture.tree import files, shown, told

# Each with what to do instead.
FORBIDDEN = {
    r"\|\s*safe\b": "text of the journal is escaped; a sanitised note is passed as Markup by its view",
    r"autoescape\s+false": "escaping is never switched off",
    r"<script(?![^>]*\bsrc=)(?![^>]*application/)": "a script is a file in pwa/enhance",
    r"<style\b": "a style is a file in pwa/styles or beside its component",
    r"\sstyle\s*=": "the policy refuses style attributes; use a class, or an SVG attribute",
    r"\son[a-z]+\s*=\s*[\"']": "behaviour is bound by a data- attribute in pwa/enhance",
    r"javascript:": "a link leads somewhere",
    r"(?:src|action)\s*=\s*[\"'](?:https?:)?//": "nothing is fetched from others",
    r"<meta[^>]+http-equiv": "headers are set in innsyn.web.headers",
    r"\btarget\s*=\s*[\"']_blank[\"'](?![^>]*noopener)": "a new tab gets rel=noopener",
}


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_no_template_has(pattern: str) -> None:
    faults = []
    for path in files("pwa", "backend/innsyn", ending=(".html", ".xml", ".svg")):
        text = re.sub(
            r"\{#.*?#\}",
            lambda comment: "\n" * comment[0].count("\n"),
            path.read_text("utf-8"),
            flags=re.DOTALL,
        )
        places = [found.start() for found in re.finditer(pattern, text, re.IGNORECASE)]
        faults += [shown(path, text.count("\n", 0, place) + 1) for place in places]
    assert not faults, told(faults, f"`{pattern}`: {FORBIDDEN[pattern]}:")
