"""The named examples of every component, as they stand in its folder."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from markupsafe import Markup

from innsyn.web.templates import environment
from pwa.shapes import Line

FOLDER = Path(__file__).resolve().parents[2] / "pwa" / "components"
_MOMENTS = {
    *("now", "contact", "delayed_since", "since", "lacks_since", "own_since"),
    *("at", "corrected", "stands_at", "until", "saved"),
}


class Example(NamedTuple):
    component: str
    name: str
    macro: str
    arguments: dict[str, Any]

    def html(self, locale: str) -> str:
        """The example as its component renders it."""
        macro = environment(locale).globals[self.macro]
        return str(Markup(macro(**self.arguments)))  # type: ignore[operator] # noqa: S704 — our own template


def examples() -> Iterator[Example]:
    """Every example of every component."""
    for path in sorted(FOLDER.glob("*/examples.json")):
        for one in json.loads(path.read_text("utf-8")):
            arguments = {name: _alive(value, name) for name, value in one["with"].items()}
            yield Example(path.parent.name, one["name"], one["macro"], arguments)


def _alive(value: object, name: str = "") -> object:
    if isinstance(value, list):
        return [_alive(one, name) for one in value]
    if isinstance(value, dict) and name != "errors":
        if value.keys() & {"id"} and "kind" in value:
            return Line(**value)
        return SimpleNamespace(**{key: _alive(one, key) for key, one in value.items()})
    return datetime.fromisoformat(value) if name in _MOMENTS and isinstance(value, str) else value
