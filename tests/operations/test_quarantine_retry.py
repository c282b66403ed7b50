"""What is in quarantine is taken in again: by an operator, by itself, and never over what is newer."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from innsyn.access.book.versions import HELSENORGE
from innsyn.embedded_postgres import Server
from innsyn.feed_commands import feed
from innsyn.journal import quarantine_tries
from innsyn.journal.port import Entry, Unusable
from innsyn.trying_again import keep_trying, try_again
from world import KARI, World, patient, result


@pytest.fixture
async def kari(world: World) -> World:
    await world.take(patient("kari", KARI, "Kari"))
    return world


def unusable(position: int, body: bytes, reason: str = "too_large") -> Unusable:
    return Unusable(
        position=position,
        source="st-olavs",
        reason=reason,
        explanation="it was",
        body=body,
        kind="Observation",
        id="x",
    )


async def again(world: World, *entries: str) -> list[tuple[str, bool, str, int]]:
    kept = await quarantine_tries.named(world.worker, entries)
    told = await try_again(world.worker, kept, HELSENORGE)
    return [(each.entry, each.used, each.reason, each.tries) for each in told]


async def position(world: World) -> list[tuple[str, int]]:
    rows = await world.owner.fetch("SELECT part, position FROM journal.position ORDER BY part")
    return [(row["part"], row["position"]) for row in rows]


async def shown(world: World) -> list[float]:
    lines = await world.owner.fetch(
        "SELECT line FROM record.entry WHERE kind = 'lab_results' ORDER BY entry_id"
    )
    return [float(json.loads(row["line"])["value"].split()[0].replace(",", ".")) for row in lines]


async def test_what_can_be_read_now_leaves_quarantine_and_moves_nothing(kari: World) -> None:
    await kari.intake.take([unusable(9000, msgspec.json.encode(result("x", "kari")))])
    await kari.owner.execute("UPDATE journal.position SET position = 5")
    assert await again(kari, "Observation/x") == [("Observation/x", True, "", 0)]
    assert await position(kari) == [("", 5)]
    assert await kari.owner.fetchval("SELECT count(*) FROM journal.quarantine") == 0
    assert await kari.owner.fetchval("SELECT missing FROM journal.source") == 0
    assert await kari.owner.fetchval("SELECT position FROM journal.resource WHERE id = 'x'") == 9000
    assert await shown(kari) == [41]


async def test_what_cannot_be_read_still_stays_and_is_counted_and_missing_since_the_first_time(
    kari: World,
) -> None:
    await kari.intake.take([unusable(9, b"{")])
    await kari.take(result("b", "nobody"))
    before = await kari.owner.fetchval("SELECT min(landed_at) FROM journal.quarantine")
    for tries in (1, 2):
        assert await again(kari, "Observation/b", "Observation/x") == [
            ("Observation/b", False, "unknown_patient", tries),
            ("Observation/x", False, "too_large", tries),
        ]
    assert await kari.owner.fetchval("SELECT min(landed_at) FROM journal.quarantine") == before


async def test_what_has_landed_is_projected_again_from_its_bytes(kari: World) -> None:
    await kari.take(result("b", "kari"))
    # As if an earlier version of this code had failed on it.
    await kari.owner.execute(
        "INSERT INTO journal.quarantine (feed, entry, source, kind, id, position, landed_at, reason, explanation, body)"
        " SELECT feed, kind || '/' || id, source, kind, id, position, landed_at, 'projection_failed', 'KeyError', body"
        " FROM journal.resource WHERE id = 'b'"
    )
    await kari.owner.execute("DELETE FROM record.entry")
    assert await again(kari, "Observation/b") == [("Observation/b", True, "", 0)]
    assert await shown(kari) == [41]
    assert await kari.owner.fetchval("SELECT count(*) FROM journal.resource WHERE id = 'b'") == 1


async def test_nothing_newer_is_written_over(kari: World) -> None:
    await kari.intake.take([unusable(3, msgspec.json.encode(result("x", "kari", value=1)))])
    held = await quarantine_tries.named(kari.worker, ["Observation/x"])
    # It comes while somebody tries.
    newer = msgspec.json.encode(result("x", "kari", value=7))
    await kari.intake.take(
        [Entry(position=4, source="st-olavs", kind="Observation", id="x", version=2, resource=newer)]
    )
    await try_again(kari.worker, held, HELSENORGE)
    assert await shown(kari) == [7]
    assert await kari.owner.fetchval("SELECT count(*) FROM journal.resource WHERE id = 'x'") == 1


async def test_an_entry_comes_back_as_itself_or_not_at_all(kari: World) -> None:
    await kari.intake.take([unusable(9, msgspec.json.encode(result("another", "kari")))])
    assert await again(kari, "Observation/x") == [("Observation/x", False, "too_large", 1)]
    assert await shown(kari) == []


async def test_an_envelope_that_was_wrong_is_read_as_an_envelope(kari: World) -> None:
    entry = {
        "seq": 77,
        "source": "st-olavs",
        "kind": "Observation",
        "id": "x",
        "resource": result("x", "kari"),
    }
    bad = Unusable(
        position=9, source="", reason="bad_envelope", explanation="", body=msgspec.json.encode(entry)
    )
    await kari.intake.take([bad])
    name = await kari.owner.fetchval("SELECT entry FROM journal.quarantine")
    assert await again(kari, name) == [(name, True, "", 0)]
    assert await shown(kari) == [41]


async def test_what_may_have_healed_is_tried_by_itself_ever_more_seldom_and_five_times(kari: World) -> None:
    await kari.take(result("b", "nobody"))
    await kari.intake.take([unusable(9, b"{")])
    due = []
    for _ in range(7):
        # A month later.
        await kari.owner.execute(
            "UPDATE journal.quarantine SET landed_at = landed_at - interval '30 days', "
            "last_tried_at = last_tried_at - interval '30 days'"
        )
        kept = await quarantine_tries.due(kari.worker, 100)
        due.append([each.entry for each in kept])
        await try_again(kari.worker, kept, HELSENORGE)
        assert await quarantine_tries.due(kari.worker, 100) == []
    assert due == [["Observation/b"]] * 5 + [[], []]


async def test_one_that_postgresql_will_not_have_is_counted_and_keeps_no_other_from_being_used(
    kari: World,
) -> None:
    await kari.take(result("b", "kari"), result("c", "kari"))
    await kari.owner.execute(
        "INSERT INTO journal.quarantine (feed, entry, source, kind, id, position, landed_at, reason, explanation, body)"
        " SELECT feed, kind || '/' || id, source, kind, id, position, landed_at, 'projection_failed', '', body"
        " FROM journal.resource WHERE kind = 'Observation'"
    )
    b = await kari.owner.fetchval("SELECT entry_id FROM record.entry ORDER BY entry_id LIMIT 1")
    await kari.owner.execute(
        "CREATE FUNCTION record.refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF NEW.entry_id = TG_ARGV[0]::uuid THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$"
    )
    await kari.owner.execute(
        "CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON record.entry "
        f"FOR EACH ROW EXECUTE FUNCTION record.refuse('{b}')"
    )
    told = await again(kari, "Observation/b", "Observation/c")
    assert sorted((used, tries) for _, used, _, tries in told) == [(False, 1), (True, 0)]


async def test_the_worker_does_so(kari: World) -> None:
    await kari.take(result("b", "kari"))
    await kari.owner.execute(
        "INSERT INTO journal.quarantine (feed, entry, source, kind, id, position, landed_at, reason, explanation, body)"
        " SELECT feed, kind || '/' || id, source, kind, id, position, '2026-01-01', 'projection_failed', '', body"
        " FROM journal.resource WHERE id = 'b'"
    )
    stop = asyncio.Event()
    trying = asyncio.create_task(keep_trying(kari.worker, stop, HELSENORGE))
    async with asyncio.timeout(20):
        while await kari.owner.fetchval("SELECT count(*) FROM journal.quarantine"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    stop.set()
    await asyncio.wait_for(trying, 20)


async def test_an_operator_says_which_and_is_told_what_became_of_each(
    kari: World, postgres: Server, fresh_database: str, tmp_path: Path
) -> None:
    await kari.take(result("b", "nobody"))
    await kari.intake.take([unusable(9, msgspec.json.encode(result("x", "kari")))])
    dsn = postgres.dsn("innsyn_worker", fresh_database)

    def innsyn(*arguments: str) -> str:
        environment = {"INNSYN_HOME": str(tmp_path), "INNSYN_DATABASE_WORKER": dsn, "COLUMNS": "160"}
        with ThreadPoolExecutor(1) as aside:
            run = aside.submit(CliRunner().invoke, feed, ["quarantine", "retry", *arguments], env=environment)
            return run.result().output

    assert "Name entries, or --reason, or --all." in await asyncio.to_thread(innsyn)
    assert "no such entry" in await asyncio.to_thread(innsyn, "Observation/none")
    told = json.loads(await asyncio.to_thread(innsyn, "--all", "--json"))
    assert [(each["entry"], each["used"]) for each in told] == [
        ("Observation/b", False),
        ("Observation/x", True),
    ]
    assert "1 tried = 0 used + 1 still" in await asyncio.to_thread(innsyn, "--reason", "unknown_patient")
