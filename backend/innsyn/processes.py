"""Child processes that end with their parent, however it ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from innsyn import guard

_LAST_LINES = 15


class Child:
    """A running program with its log file."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], log: Path, stop_signal: int) -> None:
        self.name = name
        self.process = process
        self.log = log
        self.stop_signal = stop_signal

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    def last_lines(self) -> str:
        """The end of its log, for the message that it died."""
        try:
            lines = self.log.read_text(errors="replace").splitlines()
        except OSError:
            return "(no log)"
        return "\n".join(lines[-_LAST_LINES:]) or "(the log is empty)"


class Children:
    """Starts programs, each in a process group of its own, and ends all of them on the way out.

    Use as a context manager. Ends them newest first, so that nobody loses what it depends on.
    """

    def __init__(self, *, patience: float = 10) -> None:
        self._children: list[Child] = []
        self._patience = patience  # seconds that a program has to end by itself

    def __enter__(self) -> Self:
        self._guard = subprocess.Popen(  # noqa: S603 - our own interpreter and our own file
            [sys.executable, "-I", "-S", guard.__file__],
            stdin=subprocess.PIPE,
            start_new_session=True,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in reversed(self._children):
            self.stop(child)
        self._guard.communicate()

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        stop_signal: int = signal.SIGTERM,
    ) -> Child:
        """Start `command`; what it prints goes to `log`, which is begun anew."""
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - commands are put together by us, never by a user
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=None if environment is None else {**os.environ, **environment},
                start_new_session=True,
            )
        child = Child(name, process, log, stop_signal)
        self._children.append(child)
        self._tell_guard(f"+{process.pid} {int(stop_signal)}")
        return child

    def stop(self, child: Child) -> None:
        """End it: its own signal first, SIGKILL to the whole group when it does not listen."""
        _signal_group(child, child.stop_signal)
        try:
            child.process.wait(self._patience)
        except subprocess.TimeoutExpired:
            _signal_group(child, signal.SIGKILL)
            child.process.wait()
        self._children.remove(child)
        self._tell_guard(f"-{child.process.pid}")

    def ended(self) -> Child | None:
        """The first child that is no longer running, if any."""
        return next((child for child in self._children if not child.running), None)

    def _tell_guard(self, line: str) -> None:
        if self._guard.stdin is not None and self._guard.poll() is None:
            self._guard.stdin.write(line + "\n")
            self._guard.stdin.flush()


def _signal_group(child: Child, wanted: int) -> None:
    if child.running:
        os.killpg(child.process.pid, wanted)
