"""Sealing leaves no row out and takes none twice, whatever happens in the middle of it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog

from access.audit.sealed_log import KARI, OLA, SealedLog
from innsyn.access.audit import sealing
from innsyn.access.audit.checkpoints import Target
from innsyn.access.audit.rows import told_at
from innsyn.access.audit.sealing import Round, Sealer, SealsDisagree
from innsyn.access.audit.verify import Tree, said


async def sealed_purposes(log: SealedLog) -> list[str]:
    """What was read, in the order of the leaves."""
    rows = await log.owner.fetch(
        "SELECT purpose FROM access.log, (SELECT max(last_xid) AS x FROM access.seal) s WHERE xid <= x "
        "ORDER BY xid, log_id"
    )
    return [row["purpose"] for row in rows]


async def test_a_row_that_commits_late_is_waited_for_and_not_skipped(log: SealedLog) -> None:
    late = await log.connect("postgres")
    held = late.transaction()
    await held.start()
    await late.execute(
        "INSERT INTO access.log (subject_id, actor_id, session_id, rule, purpose) VALUES ($1, $1, $1, 'self', 'late')",
        KARI,
    )
    await log.read(OLA, "later, and committed first")
    assert (await log.seal()).rows == 0
    assert (await log.seal()).waits > 0
    await held.commit()
    await log.read(OLA, "last")
    assert (await log.seal()).rows == 3
    assert await sealed_purposes(log) == ["late", "later, and committed first", "last"]
    assert await log.audit() == (0, [])


async def test_a_row_that_was_undone_leaves_no_gap(log: SealedLog) -> None:
    gone = await log.connect("postgres")
    held = gone.transaction()
    await held.start()
    await gone.execute(
        "INSERT INTO access.log (subject_id, actor_id, session_id, rule, purpose) VALUES ($1, $1, $1, 'self', 'x')",
        KARI,
    )
    await log.read(OLA)
    await held.rollback()
    assert (await log.seal()).rows == 1
    assert (await log.audit(), await log.unsealed()) == ((0, []), 0)


async def test_nothing_new_is_no_seal(log: SealedLog) -> None:
    assert await log.seal() == Round(0, 0.0)
    await log.read_by_both(2)
    assert await log.seal() == Round(4, 0.0)
    assert await log.seal() == Round(0, 0.0)
    assert log.kept() == await log.notes()
    assert len(log.kept()) == 1


async def test_a_large_batch_is_several_seals(log: SealedLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 3)
    monkeypatch.setattr(sealing, "_AT_ONCE", 6)
    await log.read_by_both(7)
    assert await log.seal() == Round(14, 0.0)
    assert await log.owner.fetchval("SELECT array_agg(size ORDER BY number) FROM access.seal") == [
        3,
        6,
        9,
        12,
        14,
    ]
    assert log.kept() == await log.notes()
    assert await log.audit() == (0, [])


async def test_two_sealers_are_one(log: SealedLog) -> None:
    first, second = [
        Sealer(await log.connect("innsyn_sealer"), log.signer, [Target(log.place)]) for _ in range(2)
    ]
    await log.read_by_both(1)
    assert (await first.round()).rows == 2
    await log.read_by_both(1)
    assert (await second.round()).rows == 0
    assert (await first.round()).rows == 2
    assert await log.audit() == (0, [])


async def test_a_place_that_cannot_be_written_holds_nothing_up_and_gets_what_it_lacks(
    log: SealedLog, tmp_path: Path
) -> None:
    away = tmp_path / "not mounted" / "checkpoints"
    for _ in range(3):
        await log.read_by_both(1)
        with structlog.testing.capture_logs() as told:
            assert (await log.seal(away, log.place)).rows == 2
        assert {(each["event"], each["place"]) for each in told} == {("checkpoints_not_kept", str(away))}
    away.parent.mkdir()
    await log.seal(away, log.place)
    assert log.kept(away) == log.kept() == await log.notes()


async def test_a_folder_gets_a_file_for_each_day(log: SealedLog, tmp_path: Path) -> None:
    folder = tmp_path / "days"
    folder.mkdir()
    for _ in range(2):
        await log.read_by_both(1)
        await log.seal(folder)
    day = await log.owner.fetchval("SELECT max(at)::date::text FROM access.seal")
    assert {file.name: log.kept(file) for file in folder.iterdir()} == {day: await log.notes()}
    log.place = folder
    assert await log.audit() == (0, [])


async def test_a_database_older_than_its_checkpoints_is_not_sealed_any_further(log: SealedLog) -> None:
    await log.read_by_both(1)
    await log.seal()
    await log.read_by_both(1)
    await log.seal()
    await log.owner.execute("DELETE FROM access.seal WHERE number = 2")
    with pytest.raises(SealsDisagree, match="does not have seal 2 as it is kept"):
        await log.seal()
    assert len(await log.notes()) == 1
    # Moved away, the old checkpoints still tell what was lost; sealing goes on.
    kept = log.place.rename(log.place.with_name("before"))
    await log.seal()
    assert (await log.audit(), await log.unsealed()) == ((0, []), 0)
    log.place = kept
    assert (await log.audit())[0] == 1


async def test_a_postgresql_that_numbers_its_transactions_anew_is_told(log: SealedLog) -> None:
    """As after a dump was restored in a younger server: the rows that are sealed have higher numbers than new ones."""
    tree, last, at = Tree(), (4_000_000_000, 2), datetime(2026, 11, 23, tzinfo=UTC)
    tree.add([bytes(32), bytes(32)])
    note = log.signer.note(said(1, tree, Tree().root, last, told_at(at)))
    seal = (at, *last, tree.peaks, note)
    await log.owner.execute("INSERT INTO access.seal VALUES (1, 2, $1, $2, $3, '', $4, $5)", *seal)
    await log.read_by_both(1)
    with pytest.raises(SealsDisagree, match="pg_resetwal"):
        await log.seal()


@pytest.mark.parametrize(
    "change", ["peaks = sha256(peaks)", "last_log_id = last_log_id - 1", "note = ''", "peaks = ''"]
)
async def test_a_seal_that_was_changed_is_not_built_upon(log: SealedLog, change: str) -> None:
    await log.read_by_both(1)
    await log.seal()
    await log.owner.execute(f"UPDATE access.seal SET {change}")  # noqa: S608 - the changes above
    await log.read_by_both(1)
    with pytest.raises(SealsDisagree):
        await log.seal(log.place.with_name("nothing yet"))
    assert len(await log.notes()) == 1
