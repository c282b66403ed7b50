"""What the page of a medication shows beyond its line."""

import msgspec


class Medication(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`dosage` and `course` are sentences; `prescribed`, `start` and `end` FHIR dateTimes.

    `event` tells what sort of entry it is: prescription, statement, dispense or administration.
    """

    event: str = ""
    dosage: str = ""
    substance: str = ""
    strength: str = ""
    form: str = ""
    route: str = ""
    reason: str = ""
    prescribed: str = ""
    start: str = ""
    end: str = ""
    prescriber: str = ""
    course: str = ""
    note: str = ""
    status_reason: str = ""
