"""What the page of a measurement shows beyond its line."""

import msgspec

from innsyn.journal.fhir.measured import Reading


class Measurement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`position` and `body_site` are how and where it was measured; `parts` its components (systolic, diastolic)."""

    comment: str = ""
    method: str = ""
    device: str = ""
    body_site: str = ""
    position: str = ""
    parts: tuple[Reading, ...] = ()
