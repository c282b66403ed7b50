"""A journal with made-up entries, over HTTP: `python -m bench.feed PORT LAST [FIRST PER_SECOND]`.

It has all of them at once, or the first FIRST and then so many more each second, from when `/begin` is asked.
"""

import sys
import time
from typing import Any
from urllib.parse import parse_qs

import uvicorn

from bench import made_up

_SOURCES = b"""[
    {"source": "st-olavs", "name": "St. Olavs hospital", "service": "hospital"},
    {"source": "levanger", "name": "Sykehuset Levanger", "service": "hospital"},
    {"source": "legekontoret", "name": "Steinkjer legesenter", "service": "gp"}
]"""


class Journal:
    """`/feed?seq=&limit=` and `/sources`, as the worker asks for them."""

    def __init__(self, last: int, first: int = 0, per_second: float = 0) -> None:
        self._last, self._first, self._per_second = last, first, per_second
        self._began: float | None = None

    @property
    def last(self) -> int:
        """The newest number just now."""
        if not self._per_second:
            return self._last
        passed = 0.0 if self._began is None else time.time() - self._began
        return min(self._last, self._first + int(passed * self._per_second))

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:  # noqa: ANN401 - as ASGI has it
        body = _SOURCES
        if scope["path"] == "/feed":
            asked = parse_qs(scope["query_string"].decode())
            body = made_up.page(int(asked["seq"][0]), self.last, int(asked["limit"][0]))
        elif scope["path"] == "/begin":
            self._began = time.time()
            body = repr(self._began).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    journal = Journal(*map(int, sys.argv[2:]))
    uvicorn.run(
        journal,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        access_log=False,
        log_level="warning",
        lifespan="off",
    )
