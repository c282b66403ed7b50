"""What the page of a test result shows beyond its line."""

import msgspec

from innsyn.journal.fhir.measured import Reading


class LabResult(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`collected` and `issued` are FHIR dateTimes; `reference` is the range in words where it has no numbers.

    `conclusion` is what was found, where that is a text; `comment` what the laboratory or the doctor adds.
    """

    comment: str = ""
    conclusion: str = ""
    method: str = ""
    specimen: str = ""
    collected: str = ""
    issued: str = ""
    requester: str = ""
    code: str = ""
    reference: str = ""
    parts: tuple[Reading, ...] = ()
