"""R4 topic subscriptions as a feed: the journal tells us that something has happened, and we read what.

A notification is only a reason to look. What happened is asked of `$events`, from the first event that has not been
taken in, so one that was lost, doubled or overtaken makes no difference; the resources are then read as they are now.
http://hl7.org/fhir/uv/subscriptions-backport (1.1.0).
"""

import re
from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import httpx
import msgspec
import structlog

from innsyn.journal.bundles import instant_of
from innsyn.journal.limits import MOST_BYTES, Head, Unfit, checked
from innsyn.journal.port import Entry, Source, Unusable
from innsyn.journal.sequence import FeedBroken
from innsyn.journal.subscription_endpoint import Notifications
from innsyn.journal.subscription_kept import Kept
from innsyn.journal.subscription_promise import Promise, Remembers, Wish
from innsyn.journal.subscription_reading import Fhir, Found, read
from innsyn.journal.subscription_wire import Event, Notified, notified_in

log = structlog.get_logger()

_PAGE = 200
_SILENCE = 2  # heartbeats that may be late before somebody asks
_BROKEN = {"error", "off"}
_SOURCE = re.compile(r"urn:innsyn:source:([A-Za-z0-9][A-Za-z0-9._-]{0,63})").fullmatch
_MOST_VERSION = 2**63 - 1


class SubscriptionFeed:
    """What a subscription tells, as a feed of `source` (a resource's own meta.source comes first).

    Positions are the subscription's event numbers, counted on where one subscription takes over from another.
    """

    def __init__(
        self,
        name: str,
        fhir: Fhir,
        wish: Wish,
        memory: Remembers,
        notifications: Notifications,
        *,
        source: str = "journal",
    ) -> None:
        self.name = name
        self._fhir, self._wish, self._memory, self._source = fhir, wish, memory, source
        self._notifications = notifications
        self._promise = Promise(fhir, wish, memory, notifications)
        # How many events the server said that there were, and when it was asked how it is.
        self._total: int | None = None
        self._asked_at = float("-inf")

    async def after(self, position: int) -> AsyncGenerator[list[Entry | Unusable]]:
        """Batches of what has happened after `position`. Where nothing has been told of, nothing is asked.

        Raises a FeedFailed.
        """
        kept = await self._promise.hold(position, datetime.now(UTC))
        if self._is_silent:
            kept = await self._look_after(kept, position)
        number = max(position - kept.base, 0)
        while self._total is None or max(self._total, self._notifications.told) > number:
            heard = self._notifications.told
            told = await self._events(kept, number + 1)
            if told.total < number:
                # It has begun to count anew: what it says from now on is another subscription's.
                await self._begin_anew(position)
                return
            self._know(told.total, heard)
            last = min(number + _PAGE, told.total)
            events = [each for each in told.events if number < each.number <= last]
            # An answer may end early; but what it leaves out before its end, or altogether, is forgotten.
            reached = max((each.number for each in events), default=last)
            await self._tell_gaps(kept, events, number, reached)
            if events:
                yield await self._read(kept, events)
            if reached == number:
                return
            number = reached

    async def sources(self) -> list[Source]:
        """The journal as one service, with when it was last heard from."""
        last = self._notifications.last
        late = last if self._is_late else None
        return [Source(source=self._source, name=self._source, contact=last, delayed_since=late)]

    @property
    def _is_late(self) -> bool:
        notifications = self._notifications
        return notifications.clock() - notifications.heard_at > _SILENCE * self._wish.heartbeat

    @property
    def _is_silent(self) -> bool:
        """No sign of life for too long, and nobody has asked for a while."""
        return self._is_late and self._notifications.clock() - self._asked_at > self._wish.heartbeat

    async def _look_after(self, kept: Kept, position: int) -> Kept:
        """Ask how the subscription is: the notifications may have been lost, or the server has given us up."""
        self._asked_at = self._notifications.clock()
        log.warning("subscription_silent", feed=self.name)
        answer = await self._fhir.ask("GET", f"{kept.address}/$status")
        status = _notified(answer.content) if answer.status == httpx.codes.OK else None
        if status is None or status.status in _BROKEN:
            return await self._promise.renew(position, datetime.now(UTC))
        self._total = None  # whatever it says, its events say it better
        return kept

    async def _begin_anew(self, position: int) -> None:
        kept = self._promise.kept
        if kept is not None:
            log.warning("subscription_counts_anew", feed=self.name)
            await self._memory.gap(position, position + 1)
            self._promise.kept = msgspec.structs.replace(kept, base=position + 1)
            await self._memory.keep(self._promise.kept)
        self._total = None
        self._notifications.told = 0

    def _know(self, total: int, heard: int) -> None:
        self._total = total
        if self._notifications.told == heard:
            # A notification that told of more than there is made us look once, and not for ever.
            self._notifications.told = total

    async def _events(self, kept: Kept, since: int) -> Notified:
        asked = {
            "eventsSinceNumber": str(since),
            "eventsUntilNumber": str(since + _PAGE - 1),
            "content": "id-only",
        }
        answer = await self._fhir.ask("GET", f"{kept.address}/$events", params=asked)
        told = _notified(answer.content) if answer.status == httpx.codes.OK else None
        if told is None:
            if answer.status in {httpx.codes.NOT_FOUND, httpx.codes.GONE}:
                # The next reading finds that it is forgotten, and asks for another.
                self._promise.forget()
            raise FeedBroken(f"{self._fhir.base} answers {answer.status} to a question about events.")
        return told

    async def _tell_gaps(self, kept: Kept, events: list[Event], after: int, until: int) -> None:
        """Event numbers have no holes: what is not told of has been forgotten, or never will be told."""
        for number in sorted({*(each.number for each in events), until + 1}):
            if number > after + 1:
                log.warning("subscription_gap", feed=self.name, events=number - after - 1)
                await self._memory.gap(kept.base + after, kept.base + number - 1)
            after = number

    async def _read(self, kept: Kept, events: list[Event]) -> list[Entry | Unusable]:
        in_order = list({each.number: each for each in sorted(events, key=lambda each: each.number)}.values())
        found = await read(self._fhir, (each.key for each in in_order if each.key is not None))
        return [self._entry(kept.base + each.number, each, found) for each in in_order]

    def _entry(self, position: int, event: Event, found: dict[tuple[str, str], Found]) -> Entry | Unusable:
        if event.key is None:
            return self._unusable(position, event, "bad_envelope", "The event does not say what it is about.")
        now = found[event.key]
        kind, id_ = event.key
        if now.is_gone or (now.body is None and event.is_deletion):
            return Entry(
                position=position, source=self._source, kind=kind, id=id_, resource=None, version=now.version
            )
        if now.body is None:
            return self._unusable(
                position, event, "no_resource", "The journal told of it, and says that it is not there."
            )
        try:
            head = _checked(now.body, event.key)
        except Unfit as unfit:
            return self._unusable(position, event, unfit.reason, str(unfit), now.body)
        meta = _meta_of(now.body)
        written_by = _SOURCE(meta.source)
        return Entry(
            position=position,
            source=written_by[1] if written_by else self._source,
            kind=kind,
            id=id_,
            resource=now.body,
            version=_number(meta.version_id),
            recorded=instant_of(head.last_updated),
        )

    def _unusable(
        self, position: int, event: Event, reason: str, explanation: str, body: bytes = b""
    ) -> Unusable:
        kind, id_ = event.key or ("", "")
        return Unusable(
            position=position,
            source=self._source,
            reason=reason,
            explanation=explanation,
            body=body[:MOST_BYTES] or f"event {event.number}".encode(),
            kind=kind,
            id=id_,
        )


class AnotherResource(Unfit):
    """The journal was asked for one resource and gave another."""

    reason = "another_resource"


class _Meta(msgspec.Struct, frozen=True, rename="camel"):
    version_id: str = ""
    source: str = ""


class _Stamped(msgspec.Struct, frozen=True):
    meta: _Meta = _Meta()


def _checked(body: bytes, key: tuple[str, str]) -> Head:
    head = checked(body)
    if (head.kind, head.id) != key:
        raise AnotherResource("The journal was asked for one resource and gave another.")
    return head


def _meta_of(body: bytes) -> _Meta:
    try:
        return msgspec.json.decode(body, type=_Stamped).meta
    except msgspec.ValidationError:
        return _Meta()


def _number(version: str) -> int | None:
    return int(version) if version.isdecimal() and 0 < int(version) <= _MOST_VERSION else None


def _notified(text: bytes) -> Notified | None:
    try:
        return notified_in(text)
    except Unfit:
        return None
