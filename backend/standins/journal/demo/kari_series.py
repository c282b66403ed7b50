"""Kari's ten years of diabetes controls, oldest first: one column per control, a control each quarter."""

from collections.abc import Iterator

from standins.journal.demo.builders.measurements import blood_pressure, measurement
from standins.journal.demo.builders.results import lab_panel
from standins.journal.demo.chart import Chart, Written

_LATEST, _BETWEEN = 12, 91  # days

# Diagnosed with a high value, better with metformin, slowly worse, better again after semaglutide was added.
_EACH_CONTROL = {
    "hba1c": (
        "86 71 58 52 50 49 51 50 52 53 51 54 55 53 56 57 55 58 60 57 "
        "61 62 60 63 66 64 67 69 68 71 66 60 57 55 54 52 53 51 52 50 "
        "49"
    ),
    "kreatinin": (
        "61 60 62 59 63 61 62 64 60 63 65 62 64 66 63 65 67 64 66 68 "
        "66 69 67 70 68 71 69 72 74 71 73 75 72 76 74 75 88 82 80 78 "
        "81"
    ),
    "egfr": (
        "98 99 96 101 95 97 96 93 98 94 91 95 92 89 93 90 87 91 88 85 "
        "87 83 86 82 84 80 83 79 76 80 77 75 78 73 76 75 61 67 69 71 "
        "68"
    ),
    "natrium": (
        "141 140 142 139 141 140 141 142 140 139 141 141 140 142 141 140 139 141 140 141 "
        "142 140 141 139 140 141 140 139 141 140 140 141 139 140 141 138 140 141 140 139 "
        "140"
    ),
    "kalium": (
        "4.1 4.2 4.0 4.3 4.1 4.2 4.4 4.0 4.1 4.3 4.2 4.1 4.4 4.2 "
        "4.3 4.1 4.5 4.2 4.3 4.4 4.2 4.3 4.5 4.4 4.2 4.6 4.4 4.3 "
        "4.5 4.6 4.4 4.5 4.7 4.5 4.6 4.6 5.2 4.8 4.6 4.8 4.7"
    ),
}  # fmt: skip
_EVERY_OTHER = {
    "kolesterol": "6.4 5.1 4.9 4.7 4.8 4.6 4.5 4.7 4.6 4.4 4.5 4.3 4.4 4.2 4.3 4.1 3.9 3.8 3.9 3.7 3.8",
    "ldl": "4.3 2.9 2.7 2.5 2.6 2.4 2.4 2.5 2.4 2.3 2.3 2.2 2.3 2.1 2.2 2.0 1.8 1.7 1.8 1.6 1.7",
    "hdl": "1.1 1.2 1.2 1.3 1.2 1.3 1.3 1.2 1.3 1.3 1.2 1.3 1.3 1.3 1.2 1.3 1.4 1.3 1.4 1.4 1.4",
    "triglyserider": "2.9 2.2 2.0 1.9 2.1 1.8 1.9 2.0 1.9 1.8 2.0 1.7 1.9 1.8 2.0 1.8 1.6 1.5 1.6 1.5 1.4",
    "u-akr": "0.8 0.7 0.9 0.8 1.0 0.9 1.1 1.2 1.1 1.4 1.3 1.6 1.9 2.2 2.6 3.1 3.8 4.2 5.9 4.4 3.6",
}
_YEARLY = {
    "hemoglobin": "138 136 139 135 137 134 136 133 131 129 132",
    "alat": "62 48 41 39 36 38 35 33 34 31 29",
    "b12": "402 371 355 318 290 262 241 218 189 305 342",
    "vitamin-d": "41 56 63 58 66 61 70 64 68 59 62",
    "tsh": "1.8 2.0 1.7 2.1 1.9 2.2 1.8 2.0 2.3 1.9 2.1",
}
_PRESSURE = (
    "152/92 146/88 142/86 138/84 136/82 138/84 134/80 136/82 140/84 138/82 136/80 134/82 138/84 142/86 "
    "140/84 138/82 136/80 140/82 144/86 142/84 138/82 140/84 146/88 142/84 138/80 136/82 140/84 142/82 "
    "138/80 144/84 140/82 136/78 134/80 132/78 134/76 136/78 118/68 130/78 132/78 134/78 132/76"
)
_WEIGHT = (
    "91.4 89.8 88.2 87.0 86.5 86.9 87.4 86.8 87.6 88.0 87.5 88.3 88.9 88.4 "
    "89.1 89.6 89.0 89.9 90.4 89.8 90.6 91.0 90.7 91.5 92.0 91.6 92.4 92.9 "
    "92.5 93.1 91.8 89.9 88.3 86.9 86.0 84.2 84.6 84.0 83.7 83.5 83.2"
)


def ten_years(kari: Chart) -> None:
    """Blood and urine samples, blood pressure and weight of every control."""
    for number, days_ago in _controls():
        sample = kari.by("lab-midt", days_ago, "08:25").later(30)
        values = {analysis: row.split()[number] for analysis, row in _due(number).items()}
        lab_panel(kari, sample, f"kontroll-{number:02}", "Diabeteskontroll", values)
        _at_the_office(kari, kari.by("turid-five", days_ago - 7 if number % 4 else days_ago, "09:10"), number)


def _controls() -> Iterator[tuple[int, int]]:
    count = len(_EACH_CONTROL["hba1c"].split())
    return ((number, _LATEST + _BETWEEN * (count - 1 - number)) for number in range(count))


def _due(number: int) -> dict[str, str]:
    """The rows that have a value at this control, stretched to one column per control."""
    due = dict(_EACH_CONTROL)
    due |= {analysis: _stretched(row, 2) for analysis, row in _EVERY_OTHER.items()} if number % 2 == 0 else {}
    return due | (
        {analysis: _stretched(row, 4) for analysis, row in _YEARLY.items()} if number % 4 == 0 else {}
    )


def _stretched(row: str, times: int) -> str:
    return " ".join(value for value in row.split() for _ in range(times))


def _at_the_office(kari: Chart, visit: Written, number: int) -> None:
    upper, lower = _PRESSURE.split()[number].split("/")
    blood_pressure(kari, visit, f"blodtrykk-{number:02}", int(upper), int(lower))
    measurement(kari, visit, f"vekt-{number:02}", "vekt", _WEIGHT.split()[number])
