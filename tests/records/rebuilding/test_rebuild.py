"""The read model made anew: the same rows, while others read and more comes, and however often it is stopped."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest

from innsyn.embedded_postgres import Server
from innsyn.records.rebuilding import layout, switching
from innsyn.records.rebuilding.replaying import Rebuilt, rebuild
from innsyn.worker import REGISTRY
from records.test_merged_patients import replaced
from records.test_parts import report, withheld
from records.test_reading import entries, titles
from records.test_whose_it_is import D_NUMBER, with_numbers
from world import KARI, OLA, Resource, World, open_world, patient, result, utc

VIK = {"resourceType": "Practitioner", "id": "vik", "name": [{"text": "Marit Vik"}]}
BY_VIK: dict[str, Any] = {"performer": [{"reference": "Practitioner/vik"}]}


class Rebuilding:
    """A world, and its read model made anew."""

    def __init__(self, world: World, owner: str, worker: str) -> None:
        self.world, self._owner, self._worker = world, owner, worker

    async def __call__(self, **more: Any) -> Rebuilt:  # noqa: ANN401
        return await rebuild(self._owner, self._worker, REGISTRY, **more)


@pytest.fixture
async def rebuilt(
    postgres: Server, fresh_database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Rebuilding]:
    async with open_world(postgres, fresh_database, tmp_path_factory.mktemp("home")) as world:
        dsns = (postgres.dsn(role, fresh_database) for role in ("innsyn_owner", "innsyn_worker"))
        yield Rebuilding(world, *dsns)


async def a_life(world: World) -> None:
    """Everything that happens to entries: waited for, corrected, taken back, moved, hidden in a report, gone."""
    await world.take(result("early", "kari", **BY_VIK))
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    await world.take(
        result("a", "kari", **BY_VIK), result("b", "ola"), result("c", "kari", "Kreatinin"), version=1
    )
    await world.take(VIK, version=1)
    await world.take(result("late", "ola", **BY_VIK))
    await world.take({**VIK, "name": [{"text": "Marit Dahl"}]}, version=2)
    await world.take(result("after", "ola", **BY_VIK))
    await world.take(result("a", "kari", value=47, status="corrected"), version=2, now=utc(2026, 11, 3))
    await world.take(result("b", "kari"), version=2)
    await world.take(result("c", "kari", status="entered-in-error"), version=3)
    await world.take(result("c", "kari", value=9), version=2)
    await world.take(
        report("r", "kari", ["early"], **withheld()), {**result("odd", "ola"), "valueQuantity": "x"}
    )
    await world.take(result("d", "ola"), version=1)
    await world.take({**result("d", "ola"), "valueQuantity": "x"}, version=2)
    await world.take(result("e", "ola"))
    await world.delete("Observation", "e", 2)
    await world.take(with_numbers("emergency", D_NUMBER), result("f", "emergency", "Natrium"), version=1)
    await world.take(replaced("emergency", "kari", D_NUMBER), version=2)


async def test_what_has_landed_gives_the_same_rows_again(rebuilt: Rebuilding) -> None:
    await a_life(rebuilt.world)
    kari, ola = await rebuilt.world.log_in(KARI), await rebuilt.world.log_in(OLA)
    was = [await entries(each) for each in (kari, ola)]
    for check in (True, False, False):
        done = await rebuilt(check=check)
        assert done.before == done.after
        assert done.before["entry"].number == 7
    assert [await entries(each) for each in (kari, ola)] == was
    assert (
        await rebuilt.world.owner.fetchval("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'record%'")
        == 1
    )


async def test_what_comes_after_a_rebuild_is_taken_in_as_before(rebuilt: Rebuilding) -> None:
    await rebuilt.world.take(result("a", "kari"), patient("ola", OLA, "Ola"))
    await rebuilt()
    await rebuilt.world.take(patient("kari", KARI, "Kari"), result("b", "ola", "Kreatinin"))
    assert await titles(await rebuilt.world.log_in(KARI)) == ["HbA1c"]
    assert await titles(await rebuilt.world.log_in(OLA)) == ["Kreatinin"]


async def test_rows_that_are_not_as_they_should_be_are_found_and_mended(rebuilt: Rebuilding) -> None:
    world = rebuilt.world
    await world.take(patient("kari", KARI, "Kari"), result("a", "kari"), result("b", "kari", "Kreatinin"))
    await world.owner.execute("UPDATE record.entry SET audience = 0 WHERE line LIKE '%Kreatinin%'")
    for check in (True, False):
        done = await rebuilt(check=check)
        assert {table for table in done.before if done.before[table] != done.after[table]} == {"entry"}
    assert sorted(map(str, await titles(await world.log_in(KARI)))) == ["HbA1c", "Kreatinin"]


async def test_the_next_tables_are_like_the_first_in_everything_the_catalogue_tells(
    rebuilt: Rebuilding,
) -> None:
    owner = rebuilt.world.owner
    before = await layout.describe(owner, "record")
    await rebuilt()
    after = await layout.describe(owner, "record")
    assert after == before
    assert {row[1] for row in before} >= {
        "ix_entry_timeline",
        "pk_entry",
        "opened_record",
        "projection",
        "innsyn_web",
    }


async def test_nothing_outside_holds_on_to_the_tables(rebuilt: Rebuilding) -> None:
    await rebuilt.world.owner.execute(
        "CREATE TABLE public.held (a uuid, b uuid, FOREIGN KEY (a, b) REFERENCES record.entry (person_id, entry_id))"
    )
    with pytest.raises(layout.HeldFromOutside):
        await rebuilt()


async def test_who_reads_meanwhile_finds_all_of_it_at_every_moment(rebuilt: Rebuilding) -> None:
    world = rebuilt.world
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    await world.take(
        *(result(f"k{n}", "kari") for n in range(30)),
        *(result(f"o{n}", "ola", "Kreatinin") for n in range(5)),
    )
    seen: dict[str, set[int]] = {"HbA1c": set(), "Kreatinin": set()}
    over = asyncio.Event()

    async def read(browser: httpx.AsyncClient, title: str) -> int:
        times = 0
        while not over.is_set():
            found = await titles(browser)
            assert set(found) == {title}
            seen[title].add(len(found))
            times += 1
        return times

    who = [(await world.log_in(KARI), "HbA1c"), (await world.log_in(OLA), "Kreatinin")]
    async with asyncio.TaskGroup() as tasks:
        readers = [tasks.create_task(read(*each)) for each in who]
        for _ in range(2):
            await rebuilt()
        over.set()
    assert seen == {"HbA1c": {30}, "Kreatinin": {5}}
    assert all(reader.result() > 5 for reader in readers)


async def test_what_lands_and_is_wished_meanwhile_is_in_it(rebuilt: Rebuilding) -> None:
    world = rebuilt.world
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"), VIK)
    await world.take(result("a", "kari"))
    coming = asyncio.Queue[Resource]()

    def tell(what: str, _more: int) -> None:
        if what == "indexes":
            coming.put_nowait(result("meanwhile", "kari", "Kreatinin"))

    async def take() -> None:
        await world.take(await coming.get())

    taking = asyncio.create_task(take())
    done = await rebuilt(tell=tell)
    async with asyncio.timeout(10):
        await taking
    assert done.before == done.after
    assert set(await titles(await world.log_in(KARI))) == {"HbA1c", "Kreatinin"}


async def test_what_becomes_anothers_meanwhile_is_hers_in_it(rebuilt: Rebuilding) -> None:
    world = rebuilt.world
    await world.take(
        patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"), result("o", "ola", "Kreatinin")
    )
    await world.take(with_numbers("emergency", D_NUMBER), result("f", "emergency", "Natrium"), version=1)
    merging: list[asyncio.Task[Any]] = []
    merged = asyncio.Event()

    async def merge() -> None:
        await world.take(replaced("emergency", "kari", D_NUMBER), version=2)
        merged.set()

    def tell(what: str, _more: int) -> None:
        if what == "indexes":
            merging.append(asyncio.create_task(merge()))

    done = await rebuilt(tell=tell)
    await merging[0]
    assert merged.is_set()
    assert done.before == done.after
    assert await titles(await world.log_in(KARI)) == ["Natrium"]
    assert await titles(await world.log_in(OLA)) == ["Kreatinin"]


class Stopped(Exception):
    """As a kill would."""


@pytest.mark.parametrize("seed", range(2))
async def test_one_that_is_stopped_anywhere_goes_on(
    rebuilt: Rebuilding, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    await a_life(rebuilt.world)
    at = random.Random(seed)  # noqa: S311 - a seed
    execute = asyncpg.Connection.execute
    left = 0

    async def until(db: asyncpg.Connection, query: str, *args: object, **more: Any) -> str:  # noqa: ANN401
        nonlocal left
        left -= 1
        if left == 0:
            db.terminate()
            raise Stopped
        return str(await execute(db, query, *args, **more))

    monkeypatch.setattr(asyncpg.Connection, "execute", until)
    stopped = 0
    for _ in range(6):
        left = at.randrange(1, 120)
        try:
            await rebuilt()
        except (Stopped, asyncpg.PostgresError, asyncpg.InterfaceError):
            stopped += 1
    left = 0
    assert stopped > 2, seed
    done = await rebuilt()
    assert done.before == done.after
    assert await rebuilt.world.owner.fetchval("SELECT count(*) FROM record.entry") == 7


async def test_two_do_not_rebuild_at_once(rebuilt: Rebuilding) -> None:
    await rebuilt.world.take(patient("kari", KARI, "Kari"))
    both = await asyncio.gather(rebuilt(), rebuilt(), return_exceptions=True)
    assert [type(each) for each in both if isinstance(each, BaseException)] == [switching.AnotherIsAtWork]
