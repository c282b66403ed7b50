"""The PostgreSQL of the demo and of the tests: closed to others, and started again after any end."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from innsyn import embedded_postgres
from innsyn.embedded_postgres import ROLES, PostgresFailed, Server, embedded

_STARTER = """
import signal, sys
from pathlib import Path
from innsyn import embedded_postgres
from innsyn.embedded_postgres import embedded
with embedded(Path(sys.argv[1])) as server:
    server.sql("CREATE TABLE kept (word text)", "innsyn")
    server.sql("INSERT INTO kept VALUES ('kept')", "innsyn")
    print(server.child.process.pid, flush=True)
    signal.pause()
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with embedded(tmp_path_factory.mktemp("postgres"), durable=False) as running:
        yield running


async def test_each_role_comes_in_and_none_is_above_the_rules(server: Server) -> None:
    for role in ROLES:
        connection = await asyncpg.connect(server.dsn(role))
        found = await connection.fetchrow(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb"
            " FROM pg_roles WHERE rolname = current_user"
        )
        await connection.close()
        assert tuple(found) == (role, False, False, False, False)


async def test_it_listens_on_no_network_and_nobody_else_reaches_its_socket(server: Server) -> None:
    assert server.sql("SHOW listen_addresses") == "\n"
    assert server.socket.stat().st_mode & 0o077 == 0
    assert server.sql("SELECT DISTINCT type, auth_method FROM pg_hba_file_rules") == "local|peer\n"


async def test_the_web_role_makes_no_tables(server: Server) -> None:
    connection = await asyncpg.connect(server.dsn("innsyn_web"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("CREATE TABLE mine (word text)")
    await connection.close()


def test_a_test_gets_a_database_of_its_own(server: Server) -> None:
    server.create_database("one")
    server.sql("CREATE TABLE kept (word text)", "one")
    server.create_database("two", template="one")
    assert server.sql("SELECT count(*) FROM kept", "two") == "0\n"
    server.drop_database("one")
    server.drop_database("two")
    assert server.sql("SELECT count(*) FROM pg_database WHERE datname IN ('one', 'two')") == "0\n"


def test_after_a_kill_of_the_starter_the_next_start_has_the_data(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _STARTER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        postgres = psutil.Process(int(starter.stdout.readline()))
        starter.kill()
    postgres.wait(timeout=10)
    with embedded(tmp_path) as server:
        assert server.sql("SELECT word FROM kept", "innsyn") == "kept\n"


def test_a_server_that_outlived_everybody_is_ended_and_replaced(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _STARTER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        postgres = psutil.Process(int(starter.stdout.readline()))
        for each in psutil.Process(starter.pid).children():
            if each.pid != postgres.pid:
                each.kill()  # the guard, so that nobody is left to end it
        starter.kill()
    assert postgres.is_running()
    with embedded(tmp_path) as server:
        assert not postgres.is_running()
        assert server.sql("SELECT word FROM kept", "innsyn") == "kept\n"


def test_a_mark_with_the_number_of_another_program_does_not_stop_it(tmp_path: Path) -> None:
    with embedded(tmp_path):
        pass
    (tmp_path / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    with embedded(tmp_path) as server:
        assert server.sql("SELECT 1") == "1\n"


def test_a_folder_too_deep_for_a_socket_works(tmp_path: Path) -> None:
    with embedded(tmp_path / ("deep" * 30), durable=False) as server:
        assert server.sql("SELECT 1") == "1\n"


def test_data_of_another_version_is_left_alone_with_a_word_on_what_to_do(tmp_path: Path) -> None:
    with embedded(tmp_path, durable=False):
        pass
    (tmp_path / "data" / "PG_VERSION").write_text("9\n")
    with (
        pytest.raises(PostgresFailed, match=r"made by PostgreSQL 9.* move the folder away"),
        embedded(tmp_path),
    ):
        pass


def test_broken_data_is_told_with_the_words_of_postgresql(tmp_path: Path) -> None:
    with embedded(tmp_path, durable=False):
        pass
    (tmp_path / "data" / "global" / "pg_control").unlink()
    with (
        pytest.raises(PostgresFailed, match=r"(?s)pg_control.*move the folder away"),
        embedded(tmp_path),
    ):
        pass


def test_a_start_that_was_broken_off_leaves_nothing_that_looks_whole(tmp_path: Path) -> None:
    (tmp_path / "data.new").mkdir()
    (tmp_path / "data.new" / "half").touch()
    with embedded(tmp_path, durable=False) as server:
        assert server.sql("SELECT 1") == "1\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is somebody else while PostgreSQL runs")
def test_as_root_under_a_closed_folder_it_runs_as_nobody_and_opens_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As with a clone under /root: neither the data nor the programs are in reach of others.
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(embedded_postgres, "_BIN", copied_programs(embedded_postgres._BIN, closed))
    with embedded(closed / "postgres", durable=False) as server:
        process = psutil.Process(server.child.process.pid)
        assert process.username() == "nobody"
        assert process.exe().startswith(str(closed))
    assert closed.stat().st_mode & 0o777 == 0o700


def copied_programs(programs: Path, folder: Path) -> Path:
    package = programs.parents[1]
    for part in (package, package.with_name(package.name + ".libs")):
        shutil.copytree(part, folder / part.name)
    return folder / programs.relative_to(package.parent)
