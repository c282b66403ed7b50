"""Out of FHIR: who is what to whom, from when, until when. What cannot be read says nothing, and so opens nothing."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

import msgspec

from innsyn.access.book.ages import midnight
from innsyn.access.book.facts import Span
from innsyn.access.relations.tables import Says
from innsyn.access.release import NEVER, OPEN
from innsyn.identity.numbers import Number, numbers_in
from innsyn.journal.codes import normal_system
from innsyn.journal.fhir.datatypes import Extension, Identifier, Period, Reference
from innsyn.journal.fhir.kin import Consent, Kin, Provision
from innsyn.journal.fhir.reading import OSLO, given_name, human_name, instant
from innsyn.journal.lookup import name_of

T = TypeVar("T")

FAMILY = "http://hl7.no/fhir/CodeSystem/no-basis-family-relation"
RESPONSIBILITY = "http://hl7.no/fhir/CodeSystem/no-basis-parental-responsibility"
ROLE = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
CONTACT_ROLE = "http://terminology.hl7.org/CodeSystem/v2-0131"
# same | shared | other: where the actor is registered, seen from the person (shared: "delt bosted").
RESIDENCE = "urn:innsyn:residence"
CONFIDENTIALITY = "urn:innsyn:address-confidentiality"
CONSENT = "urn:innsyn:consent"

_PARENTS = frozenset({"mor", "far", "medmor"})
_AT_HOME = frozenset({"same", "shared"})
# The population register's words, NHN's for the same, and the old codes. What is none of these is taken for secret.
_NOT_SECRET = frozenset({"unclassified", "ugradert", "clientaddress", "klientadresse", "0", "4"})
_SAID_BY_CONSENT = {"lacks-competence": Says.CERTIFICATE, "youth-access": Says.CONSENT}
# Years that leave room to count on.
_EARLIEST, _LATEST = 1850, 9000
_DAY, _MONTH, _YEAR = 10, 7, 4


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What one resource says. `about` is the name of the Patient it points at; `numbers` are the actor's.

    `subject` is the Patient's own number, where the resource points with that alone.
    """

    about: str
    subject: tuple[Number, ...] = ()
    numbers: tuple[Number, ...] = ()
    name: str = ""
    given: str = ""
    born: date | None = None
    says: Says = Says(0)
    responsibility: bool = False
    lives_with: bool = False
    secret: bool = False
    span: Span = Span()


def told(kind: str, body: bytes | None) -> Told | None:
    """What a RelatedPerson or Consent says; None for one that says nothing (any more).

    A RelatedPerson that is no relation (any more) still tells whose address is secret: then it says nothing else.
    """
    if body is None:
        return None
    if kind == "Consent":
        consent = _read(body, Consent)
        found = _paper(consent) if consent else None
    else:
        kin = _read(body, Kin)
        found = _relation(kin, body) if kin else None
    return found if found and (found.about or found.secret) else None


def is_secret(body: bytes | None) -> bool | None:
    """Is the address of this person confidential (6, 7)? None: that cannot be read, and changes nothing.

    An unknown word counts as yes, and so does a value that we cannot read: it can be mended.
    """
    person = _read(body, dict[str, Any]) if body else None
    if person is None:
        return None
    addresses, whole = _objects(person.get("address", []))
    for each in (person, *addresses):
        extensions, readable = _objects(each.get("extension", []))
        if any(said.get("url") == CONFIDENTIALITY and not _is_open(said) for said in extensions):
            return True
        whole = whole and readable and all(isinstance(said.get("url"), str) for said in extensions)
    return False if whole else None


def _objects(value: object) -> tuple[list[dict[str, Any]], bool]:
    """The objects of a list, and whether it is a list of nothing else."""
    every = value if isinstance(value, list) else []
    objects = [each for each in every if isinstance(each, dict)]
    return objects, isinstance(value, list) and len(objects) == len(every)


def _is_open(extension: dict[str, Any]) -> bool:
    """Does it say, in words that we know and in nothing else, that anybody may know the address?"""
    values = [value for name, value in extension.items() if name not in {"id", "url"}]
    values = [value for value in values if value not in (None, "", [])]
    return len(values) == 1 and all(
        isinstance(word, str) and word.lower() in _NOT_SECRET for word in _words(extension)
    )


def _words(extension: dict[str, Any]) -> Iterable[object]:
    """The codes that it has; None for one that is not where we look."""
    concept, coding = extension.get("valueCodeableConcept"), extension.get("valueCoding")
    if isinstance(concept, dict):
        codings, whole = _objects(concept.get("coding"))
        return [each.get("code") for each in codings] if codings and whole else [None]
    if isinstance(coding, dict):
        return [coding.get("code")]
    return [extension.get("valueCode") or extension.get("valueString")]


def born(text: str) -> date | None:
    """A whole birth date; None for a part of one, which tells no age."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return believable(day)


def believable(day: date) -> date | None:
    """A day that one can count years from, or None: a birth in the year 9999 is a mistake of somebody's keyboard."""
    return day if _EARLIEST < day.year < _LATEST else None


def _relation(kin: Kin, body: bytes) -> Told | None:
    codes = {
        (normal_system(coding.system), coding.code)
        for concept in kin.relationship
        for coding in concept.coding
    }
    family = {code for system, code in codes if system == normal_system(FAMILY)}
    responsible = {code for system, code in codes if system == normal_system(RESPONSIBILITY)}
    says = Says(0)
    if family & _PARENTS or "andre" in responsible:
        says |= Says.PARENT
    if (normal_system(ROLE), "GUARD") in codes:
        says |= Says.GUARDIAN
    if (normal_system(CONTACT_ROLE), "N") in codes:
        says |= Says.RELATIVE
    span = _span(kin.period)
    about, secret = name_of(kin.patient, "Patient"), is_secret(body)
    numbers = tuple(numbers_in(kin.identifier))
    if secret is None:
        return None
    if not (says and kin.active and span and about):
        return Told(about=about, numbers=numbers, secret=True) if secret and numbers else None
    return Told(
        about=about,
        subject=_numbers(kin.patient),
        numbers=numbers,
        name=human_name(kin.name),
        given=given_name(kin.name),
        born=born(kin.birth_date),
        says=says,
        responsibility=_responsible(family & _PARENTS, responsible),
        lives_with=any(each.url == RESIDENCE and _word(each) in _AT_HOME for each in kin.extension),
        secret=secret,
        span=span,
    )


def _responsible(family: set[str], responsible: set[str]) -> bool:
    """Does this parent have parental responsibility? The code tells who has it, and stands on either of them.

    "felles" is both parents, "mor" the mother alone, "andre" neither: then it is whoever else carries the code.
    """
    if family:
        return "felles" in responsible or bool(family & responsible)
    return "andre" in responsible


def _paper(consent: Consent) -> Told | None:
    says = Says(0)
    for concept in consent.category:
        for coding in concept.coding:
            if coding.system == CONSENT:
                says |= _SAID_BY_CONSENT.get(coding.code, Says(0))
    provision = consent.provision or Provision()
    period = provision.period or Period()
    span = _span(Period(start=period.start or consent.date_time, end=period.end))
    # One paper says one thing. Without a date nobody knows for how long it counts.
    if (
        consent.status != "active"
        or provision.type == "deny"
        or len(says) != 1
        or not span
        or span.since == OPEN
    ):
        return None
    # One actor is one person. Of several the paper tells of none: a certificate opens to nobody by guessing whom.
    actors = {number for each in provision.actor for number in _numbers(each.reference)}
    return Told(
        about=name_of(consent.patient, "Patient"),
        subject=_numbers(consent.patient),
        numbers=tuple(actors) if len(actors) == 1 else (),
        says=says,
        span=span,
    )


def _numbers(reference: Reference | None) -> tuple[Number, ...]:
    identifier: Identifier | None = reference.identifier if reference else None
    return tuple(numbers_in([identifier])) if identifier else ()


def _span(period: Period | None) -> Span | None:
    """The time that a period says, its last day whole; None where it says something that cannot be read."""
    start, end = (period.start, period.end) if period else ("", "")
    since = _moment(start) if start else OPEN
    until = _over(end) if end else NEVER
    return Span(since, until) if since and until and since < until else None


def _over(text: str) -> datetime | None:
    """When it is over: http://hl7.org/fhir/R4/datatypes.html#Period, the end includes the whole day, month or year."""
    begun = _moment(text)
    if begun is None or len(text) not in {_YEAR, _MONTH, _DAY}:
        return begun
    first = begun.astimezone(OSLO).date()
    days = {_YEAR: 366, _MONTH: 31, _DAY: 1}[len(text)]
    following = first + timedelta(days=days)
    if len(text) == _YEAR:
        following = following.replace(month=1, day=1)
    return midnight(following.replace(day=1) if len(text) == _MONTH else following)


def _moment(text: str) -> datetime | None:
    at = instant(text)
    return at.astimezone(UTC) if at and _EARLIEST < at.year < _LATEST else None


def _word(extension: Extension) -> str:
    codings = [extension.value_coding] if extension.value_coding else []
    codings += extension.value_codeable_concept.coding if extension.value_codeable_concept else ()
    words = (extension.value_code, extension.value_string, *(coding.code for coding in codings))
    return next(filter(None, words), "")


def _read(body: bytes, as_: type[T]) -> T | None:
    try:
        return msgspec.json.decode(body, type=as_)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
