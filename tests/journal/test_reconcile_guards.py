"""What a source must not be able to undo by what it says, or by what it leaves out."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from datetime import UTC, datetime

import httpx
import msgspec
import pytest

from innsyn.journal.port import Entry, Unusable
from innsyn.journal.reconcile_port import Told, Wanted
from innsyn.journal.reconcile_sources import SequenceVersions
from journal.standing_in import a_diagnosis
from journal.test_reconcile import ALL_SEEN, EVERYTHING, Here, begun
from standins.journal.taken import written


@pytest.fixture
async def here(worker_dsn: str, http: httpx.AsyncClient) -> AsyncIterator[Here]:
    """Two people with five diagnoses each, all landed."""
    async with begun(worker_dsn, http, *EVERYTHING) as opened:
        yield opened


async def test_one_entry_dated_ahead_does_not_make_a_lagging_copy_a_new_one(here: Here) -> None:
    ahead = written("st-olavs", datetime(2099, 1, 1, tzinfo=UTC), a_diagnosis("kari-9", "kari", "kari-9"))
    here.source.journal.publish(ahead)
    await here.follow()
    here.source.begin_anew(*EVERYTHING[:-1])
    here.source.journal.publish(ahead)
    done = await here.compare()
    assert (done.kinds, done.kept, done.is_behind) == ({"Condition": {"extra": 1}}, 1, True)
    assert await here.seen() == sorted([*ALL_SEEN, ("Kari", "kari-9")])


async def test_an_empty_list_takes_nothing_back(here: Here) -> None:
    here.source.begin_anew()
    done = await here.compare()
    assert (done.told, done.kept, done.is_behind) == (0, 12, True)
    assert await here.seen() == ALL_SEEN


async def test_a_restored_source_that_counts_on_from_a_lower_number_is_heard(here: Here) -> None:
    for text in ("kari-1 b", "kari-1 c", "kari-1 d"):
        here.source.publish(a_diagnosis("kari-1", "kari", text))
    await here.follow()
    here.source.begin_anew(*EVERYTHING[:-1])
    assert (await here.compare(take_back=True)).left == 0
    seen = [each for each in ALL_SEEN if each[1] != "ola-5"]
    assert await here.seen() == seen
    # Its numbers 2 and 3 are taken here by what it has lost, and ola-5 begins at 1 again.
    for text in ("kari-1 e", "kari-1 f"):
        here.source.publish(a_diagnosis("kari-1", "kari", text))
        here.source.publish(a_diagnosis("ola-5", "ola", text.replace("kari-1", "ola-5")))
        await here.follow()
        last = [("Kari", text), ("Ola", text.replace("kari-1", "ola-5"))]
        assert await here.seen() == sorted([*seen[1:], *last])
    assert (await here.compare()).kinds == {}
    # Also what is lost of that is found by the source's numbers, and what has rotted is healed.
    await here.db.execute("DELETE FROM journal.resource WHERE body LIKE '%kari-1 f%'::bytea")
    await here.db.execute("UPDATE journal.resource SET body = '{' WHERE body LIKE '%ola-5 f%'::bytea")
    done = await here.compare()
    assert (done.kinds, done.left, done.rotten, done.unhealed) == ({"Condition": {"older": 1}}, 0, 1, 0)
    assert await here.seen() == sorted([*seen[1:], *last])


async def test_what_was_taken_back_by_mistake_comes_back(here: Here) -> None:
    here.source.begin_anew(*EVERYTHING[:-1])
    assert (await here.compare(take_back=True)).left == 0
    here.source.begin_anew(*EVERYTHING)
    await here.follow()
    done = await here.compare()
    assert (done.kinds, done.left, done.kept) == ({"Condition": {"older": 1}}, 0, 0)
    assert await here.seen() == ALL_SEEN


async def test_what_comes_late_does_not_become_the_newest(here: Here) -> None:
    for text in ("ola-1 b", "ola-1 c"):
        here.source.publish(a_diagnosis("ola-1", "ola", text))
    await here.follow()
    await here.db.execute("DELETE FROM journal.resource WHERE id = 'ola-1' AND version = 2")
    await here.db.execute("UPDATE journal.position SET position = 0")
    await here.follow()
    versions = [version for id_, version, _ in await here.landed() if id_ == "ola-1"]
    assert versions == [1, 2, 3]
    assert ("Ola", "ola-1 c") in await here.seen()


class WithoutNumbers(SequenceVersions):
    """A source whose entries have no version."""

    async def told(self) -> AsyncGenerator[list[Told]]:
        async for batch in super().told():
            yield [msgspec.structs.replace(each, version=None) for each in batch]

    async def entries(self, wanted: Sequence[Wanted]) -> AsyncGenerator[list[Entry | Unusable]]:
        async for batch in super().entries(wanted):
            yield [
                msgspec.structs.replace(each, version=None) if isinstance(each, Entry) else each
                for each in batch
            ]


async def test_what_has_no_number_is_not_repaired_while_it_may_lie_in_a_stream(here: Here) -> None:
    here.source.publish(a_diagnosis("kari-1", "kari", "kari-1 b"))
    here.source.publish(a_diagnosis("ola-6", "ola", "ola-6"))
    await here.db.execute("UPDATE journal.position SET part = '3', position = 4096")
    unread = WithoutNumbers(here.source.address, here.http)
    done = await here.compare(unread)
    assert (done.kinds, done.left, done.gaps_closed) == ({"Condition": {"later": 2}}, 0, 0)
    assert await here.seen() == ALL_SEEN
    # With numbers nothing can come in the wrong order, and an operator can say that the stream is read.
    done = await here.compare(unread, take_back=True)
    assert (done.kinds, done.left) == ({"Condition": {"missing": 1, "other": 1}}, 0)
    assert await here.seen() == sorted([*ALL_SEEN[1:], ("Kari", "kari-1 b"), ("Ola", "ola-6")])
    here.source.publish(a_diagnosis("kari-1", "kari", "kari-1 c"))
    assert (await here.compare()).kinds == {"Condition": {"older": 1}}
    assert ("Kari", "kari-1 c") in await here.seen()
