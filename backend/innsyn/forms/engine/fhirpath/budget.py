"""How much an expression may cost: steps, seconds, and how large its values may grow."""

import time
from decimal import Decimal
from typing import Any, Final

# What one collection may hold (a response of 5,000 items has some 60,000 nodes), and one text or number.
MOST_NODES: Final = 100_000
_LONGEST_TEXT: Final = 100_000
_LARGEST_BITS: Final = 256
_LARGEST_TENTH: Final = 77
# Steps between two looks at the clock: some milliseconds.
_BETWEEN: Final = 2_000


class ExpressionFailed(Exception):
    """An expression that gave no answer. `reason` is one of syntax, unknown, limit, wrong: never what it looked at."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Budget:
    """Steps and seconds for one or more expressions. A step is about one node looked at.

    The time is what this thread has worked since the budget was made, whatever else the machine is at: it decides only
    whether an answer comes, never which.
    """

    __slots__ = ("_deadline", "_look", "left")

    def __init__(self, steps: int = 300_000, seconds: float = 0.5) -> None:
        self.left = steps
        self._deadline = time.thread_time() + seconds
        self._look = steps - _BETWEEN

    def spend(self, steps: int) -> None:
        """Take so many steps. Raises ExpressionFailed("limit") where there are none left, or no time."""
        self.left -= steps
        if self.left < self._look:
            self._look = self.left - _BETWEEN
            if self.left < 0 or time.thread_time() > self._deadline:
                # From now on there is nothing left, however little is asked.
                self.left, self._look = -1, 0
                raise ExpressionFailed("limit")

    def share(self, steps: int, seconds: float) -> "Budget":
        """A budget of its own for one expression, never more than what is left of this one."""
        part = Budget(min(steps, self.left), min(seconds, self._deadline - time.thread_time()))
        part._look = min(part._look, part.left)
        return part

    def take(self, part: "Budget", given: int) -> None:
        """What a share has spent is spent here too."""
        self.left -= given - max(part.left, 0)


def bounded(budget: Budget, values: list[Any]) -> list[Any]:
    """The values, where they have not grown beyond all measure; else ExpressionFailed("limit").

    What grows by doubling (texts put together, numbers multiplied) is one value each time.
    """
    count = len(values)
    if count == 1:
        value = values[0]
        kind = type(value)
        if (
            (kind is str and len(value) > _LONGEST_TEXT)
            or (kind is int and value.bit_length() > _LARGEST_BITS)
            or (kind is Decimal and (not value.is_finite() or value.adjusted() > _LARGEST_TENTH))
        ):
            raise ExpressionFailed("limit")
    elif count:
        if count > MOST_NODES:
            raise ExpressionFailed("limit")
        budget.spend(count)
    return values


def long_text(length: int) -> None:
    """Before a text of this length is made: ExpressionFailed("limit") where it would be too long."""
    if length > _LONGEST_TEXT:
        raise ExpressionFailed("limit")
