"""What the page of a test result shows beyond its line."""

import msgspec


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One component of a result that was reported as a whole."""

    title: str
    value: str = ""
    unit: str = ""
    flag: str = ""
    low: str = ""
    high: str = ""


class LabResult(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`collected` and `issued` are FHIR dateTimes; `reference` is the range in words where it has no numbers."""

    comment: str = ""
    conclusion: str = ""
    method: str = ""
    specimen: str = ""
    collected: str = ""
    issued: str = ""
    requester: str = ""
    code: str = ""
    reference: str = ""
    parts: tuple[Part, ...] = ()
