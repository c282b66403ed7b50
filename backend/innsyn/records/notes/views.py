"""What the page of a note shows beyond its line."""

import msgspec


class Note(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`html` is a harmless fragment (records/hostile_text.py), `text` plain text where there was no markup.

    `cut`: the note was too long and its end is not here. `unshown`: files that it names and that cannot be opened here.
    `start` and `end`: what the note is about, as FHIR dateTimes. `replaces`: title of the note that this one replaces.
    """

    html: str = ""
    text: str = ""
    category: str = ""
    period: str = ""
    recipients: tuple[str, ...] = ()
    cut: bool = False
    unshown: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    replaces: str = ""
