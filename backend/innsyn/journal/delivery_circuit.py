"""Whether the journal is worth asking just now: when it is away, no thing in the outbox is to pay for it."""

from typing import Final

from innsyn.journal.delivery_rules import Came, Outcome

_SHORTEST: Final = 1.0
_LONGEST: Final = 30.0
_LONGEST_ASKED: Final = 300.0
_IN_A_ROW: Final = 8


class Circuit:
    """Opens when the journal is away, or fails many times in a row; then one try at a time finds out.

    Times are seconds of a clock that only goes forward.
    """

    def __init__(self) -> None:
        self.open_until = 0.0
        self._failures = 0
        self._openings = 0

    def may_send(self, now: float, most: int) -> int:
        """How many may be under way together: all, one to find out, or none."""
        if now < self.open_until:
            return 0
        return 1 if self._openings else most

    @property
    def is_open(self) -> bool:
        """Whether the journal was away when it was last asked."""
        return self._openings > 0

    def heard(self, outcome: Outcome, now: float, jitter: float) -> None:
        """Take in how a try ended. A refusal is an answer: the journal is there."""
        if outcome.came in {Came.RECEIVED, Came.REFUSED}:
            self._failures = self._openings = 0
            return
        if outcome.came in {Came.HELD, Came.ODD}:
            # It may be about that one alone: nobody else waits for it.
            return
        self._failures += 1
        if outcome.came == Came.DOWN or self.is_open or self._failures >= _IN_A_ROW:
            self._open(now, jitter)
        if outcome.wait:
            self.open_until = max(self.open_until, now + min(outcome.wait, _LONGEST_ASKED))

    def _open(self, now: float, jitter: float) -> None:
        if now < self.open_until:
            return  # one of those that were under way when it was opened
        self._openings += 1
        self._failures = 0
        pause = min(_LONGEST, _SHORTEST * 2 ** min(self._openings - 1, 10))
        self.open_until = now + pause * (0.5 + 0.5 * jitter)
