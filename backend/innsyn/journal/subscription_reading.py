"""Reading the resources that events are about: many at a time by `_id`, one by one what that does not give."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

import httpx
import msgspec

from innsyn.journal.bulk_asking import Answered
from innsyn.journal.letting_in import EVERYBODY, LetIn, shown_to, to_be_asked_again
from innsyn.journal.limits import MOST_BYTES, Unfit, checked
from innsyn.journal.lookup import Key
from innsyn.journal.sequence import (
    LONGEST_ANSWER_SECONDS,
    MOST_PAGE_BYTES,
    TIMEOUT,
    FeedBroken,
    FeedUnavailable,
)
from innsyn.journal.unpacking import items_of, members_of

_AT_ONCE = 50
_SIDE_BY_SIDE = 8
_VERSION = re.compile(r'(?:W/)?"([0-9]{1,18})"').fullmatch


class Found(msgspec.Struct, frozen=True):
    """A resource as it is now. Without `body` it `is_gone`, or the server cannot find it."""

    body: bytes | None = None
    is_gone: bool = False
    version: int | None = None


class Fhir:
    """A FHIR server at the address `base`."""

    def __init__(self, base: str, http: httpx.AsyncClient, let_in: LetIn = EVERYBODY) -> None:
        self.base = base.rstrip("/")
        self._http, self._let_in = http, let_in

    async def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: object = None,
        most: int = MOST_PAGE_BYTES,
    ) -> Answered:
        """An answer, of which at most `most` bytes and one are read. Raises FeedUnavailable."""
        address = f"{self.base}/{path}"
        for again in (False, True):
            told = await self._ask(method, address, params, json, most)
            if not to_be_asked_again(self._let_in, address, told.status, told.headers) or again:
                break
        if told.status == httpx.codes.TOO_MANY_REQUESTS or told.status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise FeedUnavailable(f"{address} answers {told.status}.")
        return told

    async def _ask(
        self, method: str, address: str, params: Mapping[str, str] | None, json: object, most: int
    ) -> Answered:
        headers = {
            "accept": "application/fhir+json",
            "accept-encoding": "identity",
            "cache-control": "no-cache",
        }
        if json is not None:
            headers["content-type"] = "application/fhir+json"
        headers |= await shown_to(self._let_in, method, address)
        try:
            async with (
                asyncio.timeout(LONGEST_ANSWER_SECONDS),
                self._http.stream(
                    method, address, params=params, json=json, headers=headers, timeout=TIMEOUT
                ) as answer,
            ):
                body = bytearray()
                async for piece in answer.aiter_raw():
                    body += piece
                    if len(body) > most:
                        break
                return Answered(str(answer.url), answer.status_code, answer.headers, bytes(body[: most + 1]))
        except (httpx.HTTPError, TimeoutError) as failed:
            raise FeedUnavailable(f"{address} cannot be reached ({type(failed).__name__}).") from None


async def read(fhir: Fhir, keys: Iterable[Key]) -> dict[Key, Found]:
    """Each of these as it is now. Raises a FeedFailed."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, id_ in dict.fromkeys(keys):
        by_kind[kind].append(id_)
    found: dict[Key, Found] = {}
    for kind, ids in by_kind.items():
        for start in range(0, len(ids), _AT_ONCE):
            found |= await _search(fhir, kind, ids[start : start + _AT_ONCE])
    left = [(kind, id_) for kind, ids in by_kind.items() for id_ in ids if (kind, id_) not in found]
    for start in range(0, len(left), _SIDE_BY_SIDE):
        some = left[start : start + _SIDE_BY_SIDE]
        found |= zip(some, await asyncio.gather(*(_read_one(fhir, key) for key in some)), strict=True)
    return found


async def _search(fhir: Fhir, kind: str, ids: list[str]) -> dict[Key, Found]:
    """Those that one search gives and that can be read; the others answer for themselves."""
    if len(ids) == 1:
        return {}
    wanted = {(kind, id_) for id_ in ids}
    answer = await fhir.ask("GET", kind, params={"_id": ",".join(ids), "_count": str(len(ids))})
    if answer.status != httpx.codes.OK or len(answer.content) > MOST_PAGE_BYTES:
        return {}
    found: dict[Key, Found] = {}
    try:
        entries = items_of(members_of(answer.content).get("entry", b"[]"))
    except Unfit:
        return {}
    for entry in entries:
        try:
            body = members_of(entry).get("resource", b"")
            head = checked(body)
        except Unfit:
            continue
        if (head.kind, head.id) in wanted:
            found[head.kind, head.id] = Found(body)
    return found


async def _read_one(fhir: Fhir, key: Key) -> Found:
    """http://hl7.org/fhir/R4/http.html#read: 410 is a deletion; 404 is one only for who was told of it."""
    path = "/".join(key)
    answer = await fhir.ask("GET", path, most=MOST_BYTES)
    if answer.status == httpx.codes.OK:
        return Found(answer.content)
    if answer.status == httpx.codes.GONE:
        version = _VERSION(answer.headers.get("etag", ""))
        return Found(is_gone=True, version=int(version[1]) if version else None)
    if answer.status == httpx.codes.NOT_FOUND:
        return Found()
    # Which one it was is nobody's business; what kind it was may help.
    raise FeedBroken(f"{fhir.base}/{key[0]} answers {answer.status} to a reading.")
