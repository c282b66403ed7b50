"""What a citizen takes away proves the own rows, offline, and tells nothing of anybody else's."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access.audit.sealed_log import SealedLog
from innsyn.access.audit import queries, sealing, verify
from innsyn.access.audit.signing import Signer
from innsyn.embedded_postgres import Server
from world import KARI, OLA, World, patient


@pytest.fixture
async def log(postgres: Server, fresh_database: str, tmp_path: Path, world: World) -> SealedLog:
    """The log of the world in which Kari and Ola read."""
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    made = SealedLog(postgres, fresh_database, Signer(Ed25519PrivateKey.generate()), tmp_path / "checkpoints")
    made.owner = world.owner
    return made


async def read_in_turns(
    world: World, log: SealedLog, rounds: int
) -> tuple[httpx.AsyncClient, httpx.AsyncClient]:
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    for _ in range(rounds):
        for browser in (kari, ola, ola):
            assert (await browser.get("/api/entries")).status_code == 200
        await log.seal()
    return kari, ola


def check(file: Path, key: str) -> tuple[int, str]:
    command = [sys.executable, "-I", verify.__file__, "--proof", str(file), "--key", key]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


async def test_each_of_the_own_rows_is_proved_offline(world: World, log: SealedLog, tmp_path: Path) -> None:
    kari, _ = await read_in_turns(world, log, 5)
    answer = await kari.get("/access/log/proof")
    assert answer.headers["content-disposition"] == 'attachment; filename="innsynslogg-bevis.json"'
    file = tmp_path / "proof.json"
    file.write_bytes(answer.content)
    assert check(file, log.signer.key) == (0, "Rows that stand in the log as they were sealed: 5 of 5.\n")
    # With another key it proves nothing.
    assert check(file, Signer(Ed25519PrivateKey.generate()).key)[0] == 1


async def test_nothing_of_another_person_is_in_it_but_hashes(world: World, log: SealedLog) -> None:
    kari, ola = await read_in_turns(world, log, 3)
    ids = {
        name: {
            str(row[column])
            for row in await world.owner.fetch("SELECT * FROM access.log")
            for column in columns
        }
        for name, columns in (("all", ("subject_id", "actor_id", "session_id")),)
    }["all"]
    for browser in (kari, ola):
        text = (await browser.get("/access/log/proof")).text
        own = {
            str(value)
            for each in json.loads(text)["entries"]
            for key, value in each["row"].items()
            if "_id" in key
        }
        assert len(ids & own) == 2, "the person and the session"
        assert [one for one in ids - own if one in text] == []
    proofs = [(await browser.get("/access/log/proof")).json() for browser in (kari, ola)]
    assert [len(proof["entries"]) for proof in proofs] == [3, 6]


CHANGES: dict[str, Any] = {
    "row": lambda entry: entry["row"].update(purpose="something else"),
    "time": lambda entry: entry["row"].update(at="2020-01-01T00:00:00Z"),
    "place": lambda entry: entry.update(leaf=entry["leaf"] + 1),
    "path": lambda entry: entry["path"].reverse(),
    "shorter": lambda entry: entry["path"].pop(),
    "checkpoint": lambda entry: entry.update(checkpoint="1"),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_proof_that_was_changed_proves_nothing(
    world: World, log: SealedLog, tmp_path: Path, change: str
) -> None:
    kari, _ = await read_in_turns(world, log, 3)
    proof = (await kari.get("/access/log/proof")).json()
    CHANGES[change](proof["entries"][0])
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(proof))
    assert check(file, log.signer.key)[0] == 1


async def test_a_row_that_was_changed_in_the_database_is_not_proved(
    world: World, log: SealedLog, tmp_path: Path
) -> None:
    kari, _ = await read_in_turns(world, log, 2)
    await world.owner.execute("UPDATE access.log SET rule = 'x' WHERE log_id = 1")
    file = tmp_path / "proof.json"
    file.write_bytes((await kari.get("/access/log/proof")).content)
    wrong = "Row 1: this is not what was sealed.\nRows that stand in the log as they were sealed: 1 of 2.\n"
    assert check(file, log.signer.key) == (1, wrong)


async def test_what_is_not_sealed_yet_is_told(world: World, log: SealedLog) -> None:
    kari, _ = await read_in_turns(world, log, 1)
    await kari.get("/journal")
    proof = (await kari.get("/access/log/proof")).json()
    assert [each["purpose"] for each in proof["not_sealed_yet"]] == ["timeline.all.page"]
    assert len(proof["entries"]) == 1


async def test_a_long_log_comes_in_parts(
    world: World, log: SealedLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 100)
    kari, _ = await read_in_turns(world, log, 1)
    await world.owner.execute(
        "INSERT INTO access.log (subject_id, actor_id, session_id, rule, purpose) "
        "SELECT subject_id, actor_id, session_id, rule, 'made up' FROM access.log, generate_series(1, $1)",
        queries.MOST + 100,
    )
    await kari.get("/journal")
    await log.seal()
    addresses, numbers = ["/access/log/proof"], []
    while addresses[-1]:
        answer = await kari.get(addresses[-1])
        file = tmp_path / "proof.json"
        file.write_bytes(answer.content)
        assert check(file, log.signer.key)[0] == 0
        numbers += [each["row"]["log_id"] for each in answer.json()["entries"]]
        addresses.append(answer.json()["older"])
    whole = await world.owner.fetch(
        "SELECT log_id FROM access.log WHERE subject_id = (SELECT subject_id FROM access.log WHERE log_id = 1) "
        "AND xid <= (SELECT max(last_xid) FROM access.seal) ORDER BY log_id DESC"
    )
    assert numbers == [row["log_id"] for row in whole]
    assert len(addresses) == 3


@pytest.mark.parametrize("before", ["0", "x", str(2**63)])
async def test_what_is_no_number_of_a_row_is_told(world: World, before: str) -> None:
    kari = await world.log_in(KARI)
    assert (await kari.get(f"/access/log/proof?before={before}")).status_code == 400
