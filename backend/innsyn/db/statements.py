"""SQLAlchemy Core describes a statement, once, at import; asyncpg runs its text.

Core at run time costs twice the bare query and the ORM six times (tests/bench has the measurement), so nothing is
compiled while somebody waits.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.sql.elements import ClauseElement

_DIALECT = asyncpg.dialect()  # type: ignore[no-untyped-call]


class Statement:
    """The text of a Core statement with its parameters in the order that asyncpg wants them."""

    def __init__(self, statement: ClauseElement) -> None:
        compiled = statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        self.sql = str(compiled)
        self._order = tuple(compiled.positiontup or ())  # type: ignore[attr-defined]
        self._fixed: Mapping[str, Any] = {
            name: value for name, value in compiled.params.items() if value is not None
        }

    def bind(self, **values: object) -> list[object]:
        """The values in order. Raises KeyError for a name that the statement does not have, or one it lacks."""
        given = {**self._fixed, **values}
        if unknown := values.keys() - set(self._order):
            raise KeyError(*sorted(unknown))
        return [given[name] for name in self._order]
