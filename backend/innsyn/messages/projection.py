"""Communication: one message, or (MedCom's) a thread with the messages that it has so far.

Shape of ours: identifier urn:uuid of the message, partOf the thread, inResponseTo what it answers. Others without a
thread of their own are in the thread of what they answer, or begin one. http://hl7.org/fhir/R4/communication.html
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

import msgspec

from innsyn.journal.fhir.care import Binary
from innsyn.journal.fhir.datatypes import Attachment, Reference
from innsyn.journal.fhir.messages import (
    AUTHOR,
    KIND,
    SEGMENT,
    SENSITIVE_SENDER,
    SENT_AT,
    Communication,
    Payload,
    PayloadExtension,
    Role,
)
from innsyn.journal.fhir.reading import clipped, code_in, instant, text_of
from innsyn.journal.lookup import name_of
from innsyn.journal.projected import About, Beside, Common, NotShown, Unfit
from innsyn.messages import standing, units
from innsyn.messages.naming import name_in, sent_as, thread_named, uuid_in
from innsyn.messages.said import File, Message, Said
from innsyn.messages.standing import ref_of

KINDS: Final = frozenset({"question", "prescription", "appointment", "why", "wrong", "word", "other"})
CITIZEN, UNIT = "citizen", "unit"
_KIND: Final = "Communication"
_BY_CITIZEN: Final = frozenset({"Patient", "RelatedPerson", "Person"})
# http://hl7.org/fhir/R4/valueset-event-status.html: written, and not (to be) sent.
_NOT_SENT: Final = frozenset({"preparation", "not-done"})
_NAME, _TOPIC = 200, 200
_MOST_WORDS: Final = 1_000_000
_MOST_PARTS: Final = 500
_DEEPEST: Final = 50


def communication(said: Communication, about: About) -> Beside | NotShown | Unfit | None:
    """The messages of a Communication. One that is taken back says so, and no longer what it said."""
    if said.status in _NOT_SENT:
        return NotShown("not_sent")
    if (
        len(said.payload) > _MOST_PARTS
        or sum(len(each.content_string) for each in said.payload) > _MOST_WORDS
    ):
        return Unfit("message_too_long", f"more than {_MOST_PARTS} parts or {_MOST_WORDS} characters")
    segments = [each for each in said.payload if _segment(each)]
    messages = _segmented(said, segments, about) if segments else (_single(said, about),)
    if not any(each.text or each.files or each.is_recalled for each in messages):
        return NotShown("empty_message")
    return Beside(patient=said.subject, row=Said(messages, sent_as(said.identifier)))


PROJECTIONS: dict[str, Callable[[Any, About], Beside | Common | NotShown | Unfit | None]] = {
    "Communication": communication,
    "Task": standing.told,
    "HealthcareService": units.unit,
}


def _single(said: Communication, about: About) -> Message:
    is_recalled = said.status == "entered-in-error"
    sender, recipient = said.sender, _first_unit(said.recipient)
    by_citizen = _is_citizen(sender)
    author, unit, unit_ref = _wrote(sender, about)
    handed = None if by_citizen or any(map(_is_citizen, said.recipient)) else recipient
    if by_citizen:
        unit, unit_ref = _unit(recipient, about)
    handed_to, handed_ref = _unit(handed, about)
    about_kind, _, about_id = next((ref for each in said.about if (ref := ref_of(each))), "").partition("/")
    return Message(
        name=_own_name(said),
        thread=_thread(said, about),
        answers=_answers(said, about),
        sent_at=_when(said, about.recorded),
        side=CITIZEN if by_citizen else UNIT,
        author=clipped(author, _NAME),
        unit_ref=unit_ref,
        unit=clipped(unit, _NAME),
        handed_to_ref=handed_ref,
        handed_to=clipped(handed_to, _NAME),
        kind=next((code for each in said.category if (code := code_in(each, KIND)) in KINDS), ""),
        topic=clipped(text_of(said.topic), _TOPIC),
        about_kind=about_kind,
        about_id=about_id,
        is_sensitive=_is_sensitive(said),
        is_recalled=is_recalled,
        text="" if is_recalled else _text(said.payload),
        files=() if is_recalled else _files(said.payload, about),
    )


def _segmented(said: Communication, segments: Iterable[Payload], about: About) -> tuple[Message, ...]:
    """A file is a segment of its own: it belongs to the text that was sent by the same at the same time."""
    thread = name_in(said.identifier) or f"ref:{_KIND}/{said.id}"
    parts: dict[tuple[str, str], list[Payload]] = {}
    for each in segments:
        by = _extension(each, AUTHOR)
        at = _extension(each, SENT_AT)
        key = (at.value_date_time if at else "", name_of(by.value_reference) if by else "")
        told = parts.setdefault(key, [])
        if each.content_string and any(one.content_string for one in told):
            parts[(key[0], f"{key[1]}|{_segment(each)}")] = [each]
        else:
            told.append(each)
    return tuple(_segment_message(said, thread, each, about) for each in parts.values())


def _segment_message(said: Communication, thread: str, parts: list[Payload], about: About) -> Message:
    first = next((each for each in parts if each.content_string), parts[0])
    by, at = _extension(first, AUTHOR), _extension(first, SENT_AT)
    whole = _single(msgspec.structs.replace(said, payload=tuple(parts), recipient=()), about)
    author, unit, unit_ref = _wrote(by.value_reference if by else None, about)
    told = instant(at.value_date_time) if at else None
    return msgspec.structs.replace(
        whole,
        name=f"id:{thread}|{_segment(first)}",
        thread=thread,
        answers="",
        sent_at=min(told, about.recorded) if told else whole.sent_at,
        side=UNIT,
        author=clipped(author, _NAME),
        unit=clipped(unit or _assigner(first, about), _NAME),
        unit_ref=unit_ref,
    )


def _segment(part: Payload) -> str:
    found = _extension(part, SEGMENT)
    return found.value_identifier.value if found and found.value_identifier else ""


def _extension(part: Payload, url: str) -> PayloadExtension | None:
    return next((each for each in part.extension if each.url == url), None)


def _assigner(part: Payload, about: About) -> str:
    found = _extension(part, SEGMENT)
    by = found.value_identifier.assigner if found and found.value_identifier else None
    return about.organisation(by) if by else ""


def _own_name(said: Communication) -> str:
    own = uuid_in(said.identifier)
    return str(own) if own else f"ref:{_KIND}/{said.id}"


def _thread(said: Communication, about: About) -> str:
    """Of the thread that it tells, or that what it is part of or answers tells; '' where nobody here does."""
    seen = 0
    while seen < _DEEPEST:
        told = said.part_of[0] if said.part_of else None
        if told is not None and (told.identifier is not None or not _is_communication(told)):
            return thread_named((told,))
        above = about.find(told or next(iter(said.in_response_to), None), _KIND, Communication)
        if above is None:
            return "" if told is None else thread_named((told,))
        if not (above.part_of or above.in_response_to):
            return _own_name(above)
        said, seen = above, seen + 1
    return ""


def _answers(said: Communication, about: About) -> str:
    for each in said.in_response_to:
        found = about.find(each, _KIND, Communication)
        return _own_name(found) if found else thread_named((each,))
    return ""


def _is_communication(reference: Reference) -> bool:
    return name_of(reference).startswith(f"{_KIND}/")


def _is_citizen(reference: Reference | None) -> bool:
    if reference is None:
        return False
    return (reference.type or name_of(reference).partition("/")[0].partition("?")[0]) in _BY_CITIZEN


def _first_unit(references: Iterable[Reference]) -> Reference | None:
    return next((each for each in references if not _is_citizen(each)), None)


def _wrote(reference: Reference | None, about: About) -> tuple[str, str, str]:
    """(author, unit, Kind/id of the unit). Of a role in a service, that service."""
    if reference is None or _is_citizen(reference):
        return (about.practitioner(reference) if reference else ""), "", ""
    role = about.find(reference, "PractitionerRole", Role)
    service = next(iter(role.healthcare_service), None) if role else None
    unit, unit_ref = _unit(service or reference, about)
    is_person = role is not None or not unit
    return (about.practitioner(reference) if is_person else ""), unit, unit_ref


def _unit(reference: Reference | None, about: About) -> tuple[str, str]:
    if reference is None:
        return "", ""
    return about.organisation(reference) or reference.display, ref_of(reference)


def _when(said: Communication, recorded: datetime) -> datetime:
    """A clock that goes ahead must not put it before what is written later."""
    told = instant(said.sent) or instant(said.received)
    return min(told, recorded) if told else recorded


def _is_sensitive(said: Communication) -> bool:
    return any(each.system == SENSITIVE_SENDER for each in (said.meta.security if said.meta else ()))


def _text(payload: Iterable[Payload]) -> str:
    parts = (each.content_string or _display(each.content_reference) for each in payload)
    return "\n\n".join(part for each in parts if (part := each.replace("\0", "").strip()))


def _display(reference: Reference | None) -> str:
    return reference.display if reference else ""


def _files(payload: Iterable[Payload], about: About) -> tuple[File, ...]:
    told = (each.content_attachment for each in payload)
    return tuple(_file(each, about) for each in told if each is not None)


def _file(attachment: Attachment, about: About) -> File:
    data: str | None = attachment.data
    if not data and attachment.url:
        binary = about.find(Reference(reference=attachment.url), "Binary", Binary)
        data = binary.data if binary else None
    return File(attachment.title, attachment.content_type, data)
