"""Handing one transaction to the journal's FHIR server, and hearing what it says."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

import httpx

from innsyn.journal.delivery_rules import Came, Outcome, outcome_of
from innsyn.journal.delivery_tokens import NoToken, Tokens

MOST_ANSWER_BYTES: Final = 256 * 1024
TIMEOUT: Final = httpx.Timeout(15, connect=5)
_FHIR: Final = "application/fhir+json"
_UNAUTHORISED: Final = 401
# Nothing of the request has left.
_NOT_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.InvalidURL,
)


class JournalClient:
    """The journal's FHIR server at the address `base`. `deadline`: seconds for one try with its answer."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        base: str,
        clock: Callable[[], datetime],
        tokens: Tokens | None = None,
        deadline: float = 20.0,
    ) -> None:
        self._http, self._base, self._clock = http, base.rstrip("/"), clock
        self._tokens, self._deadline = tokens, deadline

    async def post(self, bundle: bytes, key: UUID) -> Outcome:
        """Send a transaction; the same key again is the same thing again. Never raises for what the journal does."""
        try:
            async with asyncio.timeout(self._deadline):
                return await self._post(bundle, key)
        except TimeoutError:
            return Outcome(Came.UNSURE, "no_answer")
        except NoToken as reason:
            return Outcome(Came.DOWN, str(reason))
        except _NOT_SENT as reason:
            return Outcome(Came.DOWN, _key_of(reason))
        except httpx.HTTPError as reason:
            return Outcome(Came.UNSURE, _key_of(reason))

    async def _post(self, bundle: bytes, key: UUID) -> Outcome:
        response, body = await self._send(bundle, key)
        if response.status_code == _UNAUTHORISED and self._tokens is not None:
            # A token that has been taken back, or a nonce that is too old: a fresh one is asked for, once.
            self._tokens.refused()
            response, body = await self._send(bundle, key)
        if body is None:
            return Outcome(Came.UNSURE, "too_large")
        return outcome_of(response.status_code, response.headers, body, self._clock())

    async def _send(self, bundle: bytes, key: UUID) -> tuple[httpx.Response, bytes | None]:
        headers = {
            "content-type": _FHIR,
            "accept": _FHIR,
            # A packed answer could unpack to anything.
            "accept-encoding": "identity",
            "idempotency-key": str(key),
            "prefer": "return=minimal",
        }
        if self._tokens is not None:
            headers |= await self._tokens.headers("POST", self._base)
        async with self._http.stream(
            "POST", self._base, content=bundle, headers=headers, timeout=TIMEOUT, follow_redirects=False
        ) as response:
            if self._tokens is not None:
                self._tokens.heard(self._base, response.headers)
            return response, await _body(response)


async def _body(response: httpx.Response) -> bytes | None:
    if response.headers.get("content-encoding", "identity") != "identity":
        return None
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > MOST_ANSWER_BYTES:
            return None
    return bytes(body)


def _key_of(error: Exception) -> str:
    return type(error).__name__
