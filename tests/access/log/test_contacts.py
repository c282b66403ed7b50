"""Contacts as they explain look-ups: when they began and ended, with whom, and which count."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest

from innsyn.records.access_log.contacts import contact_of
from innsyn.records.access_log.rules import Contact

ID = UUID(int=7)
LINE = {
    "id": str(ID),
    "kind": "encounters",
    "at": "2026-11-03T23:30:00Z",
    "status": "completed",
    "source": "levanger",
    "organisation": "Medisinsk sengepost 2, Sykehuset Levanger",
}


def prepared(detail: dict[str, Any], **line: Any) -> bytes:  # noqa: ANN401
    return msgspec.json.encode([LINE | line, detail])


def contact(begins: date, ends: date, **more: Any) -> Contact:  # noqa: ANN401
    houses = ("Medisinsk sengepost 2, Sykehuset Levanger",)
    return Contact(
        **{"id": ID, "begins": begins, "ends": ends, "source": "levanger", "houses": houses, **more}
    )


@pytest.mark.parametrize(
    ("detail", "line", "expected"),
    [
        # Half past midnight in Norway is the next day.
        ({}, {}, contact(date(2026, 11, 4), date(2026, 11, 4))),
        (
            {"start": "2026-11-03", "end": "2026-11-07T12:00:00+01:00", "setting": "inpatient"},
            {},
            contact(date(2026, 11, 3), date(2026, 11, 7), setting="inpatient"),
        ),
        # An end before the beginning is a mistake of the source.
        ({"start": "2026-11-03", "end": "2026-11-01"}, {}, contact(date(2026, 11, 3), date(2026, 11, 3))),
        # A stay that goes on has no end yet.
        (
            {"start": "2026-11-03", "setting": "inpatient"},
            {"status": "in-progress"},
            contact(date(2026, 11, 3), date(2027, 11, 3), setting="inpatient"),
        ),
        (
            {"from_": "Legesenteret", "to": "Øyepoliklinikken"},
            {"kind": "referrals", "status": "active", "at": "2026-10-07", "organisation": ""},
            contact(
                date(2026, 10, 7),
                date(2026, 10, 7),
                houses=("Øyepoliklinikken", "Legesenteret"),
                referral=True,
                open=True,
            ),
        ),
        ({}, {"at": "", "status": "active"}, None),
        ({}, {"at": "sometime"}, None),
        ({}, {"status": "cancelled"}, None),
        ({}, {"status": "noshow"}, None),
        ({}, {"status": "revoked", "kind": "referrals"}, None),
    ],
)
def test_a_contact(detail: dict[str, Any], line: dict[str, Any], expected: Contact | None) -> None:
    assert contact_of(prepared(detail, **line)) == expected
