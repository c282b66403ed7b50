"""What the page of an appointment or a contact shows beyond its line."""

import msgspec

from innsyn.records.people import Person


class Contact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`start` and `end` are FHIR dateTimes. `mode`: physical home phone video virtual, '' unknown.

    `setting`: inpatient emergency ambulatory home virtual, '' unknown. `pending`: somebody has not confirmed it yet.
    """

    start: str = ""
    end: str = ""
    place: str = ""
    address: str = ""
    phone: str = ""
    prepare: str = ""
    reason: str = ""
    service_type: str = ""
    participants: tuple[Person, ...] = ()
    mode: str = ""
    setting: str = ""
    discharge: str = ""
    cancelled_reason: str = ""
    comment: str = ""
    pending: bool = False
