"""A connection as the worker's on which the same statements write the next read model, as of any landing."""

import re
from typing import Any, Final

import asyncpg

NEXT: Final = "record_next"
OLD: Final = "record_old"
WORK: Final = "record_work"

# What has landed is read as it was at the landing that is being taken in; who waits for what is told anew.
_ELSEWHERE: Final = {
    "record.": f"{NEXT}.",
    "journal.resource": f"{WORK}.resource",
    "journal.waiting": f"{WORK}.waiting",
}
_NAME = re.compile(r"\brecord\.|\bjournal\.(?:resource|waiting)\b")


class Beside(asyncpg.Connection):  # type: ignore[misc] # asyncpg tells no types
    """Every statement of intake, unchanged, about the tables beside."""

    async def execute(self, query: str, *args: Any, **more: Any) -> str:  # noqa: ANN401 - as asyncpg has it
        return str(await super().execute(beside(query), *args, **more))

    async def fetch(self, query: str, *args: Any, **more: Any) -> Any:  # noqa: ANN401 - as asyncpg has it
        return await super().fetch(beside(query), *args, **more)

    async def fetchrow(self, query: str, *args: Any, **more: Any) -> Any:  # noqa: ANN401 - as asyncpg has it
        return await super().fetchrow(beside(query), *args, **more)

    async def fetchval(self, query: str, *args: Any, **more: Any) -> Any:  # noqa: ANN401 - as asyncpg has it
        return await super().fetchval(beside(query), *args, **more)

    async def plainly(self, query: str, *args: Any) -> Any:  # noqa: ANN401 - as asyncpg has it
        """Fetch from the tables themselves."""
        return await super().fetch(query, *args)


def beside(query: str) -> str:
    """The same statement about the next read model."""
    return _NAME.sub(lambda found: _ELSEWHERE[found[0]], query)
