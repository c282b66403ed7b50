"""A real person's number has no business in a repository, and a stand-in none in the application."""

import re
from datetime import date

from architecture.tree import files, shown, told

_TEXT = (".py", ".html", ".js", ".mjs", ".json", ".md", ".po", ".sql", ".toml", ".yaml", ".txt", ".css")
_ELEVEN = re.compile(r"(?<![\d.])\d{11}(?![\d.])")
_FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def test_no_number_of_a_real_person_is_written_anywhere() -> None:
    faults = []
    for path in files(".", ending=_TEXT):
        text = path.read_text(encoding="utf-8", errors="ignore")
        places = [number.start() for number in _ELEVEN.finditer(text) if could_be_somebodys(number[0])]
        faults += [shown(path, text.count("\n", 0, place) + 1) for place in places]
    assert not faults, told(
        faults, "Use a synthetic number (month + 80) here; this one may be a living person's:"
    )


def could_be_somebodys(digits: str) -> bool:
    """Whether it is a fødselsnummer or D-number by today's rules; test series move the month."""
    numbers = [int(digit) for digit in digits]
    if sum(a * b for a, b in zip(_FIRST, numbers, strict=False)) % 11:
        return False
    if sum(a * b for a, b in zip(_SECOND, numbers, strict=False)) % 11:
        return False
    day, month = int(digits[:2]) % 40, int(digits[2:4])
    try:
        date(2000, month, day)
    except ValueError:
        return False
    return True


def test_the_check_itself_knows_a_number_from_a_synthetic_one() -> None:
    backwards = "05000101010"
    assert could_be_somebodys(backwards[::-1])
    assert not could_be_somebodys("12846813010")
