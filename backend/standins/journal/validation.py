"""What the journal takes in: a transaction of things that it can read, about somebody whom it knows."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl

from standins.journal.messages import is_by_citizen, message_id
from standins.journal.taken import Resource

# http://hl7.org/fhir/R4/: elements that must be there, of what a citizen sends.
_MUST = {
    "Consent": ("status", "scope", "category", "patient"),
    "Task": ("status", "intent", "for"),
    "Communication": ("status", "subject"),
    "QuestionnaireResponse": ("status", "questionnaire", "subject", "author", "authored"),
}
_SUBJECT = {
    "Consent": "patient",
    "Task": "for",
    "Communication": "subject",
    "QuestionnaireResponse": "subject",
}
_OURS_ALONE = ("urn:innsyn:person", "urn:innsyn:entry")


class Invalid(Exception):
    """Why it is not taken in: an HTTP status, a code of http://hl7.org/fhir/R4/valueset-issue-type.html, words."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(words)
        self.status, self.code = status, code


class Wish:
    """One entry of a transaction: what to make, unless there is something with this identifier already."""

    def __init__(self, entry: Any, knows: Callable[[str], bool]) -> None:  # noqa: ANN401 - whatever was sent
        self.resource: Resource = _member(entry, "resource")
        request = _member(entry, "request")
        self.kind = str(self.resource.get("resourceType", ""))
        if request.get("method") != "POST" or request.get("url") != self.kind:
            raise Invalid(400, "not-supported", "an entry is a POST to the type of its resource")
        if self.kind not in _MUST:
            raise Invalid(422, "not-supported", f"nothing is sent in as {self.kind or 'nothing'}")
        self.identifier = _condition(str(request.get("ifNoneExist", "")))
        if self.identifier not in _identifiers(self.resource):
            raise Invalid(422, "invariant", "the resource has not the identifier of its condition")
        _must_be_whole(self.kind, self.resource)
        _must_be_known(self.kind, self.resource, knows)
        if self.kind == "QuestionnaireResponse":
            _must_answer(self.resource, knows)
        if message_id(self.resource):
            _must_say(self.resource)


def wishes_in(bundle: Any, knows: Callable[[str], bool]) -> list[Wish]:  # noqa: ANN401 - whatever was sent
    """The entries of a transaction. Raises Invalid for the first that can not be taken in: it is all or nothing."""
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        raise Invalid(400, "structure", "a Bundle is what is posted here")
    if bundle.get("type") != "transaction" or not bundle.get("entry"):
        raise Invalid(400, "structure", "the Bundle is no transaction with entries")
    return [Wish(entry, knows) for entry in bundle["entry"]]


def _member(entry: Any, name: str) -> dict[str, Any]:  # noqa: ANN401 - whatever was sent
    found = entry.get(name) if isinstance(entry, dict) else None
    if not isinstance(found, dict):
        raise Invalid(400, "structure", f"an entry lacks its {name}")
    return found


def _condition(query: str) -> tuple[str, str]:
    asked = parse_qsl(query)
    if len(asked) != 1 or asked[0][0] != "identifier":
        raise Invalid(
            422, "business-rule", "what is sent in has a condition: ifNoneExist=identifier=system|value"
        )
    system, bar, value = asked[0][1].partition("|")
    if not (system and bar and value):
        raise Invalid(422, "business-rule", "the condition names a system and a value")
    return system, value


def _identifiers(resource: Resource) -> set[tuple[str, str]]:
    told = resource.get("identifier", [])
    listed = told if isinstance(told, list) else [told]
    return {(str(one.get("system")), str(one.get("value"))) for one in listed if isinstance(one, dict)}


def _must_be_whole(kind: str, resource: Resource) -> None:
    for name in _MUST[kind]:
        if not resource.get(name):
            raise Invalid(422, "required", f"{kind}.{name} is missing")


def _must_be_known(kind: str, resource: Resource, knows: Callable[[str], bool]) -> None:
    subject = resource[_SUBJECT[kind]]
    if not str(subject.get("reference", "")).startswith("Patient/"):
        raise Invalid(422, "value", f"{kind}.{_SUBJECT[kind]} is no reference to a Patient")
    for value in _objects(resource):
        if value.get("system") in _OURS_ALONE:
            raise Invalid(422, "value", f"the journal knows no {value['system']}")
        reference = value.get("reference")
        if isinstance(reference, str) and not knows(reference):
            raise Invalid(422, "not-found", "a reference leads to nothing")


def _must_answer(response: Resource, knows: Callable[[str], bool]) -> None:
    """A finished answer to a form that the journal has, in which every item says which it is."""
    if response["status"] not in {"completed", "amended"}:
        raise Invalid(422, "value", "an answer that is sent in is completed or amended")
    if not knows(str(response["questionnaire"])):
        raise Invalid(422, "not-found", "the journal has no such Questionnaire")
    items = list(response.get("item", []))
    while items:
        item = items.pop()
        if not isinstance(item, dict) or not item.get("linkId"):
            raise Invalid(422, "required", "QuestionnaireResponse.item.linkId is missing")
        items += item.get("item", [])
        items += [below for answer in item.get("answer", []) for below in answer.get("item", [])]


def _must_say(message: Resource) -> None:
    """A message by the citizen or a helper, sent at a moment, with text or files in it and nothing else."""
    payload = message.get("payload")
    if not message.get("sent") or not isinstance(payload, list) or not payload:
        raise Invalid(422, "required", "a message has Communication.sent and Communication.payload")
    if not is_by_citizen(message):
        raise Invalid(422, "value", "a message that is sent in is from the citizen or a helper")
    for part in payload:
        text, file = (_of(part, name) for name in ("contentString", "contentAttachment"))
        is_text = isinstance(text, str) and text.strip()
        is_file = isinstance(file, dict) and file.get("contentType") and file.get("data")
        if not (is_text or is_file):
            raise Invalid(422, "value", "a part of a message is text, or a file with its type and data")


def _of(part: Any, name: str) -> Any:  # noqa: ANN401 - whatever was sent
    return part.get(name) if isinstance(part, dict) else None


def _objects(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _objects(each)
    elif isinstance(value, list):
        for each in value:
            yield from _objects(each)
