"""A hostile peer on demand: slow, failing before or after the effect, saying things twice; by seed, to be met again."""

from hashlib import blake2b
from random import Random
from typing import Any, Literal

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.exceptions import ClientException
from litestar.types import Receive, Scope, Send

from standins.journal.sequence import Entry, Journal

Way = Literal["", "error", "cut"]


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What goes wrong: probabilities from 0 to 1, of requests to /fhir (before or after their effect) and of entries.

    `busy` answers 429. `down` answers 503 to everything there. `duplicate`: an entry stands twice on its page.
    """

    slow_ms: int = 0
    busy: float = 0.0
    error_before: float = 0.0
    error_after: float = 0.0
    duplicate: float = 0.0
    down: bool = False
    seed: int = 0


class Faults:
    """What is wanted now, and how often it has hit."""

    def __init__(self) -> None:
        self.want(Wanted())

    def want(self, wanted: Wanted) -> None:
        """From now on, and from the beginning of the seed."""
        self.wanted = wanted
        self.hits = {"busy": 0, "before": 0, "after": 0}
        self._random = Random(wanted.seed)  # noqa: S311 - to be met again is the point

    def is_busy(self) -> bool:
        """Whether this request is sent away."""
        return self._hits("busy", self.wanted.busy)

    def before(self) -> Way:
        """How this request fails before anything has come of it."""
        return self._way("before", self.wanted.error_before)

    def after(self) -> Way:
        """How the answer to what has been done is lost."""
        return self._way("after", self.wanted.error_after)

    def page(self, journal: Journal, seq: int, limit: int) -> tuple[bytes, str]:
        """A page of the feed in which some entries stand twice: the same ones each time."""
        return journal.page(seq, limit, self._times if self.wanted.duplicate else None)

    def _times(self, entry: Entry) -> int:
        digest = blake2b(f"{self.wanted.seed}/{entry.seq}".encode(), digest_size=4).digest()
        return 1 + (int.from_bytes(digest) < self.wanted.duplicate * 2**32)

    def _way(self, name: str, chance: float) -> Way:
        if not self._hits(name, chance):
            return ""
        return "cut" if self._random.random() < 0.5 else "error"  # noqa: PLR2004 - half of each

    def _hits(self, name: str, chance: float) -> bool:
        hit = self._random.random() < chance
        self.hits[name] += hit
        return hit


async def cut(_scope: Scope, _receive: Receive, send: Send) -> None:
    """An answer that ends in the middle: the server closes the connection."""
    headers = [(b"content-type", b"application/fhir+json"), (b"content-length", b"1000")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"resourceType": "Bun', "more_body": True})


@post("/faults", status_code=200)
async def order(request: Request[Any, Any, State], state: State) -> dict[str, Any]:
    """Begin with these faults; what is not named ends."""
    try:
        wanted = msgspec.json.decode(await request.body(), type=Wanted)
    except msgspec.DecodeError as wrong:
        raise ClientException(str(wrong)) from None
    state.faults.want(wanted)
    return dict(msgspec.to_builtins(wanted))


@get("/faults", sync_to_thread=False)
def count(state: State) -> dict[str, Any]:
    """What is wanted, and how often it has hit."""
    return {"wanted": msgspec.to_builtins(state.faults.wanted), "hits": state.faults.hits}


handlers = [order, count]
