"""What a projection is given and answers. `def project(resource, about) -> Answered | None`.

None: this resource is of another kind (an Observation can be a laboratory result or a measurement).
"""

from typing import TypeAlias

import msgspec

from innsyn.access.audience import EVERYBODY, Audience
from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.fhir.reading import clipped
from innsyn.journal.projected import About, Beside, Common, NotShown, Unfit
from innsyn.records.kinds import Kind

__all__ = ["NOTE", "TITLE", "About", "Answered", "Beside", "Document", "NotShown", "Projected", "note_of"]

# A line of a list is read at a glance: longer titles and notes are cut (the page of the entry has them whole).
TITLE = 200
NOTE = 300


class Document(msgspec.Struct, frozen=True):
    """A file of an entry: `body` is base64 as FHIR has it, or text; the loop checks what it really is."""

    title: str
    media_type: str
    data: str = ""
    reference: Reference | None = None


class Projected(msgspec.Struct, frozen=True, kw_only=True):
    """An entry to show. The first block becomes its line (records/entries.py says what each field holds).

    `patient` is whom it is about. `code` groups the values of a trend: same code, same unit. `detail` is the
    Struct of the kind's views.py. `words` are further texts to find it by. `members` are the results of a
    panel, as references.
    `status` is `active` for what is in force (medications in use, open diagnoses, coming appointments).
    """

    kind: Kind
    patient: Reference | None
    title: str
    detail: msgspec.Struct
    at: str = ""
    value: str = ""
    unit: str = ""
    flag: str = ""
    low: str = ""
    high: str = ""
    status: str = ""
    note: str = ""
    organisation: str = ""
    author: str = ""
    code: str = ""
    words: tuple[str, ...] = ()
    members: tuple[Reference, ...] = ()
    documents: tuple[Document, ...] = ()
    audience: Audience = EVERYBODY


Answered: TypeAlias = Projected | Beside | Common | NotShown | Unfit


def note_of(*said: str) -> str:
    """The one secondary sentence of a line, out of what there is to say, cut where it is too long to glance at."""
    return clipped(" · ".join(filter(None, said)), NOTE)
