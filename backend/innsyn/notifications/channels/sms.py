"""Text messages: handed over HTTP to whoever the operator has for them.

There is no one protocol for it. Ours is small, for a gateway to be put in front of: POST of JSON
`{"key": …, "to": "+47…", "text": …}` with `Authorization: Bearer`; the same key is the same message. 2xx: taken. 404
and 410: no such number. 401, 403, 408, 425, 429 and 5xx: later (Retry-After). Anything else: never.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

import httpx
import structlog

from innsyn.notifications.channels.port import Answer, Letter, Outcome
from innsyn.notifications.channels.web_push import NOT_LET_IN, answer_to

TIMEOUT: Final = 10.0
_log = structlog.get_logger()


class Sms:
    """Hands over to the gateway at `address`."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        address: str,
        *,
        token: str,
        base_url: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._http, self._address, self._base_url, self._clock = http, address, base_url, clock
        self._headers = {"authorization": f"Bearer {token}"} if token else {}

    async def send(self, letter: Letter) -> Answer:
        """Hand it over. The link leads to the list: a short one is not worth an address that looks like fraud."""
        told = {"key": letter.key, "to": letter.target, "text": f"{letter.text} {self._base_url}/notices"}
        try:
            answer = await self._http.post(
                self._address, json=told, headers=self._headers, follow_redirects=False, timeout=TIMEOUT
            )
        except (httpx.HTTPError, httpx.InvalidURL) as failed:
            # It may have been taken: with the same key it is the same message.
            _log.warning("sms_not_sent", error=type(failed).__name__)
            return Answer(Outcome.LATER)
        if answer.status_code in NOT_LET_IN:
            _log.error("sms_not_let_in", status=answer.status_code)
        if answer.is_success:
            return Answer(Outcome.SENT)
        return answer_to(answer.status_code, answer.headers.get("retry-after", ""), self._clock())
