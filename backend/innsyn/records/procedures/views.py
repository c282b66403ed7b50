"""What the page of a procedure shows beyond its line."""

import msgspec

from innsyn.records.people import Person


class ProcedureDone(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`start` and `end` are FHIR dateTimes; `code` are the source's codes."""

    code: str = ""
    body_site: str = ""
    outcome: str = ""
    reason: str = ""
    performed_by: tuple[Person, ...] = ()
    place: str = ""
    follow_up: str = ""
    note: str = ""
    start: str = ""
    end: str = ""
