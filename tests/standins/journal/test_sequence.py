"""The journal in memory: the same day gives the same bytes, whatever day it is, and nothing comes from the future."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standins.journal.demo.days import Days
from standins.journal.demo.places import SOURCES
from standins.journal.demo.record import record
from standins.journal.sequence import Journal
from standins.journal.taken import Taken, deleted, written

# New year, leap day, the days when the clocks change, and a day far ahead.
DAYS = [date(2027, 1, 1), date(2028, 2, 29), date(2026, 3, 29), date(2026, 10, 25), date(2031, 6, 15)]


def test_the_same_day_gives_the_same_bytes(today: date, journal: Journal) -> None:
    again = Journal(record(today))
    assert [entry.body for entry in again.entries] == [entry.body for entry in journal.entries]


@pytest.mark.parametrize("day", DAYS)
def test_any_day_will_do_and_nothing_was_taken_in_later(day: date) -> None:
    journal = Journal(record(day))
    assert journal.last > 1200
    assert journal.newest < datetime(day.year, day.month, day.day, 0, 0, tzinfo=UTC)


def test_sequence_has_no_gaps_and_versions_grow_by_one(journal: Journal) -> None:
    assert [entry.seq for entry in journal.entries] == list(range(1, journal.last + 1))
    seen: dict[tuple[str, str, str], int] = {}
    for entry in journal.entries:
        assert entry.version == seen.get(entry.key, 0) + 1
        seen[entry.key] = entry.version
    recorded = [entry.taken.recorded for entry in journal.entries]
    assert recorded == sorted(recorded)


def test_no_service_writes_before_it_joined(journal: Journal) -> None:
    since = {source.key: source.since for source in SOURCES}
    assert [
        entry.seq for entry in journal.entries if entry.taken.recorded.date() < since[entry.taken.source]
    ] == []


def test_the_record_is_rich_but_not_heavy(journal: Journal) -> None:
    size = sum(len(entry.body) for entry in journal.entries)
    assert 1200 < journal.last < 1900
    assert size < 3_000_000


def test_what_is_published_comes_last_with_the_next_version(history: list[Taken]) -> None:
    journal = Journal(history)
    before, newest = journal.last, journal.newest
    changed = written(
        "lab-midt",
        newest - timedelta(days=900),
        {"resourceType": "Observation", "id": "kari-nordli-kalium-ekstra"},
    )
    entry = journal.publish(changed)
    assert (entry.seq, entry.version, entry.taken.recorded) == (
        before + 1,
        3,
        newest + timedelta(milliseconds=1),
    )
    gone = journal.publish(
        deleted("lab-midt", newest, "Observation", "kari-nordli-kalium-ekstra", "Patient/kari-nordli")
    )
    assert (gone.seq, gone.version, gone.resource) == (before + 2, 4, None)


@settings(max_examples=200)
@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)), st.integers(1, 4000))
def test_office_days_are_never_weekends_and_never_on_the_wrong_side(today: date, distance: int) -> None:
    days = Days(today)
    back, ahead = days.ago(distance).date(), days.ahead(distance).date()
    assert (back.weekday() < 5, ahead.weekday() < 5) == (True, True)
    assert back <= today - timedelta(distance) < today < today + timedelta(distance) <= ahead


@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)), st.integers(0, 3))
def test_the_last_october_is_behind_us_and_years_go_back(today: date, years: int) -> None:
    latest = Days(today).last(10, 14, years).date()
    assert latest < today
    assert Days(today).last(10, 14).date().year - latest.year == years
