"""Each limit by itself: the largest thing that passes, the smallest that does not, what is said about it."""

import json
from collections.abc import Iterable
from decimal import Decimal
from itertools import product

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innsyn.journal import limits
from innsyn.journal.limits import DuplicateKey, Head, Unfit, checked


def a_resource(extra: str | bytes = b"", kind: str = '"Basic"') -> bytes:
    more = extra.encode() if isinstance(extra, str) else extra
    return b'{"resourceType":' + kind.encode() + b',"id":"one"' + (b"," + more if more else b"") + b"}"


def verdict(body: bytes) -> str:
    try:
        checked(body)
    except Unfit as refused:
        return refused.reason
    return "passes"


def nested(levels: int) -> bytes:
    """A resource whose innermost value lies `levels` deep; the resource itself is the first."""
    return a_resource('"deep":' + "[" * (levels - 1) + "1" + "]" * (levels - 1))


CORPUS: list[tuple[str, bytes, str]] = [
    ("as large as may be", a_resource(b'"data":"' + b"A" * (limits.MOST_BYTES - 45) + b'"'), "passes"),
    ("one byte more", a_resource(b'"data":"' + b"A" * (limits.MOST_BYTES - 44) + b'"'), "too_large"),
    ("as deep as may be", nested(limits.DEEPEST), "passes"),
    ("one level deeper", nested(limits.DEEPEST + 1), "too_deep"),
    ("deep in objects", a_resource('"a":' + '{"a":' * 64 + "1" + "}" * 64), "too_deep"),
    ("900 deep", nested(900), "too_deep"),
    ("100 000 deep", nested(100_000), "too_deep"),
    ("100 000 deep and never closed", a_resource('"a":' + "[" * 100_000), "too_deep"),
    ("brackets in a text are no depth", a_resource('"a":"' + "[{" * 1000 + '"'), "passes"),
    ("a long text", a_resource('"div":"' + "x" * limits.LONGEST_TEXT + '"'), "passes"),
    ("a too long text", a_resource('"div":"' + "x" * (limits.LONGEST_TEXT + 1) + '"'), "text_too_long"),
    ("a long file", a_resource('"data":"' + "x" * (limits.LONGEST_TEXT + 1) + '"'), "passes"),
    ("a long list", a_resource(f'"a":[{",".join("1" * limits.LONGEST_LIST)}]'), "passes"),
    ("a too long list", a_resource(f'"a":[{",".join("1" * (limits.LONGEST_LIST + 1))}]'), "list_too_long"),
    ("a million items", a_resource(f'"a":[{",".join("1" * 1_000_000)}]'), "list_too_long"),
    ("NUL raw in a text", a_resource(b'"a":"x\x00y"'), "not_json"),
    ("NUL raw after the end", a_resource() + b"\x00", "not_json"),
    ("NUL escaped", a_resource(r'"a":"x\u0000y"'), "nul_character"),
    ("NUL in a key", a_resource(r'"x\u0000y":1'), "nul_character"),
    ("NUL deep down", a_resource(r'"a":[{"b":["\u0000"]}]'), "nul_character"),
    ("what only looks like NUL", a_resource(r'"a":"C:\\u0000"'), "passes"),
    ("NUL after a backslash", a_resource(r'"a":"C:\\\u0000"'), "nul_character"),
    ("a pair of surrogates", a_resource(r'"a":"\ud83d\ude00"'), "passes"),
    ("the first half", a_resource(r'"a":"\ud83d"'), "lone_surrogate"),
    ("the second half", a_resource(r'"a":"\ude00"'), "lone_surrogate"),
    ("the wrong way round", a_resource(r'"a":"\ude00\ud83d"'), "lone_surrogate"),
    ("half and a letter", a_resource(r'"a":"\uD83d\u0041"'), "lone_surrogate"),
    ("half as UTF-8", a_resource(b'"a":"\xed\xa0\xbd"'), "not_text"),
    ("latin-1", a_resource('"a":"blåbær"'.encode("latin-1")), "not_text"),
    ("overlong UTF-8", a_resource(b'"a":"\xc0\xaf"'), "not_text"),
    ("beyond Unicode", a_resource(b'"a":"\xf4\x90\x80\x80"'), "not_text"),
    ("a byte order mark", b"\xef\xbb\xbf" + a_resource(), "not_json"),
    ("UTF-16", a_resource().decode().encode("utf-16"), "not_json"),
    ("the same key twice", a_resource('"a":1,"a":1'), "duplicate_key"),
    ("another id", a_resource('"id":"two"'), "duplicate_key"),
    ("twice, once escaped", a_resource(r'"status":"final","st\u0061tus":"amended"'), "duplicate_key"),
    ("twice, deep down", a_resource('"a":[{"b":{"c":1,"c":[]}}]'), "duplicate_key"),
    ("twice, with texts that hold quotes", a_resource(r'"a":"\\\"","a":"\""'), "duplicate_key"),
    ("the same key in two objects", a_resource('"a":[{"b":1},{"b":1}]'), "passes"),
    ("the empty key twice", a_resource('"":1,"":2'), "duplicate_key"),
    ("the largest double", a_resource('"a":1e308'), "passes"),
    ("beyond a double", a_resource('"a":1e400'), "number_out_of_range"),
    ("nearly nothing", a_resource('"a":-1E-400'), "number_out_of_range"),
    ("a hundred million zeros", a_resource('"a":0e99999999'), "number_out_of_range"),
    ("an exponent beyond Decimal", a_resource('"a":1e99999999999999999999'), "number_out_of_range"),
    ("30 decimals", a_resource('"a":0.' + "1" * 30), "passes"),
    ("65 characters", a_resource('"a":0.' + "1" * 63), "number_out_of_range"),
    ("64 bits", a_resource('"a":18446744073709551615'), "passes"),
    ("a bit more", a_resource('"a":18446744073709551616'), "number_out_of_range"),
    ("ten thousand digits", a_resource('"a":' + "1" * 10_000), "number_out_of_range"),
    ("not a number", a_resource('"a":NaN'), "not_json"),
    ("a leading zero", a_resource('"a":007'), "not_json"),
    ("a trailing comma", a_resource('"a":[1,]'), "not_json"),
    ("a comment", a_resource('"a":1/* why */'), "not_json"),
    ("nothing", b"", "not_json"),
    ("cut off", a_resource('"a":[1')[:-1], "not_json"),
    ("two at once", a_resource() + a_resource(), "not_json"),
    ("a list", b"[" + a_resource() + b"]", "not_a_resource"),
    ("a text", b'"Patient"', "not_a_resource"),
    ("no resourceType", b'{"id":"one"}', "not_a_resource"),
    ("resourceType is a number", a_resource(kind="17"), "not_a_resource"),
    ("resourceType is a path", a_resource(kind='"../Patient"'), "not_a_resource"),
    ("resourceType is small", a_resource(kind='"patient"'), "not_a_resource"),
    ("no id", b'{"resourceType":"Basic"}', "passes"),
    ("an empty id", b'{"resourceType":"Basic","id":""}', "illegal_id"),
    ("an id of null", b'{"resourceType":"Basic","id":null}', "illegal_id"),
    ("an id of 64", b'{"resourceType":"Basic","id":"' + b"a" * 64 + b'"}', "passes"),
    ("an id of 65", b'{"resourceType":"Basic","id":"' + b"a" * 65 + b'"}', "illegal_id"),
    ("an id with a slash", b'{"resourceType":"Basic","id":"/foobar=="}', "illegal_id"),
    ("an id with a line end", b'{"resourceType":"Basic","id":"a\\n"}', "illegal_id"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), [pytest.param(*case[1:], id=case[0]) for case in CORPUS])
def test_each_limit(body: bytes, expected: str) -> None:
    assert verdict(body) == expected


def test_the_head_is_what_the_resource_says_of_itself() -> None:
    said = b'{"resourceType":"Patient","id":"kari","meta":{"lastUpdated":"2026-11-22T10:00:00Z"}}'
    assert checked(said) == Head("Patient", "kari", "2026-11-22T10:00:00Z")
    assert checked(b'{"resourceType":"Patient","meta":{"lastUpdated":7}}') == Head("Patient", "", "")
    assert checked(b'{"resourceType":"Patient","meta":"late"}') == Head("Patient", "", "")


REFUSED = [pytest.param(body, id=name) for name, body, expected in CORPUS if expected != "passes"]


@pytest.mark.parametrize("body", REFUSED)
def test_what_is_said_about_it_repeats_nothing_of_it(body: bytes) -> None:
    with pytest.raises(Unfit) as refused:
        checked(body.replace(b"one", b"01017012345"))
    assert "01017012345" not in str(refused.value)
    assert "\n" not in str(refused.value)
    assert str(refused.value).endswith(".")


def _same_key_twice(body: str) -> bool:
    found = []

    def members(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found.append(len(pairs) != len(dict(pairs)))
        return dict(pairs)

    json.loads(body, object_pairs_hook=members)
    return any(found)


_texts = st.text(alphabet='ab"\\{}[],:\n\t é😀', max_size=5)
_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.floats(-1e9, 1e9, allow_subnormal=False)
    | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.lists(st.tuples(_texts, inner), max_size=4).map(tuple),
    max_leaves=12,
)


def _written(value: object, ascii_only: bool, space: str) -> str:
    """JSON in which a tuple is an object, so that it can hold a key twice."""
    if isinstance(value, tuple):
        members = (
            f"{json.dumps(name, ensure_ascii=ascii_only)}{space}:{space}{_written(inner, ascii_only, space)}"
            for name, inner in value
        )
        return f"{{{space}{f'{space},'.join(members)}{space}}}"
    if isinstance(value, list):
        return f"[{space}{','.join(_written(inner, ascii_only, space) for inner in value)}]"
    return json.dumps(value, ensure_ascii=ascii_only)


@settings(max_examples=400, deadline=None)
@given(value=_values, ascii_only=st.booleans(), space=st.sampled_from(["", " ", "\n", "\r\n\t "]))
def test_a_key_given_twice_is_found_always_and_only_then(value: object, ascii_only: bool, space: str) -> None:
    body = a_resource(f'"a":{_written(value, ascii_only, space)}')
    assert (verdict(body) == DuplicateKey.reason) == _same_key_twice(body.decode())


@settings(max_examples=200, deadline=None)
@given(value=_values)
def test_what_passes_can_be_read_by_a_typed_reader(value: object) -> None:
    body = a_resource(f'"a":{_written(value, ascii_only=False, space="")}')
    if verdict(body) == "passes":
        read = msgspec.json.Decoder(dict[str, object], float_hook=Decimal).decode(body)
        assert read["id"] == "one"


def _all_short(letters: str, longest: int) -> Iterable[str]:
    for length in range(longest + 1):
        yield from ("".join(drawn) for drawn in product(letters, repeat=length))


def test_backslashes_and_quotes_in_every_order_hide_no_duplicate() -> None:
    for text in _all_short('\\"n', 5):
        member = f'"a":"{text}"'
        try:
            json.loads(f"{{{member}}}")
        except ValueError:
            continue
        assert verdict(a_resource(member)) == "passes", member
        assert verdict(a_resource(f"{member},{member}")) == "duplicate_key", member
