"""The values of a form: what type a question is answered with, and whether a value is of it."""

import re
from decimal import Decimal
from typing import Final, TypeAlias

from innsyn.forms.engine.model import Type
from innsyn.forms.engine.reading import limits
from innsyn.forms.engine.reading.source import DisplayedCoding, EnableWhen, Initial
from innsyn.forms.engine.values import Coding, Value

_FIELDS: Final = (
    "boolean",
    "decimal",
    "integer",
    "date",
    "date_time",
    "time",
    "string",
    "uri",
    "coding",
    "quantity",
    "attachment",
    "reference",
)
# What each type is answered with; the first is the type's own name for it.
ANSWERED_WITH: Final[dict[Type, tuple[str, ...]]] = {
    Type.BOOLEAN: ("boolean",),
    Type.DECIMAL: ("decimal", "integer"),
    Type.INTEGER: ("integer",),
    Type.DATE: ("date",),
    Type.DATE_TIME: ("date_time", "date"),
    Type.TIME: ("time",),
    Type.STRING: ("string",),
    Type.TEXT: ("string",),
    Type.URL: ("uri", "string"),
    Type.CHOICE: ("coding", "string", "integer", "date", "time", "reference"),
    Type.OPEN_CHOICE: ("coding", "string", "integer", "date", "time", "reference"),
    Type.ATTACHMENT: ("attachment",),
    Type.REFERENCE: ("reference",),
    Type.QUANTITY: ("quantity",),
}
_SHAPES: Final = {
    "date": re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?"),
    "date_time": re.compile(
        r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01])"
        r"(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?)?)?"
    ),
    "time": re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:\.\d+)?)?"),
}
Whatever: TypeAlias = EnableWhen | Initial


def kind_of(said: Whatever) -> str:
    """Which value[x] or answer[x] it has, '' without one."""
    prefix = "answer_" if isinstance(said, EnableWhen) else "value_"
    return next((name for name in _FIELDS if getattr(said, prefix + name, None) is not None), "")


def kind_of_value(value: Value) -> str:
    """The same of a value that has been read."""
    return next((name for name in _FIELDS if getattr(value, f"value_{name}", None) is not None), "")


def value_of(said: Whatever, kind: str, wanted: str) -> Value:
    """Its value of `kind`, as the question wants it: an integer for a decimal is a decimal."""
    prefix = "answer_" if isinstance(said, EnableWhen) else "value_"
    value = getattr(said, prefix + kind)
    if kind == "integer" and wanted == "decimal":
        value = Decimal(value)
    return Value(**{f"value_{wanted if wanted in {'decimal', 'date_time', 'uri'} else kind}": value})


def is_well_formed(kind: str, value: object) -> bool:
    """Is the text of a date or a time one, and a number one that can be worked with?"""
    if kind in _SHAPES:
        return isinstance(value, str) and _SHAPES[kind].fullmatch(value) is not None
    if isinstance(value, Decimal):
        return is_number(value)
    return True


def is_number(value: Decimal) -> bool:
    """A number with few enough digits to be written out."""
    if not value.is_finite():
        return False
    exponent = value.as_tuple().exponent
    return (
        isinstance(exponent, int)
        and abs(exponent) <= limits.DIGITS
        and len(value.as_tuple().digits) <= limits.DIGITS
    )


def coding_of(said: DisplayedCoding, extension: list[dict[str, object]]) -> Coding:
    """A Coding as an answer has it."""
    return Coding(
        extension=extension, system=said.system, version=said.version, code=said.code, display=said.display
    )
