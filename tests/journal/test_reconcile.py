"""What went wrong between the source and the landing is found, exactly, and made good."""

import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import msgspec
import pytest

from innsyn.feed_reconciling import compare, of_export
from innsyn.journal import gaps
from innsyn.journal.reconcile_nightly import next_time
from innsyn.journal.reconcile_port import AlreadyComparing, Reconciled, Versions, Wish
from innsyn.journal.reconcile_sources import SequenceVersions
from innsyn.journal.sequence import FeedBroken, FeedUnavailable, SequenceFeed
from innsyn.settings import Settings, read
from innsyn.worker import REGISTRY, Intake, follow
from journal.serving import Answer, served
from journal.standing_in import StandIn, a_diagnosis, a_patient, standing_in

_SAYS: Callable[[bytes], Any] = re.compile(rb"(?:kari|ola)-\d+[a-z ]*").search


class Here:
    """What has landed, and what a person sees of it."""

    def __init__(
        self, db: asyncpg.Connection, settings: Settings, source: StandIn, http: httpx.AsyncClient
    ) -> None:
        self.db, self.source, self.http, self._settings = db, source, http, settings

    async def follow(self) -> None:
        feed = SequenceFeed("journal", self.source.address, self.http)
        await follow(Intake(self.db, "journal", REGISTRY), feed, self.db)

    async def compare(
        self,
        versions: Versions | None = None,
        feed: str = "journal",
        **wish: Any,  # noqa: ANN401
    ) -> Reconciled:
        now = wish.pop("now", datetime.now(UTC))
        wished = msgspec.structs.replace(Wish(now=now, settled_after=timedelta(0), repair=True), **wish)
        versions = versions or SequenceVersions(self.source.address, self.http)
        return await compare(self.db, self._settings, feed, versions, wished)

    async def seen(self) -> list[tuple[str, str]]:
        """(whose it is, what it says) of all that is shown to anybody."""
        rows = await self.db.fetch(
            "SELECT p.given_name, e.line FROM record.entry e JOIN identity.person p ON p.person_id = e.person_id"
        )
        return sorted((row["given_name"], _SAYS(row["line"])[0].decode()) for row in rows)

    async def landed(self) -> list[tuple[str, int, bytes | None]]:
        rows = await self.db.fetch(
            "SELECT id, version, body FROM journal.resource ORDER BY kind, id, version"
        )
        return [tuple(row) for row in rows]


def of(patient: str, *numbers: int) -> list[dict[str, Any]]:
    return [a_diagnosis(f"{patient}-{n}", patient, f"{patient}-{n}") for n in numbers]


def says(patient: str, *texts: str) -> list[tuple[str, str]]:
    return [(patient.title(), text) for text in sorted(texts)]


EVERYTHING = [a_patient("kari"), a_patient("ola"), *of("kari", 1, 2, 3, 4, 5), *of("ola", 1, 2, 3, 4, 5)]
ALL_SEEN = [
    *says("kari", *(f"kari-{n}" for n in range(1, 6))),
    *says("ola", *(f"ola-{n}" for n in range(1, 6))),
]


@asynccontextmanager
async def begun(worker_dsn: str, http: httpx.AsyncClient, *resources: dict[str, Any]) -> AsyncIterator[Here]:
    db = await asyncpg.connect(worker_dsn)
    try:
        async with standing_in(*resources) as source:
            here = Here(db, read({"INNSYN_JOURNAL_FEED": source.address}), source, http)
            await here.follow()
            yield here
    finally:
        await db.close(timeout=5)


@pytest.fixture
async def here(worker_dsn: str, http: httpx.AsyncClient) -> AsyncIterator[Here]:
    """Two people with five diagnoses each, all landed."""
    async with begun(worker_dsn, http, *EVERYTHING) as opened:
        yield opened


async def test_nothing_differs_where_nothing_went_wrong(here: Here) -> None:
    before = await here.landed()
    done = await here.compare()
    assert (done.told, done.landed, done.kinds, done.left, done.rotten) == (12, 12, {}, 0, 0)
    assert done.agrees
    assert (await here.landed(), await here.seen()) == (before, ALL_SEEN)


async def _lose_and_alter(here: Here) -> None:
    """Missing, older, other, extra and rotten: one or two of each, of both people."""
    here.source.publish(a_diagnosis("kari-2", "kari", "kari-2 corrected"))
    here.source.delete("Condition", "ola-2", "ola")
    await here.follow()
    lose = "DELETE FROM journal.resource WHERE id = $1 AND version = $2"
    for id_, version in (("kari-1", 1), ("ola-1", 1), ("kari-2", 2), ("ola-2", 2)):
        await here.db.execute(lose, id_, version)
    await here.db.execute(
        "UPDATE journal.resource SET body = $1, digest = sha256($1) WHERE id = 'ola-3'",
        json.dumps(a_diagnosis("ola-3", "ola", "ola-33")).encode(),
    )
    await here.db.execute(
        'INSERT INTO journal.resource SELECT (jsonb_populate_record(r, \'{"id": "kari-99"}\')).* '
        "FROM journal.resource r WHERE id = 'kari-3'"
    )
    await here.db.execute(
        "UPDATE journal.resource SET body = body || ' '::bytea WHERE id IN ('kari-4', 'ola-4')"
    )


AFTERWARDS = [
    *says("kari", "kari-1", "kari-2 corrected", "kari-3", "kari-4", "kari-5"),
    *says("ola", "ola-1", "ola-3", "ola-4", "ola-5"),
]


async def test_what_was_lost_or_altered_is_found_exactly_and_made_good(here: Here) -> None:
    await _lose_and_alter(here)
    looked = await here.compare(repair=False)
    found = {"Condition": {"extra": 1, "missing": 2, "older": 2, "other": 1}}
    assert (looked.kinds, looked.differences, looked.rotten) == (found, 6, 2)
    assert (looked.left, looked.unhealed, looked.agrees) == (6, 2, False)
    mended = await here.compare()
    assert (mended.kinds, mended.rotten, mended.left, mended.unhealed) == (found, 2, 0, 0)
    assert await here.seen() == AFTERWARDS
    again = await here.compare()
    assert (again.kinds, again.differences, again.rotten, again.agrees) == ({}, 0, 0, True)
    whose = await here.db.fetch(
        "SELECT DISTINCT left(r.id, 3) AS id, p.given_name FROM journal.resource r "
        "JOIN identity.person p ON p.person_id = r.person_id WHERE kind = 'Condition' ORDER BY 1"
    )
    assert [tuple(row) for row in whose] == [("kar", "Kari"), ("ola", "Ola")]


async def test_how_far_the_feed_is_read_is_not_moved_by_what_is_fetched_again(here: Here) -> None:
    await here.db.execute("DELETE FROM journal.resource WHERE id = 'ola-5'")
    here.source.publish(a_diagnosis("ola-6", "ola", "ola-6"))
    assert (await here.compare()).kinds == {"Condition": {"later": 1, "missing": 1}}
    read_to = "SELECT position FROM journal.position WHERE feed = 'journal' AND part = ''"
    assert await here.db.fetchval(read_to) == 12
    await here.follow()
    assert await here.seen() == sorted([*ALL_SEEN, ("Ola", "ola-6")])


async def test_a_source_that_was_restored_from_an_old_copy_is_believed_and_read_on(here: Here) -> None:
    here.source.publish(a_diagnosis("kari-1", "kari", "kari-1 corrected"))
    await here.follow()
    # It lost the correction and some entries, has written another since, and counts from 1 again.
    here.source.begin_anew(*EVERYTHING[:9], a_diagnosis("ola-7", "ola", "ola-7"))
    done = await here.compare()
    different = {"Condition": {"extra": 3, "missing": 1, "other": 1}}
    # A copy that lags behind looks the same: nothing is taken back before somebody says which it is.
    assert (done.kinds, done.left, done.kept, done.is_behind) == (different, 4, 4, True)
    assert await here.seen() == sorted([*ALL_SEEN[1:], ("Kari", "kari-1 corrected"), ("Ola", "ola-7")])
    done = await here.compare(take_back=True)
    assert (done.left, done.kept, done.renumbered) == (0, 0, True)
    seen = [*says("kari", *(f"kari-{n}" for n in range(1, 6))), *says("ola", "ola-1", "ola-2", "ola-7")]
    assert await here.seen() == seen
    here.source.publish(a_diagnosis("ola-8", "ola", "ola-8"))
    await here.follow()
    assert await here.seen() == [*seen, ("Ola", "ola-8")]
    assert (await here.compare()).kinds == {}


async def test_a_source_that_lacks_much_is_not_believed_by_itself(
    worker_dsn: str, http: httpx.AsyncClient
) -> None:
    kari = [a_patient("kari"), *of("kari", *range(150))]
    async with begun(worker_dsn, http, *kari) as here:
        here.source.begin_anew(a_patient("kari"))
        here.source.publish(a_patient("ola"))
        done = await here.compare()
        found = {"Condition": {"extra": 150}, "Patient": {"missing": 1}}
        assert (done.kinds, done.left, done.kept, done.is_behind) == (found, 150, 150, False)
        assert len(await here.seen()) == 150
        assert (await here.compare(take_back=True)).left == 0
        assert await here.seen() == []


async def test_an_earlier_version_that_has_rotted_is_healed_too(here: Here) -> None:
    here.source.publish(a_diagnosis("kari-1", "kari", "kari-1 corrected"))
    await here.follow()
    before = await here.landed()
    await here.db.execute("UPDATE journal.resource SET body = '{' WHERE id = 'kari-1' AND version = 1")
    done = await here.compare()
    assert (done.rotten, done.unhealed, done.kinds) == (1, 0, {})
    assert await here.landed() == before
    parts = await here.db.fetch("SELECT part FROM journal.position")
    assert [row["part"] for row in parts] == [""]


async def test_known_gaps_are_closed_when_all_is_here(here: Here) -> None:
    await gaps.notice(here.db, "journal", "3", 5, 9)
    assert (await here.compare(repair=False)).gaps_closed == 0
    assert len(await gaps.known(here.db)) == 1
    assert (await here.compare()).gaps_closed == 1
    assert await gaps.known(here.db) == []


async def test_what_is_in_quarantine_is_no_difference(here: Here) -> None:
    too_deep: Any = "x"
    for _ in range(70):
        too_deep = [too_deep]
    here.source.publish(a_diagnosis("kari-6", "kari") | {"extension": too_deep})
    await here.follow()
    done = await here.compare()
    assert (done.kinds, done.agrees) == ({"Condition": {"held": 1}}, True)


async def test_what_changes_while_it_is_compared_is_left_alone(here: Here) -> None:
    await here.db.execute("DELETE FROM journal.resource WHERE id = 'kari-1'")
    here.source.publish(a_diagnosis("kari-1", "kari", "kari-1 later"))
    done = await here.compare(settled_after=timedelta(days=100))
    assert (done.kinds, done.left) == ({"Condition": {"later": 1}}, 0)


async def test_an_export_finds_and_repairs_too(here: Here) -> None:
    await _lose_and_alter(here)
    group = f"{here.source.address}/fhir/Group/all"
    whole = of_export(group, "st-olavs", here.http, by_version=False)
    done = await here.compare(whole)
    # It says nothing of what is deleted, so that and what it never had look the same: neither is taken back by itself.
    assert done.kinds == {"Condition": {"extra": 2, "missing": 2, "other": 2}}
    assert (done.left, done.kept, done.rotten, done.unhealed) == (2, 2, 2, 0)
    assert (await here.compare(whole, take_back=True)).left == 0
    assert (await here.compare(whole)).kinds == {}
    assert await here.seen() == AFTERWARDS
    by_version = of_export(group, "st-olavs", here.http, by_version=True)
    assert (await here.compare(by_version)).kinds == {}


BROKEN: dict[str, tuple[bytes, str, type[Exception], str]] = {
    "cut off": (b'{"kind":"Condition","id":"a","seq":1}\n', "", FeedUnavailable, "end is missing"),
    "another number": (
        b'{"kind":"Condition","id":"a","seq":1}\n{"last":1,"count":2}',
        "",
        FeedBroken,
        "1 lines",
    ),
    "no line": (b"<html>", "", FeedBroken, "cannot be read"),
    "no list": (b"{}", "text/html", FeedBroken, "no list"),
    "after its end": (b'{"last":1,"count":0}\n{"last":1,"count":0}', "", FeedBroken, "goes on after"),
}


async def test_a_list_that_is_not_whole_changes_nothing(here: Here) -> None:
    before = await here.landed()
    for body, content_type, error, text in BROKEN.values():
        answer = Answer(body, headers={"content-type": content_type or "application/x-ndjson"})

        def always(_: object, answer: Answer = answer) -> Answer:
            return answer

        with served(always) as address, pytest.raises(error, match=text):
            await here.compare(SequenceVersions(address, here.http))
    assert (await here.landed(), await here.seen()) == (before, ALL_SEEN)


async def test_one_compares_at_a_time(here: Here, worker_dsn: str) -> None:
    other = await asyncpg.connect(worker_dsn)
    try:
        await other.execute("SELECT pg_advisory_lock(hashtextextended('journal', 7463))")
        with pytest.raises(AlreadyComparing):
            await here.compare()
    finally:
        await other.close(timeout=5)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-23T01:00:00+00:00", "2026-11-23T02:00:00+00:00"),
        ("2026-11-23T02:00:00+00:00", "2026-11-24T02:00:00+00:00"),
        # The clock goes forward, and back.
        ("2027-03-28T00:30:00+00:00", "2027-03-28T01:00:00+00:00"),
        ("2026-10-25T00:30:00+00:00", "2026-10-25T02:00:00+00:00"),
    ],
)
def test_it_is_due_at_three_in_norway(now: str, due: str) -> None:
    read_ = datetime.fromisoformat
    assert next_time(read_(now), datetime(2026, 1, 1, 3, 0).time()) == read_(due)  # noqa: DTZ001 - a time of day
