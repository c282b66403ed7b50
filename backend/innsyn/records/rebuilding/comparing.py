"""Two read models compared: the rows of each table, in whatever order they lie."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import asyncpg


class Rows(NamedTuple):
    """How many rows a table has, and what they are known by all together."""

    number: int
    known_by: str


async def rows_of(db: asyncpg.Connection, schema: str, tables: Iterable[str]) -> Mapping[str, Rows]:
    """By table. The same rows have the same hash, and others with near certainty another.

    `tables` is told, as a snapshot from before a switch lists them under their former schema.
    """
    found = {}
    for table in tables:
        row = await db.fetchrow(
            f"""
            SELECT count(*), coalesce(sum(hashtextextended(t::text, 1)::numeric), 0)
                             + coalesce(sum(hashtextextended(t::text, 2)::numeric), 0) * 10::numeric ^ 30
            FROM {schema}.{table} t
            """  # noqa: S608 - names of the catalogue
        )
        found[table] = Rows(row[0], f"{int(row[1]):x}")
    return found
