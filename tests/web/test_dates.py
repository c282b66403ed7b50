"""Dates and numbers in their own precision and the reader's language."""

from datetime import UTC, date, datetime, timedelta

import pytest

from innsyn.web import dates

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-23", "i dag"),
        ("2026-11-22T08:10:00+01:00", "i går"),
        ("2026-11-24", "i morgen"),
        ("2026-11-21", "21. nov."),
        ("2024-05-04", "4. mai 2024"),
        ("2019-03", "mars 2019"),
        ("2019", "2019"),
        ("2026-11-22T23:30:00Z", "i dag"),  # half past midnight in Norway
        ("", ""),
        ("2026-13-40", "2026-13-40"),
        ("sometime", "sometime"),
    ],
)
def test_a_row_says_its_day_in_the_precision_it_has(at: str, expected: str) -> None:
    assert dates.short_day(at, TODAY, "nb") == expected


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("nb", ["22. november 2026", "22. november 2026 kl. 10.15", "torsdag 26. november kl. 10.15"]),
        ("nn", ["22. november 2026", "22. november 2026 kl. 10.15", "torsdag 26. november kl. 10.15"]),
        ("en", ["22 November 2026", "22 November 2026 at 10:15", "Thursday 26 November at 10:15"]),
    ],
)
def test_dates_follow_the_language(locale: str, expected: list[str]) -> None:
    at = "2026-11-22T10:15:00+01:00"
    told = [dates.long_day(at, locale), dates.day_and_time(at, locale)]
    assert [*told, dates.appointment("2026-11-26T10:15:00+01:00", TODAY, locale)] == expected


def test_an_appointment_next_year_says_so() -> None:
    assert dates.appointment("2027-01-04T09:00:00+01:00", TODAY, "nb") == "mandag 4. januar 2027 kl. 09.00"
    assert dates.appointment("2027-01", TODAY, "nb") == "januar 2027"


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (timedelta(seconds=20), "nettopp"),
        (timedelta(minutes=1), "for 1 minutt siden"),
        (timedelta(minutes=59), "for 59 minutter siden"),
        (timedelta(hours=1, minutes=39), "i dag kl. 08.41"),
        (timedelta(days=1), "i går kl. 10.20"),
        (timedelta(days=40), "14. okt. kl. 11.20"),
    ],
)
def test_how_long_since(before: timedelta, expected: str) -> None:
    assert dates.ago(NOW - before, NOW, "nb") == expected


@pytest.mark.parametrize(
    ("text", "nb", "en"),
    [
        ("5.4", "5,4", "5.4"),
        ("5.40", "5,40", "5.40"),
        ("<0.5", "<0,5", "<0.5"),
        ("12500", "12\N{NO-BREAK SPACE}500", "12,500"),
        ("1234", "1234", "1234"),
        ("138/84", "138/84", "138/84"),
        ("-1.5", "-1,5", "-1.5"),
        ("Positiv", "Positiv", "Positiv"),
        ("NPU27300", "NPU27300", "NPU27300"),
        ("1.2.3", "1.2.3", "1.2.3"),
        ("", "", ""),
    ],
)
def test_numbers_follow_the_language_and_keep_their_precision(text: str, nb: str, en: str) -> None:
    assert (dates.number(text, "nb"), dates.number(text, "en")) == (nb, en)
