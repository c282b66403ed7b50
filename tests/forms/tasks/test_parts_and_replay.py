"""Tasks where the feed is shared between two workers, and where the read model is made anew."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg
import pytest

from forms.tasks.asking import asked, form
from innsyn.embedded_postgres import Server
from innsyn.forms.tasks.reminding import remind
from innsyn.records.rebuilding.replaying import rebuild
from innsyn.worker import REGISTRY
from records.beside import said, together
from world import KARI, OLA, World, open_world, patient

_ALL = "SELECT * FROM form.task ORDER BY task_id"
_FORMS = "SELECT * FROM form.questionnaire ORDER BY questionnaire_id"


class Place:
    """A world, and where its database is."""

    def __init__(self, world: World, owner: str, worker: str) -> None:
        self.world, self.owner, self.worker = world, owner, worker


@pytest.fixture
async def place(
    postgres: Server, fresh_database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Place]:
    async with open_world(postgres, fresh_database, tmp_path_factory.mktemp("home")) as world:
        await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
        yield Place(
            world, *(postgres.dsn(role, fresh_database) for role in ("innsyn_owner", "innsyn_worker"))
        )


async def test_a_read_model_made_anew_neither_loses_nor_doubles_a_task(place: Place) -> None:
    world = place.world
    await world.take(form(), asked("a", end="2026-11-27"), asked("b", of="ola"), version=1)
    await world.take(form(version="2.0"), asked("b", of="ola", status="completed"), version=2)
    await remind(world.worker, datetime(2026, 11, 25, tzinfo=UTC))
    before = [await world.owner.fetch(each) for each in (_ALL, _FORMS)]
    await rebuild(place.owner, place.worker, REGISTRY)
    assert [await world.owner.fetch(each) for each in (_ALL, _FORMS)] == before
    assert [len(rows) for rows in before] == [2, 2]
    kari = await world.log_in(KARI)
    assert "påminnelse" in (await kari.get("/forms")).text


async def test_two_parts_at_once_come_to_the_same(place: Place) -> None:
    other = await asyncpg.connect(place.worker)
    try:
        stories = (
            said(form(), asked("a"), asked("late", status="completed"), first=1, version=2),
            said(form(), asked("b", of="ola"), asked("late"), first=1, version=1),
        )
        for at in (8, 22):
            await place.world.owner.execute(
                "TRUNCATE form.task, form.questionnaire, journal.resource, journal.waiting, journal.position"
            )
            await together(place.world.worker, other, "journal", stories, at)
            rows = await place.world.owner.fetch("SELECT key, state FROM form.task ORDER BY key")
            assert [tuple(row) for row in rows] == [
                ("Task/a", "ready"),
                ("Task/b", "ready"),
                ("Task/late", "completed"),
            ], at
            current = await place.world.owner.fetchval(
                "SELECT count(*) FROM form.questionnaire WHERE is_current"
            )
            assert current == 1, at
    finally:
        await other.close()
