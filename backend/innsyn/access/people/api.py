"""Whose records are open to the person here, for programs."""

from datetime import date
from typing import Any

import msgspec
from litestar import get
from litestar.di import NamedDependency

from innsyn.access.opening import ReadSession
from innsyn.access.people import queries
from innsyn.web.problems import documented
from innsyn.web.whose import base_for


class Person(msgspec.Struct, frozen=True):
    """Somebody whose record is open.

    `base` is what the addresses of that record begin with in this session: `{base}/api/entries` are its entries. `rule`
    is the rule of the rule book that opens it, `until` its last day.
    """

    name: str
    base: str
    rule: str
    until: date


class People(msgspec.Struct, frozen=True):
    """Everybody whose record is open to whoever is logged in, beside the own one."""

    people: list[Person]


@get(
    "/api/people",
    operation_id="people",
    tags=["access"],
    include_in_schema=True,
    responses=documented(401),
)
async def people(read_db: NamedDependency[ReadSession]) -> People:
    """Whose records are open to whoever is logged in, beside the own one."""
    _, found = await queries.people_of(read_db)
    return People([Person(each.name, base_for(each.handle), each.rule, each.until.date()) for each in found])


routes: list[Any] = [people]
