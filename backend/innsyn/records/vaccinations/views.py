"""What the page of a vaccination shows beyond its line."""

import msgspec


class Vaccination(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`protects` are the diseases; `dose` its number in the series ("1 av 3"); `status_reason` why it was not given."""

    vaccine: str = ""
    protects: tuple[str, ...] = ()
    dose: str = ""
    lot: str = ""
    manufacturer: str = ""
    site: str = ""
    route: str = ""
    given_by: str = ""
    place: str = ""
    note: str = ""
    status_reason: str = ""
