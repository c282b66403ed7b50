"""A terminology server: `POST {base}/ValueSet/$expand` (http://hl7.org/fhir/R4/valueset-operation-expand.html).

The host is the operator's and never the form's: what a form says is only a parameter. No redirect is followed, no proxy
of the environment is used, and an answer has a time and a size.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Final

import httpx
import structlog

from innsyn.forms.engine.model import Option
from innsyn.forms.terminology.expansion import (
    MOST_OPTIONS,
    MOST_WORDS,
    NoExpansion,
    options_in,
    question_for,
)
from innsyn.forms.terminology.port import NoTerminology, Terminology, TerminologyFailed

_FHIR: Final = "application/fhir+json"
_JSON: Final = frozenset({_FHIR, "application/json"})
_LARGEST_ANSWER: Final = 512 * 1024
_SECONDS: Final = 3.0
_KEPT_SECONDS: Final = 600.0
_MOST_KEPT: Final = 500
_MOST_CONNECTIONS: Final = 8
_log = structlog.get_logger()


class OverHttp:
    """One server. What it answered is kept for ten minutes: many people search for the same."""

    def __init__(
        self,
        base: str,
        client: httpx.AsyncClient,
        *,
        seconds: float = _SECONDS,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._address = f"{base.rstrip('/')}/ValueSet/$expand"
        self._client, self._seconds, self._clock = client, seconds, clock
        self._kept: OrderedDict[tuple[str, str, int], tuple[float, list[Option]]] = OrderedDict()

    async def expand(self, url: str, words: str, count: int) -> list[Option]:
        """As the port says. Words are searched for without regard to case and to space around them."""
        sought = " ".join(words[:MOST_WORDS].casefold().split())
        key = (url, sought, min(max(count, 1), MOST_OPTIONS))
        if (kept := self._kept.get(key)) and kept[0] > self._clock():
            self._kept.move_to_end(key)
            return kept[1]
        try:
            options = await self._ask(*key)
        except TerminologyFailed as failure:
            _log.warning("terminology_failed", reason=str(failure))
            raise
        self._keep(key, options)
        return options

    def _keep(self, key: tuple[str, str, int], options: list[Option]) -> None:
        self._kept[key] = self._clock() + _KEPT_SECONDS, options
        self._kept.move_to_end(key)
        while len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)

    async def _ask(self, url: str, words: str, count: int) -> list[Option]:
        try:
            async with asyncio.timeout(self._seconds):
                body = await self._answer_to(question_for(url, words, count))
        except TimeoutError:
            raise TerminologyFailed("slow") from None
        except (httpx.HTTPError, httpx.InvalidURL):
            # Its words may hold the address, and the address is the operator's own business.
            raise TerminologyFailed("unreachable") from None
        try:
            return options_in(body, count)
        except NoExpansion:
            raise TerminologyFailed("unreadable") from None

    async def _answer_to(self, question: bytes) -> bytes:
        headers = {"content-type": _FHIR, "accept": _FHIR}
        async with self._client.stream("POST", self._address, content=question, headers=headers) as answer:
            if answer.status_code != httpx.codes.OK:
                raise TerminologyFailed(f"status_{answer.status_code}")
            if answer.headers.get("content-type", "").partition(";")[0].strip().lower() not in _JSON:
                raise TerminologyFailed("type")
            body = bytearray()
            async for chunk in answer.aiter_bytes(64 * 1024):
                body += chunk
                if len(body) > _LARGEST_ANSWER:
                    raise TerminologyFailed("large")
            return bytes(body)


@asynccontextmanager
async def terminology_at(base: str) -> AsyncIterator[Terminology]:
    """The terminology of this installation; one that always fails where `base` is ''."""
    if not base:
        yield NoTerminology()
        return
    limits = httpx.Limits(max_connections=_MOST_CONNECTIONS)
    async with httpx.AsyncClient(
        follow_redirects=False, trust_env=False, timeout=_SECONDS, limits=limits
    ) as client:
        yield OverHttp(base, client)
