"""Notes and letters: Composition, DocumentReference, and the DiagnosticReport that only carries a text.

http://hl7.org/fhir/R4/composition.html, http://hl7.org/fhir/R4/documentreference.html
"""

import re
from collections.abc import Callable
from typing import Any

from innsyn.journal.fhir.care import Composition, DocumentReference
from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.fhir.reading import began, clipped, ended
from innsyn.journal.fhir.resources import DiagnosticReport
from innsyn.records.hostile_text import words_of
from innsyn.records.kinds import Kind
from innsyn.records.notes.attachments import read
from innsyn.records.notes.document_types import document_type, is_clinical_note
from innsyn.records.notes.sections import article
from innsyn.records.notes.views import Note
from innsyn.records.people import heading, name_of_place
from innsyn.records.projected import About, NotShown, Projected

_QUOTED = 200
_NOT_QUOTED = re.compile(r"<(h[1-6]|thead|th)\b.*?</\1>", re.DOTALL)
_ENDS = (".", ":", "!", "?", ",", ";")
_DATE = re.compile(r"[\d\-./: ]+")
_WRONG = frozenset({"entered-in-error", "cancelled"})


def composition(written: Composition, about: About) -> Projected | NotShown | None:
    """A Composition: its sections as one article."""
    if written.status in _WRONG:
        return NotShown("entered_in_error")
    text = article(written, about)
    category = document_type(written.type, *written.category)
    title = heading(written.title, category)
    author, organisation = _wrote(about, written.author, written.custodian)
    return Projected(
        kind=Kind.NOTES,
        patient=written.subject,
        title=title,
        at=written.date,
        status=written.status,
        note=_quoted(text.html, "", title),
        organisation=organisation,
        author=author,
        words=(category, words_of(text.html)),
        detail=Note(html=text.html, cut=text.cut, category=category),
    )


def document(written: DocumentReference, about: About) -> Projected | NotShown | None:
    """A DocumentReference. One that a newer has replaced is still what stood in the record, and is shown as such."""
    if written.status in _WRONG or written.doc_status in _WRONG:
        return NotShown("entered_in_error")
    category = document_type(written.type, *written.category)
    files = [content.attachment for content in written.content if content.attachment is not None]
    title = heading(written.description, category, *(file.title for file in files))
    reading = read(files, title, written.subject, about)
    text = words_of(reading.html) or reading.text
    begins = _quoted(reading.html, reading.text, title)
    author, organisation = _wrote(about, written.author, written.custodian, written.authenticator)
    period = written.context.period if written.context else None
    return Projected(
        kind=Kind.NOTES,
        patient=written.subject,
        title=title or begins,
        at=written.date or began(period) or next((file.creation for file in files if file.creation), ""),
        status="superseded" if written.status == "superseded" else written.doc_status or "final",
        note=begins if title else "",
        organisation=organisation,
        author=author,
        words=(category, text, *reading.unshown, *(file.title for file in reading.documents)),
        documents=reading.documents,
        detail=Note(
            html=reading.html,
            text=reading.text,
            cut=reading.cut,
            category=category,
            unshown=reading.unshown,
            start=began(period),
            end=ended(period),
            replaces=_replaced(written, about),
        ),
    )


def report(written: DiagnosticReport, about: About) -> Projected | NotShown | None:
    """A DiagnosticReport that is a note by its code; one by any other code is not ours."""
    if not is_clinical_note(written.code, *written.category):
        return None
    if written.status in _WRONG:
        return NotShown(written.status.replace("-", "_"))
    category = document_type(written.code, *written.category)
    reading = read(written.presented_form, category, written.subject, about)
    text = words_of(reading.html) or reading.text or written.conclusion
    author, organisation = _wrote(about, (*written.results_interpreter, *written.performer), None)
    return Projected(
        kind=Kind.NOTES,
        patient=written.subject,
        title=heading(category),
        at=written.effective_date_time or began(written.effective_period) or written.issued,
        status=written.status,
        note=_quoted(reading.html, reading.text or written.conclusion, category),
        organisation=organisation,
        author=author,
        words=(category, text, *reading.unshown),
        documents=reading.documents,
        detail=Note(
            html=reading.html,
            text=reading.text or ("" if reading.html else written.conclusion),
            cut=reading.cut,
            category=category,
            unshown=reading.unshown,
            start=began(written.effective_period),
            end=ended(written.effective_period),
        ),
    )


def _wrote(
    about: About, authors: tuple[Reference, ...], custodian: Reference | None, signed: Reference | None = None
) -> tuple[str, str]:
    author, organisation = about.wrote(*authors)
    return author or about.practitioner(signed), organisation or name_of_place(about, custodian)


def _replaced(written: DocumentReference, about: About) -> str:
    for relation in written.relates_to:
        if relation.code == "replaces":
            old = about.find_own(relation.target, "DocumentReference", DocumentReference, written.subject)
            return heading(old.description, document_type(old.type, *old.category)) if old else ""
    return ""


def _quoted(html: str, text: str, title: str) -> str:
    """How the note begins, without headings, a date alone on its line, and the title said again."""
    running = words_of(_NOT_QUOTED.sub("\n", html)) if html else text
    lines = [line for line in running.split("\n") if line and line != title and not _DATE.fullmatch(line)]
    return clipped(
        " ".join(line if line.endswith(_ENDS) else f"{line} ·" for line in lines).rstrip(" ·"), _QUOTED
    )


PROJECTIONS: dict[str, Callable[[Any, About], Projected | NotShown | None]] = {
    "Composition": composition,
    "DocumentReference": document,
    "DiagnosticReport": report,
}
