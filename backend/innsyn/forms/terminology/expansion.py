"""A ValueSet that has been expanded, as options: http://hl7.org/fhir/R4/valueset.html#expansion."""

from collections.abc import Iterator
from typing import Final

import msgspec

from innsyn.forms.engine.model import Option
from innsyn.forms.engine.values import Coding, Value

MOST_WORDS: Final = 100
MOST_OPTIONS: Final = 200
_LONGEST_TEXT: Final = 500
_DEEPEST: Final = 8


class NoExpansion(Exception):
    """What was answered is no expanded ValueSet."""


class _Contains(msgspec.Struct, frozen=True):
    system: str = ""
    version: str = ""
    code: str = ""
    display: str = ""
    abstract: bool = False
    inactive: bool = False
    contains: "list[_Contains]" = []


class _Expansion(msgspec.Struct, frozen=True):
    contains: list[_Contains] = []


class _ValueSet(msgspec.Struct, frozen=True, rename="camel"):
    resource_type: str
    expansion: _Expansion


_decode = msgspec.json.Decoder(_ValueSet).decode


def options_in(body: bytes, most: int) -> list[Option]:
    """The options, each once, at most `most`. Raises NoExpansion."""
    try:
        answered = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NoExpansion from None
    if answered.resource_type != "ValueSet":
        raise NoExpansion
    found: dict[tuple[str, str], Option] = {}
    for each in _concepts(answered.expansion.contains):
        if len(found) == most:
            break
        found.setdefault((each.system, each.code), _option(each))
    return list(found.values())


def _concepts(contains: list[_Contains], depth: int = 0) -> Iterator[_Contains]:
    for each in contains:
        if each.code and not each.abstract and not each.inactive:
            yield each
        if depth < _DEEPEST:
            yield from _concepts(each.contains, depth + 1)


def _option(one: _Contains) -> Option:
    text = (one.display or one.code)[:_LONGEST_TEXT]
    coding = Coding(system=one.system, version=one.version, code=one.code, display=text)
    return Option(value=Value(value_coding=coding), text=text)


def question_for(url: str, words: str, count: int, locale: str = "nb") -> bytes:
    """Parameters for $expand, in a body: what somebody searches for stands in no address and no log of one."""
    canonical, _, version = url.partition("|")
    asked: list[dict[str, object]] = [
        {"name": "url", "valueUri": canonical},
        {"name": "count", "valueInteger": count},
        {"name": "displayLanguage", "valueCode": locale},
        {"name": "activeOnly", "valueBoolean": True},
    ]
    if version:
        asked.append({"name": "valueSetVersion", "valueString": version})
    if words:
        asked.append({"name": "filter", "valueString": words})
    return msgspec.json.encode({"resourceType": "Parameters", "parameter": asked})
