"""The limits a form sets to one answer: size, length, pattern, decimals, options, units, files.

Each rule gives the key of what is wrong and the values its text needs, or ('', ()).
"""

from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import re2

from innsyn.forms.engine.model import Control, Item, Type
from innsyn.forms.engine.options import is_searched, key_of, units_of
from innsyn.forms.engine.state import Field
from innsyn.forms.engine.typed import OSLO
from innsyn.forms.engine.values import Answer, Attachment, Quantity

Wrong = tuple[str, tuple[tuple[str, str], ...]]
_FINE: Final[Wrong] = ("", ())
_MEGABYTE: Final = 1_000_000
# What a page may make a link of; and what a citizen writes without one.
_ADDRESS: Final = re2.compile(
    r"(?i)(?:https?://)?[^\s/:?#]+\.[^\s/:?#]+(?::[0-9]+)?(?:[/?#]\S*)?|urn:\S+|mailto:\S+@\S+"
)
_WHOLE_DATE: Final = 10


def wrong_with(field: Field, answer: Answer) -> Wrong:
    """The first thing that is wrong with an answer that has a value, as this field has its limits now."""
    item = field.item
    for rule in (_option, _number, _when, _text, _unit, _file):
        found = rule(field, item, answer)
        if found[0]:
            return found
    return _FINE


def _option(field: Field, item: Item, answer: Answer) -> Wrong:
    if item.type not in {Type.CHOICE, Type.OPEN_CHOICE} or item.value_set:
        return _FINE
    if item.type is Type.OPEN_CHOICE and answer.value_string is not None:
        return _FINE
    if not field.options and not is_searched(item):
        return _FINE
    offered = {key_of(option.value) for option in field.options}
    return _FINE if key_of(answer) in offered else ("not_offered", ())


def _number(_: Field, item: Item, answer: Answer) -> Wrong:
    number = _number_of(answer)
    if number is None:
        return _FINE
    if isinstance(item.min_value, Decimal) and number < item.min_value:
        return "min_number", (("min", _said(item.min_value)),)
    if isinstance(item.max_value, Decimal) and number > item.max_value:
        return "max_number", (("max", _said(item.max_value)),)
    if item.decimals is not None and _decimals(number) > item.decimals:
        return ("decimals", (("n", str(item.decimals)),)) if item.decimals else ("whole_number", ())
    return _FINE


def _number_of(answer: Answer) -> Decimal | None:
    if answer.value_integer is not None:
        return Decimal(answer.value_integer)
    return answer.value_quantity.value if answer.value_quantity else answer.value_decimal


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _said(limit: Decimal | str) -> str:
    if isinstance(limit, Decimal):
        return f"{limit:f}".replace(".", ",")
    day, _, hour = limit.partition("T")
    year, *rest = day.split("-")
    date = ".".join([*(part.lstrip("0") for part in reversed(rest)), year])
    return f"{date} {hour[:5].replace(':', '.')}" if hour else date


def _when(_: Field, item: Item, answer: Answer) -> Wrong:
    when = answer.value_date or answer.value_date_time or answer.value_time
    if when is None:
        return _FINE
    asked = {Control.YEAR: 4, Control.YEAR_MONTH: 7}.get(item.control, _WHOLE_DATE)
    # An option may be a year, and is what it is.
    if item.type is Type.DATE and len(when) < asked:
        return "date_part", ()
    least, most = item.min_value, item.max_value
    if isinstance(least, str) and _is_before(when, least):
        return ("min_time" if answer.value_time else "min_date"), (("min", _limit(answer, least)),)
    if isinstance(most, str) and _is_before(most, when):
        return ("max_time" if answer.value_time else "max_date"), (("max", _limit(answer, most)),)
    return _FINE


def _limit(answer: Answer, limit: str) -> str:
    if answer.value_time:
        return limit[:5].replace(":", ".")
    moment = _moment(limit) if answer.value_date_time and "T" in limit else None
    return _said(moment.astimezone(OSLO).isoformat() if moment else limit)


def _is_before(when: str, limit: str) -> bool:
    if "T" in when and "T" in limit:
        one, other = _moment(when), _moment(limit)
        return one < other if one and other else when < limit
    # A day is within a month that is the limit: only what both say is compared (also of times, which are in order).
    least = min(len(when.partition("T")[0]), len(limit.partition("T")[0]))
    return when[:least] < limit[:least]


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(_: Field, item: Item, answer: Answer) -> Wrong:
    text = answer.value_string if answer.value_string is not None else answer.value_uri
    if text is None:
        return _FINE
    if item.max_length is not None and len(text) > item.max_length:
        return "max_length", (("n", str(item.max_length)), ("now", str(len(text))))
    if item.min_length is not None and len(text) < item.min_length:
        return "min_length", (("n", str(item.min_length)),)
    if answer.value_uri is not None and not _ADDRESS.fullmatch(text):
        return "url", ()
    pattern = _compiled(item.regex) if item.regex else None
    return ("regex", ()) if pattern is not None and not pattern.fullmatch(text) else _FINE


@lru_cache(1024)
def _compiled(regex: str) -> Any:  # noqa: ANN401 - re2 has no types
    """The pattern, without backtracking; None for one that no form we read has (reading refuses it)."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 8 * _MEGABYTE
    try:
        return re2.compile(regex, options)
    except re2.error:
        return None


def _unit(_: Field, item: Item, answer: Answer) -> Wrong:
    quantity = answer.value_quantity
    units = units_of(item)
    if quantity is None or not units:
        return _FINE
    if not (quantity.code or quantity.unit):
        return "unit", ()
    return _FINE if item.unit_open or _is_among(quantity, item) else ("not_offered", ())


def _is_among(quantity: Quantity, item: Item) -> bool:
    for unit in units_of(item):
        if (unit.system, unit.code) == (quantity.system, quantity.code) and unit.code:
            return True
        if not quantity.code and quantity.unit in {unit.display, unit.code}:
            return True
    return False


def _file(_: Field, item: Item, answer: Answer) -> Wrong:
    file = answer.value_attachment
    if file is None:
        return _FINE
    if item.max_size is not None and file.size > item.max_size:
        return "file_size", (("max", f"{item.max_size / _MEGABYTE:.3g}".replace(".", ",")),)
    return (
        _FINE
        if _is_allowed(file, item)
        else ("file_type", (("types", ", ".join(map(_ending, item.media_types))),))
    )


def _is_allowed(file: Attachment, item: Item) -> bool:
    kind = file.content_type.partition(";")[0].strip().lower()
    allowed = {each.lower() for each in item.media_types}
    return not allowed or kind in allowed or f"{kind.partition('/')[0]}/*" in allowed or "*/*" in allowed


def _ending(media_type: str) -> str:
    return media_type.removesuffix("/*").rpartition("/")[2].upper()
