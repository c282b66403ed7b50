"""Functions of texts and of when it is. Patterns are run by RE2, which takes time in proportion to the text."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import re2

from innsyn.forms.engine.fhirpath.arguments import Made, Scope, Values, one
from innsyn.forms.engine.fhirpath.budget import ExpressionFailed, long_text
from innsyn.forms.engine.fhirpath.walking import data_of

_LONGEST_REPLACEMENT: Final = 1_000


def _text(values: Values) -> str:
    if len(values) != 1 or not isinstance(data_of(values[0]), str):
        raise ExpressionFailed("wrong")
    return str(data_of(values[0]))


def _pattern(regex: str) -> Any:  # noqa: ANN401 - re2 has no types
    options = re2.Options()
    options.dot_nl, options.log_errors, options.max_mem = True, False, 1 << 20
    try:
        return re2.compile(regex, options=options)
    except re2.error:
        raise ExpressionFailed("unknown") from None


def _matches(_scope: Scope, values: Values, regex: Any) -> Any:  # noqa: ANN401 - a text or []
    return [] if regex == [] else bool(_pattern(regex).search(_text(values)))


def _matches_all(_scope: Scope, values: Values, regex: Any) -> Any:  # noqa: ANN401 - a text or []
    return [] if regex == [] else bool(_pattern(regex).fullmatch(_text(values)))


def _replace(_scope: Scope, values: Values, old: Any, new: Any) -> Any:  # noqa: ANN401 - a text or []
    if old == [] or new == []:
        return []
    text = _text(values)
    long_text(len(text) + text.count(old) * len(new))
    return text.replace(old, new)


def _replace_matches(_scope: Scope, values: Values, regex: Any, new: Any) -> Any:  # noqa: ANN401 - texts or []
    if regex == [] or new == []:
        return []
    text = _text(values)
    long_text(len(text) * (1 + min(len(new), _LONGEST_REPLACEMENT)))
    if len(new) > _LONGEST_REPLACEMENT:
        raise ExpressionFailed("limit")
    # $1 is the library's and everybody's; re2 has \1.
    return _pattern(regex).sub(re2.sub(r"\$(\d+)", r"\\\1", new), text)


def _join(_scope: Scope, values: Values, between: str | Values = "") -> Any:  # noqa: ANN401 - a text or []
    texts = [str(data_of(each)) for each in values]
    middle = between if isinstance(between, str) else ""
    long_text(sum(map(len, texts)) + len(middle) * len(texts))
    return middle.join(texts) if texts else []


def _string(_scope: Scope, values: Values) -> Any:  # noqa: ANN401 - a text or []
    if len(values) != 1:
        return []
    value = data_of(values[0])
    if isinstance(value, bool):
        return "true" if value else "false"
    return (
        [] if isinstance(value, dict | list) else f"{value:f}" if isinstance(value, Decimal) else str(value)
    )


def _clock(scope: Scope) -> datetime:
    now: datetime | None = scope["now"]
    if now is None:
        raise ExpressionFailed("unknown")
    return now


def _now(scope: Scope, _values: Values) -> str:
    now = _clock(scope)
    return now.isoformat(timespec="milliseconds")


def _today(scope: Scope, _values: Values) -> str:
    now = _clock(scope)
    return now.date().isoformat()


def _time_of_day(scope: Scope, _values: Values) -> str:
    now = _clock(scope)
    return now.time().isoformat(timespec="milliseconds")


TEXTS: Final[dict[str, Made]] = {
    "now": {"fn": _now},
    "today": {"fn": _today},
    "timeOfDay": {"fn": _time_of_day},
    "matches": {**one("String", _matches), "nullable_input": True},
    "matchesFull": {**one("String", _matches_all), "nullable_input": True},
    "replace": {"fn": _replace, "arity": {2: ["String", "String"]}, "nullable_input": True},
    "replaceMatches": {"fn": _replace_matches, "arity": {2: ["String", "String"]}, "nullable_input": True},
    "join": {"fn": _join, "arity": {0: [], 1: ["String"]}},
    "toString": {"fn": _string},
}
