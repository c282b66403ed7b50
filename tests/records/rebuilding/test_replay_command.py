"""`innsyn feed replay` as an operator uses it."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from innsyn.embedded_postgres import Server
from innsyn.feed_replay_commands import replay
from world import KARI, OLA, open_world, patient, result


def _innsyn(home: Path, *arguments: str, **settings: str) -> Result:
    environment = {"INNSYN_HOME": str(home), **settings}
    # The command runs a loop of its own, so not in the thread of ours.
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(CliRunner().invoke, replay, arguments, env=environment).result()


@pytest.fixture
def dsns(postgres: Server, fresh_database: str) -> dict[str, str]:
    return {
        f"INNSYN_DATABASE_{role.upper()}": postgres.dsn(f"innsyn_{role}", fresh_database)
        for role in ("owner", "worker")
    }


async def test_the_operator_is_told_what_was_done_and_whether_it_is_the_same(
    postgres: Server, fresh_database: str, dsns: dict[str, str], tmp_path: Path
) -> None:
    async with open_world(postgres, fresh_database, tmp_path) as world:
        await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"), result("a", "kari"))
        checked = _innsyn(tmp_path, "--check", **dsns)
        assert (checked.exit_code, "The same rows as before." in checked.output) == (0, True), checked.output
        done = _innsyn(tmp_path, "--json", **dsns)
        told = json.loads(done.stdout)
        assert (told["versions"], told["same"], told["after"]["entry"][0]) == (3, True, 1)
        await world.owner.execute("DELETE FROM record.entry")
        assert "The rows would be others." in _innsyn(tmp_path, "--check", **dsns).output
        assert "entry: 0 → 1 rows, not the same" in _innsyn(tmp_path, **dsns).output
        assert KARI not in done.output + checked.output


def test_without_the_owner_nothing_is_begun(dsns: dict[str, str], tmp_path: Path) -> None:
    refused = _innsyn(tmp_path, **{**dsns, "INNSYN_DATABASE_OWNER": ""})
    assert (refused.exit_code, "INNSYN_DATABASE_OWNER" in refused.output) == (1, True)
