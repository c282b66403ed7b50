"""A figure of a bench: what was found, beside its goal."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`goal` is how the goal reads ("≥ 0.5"); `value` is in `unit` ("" for a ratio). `beside`: the absolute values."""

    name: str
    goal: str
    value: float
    unit: str
    met: bool
    beside: str = ""


def at_least(name: str, goal: float, value: float, unit: str = "", beside: str = "") -> Figure:
    """A figure that should be high."""
    return Figure(name, f"≥ {goal:g}", value, unit, value >= goal, beside)


def at_most(name: str, goal: float, value: float, unit: str = "", beside: str = "") -> Figure:
    """A figure that should be low."""
    return Figure(name, f"≤ {goal:g}", value, unit, value <= goal, beside)
