"""The geometry of number line and trend: true, inside the drawing, and absent when nothing can be drawn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innsyn.web.charts import Curve, NumberLine, Trend, figure, number_line, trend
from pwa.record import NEWEST, TREND, hba1c
from pwa.shapes import Line


def test_a_value_below_its_only_limit_lies_in_the_band() -> None:
    assert number_line("41", "", "42") == NumberLine(
        value=65.1, low=None, high=66.7, band_start=0.0, band_width=66.7
    )


def test_a_range_with_both_limits_keeps_room_on_both_sides() -> None:
    places = number_line("5.4", "3.3", "5.0")
    assert places is not None
    assert places.low is not None
    assert places.high is not None
    assert 0 < places.low < places.high < places.value < 100


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [("Positiv", "1", "2"), ("5", "", ""), ("5", "9", "3"), ("5", "low", ""), ("", "1", "2")],
)
def test_what_cannot_be_drawn_is_not(value: str, low: str, high: str) -> None:
    assert number_line(value, low, high) is None


numbers = st.decimals(-10_000, 100_000, places=2).map(str)


@given(value=numbers, low=st.one_of(st.just(""), numbers), high=st.one_of(st.just(""), numbers))
def test_everything_lies_inside_and_in_order(value: str, low: str, high: str) -> None:
    places = number_line(value, low, high)
    if places is None:
        return
    assert 0 <= places.value <= 100
    assert 0 <= places.band_start <= places.band_start + places.band_width <= 100.1
    limit = figure(high)
    if limit is not None and places.high is not None and figure(value) != limit:
        assert (places.value <= places.high) == (float(value) <= limit)


def test_a_trend_runs_from_the_oldest_to_the_newest_value() -> None:
    curve = only(trend(TREND))
    assert [point.text for point in curve.points] == ["38", "40", "44", "47", "46", "43", "41"]
    assert (curve.points[0].x, curve.points[-1].x) == (3.0, 97.0)
    assert [point.text for point in curve.labelled] == ["41", "47", "38"]


def only(picture: Trend | None) -> Curve:
    assert picture is not None
    assert len(picture.curves) == 1
    return picture.curves[0]


def test_the_picture_has_years_and_the_reference_range() -> None:
    picture = trend(TREND)
    assert picture is not None
    assert [at for _, at in picture.times] == ["2020", "2023", "2026"]
    assert picture.band_height > 0
    assert picture.dots


def test_within_two_years_the_months_are_named() -> None:
    picture = trend(TREND[-2:])
    assert picture is not None
    assert picture.times == [(3.0, "2026-03"), (97.0, "2026-11")]


def test_a_pair_is_two_curves() -> None:
    pressures = [
        Line("1", "measurements", "2024-01-01", "Blodtrykk", "142/90", "mm[Hg]"),
        Line("2", "measurements", "2025-01-01", "Blodtrykk", "ikke målt", "mm[Hg]"),
        Line("3", "measurements", "2026-01-01", "Blodtrykk", "127/74", "mm[Hg]"),
    ]
    picture = trend(pressures)
    assert picture is not None
    assert [[point.text for point in curve.points] for curve in picture.curves] == [
        ["142", "127"],
        ["90", "74"],
    ]


def test_higher_values_are_drawn_higher() -> None:
    curve = only(trend(TREND))
    by_value = sorted(curve.points, key=lambda point: float(point.text))
    assert [point.y for point in by_value] == sorted((point.y for point in curve.points), reverse=True)


@pytest.mark.parametrize(
    "lines",
    [[], [NEWEST], [NEWEST, NEWEST], [hba1c(1, "2020", "words", ""), NEWEST]],
    ids=["none", "one", "one day", "words"],
)
def test_a_trend_of_fewer_than_two_numbers_on_two_days_is_not_drawn(lines: list[Line]) -> None:
    assert trend(lines) is None


def test_values_in_another_unit_are_left_out() -> None:
    older = Line("u", "lab_results", "2019-01-01", "HbA1c", "7.1", "%")
    curve = only(trend([older, *TREND]))
    assert len(curve.points) == len(TREND)


def test_equal_values_make_a_level_curve() -> None:
    curve = only(trend([hba1c(1, "2020-01-01", "40", ""), hba1c(2, "2021-01-01", "40", "")]))
    assert curve.points[0].y == curve.points[1].y
    assert 0 < curve.points[0].y < 100
