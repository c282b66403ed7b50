"""The worker's part: what a batch makes of the history of its entries, in the transaction of the batch itself."""

import hashlib
from collections.abc import Sequence
from operator import attrgetter
from uuid import UUID

import asyncpg
import msgspec

from innsyn.journal import landing
from innsyn.journal.fhir.reading import clipped
from innsyn.journal.lookup import Key
from innsyn.journal.versions import Landed
from innsyn.records.history import statements
from innsyn.records.history.reasons import said
from innsyn.records.history.rules import Gone, Settled, Told, settled
from innsyn.records.history.tables import Files, TakenBack
from innsyn.records.outcome import Outcome, Shown, moved
from innsyn.records.projected import NOTE
from innsyn.records.projecting import Projecting
from innsyn.records.writing import claims_of, entry_id, row_of
from innsyn.web.dates import as_utc


async def keep(
    db: asyncpg.Connection,
    feed: str,
    projecting: Projecting,
    outcome: Outcome,
    landed: Sequence[Landed] = (),
) -> list[Shown]:
    """After a batch has landed: write the history of what has come more than once.

    `landed`: the batch itself, with the earlier versions that came late. Returns what is to be written as entries: what
    the batch shows, each with the dates that its history gives it. A batch of nothing but first versions asks nothing.
    """
    keys = {each.key for each in _touched(landed, outcome) if each.follows or not each.newest}
    keys = {key for key in keys if projecting.shows(key[0])}
    if not keys:
        return outcome.shown
    told = await _told(db, feed, projecting, keys, outcome)
    histories = {
        # Of more than are kept, the first is no longer among them.
        key: settled(versions, versions[0].landed.known_person if len(versions) > statements.MOST else None)
        for key, versions in told.items()
    }
    await _bind(db, feed, told, histories, outcome)
    await _write(db, feed, told, histories)
    shown = [each for each in outcome.shown if each.landed.key not in histories]
    return shown + [history.now for history in histories.values() if history.now is not None]


async def _bind(
    db: asyncpg.Connection,
    feed: str,
    told: dict[Key, list[Told]],
    histories: dict[Key, Settled],
    outcome: Outcome,
) -> None:
    """All versions of a resource are about whom the first is about; a newest one that is not is in quarantine."""
    away = {key: told[key][-1].landed for key, history in histories.items() if history.moved}
    held = {bad.landed.key for bad in outcome.bad}
    outcome.bad += [moved(each) for key, each in away.items() if key not in held]
    outcome.shown = [each for each in outcome.shown if each.landed.key not in away]
    rebound = {
        key: history.whose
        for key, history in histories.items()
        if history.whose != told[key][0].landed.known_person
    }
    there = {each.landed.key for each in outcome.shown}
    outcome.shown += [now for key in rebound.keys() - there if (now := histories[key].now) is not None]
    await landing.attribute(db, feed, rebound)


def _touched(landed: Sequence[Landed], outcome: Outcome) -> list[Landed]:
    """The batch, and what of earlier batches it has let us project again."""
    return [
        *landed,
        *(each.landed for each in outcome.shown),
        *(each for each, _ in outcome.not_shown),
        *(each.landed for each in outcome.bad),
    ]


async def _told(
    db: asyncpg.Connection, feed: str, projecting: Projecting, keys: set[Key], outcome: Outcome
) -> dict[Key, list[Told]]:
    versions = await statements.landed_versions(db, feed, sorted(keys))
    again = await projecting.reread(db, [each for of_one in versions.values() for each in of_one])
    # An earlier version, too, is looked at again when what it points at comes.
    outcome.waits += again.waits + [(bad.waits_for, bad.landed.key) for bad in again.bad if bad.waits_for]
    answers: dict[tuple[str, str, int], Told] = {}
    for told in (
        *(Told(each.landed, shown=each) for each in again.shown),
        *(Told(each, why=why) for each, why in again.not_shown),
        *(Told(bad.landed, why=bad.reason, unusable=True, waits=bool(bad.waits_for)) for bad in again.bad),
    ):
        answers[*told.landed.key, told.landed.version] = told
    return {
        key: [answers[*key, each.version] for each in of_one if (*key, each.version) in answers]
        for key, of_one in versions.items()
        if any((*key, each.version) in answers for each in of_one)
    }


async def _write(
    db: asyncpg.Connection, feed: str, told: dict[Key, list[Told]], histories: dict[Key, Settled]
) -> None:
    keys = [
        (person, entry_id(feed, key))
        for key, versions in told.items()
        for person in {
            *(each.shown.person_id for each in versions if each.shown is not None),
            *(each.landed.known_person for each in versions if each.landed.known_person is not None),
        }
    ]
    rows = [
        _version(feed, shown, history.now or history.earlier[-1])
        for history in histories.values()
        for shown in history.earlier[-statements.MOST :]
    ]
    taken = [_taken_back(feed, history.gone) for history in histories.values() if history.gone is not None]
    claimed = [row for key, versions in told.items() for row in _claimed(feed, versions, histories[key].now)]
    if keys:
        await statements.replace(db, keys, rows, taken, claimed)


def _claimed(feed: str, versions: Sequence[Told], now: Shown | None) -> list[tuple[object, ...]]:
    """What a panel has claimed and claims no longer, also where it turned out to be somebody else's."""
    last: dict[tuple[UUID, UUID, UUID], Shown] = {}
    for shown in (each.shown for each in versions if each.shown is not None):
        last |= dict.fromkeys(_parts(feed, shown), shown)
    for part in _parts(feed, now) if now is not None else ():
        last.pop(part, None)
    return [(*part, int(shown.projected.audience), shown.release.at) for part, shown in last.items()]


def _parts(feed: str, shown: Shown) -> list[tuple[UUID, UUID, UUID]]:
    return [(person_id, member, panel) for person_id, member, panel, *_ in claims_of(feed, shown)]


_OWN = attrgetter("kind", "source", "occurred_at", "landed_at", "own_audience", "own_release_at")


def _version(feed: str, shown: Shown, newest: Shown) -> tuple[object, ...]:
    row = row_of(feed, shown)
    key = (row.person_id, row.entry_id, row.version)
    files = Files(_files(shown), _files(newest))
    return (*key, *_OWN(row), row.line, row.detail, msgspec.json.encode(files))


def _files(shown: Shown) -> tuple[tuple[str, str], ...]:
    return tuple((file.title, hashlib.sha256(file.body).hexdigest()[:16]) for file in shown.files)


def _taken_back(feed: str, gone: Gone) -> tuple[object, ...]:
    row = row_of(feed, gone.last)
    told = TakenBack(
        id=str(row.entry_id),
        kind=row.kind,
        at=gone.last.projected.at,
        source=row.source,
        organisation=clipped(gone.last.projected.organisation, NOTE),
        taken=as_utc(gone.since.landed_at),
        why=gone.newest.why,
        said=said(gone),
    )
    return (
        row.person_id,
        row.entry_id,
        row.kind,
        row.source,
        row.occurred_at,
        gone.last.landed.first_landed_at,
        gone.since.landed_at,
        row.own_audience,
        row.own_release_at,
        row.stub,
        msgspec.json.encode(told),
    )
