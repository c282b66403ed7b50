"""Is this process alive, and can it answer?"""

from typing import Any

from litestar import Request, Response, get

from innsyn.db.pool import LOST


@get("/health/live", include_in_schema=False, sync_to_thread=False)
def live() -> str:
    """The process answers."""
    return "live"


@get("/health/ready", include_in_schema=False)
async def ready(request: Request[Any, Any, Any]) -> Response[str]:
    """The database answers too, and the process is not about to end: send people here."""
    if request.app.state.seen.leaving:
        return Response("leaving", status_code=503)
    try:
        await request.app.state.pool.fetchval("SELECT 1", timeout=2)
    except LOST:
        return Response("not ready", status_code=503)
    return Response("ready")
