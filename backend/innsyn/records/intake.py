"""Taking in a batch of the feed: land, project, write and move the position, in one transaction."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

import asyncpg
import msgspec

from innsyn.access.relations import taking as relations
from innsyn.identity.persons import Assign, Linked
from innsyn.journal import freshness, landing, quarantine, versions
from innsyn.journal.lookup import Key
from innsyn.journal.port import Entry, Unusable
from innsyn.journal.quarantine import Quarantined
from innsyn.journal.versions import Landed
from innsyn.records import writing
from innsyn.records.access_log import writing as lookups
from innsyn.records.answers import writing as answers
from innsyn.records.choices.keeping import keep as keep_hidden
from innsyn.records.outcome import NOT_WHOSE_IT_WAS, Bad, Outcome
from innsyn.records.own_wishes import applying as own_wishes
from innsyn.records.projecting import Projecting, Registry


class Tally(msgspec.Struct):
    """What became of what was read: `read` is always the sum of the four below it."""

    read: Counter[str] = msgspec.field(default_factory=Counter)
    projected: Counter[str] = msgspec.field(default_factory=Counter)
    not_shown: Counter[tuple[str, str]] = msgspec.field(default_factory=Counter)
    unchanged: Counter[str] = msgspec.field(default_factory=Counter)
    quarantined: list[Quarantined] = msgspec.field(default_factory=list)
    linked: list[Linked] = msgspec.field(default_factory=list)
    # In quarantine since an earlier batch, and used now: (kind, kind/id).
    mended: list[tuple[str, str]] = msgspec.field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Count another batch in."""
        for name in ("read", "projected", "not_shown", "unchanged"):
            getattr(self, name).update(getattr(other, name))
        self.linked += other.linked
        self.mended += other.mended
        mended = {entry: kind for kind, entry in other.mended}
        used = [mended[bad.entry] for bad in self.quarantined if bad.entry in mended]
        self.projected.update(used)
        self.quarantined = [bad for bad in self.quarantined if bad.entry not in mended] + other.quarantined

    @property
    def balances(self) -> bool:
        """Does everything that was read stand somewhere? False is a defect of ours."""
        parts = (self.projected, self.not_shown, self.unchanged)
        return self.read.total() == sum(part.total() for part in parts) + len(self.quarantined)


class Intake:
    """Takes batches of one feed in. One per feed and process: it remembers what references pointed at."""

    def __init__(
        self,
        db: asyncpg.Connection,
        feed: str,
        registry: Registry,
        assign: Assign | None = None,
        relations_by: relations.Taking = relations.take,
    ) -> None:
        self._db = db
        self._relations = relations_by
        self._feed = feed
        self._projecting = Projecting(feed, registry, assign)
        self._left_at = -1

    async def position(self) -> int:
        """Everything up to here has been taken in."""
        async with self._db.transaction():
            return await landing.hold(self._db, self._feed, datetime.now(UTC))

    async def take(self, batch: Sequence[Entry | Unusable], now: datetime | None = None) -> Tally:
        """Land, project and count a batch, in one transaction with its position. Taking it twice changes nothing."""
        now = now or datetime.now(UTC)
        tally = Tally()
        while moved := _first_moved(batch):
            tally.add(await self._take_in(batch[:moved], now))
            batch = batch[moved:]
        tally.add(await self._take_in(batch, now))
        return tally

    async def _take_in(self, batch: Sequence[Entry | Unusable], now: datetime) -> Tally:
        try:
            async with self._db.transaction():
                return await self._take(batch, now)
        except BaseException as error:
            # What was learnt in a transaction that did not happen must not be remembered.
            self._projecting.forget()
            if not isinstance(error, _CANNOT_BE_KEPT) or (len(batch) == 1 and isinstance(batch[0], Unusable)):
                raise
        return await self._take_apart(batch, now)

    async def _take_apart(self, batch: Sequence[Entry | Unusable], now: datetime) -> Tally:
        """Finds the one that PostgreSQL cannot hold: it must not stop everybody's feed."""
        if len(batch) == 1:
            return await self.take([_set_aside(each) for each in batch], now)
        middle = len(batch) // 2
        tally = await self.take(batch[:middle], now)
        tally.add(await self.take(batch[middle:], now))
        return tally

    async def _take(self, batch: Sequence[Entry | Unusable], now: datetime) -> Tally:
        db, feed = self._db, self._feed
        if await landing.hold(db, feed, now) != self._left_at:
            # Another worker has been here: it may have learnt better than what is remembered.
            self._projecting.forget()
        entries = [each for each in batch if isinstance(each, Entry)]
        known = await landing.known(db, feed, ((each.kind, each.id) for each in entries))
        landed = versions.sort_out(entries, known, now)
        fresh = [each for each in landed if each.newest]
        standing = await self._relations.hold(db, feed, landed)
        waiting = await self._no_longer_waiting(fresh)
        outcome = await self._projecting.project(db, [*fresh, *waiting])
        again = {each.key for each in waiting}
        persons = {each.landed.key: each.person_id for each in outcome.of_somebody}
        persons |= {("Patient", each.id): each.person_id for each in outcome.linked}
        await landing.land(db, feed, landed, persons)
        await landing.attribute(db, feed, {key: persons[key] for key in again & persons.keys()})
        gone = [each for each, _ in outcome.not_shown]
        gone += [each.landed for each in outcome.bad if each.reason in NOT_WHOSE_IT_WAS]
        await writing.write(db, feed, outcome.shown, gone)
        await own_wishes.apply(db, feed, outcome.shown, gone)
        await keep_hidden(db, {each.person_id for each in outcome.shown})
        await self._relations(db, feed, landed, outcome.linked, standing)
        await lookups.take(db, feed, outcome.noted, gone)
        await answers.take(db, outcome.noted)
        await landing.wait(db, feed, _waits(outcome))
        await freshness.heard(db, _latest(landed, batch, now))
        bad = [_unusable(each) for each in batch if isinstance(each, Unusable)]
        bad += [_quarantined(each) for each in outcome.bad]
        if bad:
            await quarantine.put(db, feed, bad, now)
        await quarantine.free(db, feed, [(_name(each), each.position) for each in outcome.used])
        self._left_at = await landing.move(db, feed, max((each.position for each in batch), default=0))
        return _tally(batch, landed, outcome, again)

    async def _no_longer_waiting(self, fresh: Sequence[Landed]) -> list[Landed]:
        """Resources of earlier batches that pointed at something which has come now."""
        if not fresh:
            return []
        names = {f"{each.kind}/{each.id}" for each in fresh} | {
            name for each in fresh for name in each.aliases
        }
        names |= self._projecting.identifiers(fresh)
        keys = await landing.come(self._db, self._feed, names) - {each.key for each in fresh}
        return await landing.newest(self._db, self._feed, keys) if keys else []


class _Told(msgspec.Struct, frozen=True):
    subject: msgspec.Raw = msgspec.Raw(b"")
    patient: msgspec.Raw = msgspec.Raw(b"")
    for_: msgspec.Raw = msgspec.field(default=msgspec.Raw(b""), name="for")


def _first_moved(batch: Sequence[Entry | Unusable]) -> int:
    """Where a resource comes again and tells another patient than earlier in the batch; 0: nowhere.

    Of a batch only the last version is projected: whom the earlier one was about has to be known by then.
    """
    first: dict[Key, bytes] = {}
    for number, each in enumerate(batch):
        if isinstance(each, Entry) and each.resource is not None:
            told = first.setdefault((each.kind, each.id), each.resource)
            if told != each.resource and _whose(told) != _whose(each.resource):
                return number
    return 0


def _whose(resource: bytes) -> tuple[bytes, ...]:
    try:
        told = msgspec.json.decode(resource, type=_Told)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ()
    return bytes(told.subject), bytes(told.patient), bytes(told.for_)


_CANNOT_BE_KEPT = (asyncpg.DataError, asyncpg.ProgramLimitExceededError)


def _set_aside(entry: Entry | Unusable) -> Unusable:
    return Unusable(
        position=entry.position,
        source=entry.source,
        reason="cannot_be_kept",
        explanation="PostgreSQL cannot hold something in it",
        body=(entry.resource if isinstance(entry, Entry) else entry.body) or b"",
        kind=entry.kind,
        id=entry.id,
    )


def _waits(outcome: Outcome) -> list[tuple[str, Key]]:
    return outcome.waits + [(bad.waits_for, bad.landed.key) for bad in outcome.bad if bad.waits_for]


def _name(landed: Landed) -> str:
    return f"{landed.kind}/{landed.id}"


def _quarantined(bad: Bad) -> Quarantined:
    landed = bad.landed
    return Quarantined(
        entry=_name(landed),
        source=landed.source,
        kind=landed.kind,
        id=landed.id,
        position=landed.position,
        reason=bad.reason,
        explanation=bad.explanation,
        body=landed.body,
    )


def _unusable(thing: Unusable) -> Quarantined:
    """What tells neither kind nor id is known by its bytes: the same broken thing twice is one thing."""
    told = f"{thing.kind}/{thing.id}" if thing.kind and thing.id else hashlib.sha256(thing.body).hexdigest()
    return Quarantined(
        entry=told,
        source=thing.source,
        kind=thing.kind,
        id=thing.id,
        position=thing.position,
        reason=thing.reason,
        explanation=thing.explanation,
        body=thing.body,
    )


def _latest(
    landed: Sequence[Landed], batch: Sequence[Entry | Unusable], now: datetime
) -> list[tuple[str, datetime]]:
    """When each service was last heard from; also one of which nothing could be used."""
    latest = {each.source: now for each in batch if isinstance(each, Unusable)}
    for each in landed:
        # A clock that goes ahead must not make an old journal look fresh for ever.
        heard = min(each.recorded_at, now)
        latest[each.source] = max(latest.get(each.source, heard), heard)
    return list(latest.items())


def _tally(
    batch: Sequence[Entry | Unusable], landed: Sequence[Landed], outcome: Outcome, again: set[Key]
) -> Tally:
    tally = Tally(linked=outcome.linked)
    tally.read.update(each.kind or "?" for each in batch)
    tally.unchanged.update(each.kind for each in batch if isinstance(each, Entry))
    tally.unchanged.subtract(each.kind for each in landed)
    tally.not_shown.update((each.kind, "earlier_version") for each in landed if not each.newest)
    tally.not_shown.update((each.kind, reason) for each, reason in outcome.not_shown if each.key not in again)
    tally.projected.update(each.landed.kind for each in outcome.of_somebody if each.landed.key not in again)
    tally.quarantined = [_unusable(each) for each in batch if isinstance(each, Unusable)]
    tally.quarantined += [_quarantined(bad) for bad in outcome.bad if bad.landed.key not in again]
    tally.mended = [
        (each.landed.kind, _name(each.landed)) for each in outcome.of_somebody if each.landed.key in again
    ]
    return tally
