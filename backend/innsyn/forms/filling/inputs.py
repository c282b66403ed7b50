"""The inputs of a field that is written and not chosen: one row for each answer, with what stands in them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

import msgspec

from innsyn.forms.engine.model import Item, Type
from innsyn.forms.engine.options import unit_key, units_of
from innsyn.forms.engine.parts import parts_of, suffixes_of
from innsyn.forms.engine.places import MOST_ANSWERS
from innsyn.forms.engine.state import Field
from innsyn.forms.engine.values import Attachment, Coding
from innsyn.forms.filling.words import Kept
from innsyn.web import dates, filters, wording
from innsyn.web.locale import Catalogue

# Written in full, a longer one needs no short line.
_SHORT: Final = 20
_AREAS_FROM: Final = 300


class Input(msgspec.Struct, frozen=True):
    """One input of a row: `suffix` of its name ('' is the name itself), its own label ('' where the row has one)."""

    suffix: str
    value: str
    label: str = ""
    options: tuple[tuple[str, str], ...] = ()
    is_hidden: bool = False


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One answer. `key` of a file is what is sent for it; `unit` is said where there is no choice of it."""

    place: int
    inputs: tuple[Input, ...] = ()
    label: str = ""
    unit: str = ""
    key: str = ""
    name: str = ""
    size: str = ""
    state: str = ""


def rows_of(field: Field, kind: str, texts: Catalogue, files: Mapping[str, Kept]) -> tuple[Row, ...]:
    """A row for each answer; where more may be answered, one that is empty."""
    if kind == "file":
        return tuple(_file(place, held, texts.locale, files) for place, held in enumerate(_held(field)))
    item = field.item
    given = [parts_of(item, answer, texts.locale) for answer in field.answers]
    most = min(item.max_occurs or MOST_ANSWERS, MOST_ANSWERS) if item.repeats else 1
    has_room = not given or any(given[-1].values())
    if len(given) < most and has_room:
        given.append({})
    return tuple(_row(place, parts, item, texts, len(given) > 1) for place, parts in enumerate(given))


def hints_of(field: Field, kind: str, texts: Catalogue) -> tuple[str, ...]:
    """What is good to know before one answers: how to write it, and the form's limits."""
    item = field.item
    told = [item.entry_format] if item.entry_format else []
    if kind in {"text", "area"} and item.max_length and item.max_length > _SHORT:
        told.append(texts.text("forms.fill.most_letters", n=item.max_length))
    if kind == "date" and not item.entry_format:
        key = {1: "year", 2: "month", 3: "day"}.get(len(suffixes_of(item)), "moment")
        told.append(texts.text(f"forms.fill.like_{key}"))
    if kind in {"number", "quantity", "slider"}:
        told += _limits(item, texts)
    if kind == "file":
        told += _of_files(item, texts)
    if item.repeats and kind == "checks":
        told.append(texts.text("forms.fill.several"))
    return tuple(told)


def _held(field: Field) -> list[Attachment]:
    return [answer.value_attachment for answer in field.answers if answer.value_attachment is not None]


def _file(place: int, attachment: Attachment, locale: str, files: Mapping[str, Kept]) -> Row:
    kept = files.get(attachment.url)
    size = attachment.size or (kept.size if kept else 0)
    return Row(
        place=place,
        key=attachment.url,
        name=attachment.title or (kept.name if kept else "") or attachment.content_type,
        size=filters.size_words(size, locale),
        state=str(getattr(kept, "state", "")),
    )


def _row(place: int, parts: Mapping[str, str], item: Item, texts: Catalogue, is_many: bool) -> Row:
    suffixes = suffixes_of(item)
    labels = {part: texts.text(f"forms.fill.part_{part}") for part in "dmyt"} if suffixes[0] else {}
    units = units_of(item)
    made = [
        Input(suffix, parts.get(suffix, ""), labels.get(suffix, "")) for suffix in suffixes if suffix != "u"
    ]
    only = ""
    if "u" in suffixes and (len(units) > 1 or item.unit_open):
        made.append(_unit(parts.get("u", ""), item, texts))
    elif "u" in suffixes:
        key = parts.get("u", "") or (unit_key(units[0]) if units else "")
        made.append(Input("u", key, is_hidden=True))
        only = wording.unit_words(_unit_said(key, units))
    label = texts.text("forms.fill.nth", n=place + 1) if is_many else ""
    return Row(place=place, inputs=tuple(made), label=label, unit=only)


def _unit_said(key: str, units: Sequence[Coding]) -> str:
    known = {unit_key(unit): unit.display or unit.code for unit in units}
    return known.get(key, key.partition("|")[2])


def _unit(chosen: str, item: Item, texts: Catalogue) -> Input:
    units = tuple((unit_key(unit), wording.unit_words(unit.display or unit.code)) for unit in units_of(item))
    held = (
        ((chosen, wording.unit_words(chosen.partition("|")[2])),) if chosen not in {"", *dict(units)} else ()
    )
    options = () if item.unit_open and not units else (*units, *held)
    return Input("u", chosen, texts.text("forms.fill.part_u"), options)


def _limits(item: Item, texts: Catalogue) -> list[str]:
    low, high = item.min_value, item.max_value
    locale = texts.locale
    said = {
        name: dates.number(f"{value.normalize():f}", locale)
        for name, value in (("low", low), ("high", high))
        if isinstance(value, Decimal)
    }
    if len(said) > 1:
        return [texts.text("forms.fill.between", **said)]
    return [texts.text(f"forms.fill.{name}", **{name: value}) for name, value in said.items()]


def _of_files(item: Item, texts: Catalogue) -> list[str]:
    told = [texts.text("forms.fill.file_types")] if not item.media_types else []
    if item.media_types:
        names = dict.fromkeys(filters.file_words(media, texts.locale) for media in item.media_types)
        told.append(texts.text("forms.fill.file_only", types=", ".join(names)))
    if item.max_size:
        told.append(texts.text("forms.fill.file_size", size=filters.size_words(item.max_size, texts.locale)))
    return told


def width_of(item: Item) -> str:
    """How wide a line of writing looks: narrow where only little fits."""
    if item.type in {Type.INTEGER, Type.DECIMAL, Type.QUANTITY, Type.TIME}:
        return "narrow"
    return "narrow" if item.max_length and item.max_length <= _SHORT else ""
