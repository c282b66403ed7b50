"""Programs end with the one who started them, however that ends."""

import signal
import subprocess
import sys
from pathlib import Path

import psutil

from innsyn.processes import Children

# What it prints tells that it has come so far: a signal before that would meet Python's own start.
_WAITS = "import signal; print('waits', flush=True); signal.pause()"
_DEAF = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
while True:
    signal.pause()
"""
_STARTER = """
import signal, sys
from pathlib import Path
from innsyn.processes import Children
with Children() as children:
    child = children.start("waits", [sys.executable, "-c", sys.argv[1]], log=Path(sys.argv[2]))
    print(child.process.pid, flush=True)
    signal.pause()
"""


def test_leaving_the_block_ends_every_program(tmp_path: Path) -> None:
    with Children() as children:
        started = [children.start(name, [sys.executable, "-c", _WAITS], log=tmp_path / name) for name in "ab"]
        assert [child.running for child in started] == [True, True]
    assert [child.running for child in started] == [False, False]


def test_a_program_that_does_not_listen_is_ended_all_the_same(tmp_path: Path) -> None:
    with Children(patience=0.2) as children:
        deaf = children.start("deaf", [sys.executable, "-c", _DEAF], log=tmp_path / "log")
        _wait_for("deaf", tmp_path / "log")
    assert deaf.process.returncode == -signal.SIGKILL


def test_when_the_starter_is_killed_its_programs_end(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _STARTER, _WAITS, str(tmp_path / "log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        child = psutil.Process(int(starter.stdout.readline()))
        starter.kill()
    child.wait(timeout=10)
    assert not child.is_running()


def test_one_that_ended_by_itself_is_named_with_its_last_words(tmp_path: Path) -> None:
    with Children() as children:
        children.start("waits", [sys.executable, "-c", _WAITS], log=tmp_path / "a")
        gone = children.start(
            "gone", [sys.executable, "-c", "raise SystemExit('no more')"], log=tmp_path / "b"
        )
        gone.process.wait(timeout=10)
        assert children.ended() is gone
        assert gone.last_lines() == "no more"


def _wait_for(word: str, log: Path) -> None:
    with subprocess.Popen(["tail", "-n", "+1", "-f", str(log)], stdout=subprocess.PIPE, text=True) as tail:
        assert tail.stdout is not None
        assert tail.stdout.readline().strip() == word
        tail.kill()
