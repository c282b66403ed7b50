"""The geometry of the two pictures of a result: the number line and the trend.

Pure functions from values to places in per cent of the drawing, so that a template can draw SVG whose text
keeps the reader's own size on a phone and on a wide screen. What cannot be drawn honestly gives None: a value
that is no number, a trend of one point or of mixed units.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, NamedTuple, Protocol

_NUMBER: Final = re.compile(r"([<>≤≥]?)\s*(-?\d+(?:\.\d+)?)")
_MARGIN: Final = 0.12  # of the range shown, kept free above and below the trend
_ROOM_FOR_LABEL: Final = 22.0  # per cent of the width that a value's label needs beside another
_TWO_YEARS: Final = 730  # days
_FEW_DOTS: Final = 14  # more dots than this hide the line


class Measured(Protocol):
    """What a chart needs to know of a line of the record."""

    @property
    def at(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def low(self) -> str: ...
    @property
    def high(self) -> str: ...


class NumberLine(NamedTuple):
    """Places in per cent from the left. `low` and `high` are None where the reference range is open."""

    value: float
    low: float | None
    high: float | None
    band_start: float
    band_width: float


class Point(NamedTuple):
    x: float
    y: float
    text: str


class Label(NamedTuple):
    """A value written beside its point: above it, or below where the curve comes down from above."""

    x: float
    y: float
    text: str
    below: bool


class Curve(NamedTuple):
    points: list[Point]
    path: str
    labelled: list[Label]


class Trend(NamedTuple):
    """One curve, or two for a pair such as 127/74, in per cent of width and height, y growing downwards."""

    curves: list[Curve]
    times: list[tuple[float, str]]  # place, and a date in the precision to show it in
    band_top: float
    band_height: float
    dots: bool


def figure(text: str) -> float | None:
    """The number in a value or limit ("5.4", "<0.5"), or None when it is words."""
    match = _NUMBER.fullmatch(text.strip())
    return float(match[2]) if match else None


def number_line(value: str, low: str, high: str) -> NumberLine | None:
    """Where a value lies beside its reference range; None without a number or without any limit."""
    number, below, above = figure(value), figure(low), figure(high)
    if number is None or (below is None and above is None):
        return None
    if below is not None and above is not None and below >= above:
        return None
    start, end = _shown(number, below, above)

    def place(of: float) -> float:
        return round(100 * (of - start) / (end - start), 1)

    band_start = place(below) if below is not None else 0.0
    band_end = place(above) if above is not None else 100.0
    return NumberLine(
        value=place(number),
        low=None if below is None else place(below),
        high=None if above is None else place(above),
        band_start=band_start,
        band_width=round(band_end - band_start, 1),
    )


def _shown(number: float, low: float | None, high: float | None) -> tuple[float, float]:
    """The range drawn: the reference range with room on both sides, and the value well inside."""
    limits = [limit for limit in (low, high) if limit is not None]
    reach = (limits[-1] - limits[0]) or abs(limits[0]) or abs(number) or 1.0
    start = low - reach / 2 if low is not None else limits[-1] - reach
    end = high + reach / 2 if high is not None else limits[0] + reach
    margin = (max(end, number) - min(start, number)) * _MARGIN / 2
    start, end = min(start, number - margin), max(end, number + margin)
    # Nothing measured goes below zero unless something already has.
    return (max(start, 0.0) if min(number, *limits) >= 0 else start), end


def trend(lines: Sequence[Measured]) -> Trend | None:
    """The curves through earlier values, oldest first; None when there are not two numbers in one unit."""
    measured = _comparable(lines)
    if len(measured) < 2 or measured[0].day == measured[-1].day:  # noqa: PLR2004 — a curve needs two ends
        return None
    first, last = measured[0].day, measured[-1].day
    low, high = figure(lines[-1].low), figure(lines[-1].high)
    bottom, top = _span([number for one in measured for number in one.numbers], low, high)

    def across(day: int) -> float:
        return round(3 + 94 * (day - first) / (last - first), 1)

    def down(number: float) -> float:
        return round(100 * (top - number) / (top - bottom), 1)

    band_top = down(min(top, high)) if high is not None else 0.0
    band_bottom = down(max(bottom, low)) if low is not None else 100.0
    has_band = (low is not None or high is not None) and band_bottom > band_top
    return Trend(
        curves=[_curve(measured, place, across, down) for place in range(len(measured[-1].numbers))],
        times=_times(date.fromordinal(first), date.fromordinal(last), across),
        band_top=band_top,
        band_height=round(band_bottom - band_top, 1) if has_band else 0.0,
        dots=len(measured) <= _FEW_DOTS,
    )


class _Drawn(NamedTuple):
    day: int
    numbers: tuple[float, ...]
    texts: tuple[str, ...]


def _comparable(lines: Sequence[Measured]) -> list[_Drawn]:
    """What can stand in one picture with the newest value: numbers in its unit, as many of them."""
    newest = lines[-1] if lines else None
    width = len(_figures(newest.value)) if newest else 0
    known = [
        _Drawn(day, numbers, tuple(line.value.split("/")))
        for line in sorted(lines, key=lambda line: line.at)
        if newest and line.unit == newest.unit
        if (day := _ordinal(line.at)) is not None
        if len(numbers := _figures(line.value)) == width > 0
    ]
    return sorted(known, key=lambda one: one.day)


def _figures(text: str) -> tuple[float, ...]:
    numbers = [figure(part) for part in text.split("/")]
    return tuple(number for number in numbers if number is not None) if None not in numbers else ()


def _curve(
    measured: list[_Drawn], place: int, across: Callable[[int], float], down: Callable[[float], float]
) -> Curve:
    points = [Point(across(one.day), down(one.numbers[place]), one.texts[place]) for one in measured]
    return Curve(points, " ".join(f"{point.x},{point.y}" for point in points), _labelled(points))


def _ordinal(at: str) -> int | None:
    try:
        return date.fromisoformat((at + "-01-01" if len(at) == 4 else at + "-01")[:10]).toordinal()  # noqa: PLR2004
    except ValueError:
        return None


def _span(numbers: list[float], low: float | None, high: float | None) -> tuple[float, float]:
    """From bottom to top: every value, and of the reference range as much as lies near to them."""
    least, most = min(numbers), max(numbers)
    reach = (most - least) or abs(most) * 0.2 or 1.0
    for limit in (low, high):
        if limit is not None and least - reach <= limit <= most + reach:
            least, most = min(least, limit), max(most, limit)
    margin = ((most - least) or reach) * (_MARGIN + 0.06)
    return least - margin, most + margin


def _labelled(points: list[Point]) -> list[Label]:
    """The newest value, and the highest and lowest where their labels have room."""
    chosen = [points[-1]]
    highest = min(points, key=lambda point: point.y)
    for extreme in (highest, max(points, key=lambda point: point.y)):
        if all(abs(extreme.x - other.x) >= _ROOM_FOR_LABEL for other in chosen):
            chosen.append(extreme)
    falling = points[-1].y > points[-2].y
    return [
        Label(one.x, one.y, one.text, below=falling if one is points[-1] else one is not highest)
        for one in chosen
    ]


def _times(first: date, last: date, across: Callable[[int], float]) -> list[tuple[float, str]]:
    """What stands under the curve: years, or months where two years would say too little."""
    if (last - first).days < _TWO_YEARS:
        return [(across(day.toordinal()), day.isoformat()[:7]) for day in (first, last)]
    ends = [(across(first.toordinal()), str(first.year)), (across(last.toordinal()), str(last.year))]
    middle = (first.year + last.year) // 2
    place = across(date(middle, 7, 1).toordinal())
    return [ends[0], (place, str(middle)), ends[1]] if 25 < place < 75 else ends  # noqa: PLR2004 — per cent
