"""Forms as they come in files: alone, in a Bundle, or in Parameters; with the value sets that come along."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from innsyn.forms.engine.canonical import newest
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
    value_sets: dict[str, list[ValueSet]] = {}
    for kind, raw in _inside(holder):
        if kind == "Questionnaire":
            forms.append(raw)
        elif kind == "ValueSet":
            for address, value_set in _listed(raw):
                value_sets.setdefault(address, []).append(value_set)
    return Unpacked(forms, {each: _newest(said) for each, said in value_sets.items()}) if forms else None


def _inside(holder: _Holder) -> Iterator[tuple[str, bytes]]:
    for each in [*holder.entry, *holder.parameter]:
        raw = bytes(each.resource)
        try:
            yield _holder_of(raw).resource_type, raw
        except (msgspec.MsgspecError, RecursionError, ValueError):
            continue


def _listed(raw: bytes) -> Iterator[tuple[str, ValueSet]]:
    try:
        value_set: ValueSet = read_value_set(raw)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return
    if value_set.url and options_in(value_set):
        yield value_set.url, value_set
        if value_set.version:
            yield f"{value_set.url}|{value_set.version}", value_set


def _newest(value_sets: Sequence[ValueSet]) -> Sequence[Option]:
    found = newest(value_sets)
    return (options_in(found) or ()) if found else ()
