"""`/live`: how it is with the session of an open page, once (JSON) or from now on (server-sent events)."""

from collections.abc import AsyncIterator
from typing import Any, Final

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.response import Stream

from innsyn.access.live.queries import how_it_is, still_open
from innsyn.access.live.stream import Streams
from innsyn.identity.sessions import token_of
from innsyn.web.whose import handle_of

_EVENTS: Final = "text/event-stream"


class Here(msgspec.Struct, frozen=True):
    """`left`: whole seconds until the session is over, if it is not used; `final`: using it would not help."""

    left: int
    final: bool
    mark: str


class Over(msgspec.Struct, frozen=True):
    """`why`: idle, absolute, logout, elsewhere, provider …; access: the session goes on and this is not open to it."""

    why: str


@get("/live")
async def live(
    request: Request[Any, Any, Any], streams: NamedDependency[Streams]
) -> Response[Here | Over | None] | Stream:
    """Reads nothing of a record, writes nothing in the log, and does not keep the session alive."""
    state = request.app.state
    token, handle = token_of(request.cookies.get(state.session_cookie)), handle_of(request)
    if token is None:
        return Response(Over("none"), status_code=401)
    here = await still_open(state.pool, token, handle)
    if here is None:
        how = await how_it_is(state.pool, token)
        why = how.why if how else "none"
        return Response(Over(why), status_code=401) if why else Response(Over("access"), status_code=404)
    if _EVENTS not in request.headers.get("accept", ""):
        return Response(Here(int(here.left), here.final, here.mark))
    if not streams.has_room(token):
        # A browser does not come back after this: the page falls back to asking when it is used.
        return Response(None, status_code=204)
    events: AsyncIterator[bytes] = streams.follow(state.pool, token, handle)
    # Proxies are asked not to gather what is said.
    return Stream(events, media_type=_EVENTS, headers={"x-accel-buffering": "no"})


routes = (live,)
