"""The sequence feed over HTTP, as Norwegian registers publish changes: `GET {base}/feed?seq=N&limit=L`, re-readable.

FeedFailed
├── FeedUnavailable     no answer, or one that says to come back: try again later
└── FeedBroken          an answer that nobody could follow: somebody has to look
"""

import asyncio
from collections.abc import AsyncIterator

import httpx
import msgspec

from innsyn.journal.bundles import instant_of
from innsyn.journal.limits import TooLarge, Unfit
from innsyn.journal.port import Entry, Source, Unusable
from innsyn.journal.sequence_page import Page, page_in

PAGE = 500
MOST_PAGE_BYTES = 64 * 1024 * 1024
TIMEOUT = httpx.Timeout(30, connect=5)
LONGEST_ANSWER_SECONDS = 120  # a server that sends a byte now and then never lets a read time out


class FeedFailed(Exception):
    """The feed could not be followed further just now. The text is for the operator."""


class FeedUnavailable(FeedFailed):
    """No answer, or one that says to come back."""


class FeedBroken(FeedFailed):
    """An answer that the protocol does not allow."""


class _Service(msgspec.Struct, frozen=True):
    source: str
    name: str
    service: str = ""
    since: str | None = None
    contact: str | None = None
    delayed_since: str | None = None


_decode_services = msgspec.json.Decoder(list[_Service]).decode


class SequenceFeed:
    """The feed at the address `base`. Positions are the feed's own sequence numbers."""

    def __init__(self, name: str, base: str, http: httpx.AsyncClient, *, page: int = PAGE) -> None:
        self.name = name
        self._base, self._http, self._page_size = base.rstrip("/"), http, page
        # The newest number that the feed has told of, which can be less than before if it was made anew.
        self.newest: int | None = None
        # Of pages without entries only: those with entries are asked for again when their transaction failed.
        self._nothing_after: tuple[int, str] = (-1, "")

    async def after(self, position: int) -> AsyncIterator[list[Entry | Unusable]]:
        """Pages of everything later than `position`. Raises a FeedFailed."""
        while True:
            page = await self._page(position + 1)
            if page is None or not page.found:
                return
            yield page.found
            reached = max(found.position for found in page.found)
            if reached <= position:
                raise FeedBroken(f"{self._base}/feed answers seq={position + 1} with older entries only.")
            position = reached
            if position >= page.last:
                return

    async def sources(self) -> list[Source]:
        """The services that write in this journal, and when it last heard from each. Raises a FeedFailed."""
        try:
            _, body = await self._get("/sources", {}, {})
            services = _decode_services(body)
        except (Unfit, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise FeedBroken(f"{self._base}/sources is not a list of services.") from None
        return [
            Source(
                source=each.source,
                name=each.name,
                service=each.service,
                since=each.since or "",
                contact=instant_of(each.contact or ""),
                delayed_since=instant_of(each.delayed_since or ""),
            )
            for each in services
        ]

    async def _page(self, seq: int) -> Page | None:
        """The page from `seq`, as large as can be read; None: nothing new since the last time this was asked."""
        limit = self._page_size
        while True:
            try:
                return await self._page_of(seq, limit)
            except Unfit as unfit:
                if limit == 1:
                    return await self._without(seq, unfit)
                limit = max(1, limit // 8)

    async def _page_of(self, seq: int, limit: int) -> Page | None:
        asked, etag = self._nothing_after
        known = {"if-none-match": etag} if asked == seq and etag else {}
        response, body = await self._get("/feed", {"seq": seq, "limit": limit}, known)
        if response.status_code == httpx.codes.NOT_MODIFIED:
            return None
        page = page_in(body, seq)
        self.newest = page.last
        if not page.found:
            if page.last >= seq:
                raise FeedBroken(
                    f"{self._base}/feed says that it has seq={page.last}, but gives nothing from {seq}."
                )
            self._nothing_after = (seq, response.headers.get("etag", ""))
        return page

    async def _without(self, seq: int, unfit: Unfit) -> Page:
        """A page with the one entry that cannot be read, if the next one can: else it is the feed that is broken."""
        try:
            await self._page_of(seq + 1, 1)
        except Unfit:
            raise FeedBroken(f"{self._base}/feed cannot be read from seq={seq}: {unfit}") from None
        lost = Unusable(
            position=seq,
            source="",
            reason=unfit.reason,
            explanation=f"The page with this entry alone cannot be read: {unfit}",
            body=f"seq={seq}".encode(),
        )
        return Page([lost], last=seq + 1)

    async def _get(
        self, path: str, query: dict[str, int], known: dict[str, str]
    ) -> tuple[httpx.Response, bytes]:
        # Packed answers could unpack to anything; on the wire to a neighbour they save little.
        headers = {"accept": "application/json", "accept-encoding": "identity"} | known
        address = self._base + path
        try:
            async with (
                asyncio.timeout(LONGEST_ANSWER_SECONDS),
                self._http.stream("GET", address, params=query, headers=headers, timeout=TIMEOUT) as response,
            ):
                _must_be_usable(response, address)
                return response, await _body(response)
        except (httpx.TimeoutException, TimeoutError):
            raise FeedUnavailable(f"{address} did not answer in time.") from None
        except httpx.HTTPError as failed:
            raise FeedUnavailable(f"{address} cannot be reached ({type(failed).__name__}).") from None


def _must_be_usable(response: httpx.Response, address: str) -> None:
    status = response.status_code
    if status == httpx.codes.NOT_MODIFIED:
        return
    if status == httpx.codes.TOO_MANY_REQUESTS or response.is_server_error:
        raise FeedUnavailable(f"{address} answers {status}.")
    if status != httpx.codes.OK:
        raise FeedBroken(f"{address} answers {status}.")
    if not response.headers.get("content-type", "").startswith("application/json"):
        raise FeedBroken(f"{address} answers with something else than JSON.")
    if response.headers.get("content-encoding", "identity") != "identity":
        raise FeedBroken(f"{address} packs its answer, which was not asked for.")


async def _body(response: httpx.Response) -> bytes:
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > MOST_PAGE_BYTES:
            raise TooLarge(f"The answer has more than {MOST_PAGE_BYTES} bytes.")
    return bytes(body)
