"""The citizen's own wish, as a table; and that it can never open anything earlier."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innsyn.access.release import NEVER, OPEN, Coming, Release, Wish, release_wished
from innsyn.access.working_days import OSLO, easter_sunday, is_working_day, outside_days_off


def oslo(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=OSLO)  # type: ignore[arg-type,misc]


# A Tuesday, and the Saturday after it.
SINCE = oslo(2026, 11, 1, 12)
TUESDAY = oslo(2026, 11, 17, 10)
SATURDAY = oslo(2026, 11, 21, 10)
MONDAY = oslo(2026, 11, 23, 8)
FORTNIGHT = timedelta(days=14)
AT_ONCE = Release()
DOCTOR_FIRST = Release(TUESDAY + timedelta(days=3), "doctor_first")
DOCTOR_ONLY = Release(NEVER, "doctor_only")
NOTHING = Release(NEVER)


def came(at: datetime, **more: bool) -> Coming:
    return Coming(recorded=at, landed=at, **more)


@pytest.mark.parametrize(
    ("source", "wish", "entry", "expected"),
    [
        (AT_ONCE, Wish.AT_ONCE, came(TUESDAY), AT_ONCE),
        # Not before the doctor has commented, at the longest 14 days.
        (AT_ONCE, Wish.COMMENTED, came(TUESDAY), Release(TUESDAY + FORTNIGHT, "own_wish_commented")),
        (AT_ONCE, Wish.COMMENTED, came(TUESDAY, commented=True), AT_ONCE),
        (AT_ONCE, Wish.COMMENTED, came(TUESDAY, within=True), AT_ONCE),
        (AT_ONCE, Wish.COMMENTED, came(TUESDAY, asked_for=True), AT_ONCE),
        (DOCTOR_FIRST, Wish.COMMENTED, came(TUESDAY), Release(TUESDAY + FORTNIGHT, "own_wish_commented")),
        (DOCTOR_FIRST, Wish.COMMENTED, came(TUESDAY, commented=True), DOCTOR_FIRST),
        # Not in the weekend.
        (AT_ONCE, Wish.NOT_WEEKEND, came(TUESDAY), AT_ONCE),
        (AT_ONCE, Wish.NOT_WEEKEND, came(SATURDAY), Release(MONDAY, "own_wish_not_weekend")),
        (AT_ONCE, Wish.NOT_WEEKEND, came(SATURDAY, within=True), Release(MONDAY, "own_wish_not_weekend")),
        (Release(SATURDAY, "doctor_first"), Wish.NOT_WEEKEND, came(TUESDAY), Release(MONDAY, "own_wish_not_weekend")),
        (DOCTOR_FIRST, Wish.NOT_WEEKEND, came(TUESDAY), DOCTOR_FIRST),
        # Until I ask.
        (AT_ONCE, Wish.ASKED, came(TUESDAY), Release(NEVER, "own_wish_asked")),
        (AT_ONCE, Wish.ASKED, came(TUESDAY, within=True), AT_ONCE),
        (AT_ONCE, Wish.ASKED, came(TUESDAY, asked_for=True), AT_ONCE),
        (DOCTOR_FIRST, Wish.ASKED, came(TUESDAY, asked_for=True), DOCTOR_FIRST),
        (DOCTOR_ONLY, Wish.ASKED, came(TUESDAY), DOCTOR_ONLY),
        # Of what may not be known there is no placeholder either.
        *((NOTHING, wish, came(SATURDAY), NOTHING) for wish in Wish),
        # What was here before the wish stays; what a new source brings of long ago is no news.
        (AT_ONCE, Wish.ASKED, came(SINCE - timedelta(seconds=1)), AT_ONCE),
        (AT_ONCE, Wish.ASKED, Coming(recorded=SINCE - FORTNIGHT, landed=TUESDAY), Release(NEVER, "own_wish_asked")),
        (AT_ONCE, Wish.ASKED, Coming(recorded=SINCE - FORTNIGHT - timedelta(seconds=1), landed=TUESDAY), AT_ONCE),
    ],
)  # fmt: skip
def test_the_table_of_wishes(source: Release, wish: Wish, entry: Coming, expected: Release) -> None:
    assert release_wished(source, wish, SINCE, entry) == expected


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        (oslo(2026, 11, 20, 14, 59), None),
        (oslo(2026, 11, 20, 15), MONDAY),
        (oslo(2026, 11, 22, 23, 59), MONDAY),
        (oslo(2026, 11, 23, 7, 59), MONDAY),
        (oslo(2026, 11, 23, 8), None),
        (oslo(2026, 11, 24, 3), None),
        (oslo(2026, 11, 24, 22), None),
        # Easter: from the Wednesday to the Tuesday after.
        (oslo(2026, 4, 1, 14, 59), None),
        (oslo(2026, 4, 1, 15), oslo(2026, 4, 7, 8)),
        # Constitution Day is a Monday, and the clock has changed since winter.
        (oslo(2027, 5, 14, 15), oslo(2027, 5, 18, 8)),
        # Christmas Day and Boxing Day before a weekend, the clock already at new year's in UTC.
        (oslo(2025, 12, 24, 16), oslo(2025, 12, 29, 8)),
        (oslo(2026, 1, 1, 0, 30), oslo(2026, 1, 2, 8)),
        # The night that the clock is set: Monday has 08:00 once.
        (oslo(2026, 3, 29, 2), oslo(2026, 3, 30, 8)),
        (oslo(2026, 10, 25, 2, 30), oslo(2026, 10, 26, 8)),
    ],
)
def test_days_off(at: datetime, opens: datetime | None) -> None:
    assert outside_days_off(at) == (opens or at)


# Published tables of the church year.
@pytest.mark.parametrize(
    "easter", ["1961-04-02", "2000-04-23", "2008-03-23", "2024-03-31", "2026-04-05", "2038-04-25"]
)
def test_easter(easter: str) -> None:
    assert easter_sunday(int(easter[:4])).isoformat() == easter


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
SOURCES = st.one_of(
    st.just(AT_ONCE),
    st.just(DOCTOR_ONLY),
    st.just(NOTHING),
    MOMENTS.map(lambda at: Release(at, "doctor_first")),
    MOMENTS.map(lambda at: Release(at, "doctor_only")),
)
COMING = st.builds(
    Coming,
    recorded=MOMENTS,
    landed=MOMENTS,
    commented=st.booleans(),
    within=st.booleans(),
    asked_for=st.booleans(),
)


@given(SOURCES, st.sampled_from(Wish), MOMENTS, COMING)
def test_a_wish_never_opens_anything_earlier_and_tells_of_nothing_that_may_not_be_known(
    source: Release, wish: Wish, since: datetime, entry: Coming
) -> None:
    wished = release_wished(source, wish, since, entry)
    assert wished.at >= source.at
    if wished != source:
        assert wished.withheld == f"own_wish_{wish}"
        assert source != NOTHING
    # Showing it now lifts the wish, and nothing else.
    shown = Coming(recorded=entry.recorded, landed=entry.landed, asked_for=True)
    assert release_wished(source, wish, since, shown) == source
    if wish is Wish.COMMENTED:
        assert wished.at <= max(source.at, entry.recorded + FORTNIGHT)


@given(MOMENTS)
def test_days_off_end_on_a_working_day_at_eight_and_last_no_week(at: datetime) -> None:
    opens = outside_days_off(at)
    assert timedelta(0) <= opens - at < timedelta(days=7)
    assert outside_days_off(opens) == opens
    if opens != at:
        local = opens.astimezone(OSLO)
        assert (local.hour, local.minute, is_working_day(local.date())) == (8, 0, True)
        assert OPEN < opens < NEVER
    assert not is_working_day(date(2026, 5, 1))
