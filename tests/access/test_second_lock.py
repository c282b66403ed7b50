"""Row security alone: the application forgets everything, and still shows nobody anything of anybody else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from access.permits import permit, person_of, site
from access.test_acting import open_as
from world import KARI, OLA, World, patient, result

ROOT = Path(__file__).resolve().parents[2]
SUITE = ("test_acting.py", "test_isolation.py")


def _run(second_lock: str, *named: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(str(ROOT / name) for name in ("backend", "tests"))
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "access.without_where", "-p", "no:cacheprovider"),
            *(str(ROOT / "tests" / "access" / name) for name in SUITE),
            *(("-k", " or ".join(named)) if named else ()),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": paths, "INNSYN_TEST_SECOND_LOCK": second_lock},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_any_where_row_security_holds_alone() -> None:
    run = _run("shut")
    assert run.returncode == 0, run.stdout[-4000:]


def test_without_both_locks_the_same_tests_fail() -> None:
    named = (
        "test_two_tabs_never_mix_two_persons",
        "test_who_meets_what",
        "test_what_is_hidden_leaves_no_trace",
    )
    run = _run("open", *named)
    assert run.returncode == 1, run.stdout[-4000:]
    for test in named:
        assert f"{test}" in run.stdout.partition("short test summary")[2], test


DARKEN = """
DO $$
DECLARE p record;
BEGIN
    FOR p IN SELECT schemaname, tablename, policyname FROM pg_policies
        WHERE 'innsyn_web' = ANY (roles) AND cmd IN ('SELECT', 'ALL') AND schemaname IN ('record', 'access')
    LOOP
        EXECUTE format('ALTER POLICY %I ON %I.%I USING (false)', p.policyname, p.schemaname, p.tablename);
    END LOOP;
END $$
"""


@pytest.fixture
async def two(world: World) -> World:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    await world.take(
        result("a", "kari", "Karis prøve"), result("b", "ola", "Olas prøve"), source="et-sykehus"
    )
    await permit(world, OLA, KARI)
    return world


async def test_with_every_policy_shut_everything_goes_dark(two: World) -> None:
    ola, karis = await open_as(two, OLA, KARI)
    kari = await two.log_in(KARI)
    entry = str(
        await two.owner.fetchval(
            "SELECT entry_id FROM record.entry WHERE person_id = $1", await person_of(two, KARI)
        )
    )
    seen = [(ola, karis), (ola, ""), (kari, "")]
    for browser, base in seen:
        assert "s prøve" in await site(browser, base, words=("x",), ids=[entry])
    await two.owner.execute(DARKEN)
    for browser, base in seen:
        dark = await site(browser, base, words=("x",), ids=[entry])
        assert "s prøve" not in dark
        assert "et-sykehus" not in dark
