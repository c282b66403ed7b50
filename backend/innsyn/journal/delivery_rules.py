"""What becomes of a thing after a try: from the journal's answer to the next state and the next try.

Sources: http://hl7.org/fhir/R4/http.html#trules (a transaction succeeds or fails as one), #ccreate (If-None-Exist: 200
with one match, 412 with several), RFC 9110 § 10.2.3 (Retry-After).
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Final

import msgspec

_LONGEST_TEXT: Final = 2_000
_LONGEST_WAIT: Final = timedelta(hours=1)
# It does not know us: that is about no row.
_OURS: Final = frozenset({401, 407, 511})
# About the way of asking, whatever is said of it: no row has earned a refusal by it.
_WAY: Final = frozenset({405, 421, 426, 431})
_AGAIN: Final = frozenset({408, 409, 425, 429})
_NUMBER: Final = re.compile(r"\d(?:\s?\d){10,}")


class Came(StrEnum):
    """How a try ended."""

    RECEIVED = "received"
    REFUSED = "refused"
    # Not taken in, because of too much or too early.
    BUSY = "busy"
    # Nobody knows whether it was taken in.
    UNSURE = "unsure"
    # Somebody answered, and neither took it in nor refused it: it may be this one alone.
    ODD = "odd"
    # It did not leave: the journal is away, or does not know us.
    DOWN = "down"
    # It can not leave yet: what it is about has no name in the journal.
    HELD = "held"


class Outcome(msgspec.Struct, frozen=True):
    """How a try ended, a short key for why, the journal's own words, and the seconds it asked us to wait."""

    came: Came
    reason: str = ""
    text: str = ""
    wait: float = 0.0


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How fast, how often and how long is tried. Seconds, unless it says otherwise."""

    at_once: int = 16
    # One try with its answer; a claim lasts longer, so that nobody takes over what is being sent.
    deadline: float = 20.0
    lease: float = 30.0
    first: float = 1.0
    longest: float = 3_600.0
    held: float = 30.0
    most_tries: int = 20
    oldest: timedelta = timedelta(days=3)
    # Of something that nobody is told about: how long it may be looked for in vain.
    look_again: float = 5.0
    # Told to stop: how long answers that are on their way are waited for.
    grace: float = 4.0


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What to write down: the state, in how many seconds to try again, and whether the try counts."""

    state: str
    reason: str = ""
    text: str = ""
    again_in: float = 0.0
    counts: bool = True
    unsure: bool = False


def step_after(
    outcome: Outcome, *, tries: int, age: timedelta, unsure: bool, pace: Pace, jitter: float
) -> Step:
    """The next state. `tries` counts the one that just ended, `unsure`: an earlier one may have been taken in.

    `jitter` is a number from 0 to 1: those who failed together do not come back together.
    """
    unsure = unsure or outcome.came == Came.UNSURE
    if outcome.came in {Came.RECEIVED, Came.REFUSED}:
        return Step(state=outcome.came.value, reason=outcome.reason, text=outcome.text)
    if outcome.came == Came.DOWN:
        return Step(state=_waiting(unsure), reason=outcome.reason, counts=False, unsure=unsure)
    waits = Step(state=_waiting(unsure), reason=outcome.reason, text=outcome.text, unsure=unsure)
    if outcome.came == Came.HELD:
        again_in = min(pace.longest, max(pace.held, age.total_seconds() / 4))
        held = msgspec.structs.replace(waits, again_in=again_in, counts=False)
        return msgspec.structs.replace(held, state="dead") if age >= pace.oldest else held
    if tries >= pace.most_tries or (age >= pace.oldest and tries * 4 >= pace.most_tries):
        return msgspec.structs.replace(waits, state="dead")
    again_in = max(outcome.wait, backing_off(tries, pace, jitter))
    return msgspec.structs.replace(waits, again_in=again_in)


def backing_off(tries: int, pace: Pace, jitter: float) -> float:
    """Seconds until the next try: twice as long each time, and between a half and the whole of that."""
    whole = min(pace.longest, pace.first * 2 ** min(tries - 1, 30))
    return float(whole * (0.5 + 0.5 * jitter))


def outcome_of(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> Outcome:
    """What an answer to a transaction of one means. `body` whole: one that was cut off is for the caller to tell."""
    if status == 200:  # noqa: PLR2004
        return _of_transaction(body)
    if status == 412:  # noqa: PLR2004
        # Several match our identifier: somebody has to look, but it is there.
        return Outcome(Came.RECEIVED, "more_than_one", _said(body))
    if status in _OURS:
        return Outcome(Came.DOWN, f"answer_{status}", _said(body))
    if status < 300:  # noqa: PLR2004
        return Outcome(Came.UNSURE, f"answer_{status}")
    wait = _wait(headers.get("retry-after", ""), now)
    if status in _AGAIN:
        return Outcome(Came.BUSY, f"answer_{status}", _said(body), wait)
    if status >= 500:  # noqa: PLR2004
        return Outcome(Came.UNSURE, f"answer_{status}", _said(body), wait)
    is_refusal = status >= 400 and status not in _WAY and _is_outcome(body)  # noqa: PLR2004
    # Else something between us and the journal says no, in its own way.
    return Outcome(Came.REFUSED if is_refusal else Came.ODD, f"answer_{status}", _said(body))


class _Answered(msgspec.Struct, frozen=True):
    status: str = ""


class _Entry(msgspec.Struct, frozen=True):
    response: _Answered | None = None


class _Bundle(msgspec.Struct, frozen=True):
    type: str = ""
    entry: tuple[_Entry, ...] = ()


class _Issue(msgspec.Struct, frozen=True):
    code: str = ""
    diagnostics: str = ""
    details: dict[str, object] | None = None


class _OperationOutcome(msgspec.Struct, frozen=True, rename={"resource_type": "resourceType"}):
    resource_type: str = ""
    issue: tuple[_Issue, ...] = ()


def _of_transaction(body: bytes) -> Outcome:
    try:
        bundle = msgspec.json.decode(body, type=_Bundle)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Outcome(Came.UNSURE, "unreadable")
    statuses = [each.response.status[:3] for each in bundle.entry if each.response is not None]
    if bundle.type != "transaction-response" or len(statuses) != 1:
        return Outcome(Came.UNSURE, "unreadable")
    if statuses[0] == "201":
        return Outcome(Came.RECEIVED)
    if statuses[0] == "200":
        return Outcome(Came.RECEIVED, "was_there")
    return Outcome(Came.UNSURE, "unreadable")


def _waiting(unsure: bool) -> str:
    return "sent" if unsure else "queued"


def _wait(told: str, now: datetime) -> float:
    if told.isascii() and told.isdigit():
        seconds = float(told[:9])
    else:
        try:
            seconds = (parsedate_to_datetime(told) - now).total_seconds()
        except (TypeError, ValueError):
            return 0.0
    return min(max(seconds, 0.0), _LONGEST_WAIT.total_seconds())


def _outcome(body: bytes) -> _OperationOutcome | None:
    try:
        read = msgspec.json.decode(body, type=_OperationOutcome)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return read if read.resource_type == "OperationOutcome" else None


def _is_outcome(body: bytes) -> bool:
    return _outcome(body) is not None


def _said(body: bytes) -> str:
    """The journal's words on one line each, without what may be a national number."""
    outcome = _outcome(body)
    if outcome is None:
        return ""
    words = (
        each.diagnostics or str((each.details or {}).get("text") or "") or each.code for each in outcome.issue
    )
    printable = ("".join(c if c.isprintable() else " " for c in line) for line in words)
    return _NUMBER.sub("···········", "\n".join(filter(None, printable)))[:_LONGEST_TEXT]
