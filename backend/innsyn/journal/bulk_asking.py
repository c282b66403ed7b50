"""A conversation with an export server: where it may send us, how long we wait for it, what counts as an answer."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx
import msgspec

from innsyn.journal.letting_in import EVERYBODY, LetIn, shown_to, to_be_asked_again
from innsyn.journal.sequence import LONGEST_ANSWER_SECONDS, TIMEOUT, FeedBroken, FeedUnavailable

MOST_MANIFEST_BYTES = 4 * 1024 * 1024
LONGEST_EXPORT_SECONDS = 12 * 3600.0
_MOST_REFUSALS = 5
_SHORTEST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 60.0
_FIRST_PAUSE_SECONDS = 1.0
_COMES_BY_ITSELF = {"transient", "lock-error", "timeout", "throttled", "incomplete"}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a whole export may take, and the clock and the pauses that it is measured with."""

    longest: float = LONGEST_EXPORT_SECONDS
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = time.monotonic


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer read to its end. `place` is where it came from."""

    place: str
    status: int
    headers: httpx.Headers
    content: bytes


class Asking:
    """One export's questions. `base` is the operator's word; what the server tells may not lead anywhere else.

    `also_at` are other servers (scheme://host:port) that the files may lie on.
    """

    def __init__(
        self,
        base: str,
        http: httpx.AsyncClient,
        *,
        let_in: LetIn = EVERYBODY,
        also_at: tuple[str, ...] = (),
        patience: Patience | None = None,
    ) -> None:
        self._http, self._let_in = http, let_in
        self._origins = {_origin(base), *map(_origin, also_at)}
        self._patience = patience or Patience()
        self._end = self._patience.clock() + self._patience.longest

    def place(self, asked: str, told: str) -> str:
        """The address that an answer to `asked` told. Raises FeedBroken for one of another server."""
        try:
            address = str(httpx.URL(asked).join(told))
        except (httpx.InvalidURL, ValueError):
            raise FeedBroken(f"{shown(asked)} tells an address that is none.") from None
        if _origin(address) not in self._origins:
            raise FeedBroken(
                f"{shown(asked)} leads to another server, {_origin(address)}: allow it, or do not."
            )
        return address

    async def ask(
        self,
        method: str,
        address: str,
        *,
        params: Mapping[str, str] | None = None,
        json: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answered:
        """One question, asked once more where we are not let in. Raises FeedUnavailable where there is no answer."""
        for again in (False, True):
            given = {"accept": "application/json"} | dict(headers or {}) | {"accept-encoding": "identity"}
            given |= await shown_to(self._let_in, method, address)
            answer = await self._ask(method, address, params, json, given)
            if not to_be_asked_again(self._let_in, address, answer.status, answer.headers) or again:
                break
        return answer

    async def _ask(
        self,
        method: str,
        address: str,
        params: Mapping[str, str] | None,
        json: object,
        headers: Mapping[str, str],
    ) -> Answered:
        try:
            async with (
                asyncio.timeout(LONGEST_ANSWER_SECONDS),
                self._http.stream(
                    method, address, params=params, json=json, headers=headers, timeout=TIMEOUT
                ) as answer,
            ):
                content = await _content(answer)
                return Answered(str(answer.url), answer.status_code, answer.headers, content)
        except (httpx.HTTPError, TimeoutError) as failed:
            raise FeedUnavailable(f"{shown(address)} cannot be reached ({type(failed).__name__}).") from None

    async def insist(
        self,
        method: str,
        address: str,
        *,
        params: Mapping[str, str] | None = None,
        json: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answered:
        """The same, patient with a server that says to come back: so many times in a row, as late as it says."""
        pause = _FIRST_PAUSE_SECONDS
        for refusal in range(_MOST_REFUSALS + 1):
            answer = await self.ask(method, address, params=params, json=json, headers=headers)
            if not _says_to_come_back(answer):
                return answer
            if refusal < _MOST_REFUSALS:
                await self.wait(pause_told(answer) or pause)
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
        raise FeedUnavailable(f"{shown(address)} answers {answer.status}{_codes_of(answer)}.")

    async def finished(self, address: str, told: Callable[[str], None]) -> Answered:
        """The answer after those that say to wait (202). `told` hears how far the server says that it is."""
        pause = _FIRST_PAUSE_SECONDS
        while True:
            answer = await self.insist("GET", address)
            if answer.status == httpx.codes.OK:
                return answer
            if answer.status != httpx.codes.ACCEPTED:
                raise FeedBroken(f"{shown(address)} answers {answer.status}{_codes_of(answer)}.")
            told(_printable(answer.headers.get("x-progress", "")))
            given = pause_told(answer)
            await self.wait(pause if given is None else given)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    @asynccontextmanager
    async def stream(self, address: str, *, with_token: bool) -> AsyncIterator[httpx.Response]:
        """A file as it comes. Raises a FeedFailed."""
        let_in = self._let_in if with_token else EVERYBODY
        wanted = {"accept": "application/fhir+ndjson", "accept-encoding": "identity"}
        try:
            for again in (False, True):
                headers = wanted | dict(await shown_to(let_in, "GET", address))
                async with self._http.stream("GET", address, headers=headers, timeout=TIMEOUT) as answer:
                    refused = to_be_asked_again(let_in, address, answer.status_code, answer.headers)
                    if not refused or again:
                        yield answer
                        return
        except httpx.HTTPError as failed:
            raise FeedUnavailable(f"{shown(address)} broke off ({type(failed).__name__}).") from None

    async def wait(self, seconds: float) -> None:
        """A pause, unless the whole would take too long with it."""
        self.must_be_in_time(seconds)
        await self._patience.sleep(seconds)

    def must_be_in_time(self, seconds: float = 0) -> None:
        """Raise FeedUnavailable when the export takes longer than anybody wants to wait."""
        if self._patience.clock() + seconds > self._end:
            raise FeedUnavailable(f"The export takes longer than {self._patience.longest / 3600:g} hours.")


def shown(address: str) -> str:
    """An address for the operator, without what may be a key to a file."""
    return address.partition("?")[0]


def pause_told(answer: Answered) -> float | None:
    """Seconds out of Retry-After, which is a number or a date; None where it says nothing."""
    told = answer.headers.get("retry-after", "")
    try:
        seconds = (
            float(told)
            if told.isdecimal()
            else (parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds()
        )
    except (ValueError, TypeError, OverflowError):
        return None
    return max(_SHORTEST_PAUSE_SECONDS, min(seconds, _LONGEST_PAUSE_SECONDS))


def _origin(address: str) -> str:
    parts = urlsplit(address)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}".lower()


async def _content(answer: httpx.Response) -> bytes:
    body = bytearray()
    async for piece in answer.aiter_raw():
        body += piece
        if len(body) > MOST_MANIFEST_BYTES:
            # Nobody reads it further: what it was is decided by its beginning, which is no whole JSON.
            break
    return bytes(body[: MOST_MANIFEST_BYTES + 1])


def _says_to_come_back(answer: Answered) -> bool:
    """An outcome on a 500 is the end of an export, unless it says that the fault passes by itself.

    http://hl7.org/fhir/uv/bulkdata/export.html#response---error-status
    """
    if answer.status == httpx.codes.TOO_MANY_REQUESTS:
        return True
    if answer.status < httpx.codes.INTERNAL_SERVER_ERROR:
        return False
    codes = _codes(answer)
    return not codes or bool(codes & _COMES_BY_ITSELF) or answer.status != httpx.codes.INTERNAL_SERVER_ERROR


class _Issue(msgspec.Struct, frozen=True):
    code: str = ""


class _Outcome(msgspec.Struct, frozen=True):
    issue: tuple[_Issue, ...] = ()


def _codes(answer: Answered) -> set[str]:
    try:
        issues = msgspec.json.decode(answer.content, type=_Outcome).issue
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return set()
    return {each.code for each in issues if each.code.replace("-", "").isalpha()}


def _codes_of(answer: Answered) -> str:
    """Its codes alone: what else an outcome says may be about a person."""
    codes = sorted(_codes(answer))[:5]
    return f" ({', '.join(code[:30] for code in codes)})" if codes else ""


def _printable(text: str) -> str:
    return "".join(letter for letter in text[:100] if letter.isprintable())
