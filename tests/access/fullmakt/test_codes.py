"""Codes that can be read aloud, and tell a slip of the pen."""

from hypothesis import given
from hypothesis import strategies as st

from innsyn.access.fullmakt.codes import ALPHABET, new_code, read, shown, words_of


def test_every_code_is_read_back_as_people_type_it() -> None:
    for _ in range(500):
        code = new_code()
        assert read(code) == read(shown(code)) == read(f" {shown(code).lower()} ") == code


def test_codes_are_not_alike() -> None:
    assert len({new_code() for _ in range(2000)}) == 2000


@given(st.integers(0, 9), st.sampled_from(ALPHABET))
def test_every_wrong_character_is_told(place: int, other: str) -> None:
    code = new_code()
    wrong = code[:place] + other + code[place + 1 :]
    assert (read(wrong) is None) == (wrong != code)


@given(st.integers(0, 8))
def test_every_two_that_have_changed_places_are_told(place: int) -> None:
    code = new_code()
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (read(wrong) is None) == (wrong != code)


@given(st.text(max_size=30))
def test_nothing_that_is_typed_is_an_error(typed: str) -> None:
    assert read(typed) is None or read(typed) == read(shown(str(read(typed))))


def test_names_are_compared_by_their_words() -> None:
    assert words_of("Kari Ånund-Nordli") == words_of("NORDLI, kari  ånund") == ["kari", "nordli", "ånund"]
    assert words_of(" - ") == []
