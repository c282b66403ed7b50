"""What a resource must keep to before anything else reads it: until then the journal's text is hostile.

Read as plain objects once, so that each rule is exact, and cheap enough to run on everything that comes.

    Unfit
    ├── TooLarge            more bytes than a resource may have
    ├── NotText             not UTF-8
    ├── NotJson             not one JSON text
    ├── LoneSurrogate       half a character
    ├── TooDeep             nested too deeply
    ├── NumberOutOfRange    neither PostgreSQL nor a reader could hold it
    ├── DuplicateKey        says two things under one name: a parser would silently believe the last
    ├── NulCharacter        PostgreSQL cannot keep it
    ├── TextTooLong         one string beyond what FHIR allows
    ├── ListTooLong         one list beyond what a person could read
    ├── NotAResource        no object with a resourceType
    └── IllegalId           an id that FHIR does not allow
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

MOST_BYTES = 5 * 1024 * 1024
DEEPEST = 64
LONGEST_TEXT = 1024 * 1024  # characters: http://hl7.org/fhir/R4/datatypes.html#string
LONGEST_LIST = 10_000
LONGEST_NUMBER = 64  # characters: FHIR asks for 18 digits
LARGEST_EXPONENT = 308  # of a double, which is what everybody else reads numbers as


class Unfit(Exception):
    """No resource that can be read. The text is for the operator and repeats nothing of the bytes."""

    reason = "unfit"


class TooLarge(Unfit):
    reason = "too_large"


class NotText(Unfit):
    reason = "not_text"


class NotJson(Unfit):
    reason = "not_json"


class LoneSurrogate(Unfit):
    reason = "lone_surrogate"


class TooDeep(Unfit):
    reason = "too_deep"


class NumberOutOfRange(Unfit):
    reason = "number_out_of_range"


class DuplicateKey(Unfit):
    reason = "duplicate_key"


class NulCharacter(Unfit):
    reason = "nul_character"


class TextTooLong(Unfit):
    reason = "text_too_long"


class ListTooLong(Unfit):
    reason = "list_too_long"


class NotAResource(Unfit):
    reason = "not_a_resource"


class IllegalId(Unfit):
    reason = "illegal_id"


class Head(msgspec.Struct, frozen=True):
    """What a resource says of itself. `id` and `last_updated` are '' where it says nothing."""

    kind: str
    id: str
    last_updated: str


def checked(body: bytes) -> Head:
    """The head of a resource that keeps to every limit; otherwise raises a Unfit."""
    if len(body) > MOST_BYTES:
        raise TooLarge(f"The resource has {len(body)} bytes; at most {MOST_BYTES} are taken in.")
    resource = _decoded(body)
    _check_whole_numbers(resource)
    lines = _check_depth_and_keys(body, resource)
    # The long way round is only for what can have something to find there.
    if lines > LONGEST_LIST or len(body) > LONGEST_TEXT or b"\\u0000" in body:
        _check_texts_and_lists(resource)
    return _head(resource)


_KIND = re.compile(r"[A-Z][A-Za-z]{1,63}").fullmatch
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}").fullmatch
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]").search


def legal_id(text: str) -> bool:
    """Whether this is an id as FHIR has them (http://hl7.org/fhir/R4/datatypes.html#id)."""
    return _ID(text) is not None


def legal_kind(text: str) -> bool:
    """Whether this has the form of a resource type, known to us or not."""
    return _KIND(text) is not None


def _number(text: str) -> float:
    """Only looks: who shows the number reads it again. 0e99999999 would print as 100 million zeros."""
    if len(text) > LONGEST_NUMBER:
        raise NumberOutOfRange(f"A number is longer than {LONGEST_NUMBER} characters.")
    exponent = text.lower().partition("e")[2]
    if exponent and abs(int(exponent)) > LARGEST_EXPONENT:
        raise NumberOutOfRange(f"A number has an exponent beyond {LARGEST_EXPONENT}.")
    return 0.5


_decode = msgspec.json.Decoder(float_hook=_number).decode
_encode = msgspec.json.Encoder().encode
_pack = msgspec.msgpack.Encoder().encode


def _decoded(body: bytes) -> Any:  # noqa: ANN401 (JSON is anything until it is checked)
    try:
        return _decode(body)
    except Unfit:
        raise
    except UnicodeDecodeError:
        raise NotText("The text is not valid UTF-8.") from None
    except RecursionError:
        raise TooDeep(f"Nested more than {DEEPEST} levels deep.") from None
    except msgspec.ValidationError:
        # The only thing that can be invalid where everything is allowed.
        raise NumberOutOfRange("A whole number has more digits than can be read.") from None
    except msgspec.DecodeError as broken:
        if _SURROGATE(body):
            raise LoneSurrogate("A \\u escape stands for half a character.") from None
        raise NotJson(f"{broken}.") from None


def _check_whole_numbers(resource: object) -> None:
    """MessagePack has no whole number beyond 64 bits, and says so ten times faster than a search would."""
    try:
        _pack(resource)
    except OverflowError:
        raise NumberOutOfRange("A whole number is larger than 64 bits.") from None
    except RecursionError:
        raise TooDeep(f"Nested more than {DEEPEST} levels deep.") from None


def _check_depth_and_keys(body: bytes, resource: object) -> int:
    """Both are read off the text laid out over lines, one member a line, indented by one space a level: how many.

    A decoder keeps one of two members with the same name, so what was decoded gives fewer lines than what was
    sent. Strings hold no raw line ends, so each line end is one of layout.
    """
    laid_out = msgspec.json.format(body, indent=1)
    if b"\n" + b" " * DEEPEST + b" " in laid_out:
        raise TooDeep(f"Nested more than {DEEPEST} levels deep.")
    said_once = _encode(resource)
    lines = laid_out.count(b"\n")
    if lines != msgspec.json.format(said_once, indent=1).count(b"\n"):
        raise DuplicateKey("A field is given twice in the same object.")
    return lines


def _check_texts_and_lists(resource: object) -> None:
    for name, thing in _everything_in(resource):
        if isinstance(thing, list):
            if len(thing) > LONGEST_LIST:
                raise ListTooLong(f"A list has {len(thing)} items; at most {LONGEST_LIST} are taken in.")
        elif isinstance(thing, str):
            if "\0" in thing or "\0" in name:
                raise NulCharacter("A text holds the character NUL.")
            # A file is an ordinary part of a journal and never becomes a column of text: only the limit of
            # the whole resource holds for it.
            if len(thing) > LONGEST_TEXT and name != "data":
                raise TextTooLong(f"A text is longer than {LONGEST_TEXT} characters.")


def _everything_in(resource: object) -> Iterator[tuple[str, object]]:
    left: list[tuple[str, object]] = [("", resource)]
    while left:
        name, thing = left.pop()
        yield name, thing
        if isinstance(thing, dict):
            left.extend(thing.items())
            left.extend((key, "") for key in thing)
        elif isinstance(thing, list):
            left.extend(("", item) for item in thing)


def _head(resource: Any) -> Head:  # noqa: ANN401
    if not isinstance(resource, dict):
        raise NotAResource("The text is JSON, but no object.")
    kind = resource.get("resourceType")
    if not isinstance(kind, str) or not legal_kind(kind):
        raise NotAResource("The object has no legal resourceType.")
    id_ = resource.get("id", "")
    if not isinstance(id_, str) or (id_ and not legal_id(id_)) or ("id" in resource and not id_):
        raise IllegalId("The id is not 1 to 64 letters, digits, hyphens and full stops.")
    meta = resource.get("meta")
    last_updated = meta.get("lastUpdated") if isinstance(meta, dict) else ""
    return Head(kind, id_, last_updated if isinstance(last_updated, str) else "")
