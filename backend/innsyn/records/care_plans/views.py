"""What the page of a care plan shows beyond its line."""

import msgspec

from innsyn.records.people import Person


class Goal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`status` is FHIR's lifecycle status, `achieved` its achievement status as a code; `due` a date."""

    title: str
    status: str = ""
    due: str = ""
    note: str = ""
    achieved: str = ""


class Activity(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`when` is a FHIR date or the plan's own words; `avoid` when the plan says that this shall not be done."""

    title: str
    status: str = ""
    when: str = ""
    note: str = ""
    avoid: bool = False


class Plan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`start` and `end` are FHIR dateTimes; `concerns` the diagnoses that the plan is about."""

    description: str = ""
    goals: tuple[Goal, ...] = ()
    activities: tuple[Activity, ...] = ()
    start: str = ""
    end: str = ""
    team: tuple[Person, ...] = ()
    concerns: tuple[str, ...] = ()
