"""The worker on a topic subscription, and what it keeps of it."""

import asyncio
import re

import asyncpg
import pytest

from innsyn.access.book.versions import HELSENORGE
from innsyn.db.pool import open_pool
from innsyn.journal import gaps
from innsyn.journal.subscription_kept import Kept, Memory
from innsyn.settings import SettingMissing, read
from innsyn.subscribing import follow_subscription, subscribed
from journal.listening_here import eventually
from journal.standing_in import a_diagnosis, a_patient, standing_in


async def test_the_worker_follows_it_and_keeps_two_people_apart(
    worker_dsn: str,
) -> None:
    stop = asyncio.Event()
    async with standing_in() as source:
        settings = read(
            {"INNSYN_DATABASE_WORKER": worker_dsn, "INNSYN_JOURNAL_SUBSCRIPTION": f"{source.address}/fhir"}
        )
        working = asyncio.create_task(follow_subscription(settings, stop, HELSENORGE))
        try:
            open_ = source.app.state.subscriptions.open
            await eventually(lambda: any(one.status == "active" for one in open_.values()))
            for resource in (a_diagnosis("o", "ola", "ola-1"), a_patient("kari"), a_patient("ola")):
                source.publish(resource)
            source.publish(a_diagnosis("k", "kari", "kari-1"))
            await eventually(lambda: _seen(worker_dsn, [("Kari", "kari-1"), ("Ola", "ola-1")]))
            source.publish(a_diagnosis("k", "kari", "kari-2"))
            source.delete("Condition", "o", "ola")
            await eventually(lambda: _seen(worker_dsn, [("Kari", "kari-2")]))
        finally:
            stop.set()
            await asyncio.wait_for(working, 20)


async def _seen(dsn: str, expected: list[tuple[str, str]]) -> bool:
    db = await asyncpg.connect(dsn)
    try:
        rows = await db.fetch(
            "SELECT p.given_name, e.line FROM record.entry e JOIN identity.person p ON p.person_id = e.person_id"
        )
    finally:
        await db.close(timeout=5)
    texts = [(row["given_name"], re.search(rb"(?:kari|ola)-\d", row["line"])) for row in rows]
    return sorted((name, text[0].decode()) for name, text in texts if text) == expected


async def test_the_database_remembers_it_and_its_gaps(worker_dsn: str) -> None:
    pool = await open_pool(worker_dsn, most=1)
    try:
        memory = Memory(pool, "journal")
        assert await memory.read() is None
        await memory.keep(Kept("Subscription/1", 0, b"x"))
        await memory.keep(Kept("Subscription/2", 41, b"y"))
        assert await memory.read() == Kept("Subscription/2", 41, b"y")
        assert await Memory(pool, "another").read() is None
        await memory.gap(40, 41)
        async with pool.acquire() as db:
            assert [(gap.after, gap.until) for gap in await gaps.known(db)] == [(40, 41)]
    finally:
        await pool.close()


@pytest.mark.parametrize("open_", ["JOURNAL_SUBSCRIPTION", "SUBSCRIPTION_ENDPOINT"])
async def test_in_production_the_secret_goes_over_nothing_that_is_open(open_: str) -> None:
    told = {"JOURNAL_SUBSCRIPTION": "https://fhir.test", "SUBSCRIPTION_ENDPOINT": "https://innsyn.test"}
    told |= {"PRODUCTION": "1", open_: "http://elsewhere.test"}
    settings = read({f"INNSYN_{name}": value for name, value in told.items()})
    with pytest.raises(SettingMissing, match=f"INNSYN_{open_} must begin with https"):
        async with subscribed(settings):
            pass
