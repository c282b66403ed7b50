"""Where the time goes: a request, a question, a batch, a delivery.

Off until `innsyn.operations.tracing` gives a tracer; then each is a span of OpenTelemetry. What a span tells besides is
out of the short list below: no address, no parameter, nobody's id, and of an error not even its message.
"""

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Final, Protocol, Self

# What may stand beside the name of a span; a test compares what is sent with it.
TOLD: Final = frozenset({"route", "method", "status", "question", "entries", "outcome", "part", "kind"})


class Span(Protocol):
    """What is told of something that goes on."""

    def set_attribute(self, key: str, value: str | int) -> None:
        """Tell this too; `key` is one of TOLD."""
        ...

    def update_name(self, name: str) -> None:
        """It has another name."""
        ...


class _Nothing:
    """Nobody asked."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def set_attribute(self, key: str, value: str | int) -> None:
        """Nobody listens."""

    def update_name(self, name: str) -> None:
        """Nobody listens."""


_NOTHING: Final = _Nothing()
_tracer: Any = None


def span(name: str, **told: str | int) -> AbstractContextManager[Span]:
    """The time that the block takes, under this name; `told` are of TOLD."""
    if _tracer is None:
        return _NOTHING
    spanning: AbstractContextManager[Span] = _tracer.start_as_current_span(
        name, attributes=told, record_exception=False, set_status_on_exception=False
    )
    return spanning


def give(tracer: object | None) -> None:
    """From now on spans go to this tracer of OpenTelemetry; None: to nobody."""
    global _tracer  # noqa: PLW0603 - one process has one tracer, and whoever spans must not look for it
    _tracer = tracer
