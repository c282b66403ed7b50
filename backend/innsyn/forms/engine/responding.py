"""What leaves: a FHIR R4 QuestionnaireResponse of what is asked and answered.

http://hl7.org/fhir/R4/questionnaireresponse.html. Nothing of what could not be read, or of what is disabled, is in it;
what is hidden or worked out here is. Groups without answers are left out, and so is every list without anything in it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import msgspec

from innsyn.forms.engine.checking import is_answered
from innsyn.forms.engine.model import Form, Type
from innsyn.forms.engine.state import Field, Filled
from innsyn.forms.engine.values import Answer, Answers, Node, read_answers
from innsyn.journal.fhir.consent import PERSON

# http://hl7.org/fhir/StructureDefinition/event-basedOn: R4's own basedOn of a response knows no Task.
_BASED_ON: Final = "http://hl7.org/fhir/StructureDefinition/event-basedOn"
# Of an item that the form demands and that has no answer: http://hl7.org/fhir/R4/extension-data-absent-reason.html.
ABSENT: Final = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
# http://hl7.org/fhir/R4/valueset-data-absent-reason.html: "The workflow didn't lead to this value being known."
_NOT_ASKED: Final = "not-asked"
_encode: Final = msgspec.json.Encoder(decimal_format="number").encode


class Meta(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a response is about and from, when (aware), and which Task it answers (its FHIR Identifier, {} for none).

    `subject` and `author` are the identifiers of persons here. `files` has what is in each attachment, as base64 by the
    address it has in the draft: with it the file goes along and the address, which says nothing outside, does not.
    """

    subject: str
    author: str
    authored: datetime
    task: Mapping[str, str] = {}
    files: Mapping[str, str] = {}


def response_of(filled: Filled, *, about: Meta) -> bytes:
    """The QuestionnaireResponse as JSON; decimals as they were typed (1.50 stays 1.50)."""
    response: dict[str, Any] = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": canonical_of(filled.form),
        "status": "completed",
        "subject": _person(about.subject),
        "authored": about.authored.isoformat(),
        "author": _person(about.author),
        "source": _person(about.author),
        "item": _items(filled.fields, about.files),
    }
    if about.task:
        task = {"type": "Task", "identifier": dict(about.task)}
        response["extension"] = [{"url": _BASED_ON, "valueReference": task}]
    return _encode({name: value for name, value in response.items() if value})


def canonical_of(form: Form) -> str:
    """`url|version`, as http://hl7.org/fhir/R4/datatypes.html#canonical has it."""
    return f"{form.url}|{form.version}" if form.version else form.url


def _person(identifier: str) -> dict[str, Any]:
    return {"identifier": {"system": PERSON, "value": identifier}}


def _items(fields: Iterable[Field], files: Mapping[str, str]) -> list[dict[str, Any]]:
    return [made for field in fields if field.enabled and (made := _item(field, files))]


def _item(field: Field, files: Mapping[str, str]) -> dict[str, Any] | None:
    below = _items(field.fields, files)
    held: dict[str, Any]
    if not field.item.asks:
        held = {"item": below} if below and field.item.type is Type.GROUP else {}
    else:
        answers = [_answer(answer, files) for answer in field.answers if is_answered(answer)]
        if below:
            # value[x] is 0..1: what is answered below a question without an answer goes along all the same.
            answers[:1] = [{**(answers[0] if answers else {}), "item": below}]
        held = {"answer": answers} if answers else {}
    demanded = field.item.owed or (field.required and not field.item.asks)
    if demanded and not _answers_in(held):
        # R4: "must be present in a completed response". Nobody could answer it, and nothing is made up.
        held["extension"] = [{"url": ABSENT, "valueCode": _NOT_ASKED}]
    if not held:
        return None
    text = {"text": field.text.plain} if field.text.plain.strip() else {}
    return {"linkId": field.item.link_id, **text, **held}


def _answers_in(held: Mapping[str, Any]) -> bool:
    answers = held.get("answer", ())
    if any(len(answer) > ("item" in answer) for answer in answers):
        return True
    return any(_answers_in(each) for part in (held, *answers) for each in part.get("item", ()))


def _answer(answer: Answer, files: Mapping[str, str]) -> dict[str, Any]:
    bare = msgspec.structs.replace(answer, item=[])
    file = answer.value_attachment
    if file is not None and file.url in files:
        sent = msgspec.structs.replace(file, url="", data=files[file.url])
        bare = msgspec.structs.replace(bare, value_attachment=sent)
    made: dict[str, Any] = msgspec.to_builtins(bare, builtin_types=(Decimal,))
    return made


class _Response(msgspec.Struct):
    item: list[Node] = []


_read: Final = msgspec.json.Decoder(_Response, float_hook=Decimal).decode


def answers_in(response: bytes) -> Answers:
    """The answers of a QuestionnaireResponse (texts of items are the form's and left out). Raises ValueError."""
    return read_answers(_encode(_read(response).item))
