"""Taking in a batch of the feed: land, project, write and move the position, in one transaction."""

from collections.abc import Collection, Sequence
from copy import copy
from datetime import UTC, datetime
from time import perf_counter
from typing import Self

import asyncpg
import msgspec

from innsyn.access.relations import taking as relations
from innsyn.identity.persons import Assign, hold
from innsyn.journal import freshness, landing, quarantine, turns, versions
from innsyn.journal.lookup import POINTED_AT, Key
from innsyn.journal.port import Entry, Unusable
from innsyn.journal.projected import Taker
from innsyn.journal.versions import Landed
from innsyn.measures import INTAKE_BATCH_SECONDS
from innsyn.records.applying import apply, gone_of
from innsyn.records.choices.keeping import keep as keep_hidden
from innsyn.records.concerned import told_of
from innsyn.records.moving import move
from innsyn.records.outcome import Outcome
from innsyn.records.projecting import Projecting, Registry
from innsyn.records.tally import Tally, count, name_of_entry, quarantined, tally_of, unusable
from innsyn.spans import span

__all__ = ["Intake", "Tally"]


_Batch = Sequence[Entry | Unusable]
# Resources of earlier batches to project once more; None: a batch of the feed, which moves the position.
_Again = Collection[Key] | None


class Remembered(msgspec.Struct):
    """When what is remembered was right: the number of changes of the feed (journal/turns.py), -1 for never."""

    at: int = -1


class Intake:
    """Takes batches of one part of a feed in, and remembers what references pointed at."""

    def __init__(
        self,
        db: asyncpg.Connection,
        feed: str,
        registry: Registry,
        assign: Assign | None = None,
        relations_by: relations.Taking = relations.take,
        part: str = "",
        takers: Sequence[Taker] = (),
    ) -> None:
        self._db = db
        self._relations = relations_by
        self._takers = takers
        self._feed, self._part = feed, part
        self._projecting = Projecting(feed, registry, assign)
        self._remembered = Remembered()

    def of_part(self, part: str) -> Self:
        """The same for another part, with the same memory: never while a batch of this one is being taken in."""
        other = copy(self)
        other._part = part  # noqa: SLF001 - of the same class
        return other

    async def position(self) -> int:
        """Everything of this part up to here has been taken in."""
        async with self._db.transaction():
            return await landing.hold(self._db, self._feed, self._part, datetime.now(UTC))

    async def take(self, batch: _Batch, now: datetime | None = None) -> Tally:
        """Land, project and count a batch, in one transaction with its position. Taking it twice changes nothing.

        Raises what PostgreSQL raised last where it cannot be done; then nothing of the batch has happened.
        """
        began = perf_counter()
        with span("batch", entries=len(batch), part=self._part):
            tally = await self._take_all(batch, now or datetime.now(UTC))
        INTAKE_BATCH_SECONDS.observe(perf_counter() - began)
        count(tally)
        return tally

    async def take_again(
        self, keys: Collection[Key], kept: Sequence[Entry] = (), now: datetime | None = None
    ) -> Tally:
        """The newest versions of these once more, and entries that were never landed, out of quarantine.

        No position is moved, and an entry that came before what is here of its resource changes nothing. Raises what
        PostgreSQL raised last; then nothing has happened.
        """
        for tries in range(_TRIES):
            try:
                async with self._db.transaction():
                    return await self._take(kept, now or datetime.now(UTC), alone=True, again=keys)
            except BaseException as error:
                self._projecting.forget()
                if not isinstance(error, _OVERTAKEN) or tries == _TRIES - 1:
                    raise
        raise AssertionError  # pragma: no cover - the last try returns or raises

    async def _take_all(self, batch: _Batch, now: datetime) -> Tally:
        tally = Tally()
        while again := _first_again(batch):
            tally.add(await self._take_in(batch[:again], now))
            batch = batch[again:]
        tally.add(await self._take_in(batch, now))
        return tally

    async def _take_in(self, batch: _Batch, now: datetime) -> Tally:
        for tries in range(_TRIES):
            try:
                async with self._db.transaction():
                    # Two that were in each other's way once would be again: the second time without the others.
                    return await self._take(batch, now, alone=tries > 0)
            except BaseException as error:
                # What was learnt in a transaction that did not happen must not be remembered.
                self._projecting.forget()
                if isinstance(error, _OVERTAKEN) and tries < _TRIES - 1:
                    continue
                if not isinstance(error, _CANNOT_BE_KEPT) or (
                    len(batch) == 1 and isinstance(batch[0], Unusable)
                ):
                    raise
                break
        return await self._take_apart(batch, now)

    async def _take_apart(self, batch: _Batch, now: datetime) -> Tally:
        """Finds the one that PostgreSQL cannot hold: it must not stop everybody's feed."""
        if len(batch) == 1:
            return await self._take_all([_set_aside(each) for each in batch], now)
        middle = len(batch) // 2
        tally = await self._take_all(batch[:middle], now)
        tally.add(await self._take_all(batch[middle:], now))
        return tally

    async def _take(self, batch: _Batch, now: datetime, *, alone: bool, again: _Again = None) -> Tally:
        db, feed = self._db, self._feed
        await landing.hold(db, feed, self._part, now)
        number, began = await turns.begin(db, feed, alone=alone)
        if began.changes != self._remembered.at:
            # Another worker has changed what is remembered here.
            self._projecting.forget()
        entries = [each for each in batch if isinstance(each, Entry)]
        # Out of quarantine comes what is old: nothing newer may give way to it.
        entries = entries if again is None else await landing.later(db, feed, entries)
        known = await landing.known(db, feed, ((each.kind, each.id) for each in entries))
        landed = versions.sort_out(entries, known, now)
        fresh = [each for each in landed if each.newest]
        if not alone and any(map(_concerns_others, fresh)):
            raise turns.Overtaken
        standing = await self._relations.hold(db, feed, landed)
        names = self._names(fresh)
        waiting = await self._no_longer_waiting(fresh, names, again or ())
        outcome = await self._projecting.project(db, [*fresh, *waiting])
        if outcome.moved:
            await move(db, feed, self._projecting, outcome.moved)
        await self._write(landed, waiting, outcome, number)
        people = [*landed, *(each for each in waiting if each.kind == "Patient")]
        await self._relations(db, feed, people, outcome.linked, standing)
        await landing.wait(db, feed, waits := _waits(outcome))
        mine = await turns.take(
            db,
            feed,
            began,
            number,
            changed=outcome.changes or any(_is_pointed_at(each) for each in fresh),
            read={name_of_entry(each) for each in landed},
            come=names,
            waited_for={name for name, _ in waits},
        )
        await self._count(batch, landed, outcome, now)
        if again is None:
            await landing.move(db, feed, self._part, max((each.position for each in batch), default=0))
        self._remembered.at = mine.changes
        return tally_of(batch, landed, outcome, outcome.keys - {each.key for each in fresh})

    async def _write(
        self, landed: Sequence[Landed], waiting: Sequence[Landed], outcome: Outcome, number: int
    ) -> None:
        """The bytes, and everything that they are about a person."""
        db, feed = self._db, self._feed
        persons = {each.landed.key: each.person_id for each in outcome.of_somebody}
        persons |= {("Patient", each.id): each.person_id for each in outcome.linked}
        await landing.land(db, feed, landed, persons, number)
        again = {each.key for each in waiting}
        await landing.attribute(db, feed, {key: persons[key] for key in again & persons.keys()})
        gone = gone_of(outcome)
        # What is part of what, and hidden with what, is worked out by one worker at a time.
        before = (*gone, *(each for each in landed if not each.newest))
        await hold(db, {*persons.values(), *(each.known_person for each in before if each.known_person)})
        await apply(db, feed, self._projecting, outcome, landed)
        await keep_hidden(db, {each.person_id for each in outcome.shown})
        for take in self._takers:
            await take(db, feed, outcome, gone)

    async def _count(
        self,
        batch: Sequence[Entry | Unusable],
        landed: Sequence[Landed],
        outcome: Outcome,
        now: datetime,
    ) -> None:
        """What everybody writes in the same rows, in the own turn: nobody waits for it longer than for a commit."""
        db, feed = self._db, self._feed
        await freshness.heard(db, _latest(landed, batch, now))
        bad = [unusable(each) for each in batch if isinstance(each, Unusable)]
        bad += [quarantined(each) for each in outcome.bad]
        if bad:
            await quarantine.put(db, feed, await told_of(db, feed, bad), now)
        await quarantine.free(db, feed, [(name_of_entry(each), each.position) for each in outcome.used])

    def _names(self, fresh: Sequence[Landed]) -> set[str]:
        """All names under which others may wait for these."""
        names = {name_of_entry(each) for each in fresh} | {name for each in fresh for name in each.aliases}
        return names | self._projecting.identifiers(fresh)

    async def _no_longer_waiting(
        self, fresh: Sequence[Landed], names: set[str], again: Collection[Key]
    ) -> list[Landed]:
        """Resources of earlier batches that pointed at something which has come now, and those that are asked for."""
        keys = set(again)
        if fresh:
            keys |= await landing.come(self._db, self._feed, names)
        keys -= {each.key for each in fresh}
        return await landing.newest(self._db, self._feed, keys) if keys else []


def _first_again(batch: Sequence[Entry | Unusable]) -> int:
    """Where a resource comes again in another version than earlier in the batch; 0: nowhere.

    Each version is taken in by itself: what is shown afterwards must not depend on how much came at a time.
    """
    first: dict[Key, tuple[int | None, bytes | None]] = {}
    for number, each in enumerate(batch):
        if isinstance(each, Entry):
            told = each.version, each.resource
            if first.setdefault((each.kind, each.id), told) != told:
                return number
    return 0


def _is_pointed_at(landed: Landed) -> bool:
    """Does it change what others show of what they point at?"""
    return landed.follows and landed.kind in POINTED_AT


def _concerns_others(landed: Landed) -> bool:
    """Such a batch is taken in alone: what it says stands in what other parts say, or counts for two persons."""
    return _is_pointed_at(landed) or landed.kind in {"RelatedPerson", "Consent"}


_TRIES = 5
_OVERTAKEN = (turns.Overtaken, asyncpg.TransactionRollbackError)
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


def _latest(landed: Sequence[Landed], batch: _Batch, now: datetime) -> list[tuple[str, datetime]]:
    """When each service was last heard from; also one of which nothing could be used."""
    latest = {each.source: now for each in batch if isinstance(each, Unusable)}
    for each in landed:
        # A clock that goes ahead must not make an old journal look fresh for ever.
        heard = min(each.recorded_at, now)
        latest[each.source] = max(latest.get(each.source, heard), heard)
    return list(latest.items())
