"""Answers as FHIR R4 has them: QuestionnaireResponse.item, read and written as it stands.

http://hl7.org/fhir/R4/questionnaireresponse.html. A draft is kept in the same shape, so a new version of its form finds
every answer by linkId.
"""

from decimal import Decimal
from typing import Any, Final, TypeAlias

import msgspec

Extension: TypeAlias = dict[str, Any]


class Coding(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """http://hl7.org/fhir/R4/datatypes.html#Coding. Scores stand in `extension` (ordinalValue)."""

    extension: list[Extension] = []
    system: str = ""
    version: str = ""
    code: str = ""
    display: str = ""


class Quantity(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """http://hl7.org/fhir/R4/datatypes.html#Quantity."""

    value: Decimal | None = None
    comparator: str = ""
    unit: str = ""
    system: str = ""
    code: str = ""


class Attachment(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """http://hl7.org/fhir/R4/datatypes.html#Attachment. In a draft `url` is `urn:uuid:` of the file that is kept."""

    content_type: str = ""
    url: str = ""
    size: int = 0
    title: str = ""
    data: str = ""


class Reference(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """http://hl7.org/fhir/R4/references.html."""

    reference: str = ""
    type: str = ""
    display: str = ""


class Value(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """One value[x]: at most one of these is there. Dates and times are FHIR's text (partial dates too)."""

    value_boolean: bool | None = None
    value_decimal: Decimal | None = None
    value_integer: int | None = None
    value_date: str | None = None
    value_date_time: str | None = None
    value_time: str | None = None
    value_string: str | None = None
    value_uri: str | None = None
    value_coding: Coding | None = None
    value_quantity: Quantity | None = None
    value_attachment: Attachment | None = None
    value_reference: Reference | None = None


class Answer(Value, frozen=True, omit_defaults=True, rename="camel"):
    """A value, and the items below the question. `typed`: what was typed and is no such value; it never leaves us."""

    typed: str = ""
    item: "list[Node]" = []


class Node(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """An item of the response: a repeating group is several nodes with one linkId, a repeating question one node."""

    link_id: str
    answer: list[Answer] = []
    item: "list[Node]" = []


Answers: TypeAlias = list[Node]

VALUE_FIELDS: Final = Value.__struct_fields__
read_answers = msgspec.json.Decoder(Answers, float_hook=Decimal).decode
_encode = msgspec.json.Encoder(decimal_format="number")


def write_answers(answers: Answers) -> bytes:
    """What `read_answers` reads, numbers as numbers: 1.50 stays 1.50."""
    return _encode.encode(answers)


def plain(answers: Answers) -> list[dict[str, Any]]:
    """As FHIRPath wants them: QuestionnaireResponse.item as dicts, with Decimal where a number has decimals."""
    made: list[dict[str, Any]] = msgspec.to_builtins(answers, builtin_types=(Decimal,))
    return made
