"""The last one out: ends what a process started if that process could not do it itself.

Run as a program of its own that outlives its parent for a moment. It reads `+<process group> <signal>` and
`-<process group>` from standard input. When the input closes, for whatever reason the parent went (even
SIGKILL), every group still on the list gets its signal, and SIGKILL if it has not gone after a while. A pipe
works on Linux and macOS alike; PR_SET_PDEATHSIG is Linux alone and is lost when a child changes its user.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable

_PATIENCE_SECONDS = 8.0


def _watch(lines: Iterable[str]) -> dict[int, int]:
    groups: dict[int, int] = {}
    for line in lines:
        group, _, wanted = line[1:].partition(" ")
        if line.startswith("+"):
            groups[int(group)] = int(wanted)
        else:
            groups.pop(int(group), None)
    return groups


def _end(groups: dict[int, int]) -> None:
    left = [group for group, wanted in groups.items() if _signal(group, wanted)]
    patience = time.monotonic() + _PATIENCE_SECONDS
    while left and time.monotonic() < patience:
        time.sleep(0.05)
        left = [group for group in left if _signal(group, 0)]
    for group in left:
        _signal(group, signal.SIGKILL)


def _signal(group: int, wanted: int) -> bool:
    try:
        os.killpg(group, wanted)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    # Ctrl-C in a terminal is for the parent: the guard must be there after it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _end(_watch(sys.stdin))
