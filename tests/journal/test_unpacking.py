"""Cutting a text at its brackets gives the same pieces as a parser, where a parser can give any."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innsyn.journal import unpacking
from innsyn.journal.limits import Unfit
from innsyn.journal.unpacking import Lines, items_of, members_of

_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='ab"\\{}[],: é\n', max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)
_spaces = st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", " :\t")])


@settings(deadline=None)
@given(items=st.lists(_values, max_size=6), separators=_spaces)
def test_a_list_is_cut_as_a_parser_would(items: list[object], separators: tuple[str, str]) -> None:
    text = json.dumps(items, separators=separators).encode()
    cut = list(unpacking._pieces(text, b"[]"))
    assert cut == items_of(text)
    assert [json.loads(piece) for piece in cut] == items


@settings(deadline=None)
@given(members=st.dictionaries(st.text(max_size=4), _values, max_size=6), separators=_spaces)
def test_an_object_is_cut_as_a_parser_would(members: dict[str, object], separators: tuple[str, str]) -> None:
    text = json.dumps(members, separators=separators).encode()
    cut = unpacking._cut_members(text)
    assert cut == members_of(text)
    assert {name: json.loads(piece) for name, piece in cut.items()} == members


@settings(deadline=None)
@given(st.text(alphabet='{}[],:"\\a1 ', max_size=30))
def test_no_text_makes_it_stumble(text: str) -> None:
    for take_apart in (members_of, items_of):
        try:
            pieces = take_apart(text.encode())
        except Unfit:
            continue
        assert all(isinstance(piece, bytes | str) for piece in pieces)


@pytest.mark.parametrize("bad", [rb'"\ud800"', b'"\x00"', b"[" * 5000 + b"]" * 5000, b'"\xff"', b"007"])
def test_what_is_broken_inside_is_a_piece_like_others(bad: bytes) -> None:
    assert items_of(b'[{"a":1}, ' + bad + b" ,3]") == [b'{"a":1}', bad, b"3"]
    assert members_of(b'{"a":1, "b" : ' + bad + b',"c":3}') == {"a": b"1", "b": bad, "c": b"3"}


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[",
        b"]",
        b"[]]",
        b"[1",
        b"[1}",
        b"[[1]",
        b"1",
        b'"[]"',
        b"[1][2]",
        b"\x00[]",
        b"[\x00" + b"]" * 2,
    ],
)
def test_what_has_no_outermost_list_is_refused(text: bytes) -> None:
    with pytest.raises(Unfit):
        items_of(text)


@settings(deadline=None)
@given(text=st.binary(max_size=60), cuts=st.lists(st.integers(0, 60), max_size=6))
def test_lines_are_the_same_however_the_text_comes(text: bytes, cuts: list[int]) -> None:
    lines, given_, ends = Lines(1000), [], sorted({*cuts, len(text)})
    for start, end in zip([0, *ends], ends, strict=False):
        given_ += lines.feed(text[start:end])
    assert [*given_, lines.last()] == text.split(b"\n")


def test_of_a_line_that_is_too_long_only_the_beginning_is_kept() -> None:
    lines = Lines(10)
    assert [lines.feed(b"x" * 8) for _ in range(100)] == [[]] * 100
    [long] = lines.feed(b"y\nnext")
    assert (len(long), lines.last()) == (12, b"next")
