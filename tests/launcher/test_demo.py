"""`make run` as a newcomer meets it: one start, one address, one end."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

# Of processor time, all processes together: on two cores that is well under ten seconds of waiting.
_SECOND_START_SECONDS = 12
# What a shell does to `make run &`: it ignores Ctrl-C, which must end it all the same.
_IN_THE_BACKGROUND = ["sh", "-c", 'trap "" INT; exec "$0" "$@"']


@contextmanager
def demo(folder: Path, **settings: str) -> Iterator[subprocess.Popen[str]]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("INNSYN_")}
    with subprocess.Popen(
        [*_IN_THE_BACKGROUND, sys.executable, "-m", "innsyn.cli", "demo"],
        env={**environment, "INNSYN_HOME": str(folder), **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def until_ready(process: subprocess.Popen[str]) -> tuple[str, str]:
    """The address, and everything that was said before."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if ready := re.fullmatch(r"Innsyn is ready: (http://localhost:\d+)\n", line):
            return ready[1], said
    pytest.fail(f"it ended before it was ready:\n{said}")


def family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_it_starts_serves_and_leaves_nothing_behind(tmp_path: Path) -> None:
    port = free_port()
    with demo(tmp_path, INNSYN_PORT=port) as process:
        address, said = until_ready(process)
        assert address == f"http://localhost:{port}"
        assert "Kari Nordli" in said
        assert httpx.get(address).status_code == httpx.codes.OK
        children = family(process)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
        gone, left = psutil.wait_procs(children, timeout=10)
        assert (process.returncode, left) == (0, [])
        assert len(gone) >= len(["postgres", "nats", "journal", "idporten", "web", "relay", "worker"])

    with demo(tmp_path, INNSYN_PORT=port) as process:
        until_ready(process)
        children = family(process)
        spent = [each.cpu_times() for each in [psutil.Process(process.pid), *children]]
        assert sum(times.user + times.system for times in spent) < _SECOND_START_SECONDS
        process.kill()
        assert psutil.wait_procs(children, timeout=20)[1] == []


def test_everything_listens_on_this_machine_alone(tmp_path: Path) -> None:
    with demo(tmp_path, INNSYN_PORT=free_port()) as process:
        until_ready(process)
        listening = [
            address.laddr.ip
            for each in family(process)
            for address in each.net_connections(kind="inet")
            if address.status == psutil.CONN_LISTEN
        ]
        assert set(listening) == {"127.0.0.1"}
        assert len(listening) == len(["web", "journal", "idporten", "nats"])
        process.terminate()
        process.wait(timeout=30)


def test_when_one_part_ends_all_end_with_its_last_words(tmp_path: Path) -> None:
    with demo(tmp_path, INNSYN_PORT=free_port()) as process:
        until_ready(process)
        worker = next(each for each in family(process) if "work" in each.cmdline())
        worker.kill()
        assert process.stdout is not None
        said = process.stdout.read()
        assert process.wait(timeout=30) == 1
        assert "The worker ended (exit status -9). Its last lines" in said


def test_a_busy_port_is_named_before_anything_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        with demo(tmp_path, INNSYN_PORT=port) as process:
            assert process.stdout is not None
            said = process.stdout.read()
            assert process.wait(timeout=30) == 1
    assert f"Port {port} is used by another program." in said
    assert not (tmp_path / "postgres").exists()
