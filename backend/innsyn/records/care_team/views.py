"""What the page of a care team shows beyond its line."""

import msgspec

from innsyn.records.people import Person


class Team(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`start` and `end` are FHIR dateTimes; `phone` reaches the team as a whole."""

    members: tuple[Person, ...] = ()
    description: str = ""
    start: str = ""
    end: str = ""
    phone: str = ""
