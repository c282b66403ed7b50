"""A Questionnaire as it arrives: only what is used of it, with its types. What is not here is not looked at."""

from decimal import Decimal
from typing import Any

import msgspec

from innsyn.forms.engine.values import Attachment, Coding, Quantity, Reference


class _Element(msgspec.Struct, frozen=True, rename="camel"):
    """Whatever may have extensions."""


class Expression(_Element, frozen=True):
    """http://hl7.org/fhir/R4/metadatatypes.html#Expression."""

    language: str = ""
    expression: str = ""
    name: str = ""


class CodeableConcept(_Element, frozen=True):
    """http://hl7.org/fhir/R4/datatypes.html#CodeableConcept."""

    coding: list[Coding] = []
    text: str = ""


class Primitive(_Element, frozen=True):
    """What stands beside a value (`_text`): its extensions."""

    extension: "list[Extension]" = []


class Extension(_Element, frozen=True):
    """One extension: at most one value, or more extensions."""

    url: str = ""
    extension: "list[Extension]" = []
    value_boolean: bool | None = None
    value_decimal: Decimal | None = None
    value_integer: Decimal | None = None
    value_positive_int: Decimal | None = None
    value_unsigned_int: Decimal | None = None
    value_string: str | None = None
    value_markdown: str | None = None
    value_code: str | None = None
    value_id: str | None = None
    value_uri: str | None = None
    value_url: str | None = None
    value_canonical: str | None = None
    value_date: str | None = None
    value_date_time: str | None = None
    value_instant: str | None = None
    value_time: str | None = None
    value_coding: Coding | None = None
    value_codeable_concept: CodeableConcept | None = None
    value_quantity: Quantity | None = None
    value_reference: Reference | None = None
    value_expression: Expression | None = None
    beside_string: Primitive | None = msgspec.field(default=None, name="_valueString")
    beside_date: Primitive | None = msgspec.field(default=None, name="_valueDate")
    beside_date_time: Primitive | None = msgspec.field(default=None, name="_valueDateTime")
    beside_integer: Primitive | None = msgspec.field(default=None, name="_valueInteger")
    beside_decimal: Primitive | None = msgspec.field(default=None, name="_valueDecimal")


class DisplayedCoding(_Element, frozen=True):
    """A Coding with what stands beside its display."""

    extension: list[Extension] = []
    system: str = ""
    version: str = ""
    code: str = ""
    display: str = ""
    beside_display: Primitive | None = msgspec.field(default=None, name="_display")


class AnswerOption(_Element, frozen=True):
    """Questionnaire.item.answerOption."""

    extension: list[Extension] = []
    value_coding: DisplayedCoding | None = None
    value_string: str | None = None
    value_integer: int | None = None
    value_date: str | None = None
    value_time: str | None = None
    value_reference: Reference | None = None
    beside_string: Primitive | None = msgspec.field(default=None, name="_valueString")
    initial_selected: bool = False


class EnableWhen(_Element, frozen=True):
    """Questionnaire.item.enableWhen."""

    question: str = ""
    operator: str = ""
    answer_boolean: bool | None = None
    answer_decimal: Decimal | None = None
    answer_integer: int | None = None
    answer_date: str | None = None
    answer_date_time: str | None = None
    answer_time: str | None = None
    answer_string: str | None = None
    answer_coding: Coding | None = None
    answer_quantity: Quantity | None = None
    answer_reference: Reference | None = None
    # STU3's way to say `exists`.
    has_answer: bool | None = None


class Initial(_Element, frozen=True):
    """Questionnaire.item.initial."""

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


class SourceItem(_Element, frozen=True):
    """Questionnaire.item. `option`, `options` and `disabled_display` are of other releases of FHIR."""

    link_id: str = ""
    type: str = ""
    text: str = ""
    prefix: str = ""
    required: bool = False
    # None: not said.
    repeats: bool | None = None
    read_only: bool = False
    max_length: int | None = None
    answer_value_set: str = ""
    code: list[Coding] = []
    extension: list[Extension] = []
    modifier_extension: list[Extension] = []
    enable_when: list[EnableWhen] = []
    enable_behavior: str = ""
    answer_option: list[AnswerOption] = []
    initial: list[Initial] = []
    item: "list[SourceItem]" = []
    beside_text: Primitive | None = msgspec.field(default=None, name="_text")
    option: Any = None
    options: Any = None
    answer_constraint: Any = None
    disabled_display: Any = None


class Identifier(_Element, frozen=True):
    """http://hl7.org/fhir/R4/datatypes.html#Identifier."""

    system: str = ""
    value: str = ""


class Meta(_Element, frozen=True):
    """http://hl7.org/fhir/R4/resource.html#Meta."""

    security: list[Coding] = []
    profile: list[str] = []


class Source(_Element, frozen=True):
    """The Questionnaire."""

    resource_type: str = ""
    id: str = ""
    url: str = ""
    identifier: list[Identifier] = []
    version: str = ""
    name: str = ""
    title: str = ""
    status: str = ""
    language: str = ""
    description: str = ""
    meta: Meta = Meta()
    extension: list[Extension] = []
    modifier_extension: list[Extension] = []
    contained: list[msgspec.Raw] = []
    implicit_rules: str = ""
    item: list[SourceItem] = []
    beside_title: Primitive | None = msgspec.field(default=None, name="_title")
    beside_description: Primitive | None = msgspec.field(default=None, name="_description")


class Concept(_Element, frozen=True):
    """A code of a value set; `contains` only in an expansion."""

    system: str = ""
    version: str = ""
    code: str = ""
    display: str = ""
    abstract: bool = False
    inactive: bool = False
    extension: list[Extension] = []
    contains: "list[Concept]" = []


class Include(_Element, frozen=True):
    """ValueSet.compose.include."""

    system: str = ""
    version: str = ""
    concept: list[Concept] = []
    filter: Any = None
    value_set: list[str] = []


class Compose(_Element, frozen=True):
    """ValueSet.compose."""

    include: list[Include] = []
    exclude: list[Include] = []


class Expansion(_Element, frozen=True):
    """ValueSet.expansion."""

    contains: list[Concept] = []


class ValueSet(_Element, frozen=True):
    """A value set, contained in the form or given from outside."""

    resource_type: str = ""
    id: str = ""
    url: str = ""
    version: str = ""
    status: str = ""
    compose: Compose | None = None
    expansion: Expansion | None = None


read_source = msgspec.json.Decoder(Source).decode
read_value_set = msgspec.json.Decoder(ValueSet).decode
