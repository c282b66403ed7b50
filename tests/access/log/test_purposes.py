"""Everything that somebody can do has words in the log."""

import re
from pathlib import Path

import pytest

from innsyn.web.locale import LOCALES, catalogue

_SOURCES = (Path(__file__).parents[3] / "backend" / "innsyn").rglob("*.py")
_NAMED = re.compile(r"""(?:Question|\.begin|must_be_fresh|_lists)\(\s*"([a-z_]+)""")
PURPOSES = sorted({name for path in _SOURCES for name in _NAMED.findall(path.read_text("utf-8"))})


@pytest.mark.parametrize("locale", LOCALES)
def test_every_purpose_has_its_words(locale: str) -> None:
    assert len(PURPOSES) > 5
    known = catalogue(locale).known()
    assert [purpose for purpose in PURPOSES if f"log.did.{purpose}" not in known] == [], (
        "say in pwa/locale/*/log.po what the person did, as log.did.<the first word of the purpose>"
    )
