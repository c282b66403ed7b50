"""A look-up as it is written: what a projection makes of an AuditEvent."""

import msgspec


class Lookup(msgspec.Struct, frozen=True, kw_only=True):
    """Who looked, where from, what was done and why. Texts are the source's own words, cut to size.

    `at` is a FHIR dateTime ('' where the source told none that can be read), `encounter` the (kind, id) of the contact
    it was part of, in the same feed.
    """

    at: str = ""
    name: str = ""
    role: str = ""
    unit: str = ""
    organisation: str = ""
    unit_reference: str = ""
    act: str = "read"
    areas: tuple[str, ...] = ()
    reason: str = ""
    decision: str = ""
    service: str = ""
    emergency: bool = False
    self_authorised: bool = False
    by_patient: bool = False
    refused: bool = False
    encounter: tuple[str, str] | None = None
