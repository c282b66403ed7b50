"""ClamAV's own daemon, with signatures of the tests alone: nothing is fetched, and no daemon of this machine is met."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Final

import pytest

from files.corpus import MARK
from files.hostile import EICAR

_CLAMD: Final = shutil.which(
    "clamd", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin:/usr/bin:/usr/local/bin"
)
_SECONDS: Final = 60
needs_clamd: Final = pytest.mark.skipif(
    _CLAMD is None, reason="ClamAV's daemon is not here (Debian: apt-get install clamav-daemon)"
)


class Daemon:
    """One that can be stopped and started again; `address` stays the same."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.address = str(folder / "clamd.sock")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        assert _CLAMD is not None
        self._process = subprocess.Popen(
            [_CLAMD, f"--config-file={self._folder / 'clamd.conf'}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = monotonic() + _SECONDS
        while not Path(self.address).exists():
            assert self._process.poll() is None, "the daemon ended while it started"
            assert monotonic() < until, "the daemon did not start"
            sleep(0.05)

    def stop(self) -> None:
        """Stop it, and wait until it has ended."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(_SECONDS)
            Path(self.address).unlink(missing_ok=True)
            self._process = None


@contextmanager
def clamd(**more: str) -> Iterator[Daemon]:
    """A daemon that knows MARK and the file that scanners are tried with; `more` for its configuration."""
    # A short path: the name of a socket has room for a hundred letters.
    with tempfile.TemporaryDirectory(prefix="clamd-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        (root / "signatures").mkdir()
        (root / "signatures" / "innsyn.ndb").write_text(
            f"Innsyn.Harm:0:*:{MARK.hex()}\nInnsyn.Eicar:0:*:{EICAR.hex()}\n"
        )
        said = {
            "LocalSocket": str(root / "clamd.sock"),
            "DatabaseDirectory": str(root / "signatures"),
            "Foreground": "yes",
            "LogFile": str(root / "log"),
            "PidFile": str(root / "pid"),
            **more,
        }
        (root / "clamd.conf").write_text("".join(f"{name} {value}\n" for name, value in said.items()))
        daemon = Daemon(root)
        daemon.start()
        try:
            yield daemon
        finally:
            daemon.stop()
