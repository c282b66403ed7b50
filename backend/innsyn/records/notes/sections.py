"""The sections of a Composition as one article to read."""

from collections.abc import Iterable
from html import escape

from innsyn.journal.fhir.care import Composition, Section
from innsyn.journal.fhir.datatypes import CodeableConcept, Reference
from innsyn.journal.fhir.reading import codes_of
from innsyn.journal.fhir.resources import Resource
from innsyn.records.hostile_text import LIMIT, Cleaned, below, clean
from innsyn.records.marks import is_withheld
from innsyn.records.people import first_said, said
from innsyn.records.projected import About

_TITLE_LEVEL = 1
_DEEPEST = 6
_UNTRUE = frozenset({"entered-in-error", "refuted"})


class _Named(Resource, frozen=True):
    """Whatever a section points at: what it is called, and whom it is about."""

    code: CodeableConcept | None = None
    vaccine_code: CodeableConcept | None = None
    medication_codeable_concept: CodeableConcept | None = None
    description: CodeableConcept | str | None = None
    title: str = ""
    status: str = ""
    verification_status: CodeableConcept | None = None
    subject: Reference | None = None
    patient: Reference | None = None


def article(composition: Composition, about: About) -> Cleaned:
    """Headings and texts of all sections, in their order. What only is coded is named where nobody put it in words."""
    parts: list[str] = []
    cut = _write(composition.section, _TITLE_LEVEL + 1, composition, about, parts)
    if not parts and composition.text is not None:
        return clean(composition.text.div)
    whole = clean("".join(parts))
    return Cleaned(whole.html, cut=cut or whole.cut)


def _write(
    sections: Iterable[Section], level: int, composition: Composition, about: About, parts: list[str]
) -> bool:
    cut = False
    for section in sections:
        if sum(map(len, parts)) > LIMIT:
            return True
        title = section.title or said(section.code)
        inside: list[str] = []
        if section.text is not None and section.text.div:
            cleaned = clean(section.text.div)
            cut |= cleaned.cut
            inside.append(below(cleaned.html, level))
        if not "".join(inside).strip():
            inside = [_without_text(section, composition, about)]
        cut |= _write(section.section, min(level + 1, _DEEPEST), composition, about, inside)
        if "".join(inside):
            parts += [f"<h{level}>{escape(title, quote=False)}</h{level}>" if title else "", *inside]
    return cut


def _without_text(section: Section, composition: Composition, about: About) -> str:
    names = dict.fromkeys(name for each in section.entry if (name := _name(each, composition, about)))
    if names:
        return "<ul>" + "".join(f"<li>{escape(name, quote=False)}</li>" for name in names) + "</ul>"
    reason = said(section.empty_reason)
    return f"<p>{escape(reason, quote=False)}</p>" if reason else ""


def _name(reference: Reference, composition: Composition, about: About) -> str:
    if reference.display:
        return reference.display
    key = about.lookup.key(reference)
    found = about.find(reference, key[0], _Named) if key is not None else None
    if found is None or not _may_name(found, composition, about):
        return ""
    described = found.description if isinstance(found.description, CodeableConcept) else None
    return (
        first_said(found.code, found.vaccine_code, found.medication_codeable_concept, described)
        or found.title
    )


def _may_name(found: _Named, composition: Composition, about: About) -> bool:
    """Of the same person, still held to be true, and not waiting for its own release."""
    said_of_it = codes_of([found.verification_status]) if found.verification_status else set()
    if _UNTRUE & {found.status, *said_of_it} or is_withheld(found):
        return False
    whom = about.lookup.key(composition.subject)
    return whom is not None and about.lookup.key(found.subject or found.patient) == whom
