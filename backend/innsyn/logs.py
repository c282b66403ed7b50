"""The log: what happened, by name and place, and never what somebody sent or what a record says.

The message of an exception can repeat a value: a driver quotes the parameter that it could not encode, a decoder the
text where it stopped. So a failure is told by the classes and the places in the code alone. What a library says is
told by where it says it: its words may be about what somebody sent.
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import MutableMapping
from pathlib import PurePath
from types import TracebackType
from typing import Any, Final

import structlog

# Libraries whose texts hold nothing but their own words; what they fill in is left out.
_OF_THEIR_OWN: Final = ("uvicorn.",)
_ELEVEN_DIGITS: Final = re.compile(r"(?<!\d)\d{11}(?!\d)")


def log_as_json() -> None:
    """One line of JSON for each event, on standard output. For the start of a process.

    Also what a library says, and what ends a thread or the process: nothing else may write in the log.
    """
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            without_values,
            without_numbers,
            structlog.processors.JSONRenderer(),
        ]
    )
    root = logging.getLogger()
    for handler in [each for each in root.handlers if type(each) in {logging.StreamHandler, _Libraries}]:
        root.removeHandler(handler)
    root.addHandler(_Libraries(logging.WARNING))
    sys.excepthook = _ended
    threading.excepthook = lambda ended: _thread_ended(ended.exc_value)
    sys.unraisablehook = lambda lost: _lost(lost.exc_value)


class _Libraries(logging.Handler):
    """What a library logs, as an event: which library, at which place of its code, and what failed."""

    def emit(self, record: logging.LogRecord) -> None:
        own = {"said": str(record.msg)} if record.name.startswith(_OF_THEIR_OWN) else {}
        error = record.exc_info[1] if record.exc_info else None
        failed = {"failed": what_failed(error)} if error else {}
        place = _place(record.pathname, record.lineno, record.funcName)
        structlog.get_logger().log(
            record.levelno, "library", library=record.name, place=place, **own, **failed
        )


def _ended(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    if isinstance(error, KeyboardInterrupt):
        return
    structlog.get_logger().critical("process_ended", failed=what_failed(error))


def _thread_ended(error: BaseException | None) -> None:
    structlog.get_logger().critical("thread_ended", failed=what_failed(error) if error else [])


def _lost(error: BaseException | None) -> None:
    structlog.get_logger().error("failure_nobody_hears", failed=what_failed(error) if error else [])


def without_numbers(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A structlog processor: eleven digits in a row may be somebody's identity number, whoever put them there."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = _ELEVEN_DIGITS.sub("···········", value)
    return event


def without_values(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A structlog processor: `exc_info` becomes `failed`, as `what_failed` tells it."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["failed"] = what_failed(error)
    return event


def what_failed(error: BaseException) -> list[str]:
    """The class of the error and the places it came through ("web/pages.py:19 html"), then those of its causes."""
    told: list[str] = []
    left: list[BaseException] = [error]
    seen: set[int] = set()
    while left:
        failed = left.pop()
        if id(failed) in seen:
            continue
        seen.add(id(failed))
        told.append(f"{type(failed).__module__}.{type(failed).__qualname__}")
        told += [_place(*step) for step in _steps(failed)]
        left += failed.exceptions if isinstance(failed, BaseExceptionGroup) else ()
        cause = failed.__cause__ or (None if failed.__suppress_context__ else failed.__context__)
        left += [cause] if cause else []
    return told


def _steps(error: BaseException) -> list[tuple[str, int, str]]:
    walked = traceback.walk_tb(error.__traceback__)
    return [(frame.f_code.co_filename, line, frame.f_code.co_name) for frame, line in walked]


def _place(file: str, line: int, function: str) -> str:
    return f"{'/'.join(PurePath(file).parts[-2:])}:{line} {function}"
