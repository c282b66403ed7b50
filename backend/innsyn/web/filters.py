"""Small translations between a page's data and its markup, used by templates."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, Final
from urllib.parse import urlencode

import nh3
from markupsafe import Markup

from innsyn.web import dates, wording
from innsyn.web.locale import catalogue

# The marked-up text of a note: structure and nothing else. No address, no class, no style, no picture.
NOTE_TAGS: Final = frozenset(
    "p br div span h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption thead tbody tfoot tr th td "
    "b strong i em u sub sup pre blockquote hr".split()
)
_NOTE: Final = nh3.Cleaner(
    tags=set(NOTE_TAGS),
    attributes={"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}},
    url_schemes=set(),
    link_rel=None,
)


def markup_of_note(html: str) -> Markup:
    """The text of a note as markup.

    It was cleaned when it was projected and is cleaned once more here, so that even a row written past the
    projection cannot bring a script, an address or a style to the page.
    """
    return Markup(_NOTE.clean(html))  # noqa: S704 — cleaned in the same breath


def paragraphs(text: str) -> list[str]:
    """Plain text split where the writer left an empty line."""
    return [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]


def phone_link(number: str) -> str:
    """The address that calls a number, "" for what is no number to call."""
    digits = "".join(sign for sign in number if sign.isdigit() or sign == "+")
    return f"tel:{digits}" if len(digits) >= 3 else ""  # noqa: PLR2004 — 113 is the shortest


def by_month(of: Sequence[wording.Row]) -> list[tuple[str, list[wording.Row]]]:
    """Rows under the month they belong to, in the order they came."""
    return [(name, list(group)) for name, group in groupby(of, key=attrgetter("month"))]


def before(lines: Sequence[wording.Line], line: wording.Line) -> wording.Line | None:
    """The value before this one in a trend that runs from the oldest to the newest."""
    places = [place for place, other in enumerate(lines) if other.id == line.id]
    return lines[places[0] - 1] if places and places[0] else None


def phone_words(number: str) -> str:
    """A number as it is said: a Norwegian one of eight digits in pairs, any other as it stands."""
    digits = number.replace(" ", "").removeprefix("+47").removeprefix("0047")
    if len(digits) != 8 or not digits.isdigit():  # noqa: PLR2004 — a Norwegian number
        return number
    if digits[0] in "489":
        return f"{digits[:3]} {digits[3:5]} {digits[5:]}"
    return " ".join(digits[place : place + 2] for place in range(0, 8, 2))


def more_url(path: str, chosen: Any, cursor: str) -> str:  # noqa: ANN401 — any page's filter
    """The address of the next page of a list, under the same filter."""
    wanted = {
        "kind": chosen.kind,
        "source": chosen.source,
        "from": chosen.from_,
        "to": chosen.to,
        "q": chosen.q,
        "cursor": cursor,
    }
    return f"{path}?{urlencode({name: value for name, value in wanted.items() if value})}"


def size_words(size: int, locale: str) -> str:
    """The size of a file: "340 kB", "1,2 MB"; "" when it is not known."""
    if not size:
        return ""
    if size < 1_000_000:  # noqa: PLR2004 — below one MB
        return f"{max(1, round(size / 1000))}\N{NO-BREAK SPACE}kB"
    return f"{dates.number(f'{size / 1e6:.1f}', locale)}\N{NO-BREAK SPACE}MB"


def file_words(media_type: str, locale: str) -> str:
    """What kind of file: "PDF", "bilde", "tekst"."""
    main = media_type.partition(";")[0].strip().lower()
    key = {"application/pdf": "pdf", "text/html": "text", "text/plain": "text"}.get(
        main, main.partition("/")[0]
    )
    return catalogue(locale).text_or(f"files.{key}", catalogue(locale).text("files.other"))
