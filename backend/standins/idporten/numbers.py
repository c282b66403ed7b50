"""Which numbers may log in here: synthetic ones, whose month is moved so that no living person has them."""

_WEIGHTS_1 = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_WEIGHTS_2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_MONTHS_MOVED_BY = (40, 65, 80)  # NAV, Norsk helsenett, Skatteetaten (Tenor)
_DIGITS = 11


def is_synthetic(number: str) -> bool:
    """Eleven digits, both control sums right (also under the rule of 2032), and a moved month."""
    if len(number) != _DIGITS or not (number.isascii() and number.isdigit()):
        return False
    month = int(number[2:4])
    return (
        _remainder(number, _WEIGHTS_1) in (0, 1, 2, 3)
        and _remainder(number, _WEIGHTS_2) == 0
        and any(1 <= month - moved <= 12 for moved in _MONTHS_MOVED_BY)  # noqa: PLR2004  (months of a year)
    )


def _remainder(number: str, weights: tuple[int, ...]) -> int:
    return sum(weight * int(digit) for weight, digit in zip(weights, number, strict=False)) % 11
