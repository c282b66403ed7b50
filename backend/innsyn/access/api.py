"""Who is here, for programs."""

import msgspec
from litestar import get
from litestar.di import NamedDependency

from innsyn.access.opening import ReadSession, who_is_here
from innsyn.web.problems import documented


class Me(msgspec.Struct, frozen=True):
    """The person logged in. `locale` is '' until a language has been chosen."""

    name: str
    locale: str


@get(
    "/api/me",
    operation_id="me",
    tags=["access"],
    include_in_schema=True,
    responses=documented(401),
)
async def me(read_db: NamedDependency[ReadSession]) -> Me:
    """Who is logged in."""
    reader, _ = await read_db.ask(who_is_here)
    return Me(name=reader.name, locale=reader.locale)
