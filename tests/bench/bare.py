"""The same list with nothing around it: the lines of one person by the same index, on asyncpg, in a bare ASGI app.

No session, no access check, no log row, no row-level security, no headers. `python -m bench.bare PORT DSN`.
"""

import sys
from typing import Any

import asyncpg
import uvicorn

from innsyn.db.pool import open_pool

_LINES = """
    SELECT line FROM record.entry WHERE person_id = $1::text::uuid AND panel_id IS NULL
    ORDER BY occurred_at DESC, entry_id DESC LIMIT 51
"""


class Bare:
    """`GET /?<person>` answers as `GET /api/entries` does for that person."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._pool: asyncpg.Pool | None = None

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:  # noqa: ANN401 - as ASGI has it
        if scope["type"] != "http":
            return
        if self._pool is None:
            self._pool = await open_pool(self._dsn)
        person = scope["query_string"].decode()
        rows = await self._pool.fetch(_LINES, person) if person else []
        body = b'{"entries":[%b],"next":""}' % b",".join([row[0] for row in rows[:50]])
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    uvicorn.run(
        Bare(sys.argv[2]),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        access_log=False,
        log_level="warning",
        lifespan="off",
        server_header=False,
    )
