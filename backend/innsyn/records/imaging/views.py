"""What the page of an imaging report shows beyond its line."""

import msgspec


class Imaging(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`text` is the body of the report, plain with line breaks; `images` how many pictures were taken (0: not said)."""

    conclusion: str = ""
    text: str = ""
    procedure: str = ""
    body_site: str = ""
    modality: str = ""
    requester: str = ""
    reason: str = ""
    issued: str = ""
    images: int = 0
