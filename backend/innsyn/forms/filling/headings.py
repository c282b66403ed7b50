"""Headings that a text of a form brings along, fitted into the page that it stands on."""

import re
from typing import Final

from markupsafe import Markup

# As a sanitised text has them: without attributes.
_HEADING: Final = re.compile(r"<(/?)h([2-6])>")
DEEPEST: Final = 6


def fitted(text: Markup, level: int) -> Markup:
    """The text with its first heading at `level`, and each one below another a single level deeper: none is left out.

    Whoever reads a page by its headings would look for what is missing between two of them.
    """
    if "<h" not in text:
        return text
    above: list[int] = []

    def turned(found: re.Match[str]) -> str:
        own = int(found[2])
        if not found[1]:
            while above and above[-1] >= own:
                above.pop()
            above.append(own)
        return f"<{found[1]}h{min(level + max(len(above) - 1, 0), DEEPEST)}>"

    return Markup(_HEADING.sub(turned, text))  # noqa: S704 — a sanitised text with other numbers


def has_heading(text: Markup) -> bool:
    """Is there one in it?"""
    return _HEADING.search(text) is not None
