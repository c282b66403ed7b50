"""Stays, visits and referrals of the record, as far as they explain look-ups."""

from datetime import date, timedelta
from uuid import UUID

import msgspec

from innsyn.journal.fhir.reading import OSLO, instant
from innsyn.records.access_log.rules import Contact
from innsyn.records.kinds import Kind

# An admission whose end nobody has written goes on; any other contact is over the same day.
_LONGEST_OPEN_STAY = timedelta(days=365)
# What was called off explains nothing; who looked because of it can say so.
_CAME_TO_NOTHING = frozenset({"cancelled", "noshow", "revoked"})


class _Line(msgspec.Struct, frozen=True):
    id: UUID
    kind: str
    at: str = ""
    status: str = ""
    source: str = ""
    organisation: str = ""


class _Detail(msgspec.Struct, frozen=True):
    start: str = ""
    end: str = ""
    place: str = ""
    setting: str = ""
    from_: str = ""
    to: str = ""


_decode = msgspec.json.Decoder(tuple[_Line, _Detail]).decode


def contact_of(prepared: bytes) -> Contact | None:
    """The contact of an entry, from its `[line, detail]`; None for one without a day, or that came to nothing."""
    line, detail = _decode(prepared)
    begins = _day(detail.start or line.at)
    if begins is None or line.status in _CAME_TO_NOTHING:
        return None
    referral = line.kind == Kind.REFERRALS
    return Contact(
        id=line.id,
        begins=begins,
        ends=max(begins, begins if referral else _end(detail, line, begins)),
        source=line.source,
        houses=tuple(filter(None, (line.organisation, detail.place, detail.to, detail.from_))),
        referral=referral,
        setting=detail.setting,
        open=referral and line.status == "active",
    )


def _end(detail: _Detail, line: _Line, begins: date) -> date:
    if (told := _day(detail.end)) is not None:
        return told
    return (
        begins + _LONGEST_OPEN_STAY
        if detail.setting == "inpatient" and line.status == "in-progress"
        else begins
    )


def _day(at: str) -> date | None:
    moment = instant(at)
    return moment.astimezone(OSLO).date() if moment else None
