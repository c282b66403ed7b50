"""Is this process alive, and can it answer?"""

import asyncpg
from litestar import Response, get
from litestar.di import NamedDependency


@get("/health/live", include_in_schema=False, sync_to_thread=False)
def live() -> str:
    """The process answers."""
    return "live"


@get("/health/ready", include_in_schema=False)
async def ready(pool: NamedDependency[asyncpg.Pool]) -> Response[str]:
    """The database answers too: send people here."""
    try:
        await pool.fetchval("SELECT 1", timeout=2)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return Response("not ready", status_code=503)
    return Response("ready")
