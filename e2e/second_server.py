"""A web process of a test's own beside the demo's: one that may be killed."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

import httpx

from e2e.demo import Demo
from innsyn.demo.home import with_running_demo


class Server:
    """A web process beside the demo's own, on a port of its own, that may be killed."""

    def __init__(self, demo: Demo, log: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://localhost:{port}"
        ours = {"INNSYN_HOME": str(demo.home)}
        given = {**os.environ, **with_running_demo(ours)}
        self._environment = {**given, "INNSYN_PORT": str(port), "INNSYN_BASE_URL": self.address}
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Until it answers; raises AssertionError when it does not."""
        with self._log.open("ab") as log:
            command = [sys.executable, "-m", "innsyn.cli", "serve"]
            self._process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log)
        end = monotonic() + 60
        while monotonic() < end:
            with suppress(httpx.HTTPError):
                if httpx.get(f"{self.address}/health/ready", trust_env=False).status_code == 200:
                    return
            sleep(0.1)
        raise AssertionError("the server never answered")

    def kill(self) -> None:
        """At once, whatever it is doing."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=30)


@contextmanager
def serving(demo: Demo, log: Path) -> Iterator[Server]:
    """A server until the end of the block."""
    server = Server(demo, log)
    try:
        server.start()
        yield server
    finally:
        server.kill()
