"""What has changed from one text to another, word for word."""

from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innsyn.records.history.words import Compared, Piece, compared


def side(told: Compared, which: str) -> list[tuple[str, str]]:
    return [(piece.what, piece.text) for piece in getattr(told, which)]


def test_a_changed_word_is_marked_and_nothing_around_it() -> None:
    told = compared("Blodtrykket er 120/80. God form.", "Blodtrykket er 140/90. God form.")
    assert side(told, "old") == [
        ("same", "Blodtrykket er "),
        ("gone", "120"),
        ("same", "/"),
        ("gone", "80"),
        ("same", ". God form."),
    ]
    assert side(told, "new") == [
        ("same", "Blodtrykket er "),
        ("new", "140"),
        ("same", "/"),
        ("new", "90"),
        ("same", ". God form."),
    ]


def test_changed_words_in_a_row_are_one_change() -> None:
    told = compared("Pasienten har vondt i venstre kne.", "Pasienten har smerter fra høyre kne.")
    assert side(told, "old") == [("same", "Pasienten har "), ("gone", "vondt i venstre"), ("same", " kne.")]
    assert side(told, "new") == [("same", "Pasienten har "), ("new", "smerter fra høyre"), ("same", " kne.")]


TEXTS = st.text(alphabet="ab \n.å", max_size=60)


@settings(max_examples=300, deadline=None, database=None, derandomize=True)
@given(TEXTS, TEXTS)
def test_each_side_is_the_text_itself(old: str, new: str) -> None:
    told = compared(old, new)
    assert ("".join(piece.text for piece in told.old), "".join(piece.text for piece in told.new)) == (
        old,
        new,
    )
    assert "".join(p.text for p in told.old if p.what == "same").replace(" ", "") == "".join(
        p.text for p in told.new if p.what == "same"
    ).replace(" ", "")
    assert (compared(old, old).old, told.coarse, told.cut) == (
        (Piece("same", old),) if old else (),
        False,
        False,
    )


def _words(begin: int, n: int) -> str:
    return " ".join(f"ord{number}" for number in range(begin, begin + n))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (_words(0, 60_000), _words(60_000, 60_000)),
        ("a b " * 125_000, "b a " * 125_000),
        ("a " * 250_000, "a " * 200_000),
        (_words(0, 30_000), " ".join(reversed(_words(0, 30_000).split()))),
    ],
    ids=["nothing in common", "over and over", "shorter", "backwards"],
)
def test_however_long_it_does_not_hang(old: str, new: str) -> None:
    began = perf_counter()
    told = compared(old, new)
    assert perf_counter() - began < 5
    assert told.cut or told.coarse or sum(len(piece.text) for piece in told.old) < 1_000


def test_in_a_long_text_only_what_stands_around_a_change_is_told() -> None:
    old = _words(0, 40_000)
    told = compared(old, old.replace("ord20000 ", "ordet "))
    assert [piece.what for piece in told.old] == ["left_out", "same", "gone", "same", "left_out"]
    assert told.old[2].text == "ord20000"
    assert told.new[2] == Piece("new", "ordet")
    assert sum(len(piece.text) for piece in told.new) < 500
    assert (told.coarse, told.cut) == (False, False)
