"""What the page of an allergy or of critical information shows beyond its line."""

import msgspec


class Allergy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`criticality`: high, low or ''. `certainty`: confirmed, unconfirmed, refuted or ''.

    `severity`: the worst that has happened, severe, moderate, mild or ''.
    `category`: medication, food, environment, biologic, flag, or `none` where it says that there is no known allergy.
    `onset` and `last_seen` are FHIR dateTimes or the source's words.
    """

    substance: str = ""
    criticality: str = ""
    certainty: str = ""
    reactions: tuple[str, ...] = ()
    severity: str = ""
    onset: str = ""
    category: str = ""
    note: str = ""
    last_seen: str = ""
