"""How a list is grouped."""

from datetime import UTC, datetime

from innsyn.records.entries import Line
from innsyn.records.kinds import Kind
from innsyn.records.timeline.views import in_groups

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def grouped(kind: Kind, *lines: Line) -> list[tuple[str, list[str]]]:
    return [(group.key, [line.id for line in group.lines]) for group in in_groups(kind, lines, NOW)]


def a_line(id_: str, status: str = "", at: str = "", flag: str = "", withheld: str = "") -> Line:
    return Line(id=id_, kind="any", status=status, at=at, flag=flag, withheld=withheld)


def test_medicines_in_use_stand_before_earlier_ones() -> None:
    lines = (a_line("old", "stopped"), a_line("used", "active"))
    assert grouped(Kind.MEDICATIONS, *lines) == [("active", ["used"]), ("earlier", ["old"])]


def test_what_is_dangerous_stands_first() -> None:
    lines = (
        a_line("pollen", "active"),
        a_line("penicillin", "active", flag="severe"),
        a_line("latex", "inactive"),
    )
    assert grouped(Kind.ALLERGIES, *lines) == [
        ("critical", ["penicillin"]),
        ("other", ["pollen"]),
        ("earlier", ["latex"]),
    ]


def test_the_soonest_appointment_stands_first_and_a_past_one_is_not_coming() -> None:
    lines = (
        a_line("later", "active", "2026-12-24T09:00:00+01:00"),
        a_line("soon", "active", "2026-11-24T09:00:00+01:00"),
        a_line("cancelled", "cancelled", "2026-11-25T09:00:00+01:00"),
        a_line("past", "active", "2026-11-23T12:00:00+01:00"),
    )
    assert grouped(Kind.ENCOUNTERS, *lines) == [
        ("coming", ["soon", "later"]),
        ("earlier", ["cancelled", "past"]),
    ]


def test_a_placeholder_tells_neither_and_stands_above_both() -> None:
    lines = (a_line("done", "completed"), a_line("held", withheld="doctor_only"), a_line("open", "active"))
    assert grouped(Kind.REFERRALS, *lines) == [("", ["held"]), ("active", ["open"]), ("earlier", ["done"])]
