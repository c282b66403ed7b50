"""The log: what happened, by name and place, and never what somebody sent or what a record says.

The message of an exception can repeat a value: a driver quotes the parameter that it could not encode, a decoder the
text where it stopped. So a failure is told by the classes and the places in the code alone.
"""

import sys
import traceback
from collections.abc import MutableMapping
from pathlib import PurePath
from typing import Any

import structlog


def log_as_json() -> None:
    """One line of JSON for each event, on standard output. For the start of a process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            without_values,
            structlog.processors.JSONRenderer(),
        ]
    )


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
