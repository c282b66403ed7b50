"""Whoever has all power over the database changes the log, and the auditor tells what, and where.

Each is planted with a superuser's SQL in a log of two people, and met twice: over the database, and by verify.py alone,
as an auditor runs it on another machine with an export and the checkpoints.
"""

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access.audit.sealed_log import KARI, OLA, SealedLog
from innsyn.access.audit import export, sealing, verify
from innsyn.access.audit.signing import Signer

ROWS = "Rows: 7. Seals: 2. Checkpoints outside, compared: 2."


@pytest.fixture
async def sealed(log: SealedLog) -> SealedLog:
    """Rows 1 to 4 under seal 1, 5 and 6 under seal 2, 7 not sealed yet. Odd ones are Kari's, even ones Ola's."""
    await log.read_by_both(2)
    await log.seal()
    await log.read_by_both(1)
    await log.seal()
    await log.read(KARI)
    return log


async def alone(log: SealedLog, *more: str) -> tuple[int, list[str]]:
    """Exit status and what is printed by the one file, that nothing of Innsyn is near."""
    exported = log.place.with_name("export")
    lines = [line async for line in export.lines(await log.connect("innsyn_auditor"))]
    exported.write_text("\n".join(lines) + "\n")
    return run(exported, "--key", log.signer.key, "--checkpoints", log.place, *more)


def run(*arguments: str | Path) -> tuple[int, list[str]]:
    command = [sys.executable, "-I", verify.__file__, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, (done.stdout + done.stderr).splitlines()


async def both_find(log: SealedLog, *expected: str) -> None:
    """The same findings over the database and over the export; `expected` is what they say after "Seal n (time): "."""
    status, findings = await log.audit()
    found = [each.partition("Z): ")[2] or each for each in findings]
    assert (status, found) == (1, list(expected))
    status, printed = await alone(log)
    assert (status, [line for line in printed if line.startswith("CHANGED  ")]) == (
        1, [f"CHANGED  {each}" for each in findings],
    )  # fmt: skip


async def test_a_log_that_nobody_changed(sealed: SealedLog) -> None:
    assert await sealed.audit() == (0, [])
    assert await alone(sealed) == (0, [ROWS, "Rows without a seal yet: 1.", "Nothing was changed."])


EDITS = (
    "purpose = 'timeline.all.page '",
    "rule = 'x'",
    "actor_id = gen_random_uuid()",
    "at = at + interval '1 microsecond'",
    "session_id = actor_id",
    "entry_id = NULL",
    "refused = true",
    "act = true",
    "subject_id = gen_random_uuid()",
)


@pytest.mark.parametrize("edit", EDITS)
async def test_an_edited_row(sealed: SealedLog, edit: str) -> None:
    await sealed.owner.execute(f"UPDATE access.log SET {edit} WHERE log_id = 2")  # noqa: S608 - those above
    await both_find(sealed, "the row 2 was changed after it was sealed.")


async def test_several_edited_rows(sealed: SealedLog) -> None:
    await sealed.owner.execute("UPDATE access.log SET rule = 'x' WHERE log_id IN (1, 2, 6)")
    await both_find(sealed, *(f"the row {row} was changed after it was sealed." for row in (1, 2, 6)))


async def test_a_deleted_row(sealed: SealedLog) -> None:
    await sealed.owner.execute("DELETE FROM access.log WHERE log_id IN (3, 5)")
    await both_find(
        sealed,
        "a row after the row 2 was deleted; it was number 3 of the log.",
        "a row at the beginning was deleted; it was number 5 of the log.",
    )


async def test_all_of_one_persons_rows_deleted(sealed: SealedLog) -> None:
    await sealed.owner.execute("DELETE FROM access.log WHERE subject_id = $1", OLA)
    await both_find(
        sealed,
        "a row after the row 1 was deleted; it was number 2 of the log.",
        "a row after the row 3 was deleted; it was number 4 of the log.",
        "a row after the row 5 was deleted; it was number 6 of the log.",
    )


async def test_an_inserted_row(sealed: SealedLog) -> None:
    await sealed.owner.execute(
        "INSERT INTO access.log OVERRIDING SYSTEM VALUE "
        "SELECT subject_id, 1000, at, actor_id, session_id, rule, purpose, entry_id, refused, act, xid "
        "FROM access.log WHERE log_id = 2"
    )
    await both_find(sealed, "the row 1000 was not there when it was sealed. It was inserted.")


async def test_rows_that_changed_places(sealed: SealedLog) -> None:
    await sealed.owner.execute("ALTER TABLE access.log ALTER log_id DROP IDENTITY")
    await sealed.owner.execute(
        "UPDATE access.log SET log_id = 5 - log_id, "
        "xid = (SELECT o.xid FROM access.log o WHERE o.log_id = 5 - log.log_id) WHERE log_id IN (2, 3)"
    )
    await both_find(sealed, "the rows 2 and 3 have changed places.")


async def test_times_that_changed_places(sealed: SealedLog) -> None:
    await sealed.owner.execute(
        "UPDATE access.log SET at = (SELECT o.at FROM access.log o WHERE o.log_id = 5 - log.log_id) "
        "WHERE log_id IN (2, 3)"
    )
    await both_find(sealed, "the rows 2 and 3 have changed places.")


async def test_lines_of_an_export_in_another_order(sealed: SealedLog) -> None:
    await alone(sealed)
    exported = sealed.place.with_name("export")
    lines = exported.read_text().splitlines()
    lines[1], lines[2] = lines[2], lines[1]
    exported.write_text("\n".join(lines))
    status, printed = run(exported, "--key", sealed.signer.key, "--checkpoints", sealed.place)
    assert (status, printed[0].partition("Z): ")[2]) == (1, "its rows stand in another order.")
    exported.write_text("\n".join(lines[:-1]))
    assert run(exported, "--key", sealed.signer.key)[0] == 2


async def test_leaves_in_another_order(sealed: SealedLog) -> None:
    await sealed.owner.execute(
        "UPDATE access.seal SET leaves = substr(leaves, 33, 32) || substr(leaves, 1, 32) || substr(leaves, 65) "
        "WHERE number = 1"
    )
    status, findings = await sealed.audit()
    assert status == 1
    assert [each.partition("Z): ")[2] for each in findings] == [
        "it is not what was signed. The seal, or one before it, was changed.",
        "its rows stand in another order.",
    ]


async def test_a_row_and_its_leaf_changed_together(sealed: SealedLog) -> None:
    await sealed.owner.execute("UPDATE access.log SET rule = 'x' WHERE log_id = 2")
    rows = await export_rows(sealed)
    leaf = verify.leaf(rows[1])
    await sealed.owner.execute(
        "UPDATE access.seal SET leaves = overlay(leaves PLACING $1 FROM 33) WHERE number = 1", leaf
    )
    await both_find(sealed, "it is not what was signed. The seal, or one before it, was changed.")


async def export_rows(log: SealedLog) -> list[verify.Row]:
    async with export.as_of_now(await log.connect("innsyn_auditor")):
        return [row async for _, rows in export.parts(log.owner) for row in rows]


async def test_the_end_cut_off(sealed: SealedLog) -> None:
    await sealed.owner.execute("DELETE FROM access.log WHERE log_id > 4")
    await sealed.owner.execute("DELETE FROM access.seal WHERE number > 1")
    await both_find(sealed, GONE)
    # The database alone cannot tell: that is what the checkpoints are kept outside for.
    assert await sealed.audit(outside=False) == (0, [])


GONE = (
    "All after seal 1 is gone, up to seal 2, number 6 of the log: checkpoints outside tell of it. The end was cut off, "
    "or the database was restored from an older copy."
)


async def test_rows_cut_off_and_their_seals_left(sealed: SealedLog) -> None:
    await sealed.owner.execute("DELETE FROM access.log WHERE log_id > 5")
    await both_find(sealed, "a row after the row 5 was deleted; it was number 6 of the log.")


async def test_a_seal_in_the_middle_taken_out_with_its_rows(sealed: SealedLog) -> None:
    await sealed.seal()
    await sealed.owner.execute("DELETE FROM access.log WHERE log_id IN (5, 6)")
    await sealed.owner.execute("DELETE FROM access.seal WHERE number = 2")
    await both_find(sealed, "before it, after seal 1, seals are missing: 1.")


async def test_an_older_copy_restored(sealed: SealedLog) -> None:
    copy = f"{sealed.database}_copy"
    await sealed.disconnect()
    sealed.server.create_database(copy, template=sealed.database)
    # Time goes on, and then the copy from before takes its place.
    await sealed.connect_to(sealed.database)
    await sealed.seal()
    await sealed.disconnect()
    await sealed.connect_to(copy)
    await both_find(
        sealed, GONE.replace("seal 2", "seal 3").replace("seal 1", "seal 2").replace("number 6", "number 7")
    )
    # It goes on, with other checkpoints than those that an auditor has kept.
    await sealed.read(OLA)
    await sealed.seal(sealed.place.with_name("new"))
    await both_find(
        sealed,
        "the checkpoint outside says otherwise. The database was restored from an older copy and went on from there, "
        "or its seals were made anew.",
    )
    await sealed.disconnect()
    sealed.server.drop_database(copy)


async def test_everything_made_anew_with_another_key(sealed: SealedLog) -> None:
    await sealed.owner.execute("TRUNCATE access.seal")
    await sealed.owner.execute("UPDATE access.log SET rule = 'x' WHERE log_id = 2")
    ours, sealed.signer = sealed.signer, Signer(Ed25519PrivateKey.generate())
    await sealed.seal(sealed.place.with_name("new"))
    sealed.signer = ours
    status, findings = await sealed.audit(outside=False)
    assert (status, findings[0].partition("Z): ")[2]) == (
        1, "its checkpoint is not signed with the key. It was replaced or damaged.",
    )  # fmt: skip


async def test_everything_made_anew_with_the_key(sealed: SealedLog) -> None:
    await sealed.owner.execute("TRUNCATE access.seal")
    await sealed.owner.execute("UPDATE access.log SET rule = 'x' WHERE log_id = 2")
    await sealed.seal(sealed.place.with_name("new"))
    assert (await sealed.audit(outside=False))[0] == 0
    status, findings = await sealed.audit()
    assert (status, "the checkpoint outside says otherwise." in findings[0]) == (1, True)


async def test_rows_that_wait_too_long_are_told(sealed: SealedLog) -> None:
    await sealed.owner.execute("UPDATE access.log SET at = at - interval '2 minutes' WHERE log_id = 7")
    assert await sealed.audit() == (3, [])
    assert (await alone(sealed))[1][-1] == "Nothing was changed. But sealing has stopped."


async def test_checkpoints_that_were_changed_are_no_ground_to_stand_on(sealed: SealedLog) -> None:
    kept = sealed.place.read_text()
    first, second = sealed.kept()
    for damaged in (
        kept.replace("seal 2", "seal 3"),
        f"{first}\nsomething\n{second}",
        second + first,
        "",
        "nonsense",
    ):
        sealed.place.write_text(damaged)
        assert (await alone(sealed))[0] == 2, damaged
    # Broken off in writing, and then written whole: that is how a power cut looks.
    for broken_off in (
        f"{first}\n{second[:100]}\n{second}",
        f"{first}\n{second[:-1]}",
        f"{first}\n{first}\n{second}",
    ):
        sealed.place.write_text(broken_off)
        assert (await alone(sealed))[0] == 0, broken_off


async def test_a_change_in_one_of_many_batches_is_told_once(
    log: SealedLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 2)
    await log.read_by_both(100)
    await log.seal()
    await log.owner.execute("UPDATE access.seal SET leaves = sha256('x') || sha256('y') WHERE number = 40")
    await log.owner.execute("UPDATE access.log SET rule = 'x' WHERE log_id = 101")
    status, findings = await log.audit()
    assert (status, [each.partition(" (")[0] for each in findings]) == (1, ["Seal 40"] * 3 + ["Seal 51"])
