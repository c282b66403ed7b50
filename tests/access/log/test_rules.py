"""What belongs together and what explains it: decision tables, with no database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innsyn.records.access_log.readings import often
from innsyn.records.access_log.rules import (
    ROLES,
    Contact,
    Match,
    Seen,
    count_roles,
    groups_of,
    match_of,
    role_of,
)
from innsyn.records.access_log.wording import span
from innsyn.web.locale import LOCALES, catalogue

DAY = date(2026, 11, 3)
STAY = Contact(
    id=UUID(int=1),
    begins=DAY,
    ends=date(2026, 11, 7),
    source="levanger",
    houses=("Medisinsk sengepost 2", "Sykehuset Levanger"),
    setting="inpatient",
)
VISIT = Contact(
    id=UUID(int=2), begins=date(2026, 9, 1), ends=date(2026, 9, 1), source="gp", setting="ambulatory"
)
REFERRAL = Contact(
    id=UUID(int=3),
    begins=date(2026, 5, 4),
    ends=date(2026, 5, 4),
    source="gp",
    houses=("Øyepoliklinikken, Sykehuset Namsos",),
    referral=True,
)
CONTACTS = (STAY, VISIT, REFERRAL)
WRITTEN = {"lab": [date(2026, 10, 1)]}


def seen(number: int = 1, day: date = DAY, **more: Any) -> Seen:  # noqa: ANN401
    at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    return Seen(
        **{
            "id": UUID(int=number),
            "day": day,
            "first": at,
            "last": at,
            "source": "levanger",
            "organisation": "Sykehuset Levanger",
            "unit": "Medisinsk sengepost 2",
            "people": (("sykepleier", "Anne Vik"),),
            **more,
        }
    )


def days(n: int) -> date:
    return DAY + timedelta(days=n)


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ({}, Match("during", STAY)),
        ({"day": days(4)}, Match("during", STAY)),
        ({"day": days(-1)}, Match("around", STAY)),
        ({"day": days(-30)}, Match("around", STAY)),
        ({"day": days(-31)}, Match("none")),
        ({"day": days(4 + 30)}, Match("around", STAY)),
        ({"day": days(4 + 31)}, Match("none")),
        # By name, where another service's log tells of it.
        ({"source": "central", "organisation": "sykehuset  levanger"}, Match("during", STAY)),
        ({"source": "central", "organisation": "Sykehuset Namsos", "unit": ""}, Match("none")),
        # What the log itself names explains it, however far away; what it names and we do not have does not.
        ({"day": days(300), "encounter": STAY.id}, Match("around", STAY)),
        ({"encounter": STAY.id, "source": "other", "organisation": "Other"}, Match("during", STAY)),
        ({"day": days(300), "encounter": UUID(int=99)}, Match("none")),
        # A referral explains half a year at the house it went to, by its own name or that of its hospital.
        (
            {"source": "namsos", "organisation": "Sykehuset Namsos", "unit": "", "day": date(2026, 5, 4)},
            Match("referral", REFERRAL),
        ),
        (
            {"source": "x", "organisation": "", "unit": "Øyepoliklinikken", "day": date(2026, 10, 31)},
            Match("referral", REFERRAL),
        ),
        ({"source": "x", "organisation": "", "unit": "Øyepoliklinikken", "day": days(0)}, Match("none")),
        ({"source": "namsos", "organisation": "Sykehuset Namsos", "day": date(2026, 5, 3)}, Match("none")),
        # Somebody who wrote in the record had to do with the person.
        ({"source": "lab", "organisation": "Laboratoriet", "unit": "", "day": date(2026, 10, 31)}, Match("written")),
        ({"source": "lab", "organisation": "Laboratoriet", "unit": "", "day": date(2026, 11, 1)}, Match("none")),
        # Oneself, through another service.
        ({"by_patient": 1, "source": "x", "organisation": "Helsenorge"}, Match("own")),
        ({"by_patient": 1, "n": 2, "source": "x", "organisation": "Helsenorge", "unit": ""}, Match("none")),
        ({"source": "", "organisation": "", "unit": ""}, Match("none")),
    ],
)  # fmt: skip
def test_what_explains_a_look_up(what: dict[str, Any], expected: Match) -> None:
    assert match_of(seen(**what), CONTACTS, WRITTEN) == expected


def test_a_referral_that_still_waits_explains_for_as_long_as_it_waits() -> None:
    waiting = msgspec.structs.replace(REFERRAL, open=True)
    late = seen(day=days(900), source="x", organisation="Sykehuset Namsos", unit="")
    assert match_of(late, (waiting,), {}) == Match("referral", waiting)


def test_of_two_contacts_as_near_that_of_the_unit_itself_explains() -> None:
    other = msgspec.structs.replace(STAY, id=UUID(int=4), houses=("Kirurgisk sengepost",))
    assert match_of(seen(), (other, STAY), {}) == Match("during", STAY)
    assert match_of(seen(unit="Kirurgisk sengepost"), (STAY, other), {}) == Match("during", other)


def test_two_nurses_at_a_ward_during_a_stay_are_one_line() -> None:
    [group] = groups_of(
        [
            seen(1, DAY, n=3, reasons=("admitted",)),
            seen(2, days(1), people=(("sykepleier", "Bente Vik"),), encounter=STAY.id, emergency=1),
            seen(
                3, days(2), people=(("sykepleier", "Anne Vik"),), reasons=("", "task"), asked=(UUID(int=3),)
            ),
        ],
        CONTACTS,
        {},
    )
    assert (group.id, group.n, group.match, group.people, group.reasons, group.emergency, group.asked) == (
        UUID(int=3),
        5,
        Match("during", STAY),
        (("sykepleier", "Anne Vik"), ("sykepleier", "Bente Vik")),
        ("task", "admitted"),
        1,
        (UUID(int=3),),
    )
    assert (group.first.date(), group.last.date(), group.unexplained) == (DAY, days(2), False)


def test_the_time_around_a_visit_is_told_with_the_visit_and_around_a_stay_apart() -> None:
    gp = {"source": "gp", "organisation": "Legesenteret", "unit": ""}
    visit = date(2026, 9, 1)
    groups = groups_of(
        [
            seen(1, visit, **gp),
            seen(2, visit - timedelta(5), **gp),
            seen(3, date(2026, 12, 1), encounter=VISIT.id, **gp),
            seen(4, days(4)),
            seen(5, days(5)),
        ],
        CONTACTS,
        {},
    )
    assert [(group.match, group.n) for group in groups] == [
        (Match("around", VISIT), 3),
        (Match("around", STAY), 1),
        (Match("during", STAY), 1),
    ]


def test_another_unit_another_contact_and_what_nothing_explains_are_lines_of_their_own() -> None:
    groups = groups_of(
        [
            seen(1),
            seen(2, unit="Akuttmottaket"),
            seen(3, date(2026, 9, 1), source="gp", organisation="Legesenteret", unit=""),
            seen(4, source="x", organisation="Hudavdelingen", unit=""),
            seen(5, days(1), source="x", organisation="Hudavdelingen", unit=""),
            seen(6, days(60), source="x", organisation="Hudavdelingen", unit=""),
        ],
        CONTACTS,
        {},
    )
    assert [(group.id.int, group.match.relation, group.n) for group in groups] == [
        (6, "none", 1),
        (5, "none", 2),
        (2, "during", 1),
        (1, "during", 1),
        (3, "during", 1),
    ]


_SEEN = st.builds(
    seen,
    number=st.integers(1, 10**6),
    day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    source=st.sampled_from(["levanger", "gp", "x"]),
    encounter=st.sampled_from([None, STAY.id, UUID(int=77)]),
    n=st.integers(1, 5),
)


@given(st.lists(_SEEN, max_size=30, unique_by=lambda each: each.id), st.randoms())
def test_no_look_up_is_lost_and_their_order_says_nothing(rows: list[Seen], chance: Any) -> None:  # noqa: ANN401
    groups = groups_of(rows, CONTACTS, WRITTEN)
    assert sum(group.n for group in groups) == sum(each.n for each in rows)
    assert sorted(id_ for group in groups for id_ in group.ids) == sorted(each.id for each in rows)
    assert [group.last for group in groups] == sorted((group.last for group in groups), reverse=True)
    chance.shuffle(rows)
    assert groups_of(rows, CONTACTS, WRITTEN) == groups


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Sykepleier", "nurse"),
        ("diabetessykepleier", "nurse"),
        ("Overlege", "doctor"),
        ("fastlege", "doctor"),
        ("ortoped", "doctor"),
        ("Tannlege", "dentist"),
        ("helsesekretær", "secretary"),
        ("sykepleierstudent", "nurse"),
        ("Saksbehandler", ""),
        ("", ""),
    ],
)
def test_what_people_know_a_title_as(title: str, role: str) -> None:
    assert role_of(title) == role


def test_roles_are_counted_the_largest_first_and_the_unknown_last() -> None:
    people = [("x", "A"), ("y", "B"), ("lege", "C"), ("sykepleier", "D"), ("sykepleier", "E")]
    assert count_roles(people) == [("nurse", 2), ("doctor", 1), ("", 2)]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_role_has_its_words(locale: str) -> None:
    assert {f"log.role.{role}" for role in (*ROLES, "other")} <= catalogue(locale).known()


@pytest.mark.parametrize(
    ("first", "last", "locale", "expected"),
    [
        (DAY, DAY, "nb", "3. november"),
        (DAY, days(4), "nb", "3.–7. november"),
        (DAY, days(4), "nn", "3.–7. november"),
        (DAY, days(4), "en", "3–7 November"),
        (date(2026, 10, 30), DAY, "nb", "30. oktober – 3. november"),
        (date(2025, 11, 3), date(2025, 11, 7), "nb", "3.–7. november 2025"),
        (date(2025, 12, 30), date(2026, 1, 2), "nb", "30. desember 2025 – 2. januar 2026"),
        (days(4), DAY, "nb", "3. november"),
    ],
)
def test_days_are_written_out(first: date, last: date, locale: str, expected: str) -> None:
    assert span(first, last, date(2026, 11, 23), locale) == expected


def test_what_was_done_is_counted_once_for_each_purpose() -> None:
    assert often([("entry.open", 2), ("overview", 1), ("entry.open", 3)]) == [
        ("entry.open", 5),
        ("overview", 1),
    ]
