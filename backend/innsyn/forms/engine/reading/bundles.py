"""Forms as they come in files: alone, in a Bundle, or in Parameters; with the value sets that come along."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from innsyn.forms.engine.model import Option
from innsyn.forms.engine.reading.options import options_in
from innsyn.forms.engine.reading.source import ValueSet, read_value_set

LONGEST: Final = 64 * 1024 * 1024


class _Entry(msgspec.Struct):
    resource: msgspec.Raw = msgspec.Raw(b"null")


class _Holder(msgspec.Struct, rename="camel"):
    resource_type: str = ""
    entry: list[_Entry] = []
    parameter: list[_Entry] = []


class Unpacked(msgspec.Struct, frozen=True):
    """What a file has: each Questionnaire as bytes, and the options of value sets by their address."""

    forms: list[bytes]
    value_sets: Mapping[str, Sequence[Option]]


_holder_of = msgspec.json.Decoder(_Holder).decode


def unpacked(body: bytes) -> Unpacked | None:
    """The forms in a file; None for what is no JSON of FHIR or has none. A Questionnaire is given back as it is."""
    try:
        holder = _holder_of(body)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return None
    if holder.resource_type == "Questionnaire":
        return Unpacked([body], {})
    forms: list[bytes] = []
    value_sets: dict[str, Sequence[Option]] = {}
    for kind, raw in _inside(holder):
        if kind == "Questionnaire":
            forms.append(raw)
        elif kind == "ValueSet":
            value_sets.update(_options(raw))
    return Unpacked(forms, value_sets) if forms else None


def _inside(holder: _Holder) -> Iterator[tuple[str, bytes]]:
    for each in [*holder.entry, *holder.parameter]:
        raw = bytes(each.resource)
        try:
            yield _holder_of(raw).resource_type, raw
        except (msgspec.MsgspecError, RecursionError, ValueError):
            continue


def _options(raw: bytes) -> Iterator[tuple[str, Sequence[Option]]]:
    try:
        value_set: ValueSet = read_value_set(raw)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return
    options = options_in(value_set)
    if options and value_set.url:
        yield value_set.url, options
        if value_set.version:
            yield f"{value_set.url}|{value_set.version}", options
