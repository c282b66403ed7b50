"""What a source must not be able to undo by what it says, or by what it leaves out."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from journal.standing_in import a_diagnosis
from journal.test_reconcile import ALL_SEEN, EVERYTHING, Here, landed_here
from standins.journal.taken import written


@pytest.fixture
async def here(worker_dsn: str, http: httpx.AsyncClient) -> AsyncIterator[Here]:
    """Two people with five diagnoses each, all landed."""
    async with landed_here(worker_dsn, http, *EVERYTHING) as opened:
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
