"""Why an entry was taken back, in the source's own words: told only where they are surely about and for the same."""

from typing import Final

import msgspec

from innsyn.access.release import Release
from innsyn.journal.fhir.datatypes import Annotation, CodeableConcept, Coding, Reference
from innsyn.journal.fhir.reading import clipped, text_of
from innsyn.journal.fhir.resources import Resource
from innsyn.records.history.rules import Gone
from innsyn.records.marks import release_marked
from innsyn.records.projected import NOTE

_OPEN: Final = Release()


class _Withdrawn(Resource, frozen=True):
    status_reason: CodeableConcept | tuple[CodeableConcept, ...] | None = None
    note: tuple[Annotation, ...] = ()
    subject: Reference | None = None
    patient: Reference | None = None
    for_: Reference | None = None
    beneficiary: Reference | None = None
    focus: Reference | tuple[Reference, ...] | None = None

    @property
    def about(self) -> tuple[object, ...]:
        return self.subject, self.patient, self.for_, self.beneficiary, self.focus

    @property
    def marked(self) -> tuple[Coding, ...]:
        return self.meta.security if self.meta is not None else ()


def said(gone: Gone) -> str:
    """A reason of the status of the newest version, or what is noted only since it is gone; empty when in doubt.

    Nothing projects a version that is taken back, so nothing has asked whose it is: an entry may be withdrawn because
    it is somebody else's, and then so are the words.
    """
    told, before = _read(gone.newest.landed.body), _read(gone.last.landed.body)
    if told is None or before is None or not _is_for_the_same(gone, told, before):
        return ""
    reasons = told.status_reason
    concepts = reasons if isinstance(reasons, tuple) else (reasons,) if reasons is not None else ()
    already = {note.text for note in before.note}
    noted = [note.text for note in told.note if note.text not in already]
    return clipped(", ".join(filter(None, (*map(text_of, concepts), *noted))), NOTE)


def _is_for_the_same(gone: Gone, told: _Withdrawn, before: _Withdrawn) -> bool:
    # Word for word: what pointed at the reader in the last version points at them here, whatever it leads to.
    is_about_the_same = any(before.about) and told.about == before.about
    is_open = release_marked(told, gone.newest.landed.recorded_at) == _OPEN
    return is_about_the_same and is_open and set(told.marked) <= set(before.marked)


def _read(body: bytes | None) -> _Withdrawn | None:
    try:
        return msgspec.json.decode(body, type=_Withdrawn) if body is not None else None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
