"""A form as the engine knows it: read once from a Questionnaire (engine/reading), then only asked."""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

import msgspec

from innsyn.forms.engine.values import Coding, Value


class Type(StrEnum):
    """http://hl7.org/fhir/R4/valueset-item-type.html, without `question` (which nobody can answer)."""

    GROUP = "group"
    DISPLAY = "display"
    BOOLEAN = "boolean"
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATE = "date"
    DATE_TIME = "dateTime"
    TIME = "time"
    STRING = "string"
    TEXT = "text"
    URL = "url"
    CHOICE = "choice"
    OPEN_CHOICE = "open-choice"
    ATTACHMENT = "attachment"
    REFERENCE = "reference"
    QUANTITY = "quantity"


class Control(StrEnum):
    """How an item wants to be shown (questionnaire-itemControl and the Norwegian ones), as far as we know it."""

    NONE = ""
    RADIO = "radio-button"
    CHECK_BOX = "check-box"
    DROP_DOWN = "drop-down"
    AUTOCOMPLETE = "autocomplete"
    SLIDER = "slider"
    YEAR = "year"
    YEAR_MONTH = "yearMonth"
    INLINE = "inline"
    HIGHLIGHT = "highlight"
    SIDEBAR = "sidebar"
    RECEIVER = "receiver-component"
    DATA_RECEIVER = "data-receiver"
    LIST = "list"
    TABLE = "table"
    HTABLE = "htable"
    GTABLE = "gtable"
    ATABLE = "atable"
    GRID = "grid"
    STEP = "step"


class Text(msgspec.Struct, frozen=True):
    """A text of the form. `html` is sanitised when the form is read, '' where `plain` says all of it."""

    plain: str = ""
    html: str = ""


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """Something to choose. `text` is what stands beside it; `chosen`: from the beginning."""

    value: Value
    text: str
    prefix: str = ""
    score: Decimal | None = None
    chosen: bool = False
    # Chosen alone: it takes the other answers away (questionnaire-optionExclusive).
    exclusive: bool = False


class Condition(msgspec.Struct, frozen=True):
    """One enableWhen: `question` is the number of an item; `operator` is FHIR's (exists = != > < >= <=)."""

    question: int
    operator: str
    value: Value


class Variable(msgspec.Struct, frozen=True):
    """A named FHIRPath expression, for the item it stands on and all below."""

    name: str
    expression: str


class Constraint(msgspec.Struct, frozen=True):
    """targetConstraint (or questionnaire-constraint, sdf-fhirpathvalidation): true where all is well."""

    key: str
    expression: str
    human: str
    is_error: bool = True


class Item(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """An item of the Questionnaire. `number` is its place in document order, from 0: its name in a page."""

    number: int
    link_id: str
    type: Type
    text: Text = Text()
    # FHIRPath that makes the text while the form is filled in ('' for most; cqf-expression on the text).
    text_expression: str = ""
    prefix: str = ""
    control: Control = Control.NONE
    required: bool = False
    # True also for Norwegian check boxes where the form says nothing of repeats: there several may be chosen.
    repeats: bool = False
    read_only: bool = False
    # The form says that it is required, and nobody who answers can fill it in: it is not `required` of them.
    owed: bool = False
    # Never shown, though it may be calculated, copied or sent; nor is what stands below.
    hidden: bool = False
    # RenderOptions: '' everywhere, 'pdf' only on paper, 'form' only while it is filled in.
    shown_in: str = ""
    min_occurs: int = 0
    max_occurs: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    regex: str = ""
    # The form's own words for what is wrong (validationtext).
    message: str = ""
    # Decimal for numbers, FHIR's text for dates and times; None: no limit. The expressions give the same.
    min_value: Decimal | str | None = None
    max_value: Decimal | str | None = None
    min_expression: str = ""
    max_expression: str = ""
    decimals: int | None = None
    # Attachments: bytes, and media types ('' and () where the form says nothing).
    max_size: int | None = None
    media_types: tuple[str, ...] = ()
    unit: Coding | None = None
    units: tuple[Coding, ...] = ()
    unit_open: bool = False
    options: tuple[Option, ...] = ()
    # A ValueSet to be searched while filling in ('' where `options` are all there is).
    value_set: str = ""
    options_expression: str = ""
    open_label: str = ""
    reference_types: tuple[str, ...] = ()
    initial: tuple[Value, ...] = ()
    initial_expression: str = ""
    calculated: str = ""
    # cqf-expression: shows what has been answered elsewhere in the form.
    copied: str = ""
    # '' | question | section | total: Norwegian scores (http://ehelse.no/scoringFormulas QS, SS, TS).
    score: str = ""
    enable_when: tuple[Condition, ...] = ()
    enable_all: bool = False
    enable_expression: str = ""
    variables: tuple[Variable, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    help: Text = Text()
    sublabel: Text = Text()
    entry_format: str = ""
    repeats_text: str = ""
    short_text: str = ""
    horizontal: bool = False
    slider_step: Decimal | None = None
    # (value, text) below the slider; and what a table calls and orders its columns by.
    slider_labels: tuple[tuple[str, str], ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    ordered_by: str = ""
    items: "tuple[Item, ...]" = ()

    @property
    def asks(self) -> bool:
        """Is there something to answer?"""
        return self.type not in {Type.GROUP, Type.DISPLAY}

    @cached_property
    def fewest(self) -> int:
        """How many fields one instance of it has at the least, itself and those below."""
        return 1 + fewest_of(self.items)

    def all(self) -> "Iterator[Item]":
        """Itself and everything below, in document order."""
        yield self
        for each in self.items:
            yield from each.all()


def fewest_of(items: tuple[Item, ...]) -> int:
    """How many fields there are before anything is added: each group as often as it has to be there."""
    return sum(
        item.fewest * (max(item.min_occurs, 1) if item.repeats and not item.asks else 1) for item in items
    )


class Form(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A Questionnaire that can be filled in here."""

    url: str
    version: str
    title: str
    # The form's number (identifier http://helsenorge.no/fhir/blankett-nummer), '' without one.
    name: str = ""
    language: str = ""
    description: Text = Text()
    # Codes of access/filling.py SYSTEM; () is the standard.
    may_fill: tuple[str, ...] = ()
    # sdf-save-capabilities: '1' what is sent and drafts (also without any), '2' only what is sent, '3' nothing.
    keeps: str = "1"
    # Shown one step at a time: its own wish, or more than a screen can hold (reading says which).
    steps: bool = False
    sidebar: tuple[Text, ...] = ()
    variables: tuple[Variable, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    # Names of launchContext that its expressions use (patient …).
    launch: tuple[str, ...] = ()
    items: tuple[Item, ...]

    @cached_property
    def by_number(self) -> tuple[Item, ...]:
        """Every item at the index of its number."""
        return tuple(item for top in self.items for item in top.all())

    @cached_property
    def by_link(self) -> dict[str, Item]:
        """Every item by its linkId."""
        return {item.link_id: item for item in self.by_number}

    @cached_property
    def parents(self) -> dict[int, Item]:
        """The item that each stands in, by number; items at the top have none."""
        return {below.number: item for item in self.by_number for below in item.items}


class Finding(msgspec.Struct, frozen=True):
    """Something about a Questionnaire, for the operator: a stable key, where (a linkId or '') and in plain words."""

    key: str
    where: str
    words: str


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a Questionnaire. With `refusals` there is no form: it would be wrong for somebody."""

    form: Form | None
    refusals: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
