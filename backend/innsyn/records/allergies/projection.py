"""Allergies and critical information: AllergyIntolerance, and Flag for what else everybody must know."""

from collections.abc import Callable
from typing import Any

from innsyn.journal.fhir.datatypes import CodeableConcept
from innsyn.journal.fhir.reading import (
    began,
    clipped,
    codes_of,
    displays_of,
    notes_text,
    onset_text,
    text_of,
    texts_of,
)
from innsyn.journal.fhir.resources import AllergyIntolerance, Flag, Reaction
from innsyn.records.allergies.views import Allergy
from innsyn.records.kinds import Kind
from innsyn.records.projected import TITLE, About, NotShown, Projected, note_of

# "No known allergy", and of medicines, food, the environment, latex …: SNOMED CT, and the absent-unknown codes of IPS.
_NONE_KNOWN = frozenset(
    "716186003 409137002 428607008 428197003 429625007 1003774007 716184000 716185004 "
    "no-known-allergies no-known-medication-allergies no-known-food-allergies no-known-environmental-allergies "
    "no-allergy-info".split()
)
_CERTAINTY = {
    "confirmed": "confirmed",
    "unconfirmed": "unconfirmed",
    "presumed": "unconfirmed",
    "refuted": "refuted",
}
_UNSURE = {"unconfirmed": "Ikke bekreftet", "refuted": "Avkreftet"}
_SEVERITIES = ("severe", "moderate", "mild")
# Flags for the office or about manners are no warning to those who treat.
_NO_WARNING = frozenset({"admin", "contact", "behavioral", "research", "diet"})
# Where the source gives it no name at all.
_DEFAULT = "Allergi"


def allergy(told: AllergyIntolerance, about: About) -> Projected | NotShown | None:
    """An allergy or intolerance (http://hl7.org/fhir/R4/allergyintolerance.html).

    One that is refuted is shown as refuted: who once was told of an allergy must be able to see that it was ruled out.
    Without a clinical status it counts as active, because to miss an allergy is worse than to mention an old one.
    """
    certainty = _certainty(told.verification_status)
    if certainty == "entered-in-error":
        return NotShown("entered_in_error")
    author, organisation = about.wrote(told.recorder, told.asserter)
    detail = _detail(told, certainty)
    return Projected(
        kind=Kind.ALLERGIES,
        patient=told.patient,
        title=clipped(detail.substance, TITLE) or _DEFAULT,
        at=told.recorded_date or told.onset_date_time or began(told.onset_period),
        flag="severe" if detail.criticality == "high" else "",
        status=_status(told.clinical_status, certainty),
        note=note_of(_UNSURE.get(certainty, ""), ", ".join(detail.reactions) or detail.note),
        organisation=organisation,
        author=author,
        words=(*detail.reactions, detail.note, *displays_of(told.code)),
        detail=detail,
    )


def _detail(told: AllergyIntolerance, certainty: str) -> Allergy:
    nothing = bool(told.code and codes_of((told.code,)) & _NONE_KNOWN)
    substances = (text_of(one.substance) for one in told.reaction)
    return Allergy(
        substance=text_of(told.code) or next(filter(None, substances), ""),
        criticality=told.criticality
        if told.criticality in {"high", "low"} and certainty != "refuted"
        else "",
        certainty=certainty,
        reactions=_reactions(told.reaction),
        severity=_severity(told.reaction),
        onset=told.onset_date_time
        or onset_text(told.onset_age, told.onset_period, told.onset_range, told.onset_string),
        category="none" if nothing else next(iter(told.category), ""),
        note=notes_text(told.note),
        last_seen=told.last_occurrence or max((one.onset for one in told.reaction), default=""),
    )


def flag(raised: Flag, about: About) -> Projected | NotShown | None:
    """Critical information that is no allergy: an implant, an infection (http://hl7.org/fhir/R4/flag.html)."""
    if raised.status == "entered-in-error":
        return NotShown("entered_in_error")
    author, organisation = about.wrote(raised.author)
    title = clipped(text_of(raised.code), TITLE) or "Kritisk informasjon"
    category = ", ".join(texts_of(raised.category))
    warns = not codes_of(raised.category) & _NO_WARNING
    return Projected(
        kind=Kind.ALLERGIES,
        patient=raised.subject,
        title=title,
        at=began(raised.period),
        flag="severe" if warns else "",
        status=raised.status,
        note=note_of(category),
        organisation=organisation,
        author=author,
        words=(category,),
        detail=Allergy(
            substance=title,
            criticality="high" if warns else "",
            onset=began(raised.period),
            category="flag",
        ),
    )


PROJECTIONS: dict[str, Callable[[Any, About], Projected | NotShown | None]] = {
    "AllergyIntolerance": allergy,
    "Flag": flag,
}


def _certainty(verification: CodeableConcept | None) -> str:
    codes = codes_of((verification,)) if verification else set()
    if "entered-in-error" in codes:
        return "entered-in-error"
    return next((_CERTAINTY[code] for code in codes if code in _CERTAINTY), "")


def _status(clinical: CodeableConcept | None, certainty: str) -> str:
    if certainty == "refuted":
        return "refuted"
    codes = codes_of((clinical,)) if clinical else set()
    return next((code for code in ("resolved", "inactive") if code in codes), "active")


def _reactions(reactions: tuple[Reaction, ...]) -> tuple[str, ...]:
    said = [text for one in reactions for text in texts_of(one.manifestation) or [one.description.strip()]]
    return tuple(dict.fromkeys(filter(None, said)))


def _severity(reactions: tuple[Reaction, ...]) -> str:
    """The worst that has happened."""
    seen = {one.severity for one in reactions}
    return next((severity for severity in _SEVERITIES if severity in seen), "")
