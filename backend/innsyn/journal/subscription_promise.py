"""Keeping the journal to its promise to tell us: asking for it, renewing it, and asking anew when it is forgotten."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Protocol

import httpx
import msgspec
import structlog

from innsyn.journal.bulk_asking import Answered
from innsyn.journal.limits import legal_id
from innsyn.journal.sequence import FeedBroken
from innsyn.journal.subscription_endpoint import Notifications
from innsyn.journal.subscription_kept import Kept
from innsyn.journal.subscription_reading import Fhir
from innsyn.journal.subscription_wire import subscription

log = structlog.get_logger()

_LASTS = timedelta(days=2)
_RENEWED_AFTER = timedelta(days=1)
_TAKEN = {httpx.codes.OK, httpx.codes.CREATED}
_FORGOTTEN = {httpx.codes.NOT_FOUND, httpx.codes.GONE}


@dataclass(frozen=True, slots=True)
class Wish:
    """Events of `topic` (a canonical), told to `endpoint`, and a sign of life every `heartbeat` seconds."""

    topic: str
    endpoint: str
    heartbeat: int = 30


class Remembers(Protocol):
    """Where the promise is kept, and where a gap is told of."""

    async def read(self) -> Kept | None:
        """What there is; None before the first subscription."""
        ...

    async def keep(self, kept: Kept) -> None:
        """From now on it is this one."""
        ...

    async def gap(self, after: int, until: int) -> None:
        """What is later than `after`, up to and including `until`, cannot be learnt any more."""
        ...


class _Told(msgspec.Struct, frozen=True):
    id: str = ""
    status: str = ""
    error: str = ""


_decode = msgspec.json.Decoder(_Told).decode


class Promise:
    """One subscription at one server. `kept` is what is agreed, once `hold` has been called."""

    def __init__(self, fhir: Fhir, wish: Wish, memory: Remembers, notifications: Notifications) -> None:
        self.kept: Kept | None = None
        self._fhir, self._wish, self._memory, self._notifications = fhir, wish, memory, notifications
        self._renewed_at: datetime | None = None

    async def hold(self, position: int, now: datetime) -> Kept:
        """The subscription, asked for where there is none, renewed where it is old. Raises a FeedFailed.

        `position` is how far the feed is read: a new subscription counts on from there.
        """
        if self.kept is None:
            self.kept = await self._memory.read()
            if self.kept is not None:
                self._notifications.expect(self.kept.secret)
        if self.kept is None:
            # Nothing was promised, so nothing is broken; but of what has been read before nobody can say how far.
            return await self._ask_anew(position)
        if self._renewed_at is None or now - self._renewed_at > _RENEWED_AFTER:
            return await self.renew(position, now)
        return self.kept

    async def renew(self, position: int, now: datetime) -> Kept:
        """The same subscription for another while, with another secret; a new one where the server has forgotten it."""
        if self.kept is None:
            return await self._ask_anew(position)
        told = await self._fhir.ask("GET", self.kept.address)
        if told.status in _FORGOTTEN:
            log.warning("subscription_forgotten")
            return await self._ask_anew(position)
        if _of(told).status == "error":
            log.warning("subscription_in_error")
        secret = secrets.token_urlsafe(32)
        kept = msgspec.structs.replace(self.kept, secret=sha256(secret.encode()).digest())
        # Known here first: the server may try it before it answers.
        self._notifications.expect(kept.secret)
        wished = self._wished(secret, now) | {"id": kept.address.rpartition("/")[2]}
        answer = await self._fhir.ask("PUT", kept.address, json=wished)
        if answer.status not in _TAKEN:
            raise FeedBroken(f"{self._fhir.base} answers {answer.status} to a renewed subscription.")
        await self._memory.keep(kept)
        self.kept, self._renewed_at = kept, now
        return kept

    def forget(self) -> None:
        """The server does not know it any more: the next `hold` looks, and asks for another."""
        self._renewed_at = None

    async def _ask_anew(self, position: int) -> Kept:
        now, secret = datetime.now(UTC), secrets.token_urlsafe(32)
        digest = sha256(secret.encode()).digest()
        self._notifications.expect(digest)
        answer = await self._fhir.ask("POST", "Subscription", json=self._wished(secret, now))
        id_ = _of(answer).id or _id_in(answer.headers.get("location", ""))
        if answer.status not in _TAKEN or not legal_id(id_):
            raise FeedBroken(f"{self._fhir.base} answers {answer.status} to a subscription.")
        base = position
        if position:
            # What happened between the last event that was taken in and now, nobody can tell: a place is kept for it.
            base = position + 1
            await self._memory.gap(position, base)
        self.kept = Kept(f"Subscription/{id_}", base, digest)
        await self._memory.keep(self.kept)
        self._renewed_at = now
        return self.kept

    def _wished(self, secret: str, now: datetime) -> dict[str, object]:
        wish = self._wish
        return subscription(wish.topic, wish.endpoint, secret, wish.heartbeat, now + _LASTS)


def _of(answer: Answered) -> _Told:
    try:
        return _decode(answer.content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _Told()


def _id_in(location: str) -> str:
    return location.partition("/_history/")[0].rpartition("/")[2]
