"""Fødselsnummer, D-number and felles hjelpenummer, under today's control digits and those of 2032.

From 1 January 2032 new numbers may leave a remainder of 1, 2 or 3 for the first control digit. Nobody changes
number, so both rules hold side by side (Skatteetaten, "Nytt fødselsnummer fra 2032"). Neither sex, nor age,
nor century can be read from a number, and nothing here tries to: they are the register's own fields.
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

Kind = Literal["fnr", "dnr", "fhn"]
Origin = Literal["none", "nav", "nhn", "tenor"]

REAL: Final[tuple[Origin, ...]] = ("none",)
SYNTHETIC: Final[tuple[Origin, ...]] = ("tenor", "nhn", "nav")

_WEIGHTS_1: Final = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_WEIGHTS_2: Final = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_MONTHS_MOVED_BY: Final[dict[Origin, int]] = {"none": 0, "nav": 40, "nhn": 65, "tenor": 80}
_REMAINDERS_FROM_2032: Final = (0, 1, 2, 3)
_DAYS_MOVED_BY: Final = 40  # of a D-number
_LENGTH: Final = 11


@dataclass(frozen=True, slots=True)
class NationalIdentity:
    """A valid number. `origin` tells who made a synthetic one; "none" is a living or once living person's."""

    number: str = field(repr=False)
    kind: Kind
    origin: Origin


class NoNumberLeft(ValueError):
    """Every synthetic number of a birth date is taken."""


def identity_of(number: str, allow: Collection[Origin] = REAL) -> NationalIdentity | None:
    """Read eleven digits; None when they are no valid number, or one whose origin is not in `allow`.

    Production allows `REAL` alone, everything else `SYNTHETIC` alone. A number with its month moved by 40 is
    Nav's synthetic kind and has the shape of a local hjelpenummer too: in production it is refused as both.
    """
    if len(number) != _LENGTH or not (number.isascii() and number.isdigit()):
        return None
    first, second = _remainders(number)
    if second != 0 or first not in _REMAINDERS_FROM_2032:
        return None
    found = _common_aid_number(number, first) if number[0] in "89" else _dated_number(number)
    return found if found and found.origin in allow else None


def _remainders(number: str) -> tuple[int, int]:
    digits = [int(digit) for digit in number]
    first = _weighed(digits, _WEIGHTS_1) + digits[9]
    second = _weighed(digits, _WEIGHTS_2) + digits[10]
    return first % 11, second % 11


def _weighed(digits: list[int], weights: tuple[int, ...]) -> int:
    return sum(weight * digit for weight, digit in zip(weights, digits, strict=False))


def _common_aid_number(number: str, first: int) -> NationalIdentity | None:
    # Not of the Folkeregister, so the rule of 2032 does not reach it. It carries no date.
    return NationalIdentity(number, "fhn", "none") if first == 0 else None


def _dated_number(number: str) -> NationalIdentity | None:
    day, month, year = int(number[:2]), int(number[2:4]), int(number[4:6])
    kind: Kind = "dnr" if day > _DAYS_MOVED_BY else "fnr"
    for origin, moved in _MONTHS_MOVED_BY.items():
        if _is_date(year, month - moved, day - (_DAYS_MOVED_BY if kind == "dnr" else 0)):
            return NationalIdentity(number, kind, origin)
    return None


def _is_date(year: int, month: int, day: int) -> bool:
    # The century is unknown. 2000 was a leap year, so 29 February 00 passes, as it must.
    try:
        date(2000 + year, month, day)
    except ValueError:
        return False
    return True


def synthetic_number(birth_date: date, seed: str, taken: Collection[str] = ()) -> str:
    """A fødselsnummer in Tenor's style (month + 80): the same for the same birth date, seed and `taken`.

    There are some 800 for a birth date. Raises NoNumberLeft when all of them are in `taken`.
    """
    for number in _numbers_of(birth_date, seed):
        if number not in taken:
            return number
    raise NoNumberLeft(birth_date.isoformat())


def _numbers_of(birth_date: date, seed: str) -> Iterator[str]:
    start = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4], "big")
    month = birth_date.month + _MONTHS_MOVED_BY["tenor"]
    for step in range(1000):
        stem = f"{birth_date.day:02}{month:02}{birth_date.year % 100:02}{(start + step) % 1000:03}"
        first = _control_digit(stem, _WEIGHTS_1)
        second = _control_digit(stem + first, _WEIGHTS_2)
        # A control digit of 10 does not exist: such numbers are left out, by the register too.
        if len(first + second) == 2:  # noqa: PLR2004  (two digits)
            yield stem + first + second


def _control_digit(stem: str, weights: tuple[int, ...]) -> str:
    return str(-_weighed([int(digit) for digit in stem], weights) % 11)
