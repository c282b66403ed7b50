"""What the page of a diagnosis shows beyond its line."""

import msgspec


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`clinical`: active, recurrence, remission, inactive, resolved or ''. `certainty`: confirmed, unconfirmed or ''.

    `code` is the code system's display with its code; `onset` and `abated` FHIR dateTimes or the source's words.
    """

    code: str = ""
    clinical: str = ""
    certainty: str = ""
    severity: str = ""
    body_site: str = ""
    onset: str = ""
    abated: str = ""
    note: str = ""
    stage: str = ""
    category: str = ""
