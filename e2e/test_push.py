"""Push as it really goes: our worker, a push service, and a Firefox that opens what was sent and shows it."""

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from typing import Any
from uuid import uuid4

import pytest

from e2e.demo import Demo, a_result
from innsyn.demo.home import with_running_demo

_FOLDER = Path(__file__).parent
_WITHIN_SECONDS = 90


class Firefox:
    """What it and its push service say, in the order it happens."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._lines: Queue[str | None] = Queue()
        self._said: list[str] = []
        threading.Thread(target=self._read, args=(process,), daemon=True).start()

    def _read(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def says(self, what: str) -> Any:  # noqa: ANN401 - as JSON has it
        """The next that is told of `what`."""
        while True:
            try:
                line = self._lines.get(timeout=_WITHIN_SECONDS)
            except Empty:
                line = None
            if line is None:
                pytest.fail(f"nothing of {what}:\n{''.join(self._said)}")
            self._said.append(line)
            if line.startswith("{") and what in (told := json.loads(line)):
                return told[what]


@contextmanager
def firefox(demo: Demo, key: str) -> Iterator[Firefox]:
    """A Firefox in which this demo citizen asks to be told, until the end of the block."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    assert program is not None, "this test needs Firefox: `make test` installs it where it may"
    command = [
        "node",
        "push.mjs",
        demo.push,
        program,
        demo.login(key),
        f"{demo.address}/settings/notices/devices",
    ]
    with subprocess.Popen(
        command, cwd=_FOLDER, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield Firefox(process)
        finally:
            process.terminate()
            process.wait(timeout=30)


def test_a_result_is_told_of_in_a_firefox_and_nothing_is_said_of_it(demo: Demo) -> None:
    with firefox(demo, "torstein-bakken") as browser:
        assert browser.says("subscribed") == 1
        demo.publish("lab-midt", a_result("torstein-bakken", f"ferritin-{uuid4()}", "58.5"))
        posted = browser.says("posted")
        public = with_running_demo({"INNSYN_HOME": str(demo.home)})["INNSYN_PUSH_PUBLIC_KEY"]
        assert posted == {
            "key": public,
            "ttl": "86400",
            "topic": "new",
            "urgency": "normal",
            "encoding": "aes128gcm",
            # 512 bytes of plain text, a byte that ends it, a tag of 16 bytes, and a head of 86 (RFC 8188, RFC 8291).
            "length": 512 + 1 + 16 + 86,
        }
        # 100: opened and handed to the service worker.
        assert browser.says("acknowledged") == [100]
        (shown,) = browser.says("shown")
    path = shown.pop("data")
    assert shown == {
        "title": "Innsyn",
        "body": "Du har noe nytt. Logg inn for å lese.",
        "tag": "new",
        "lang": "nb",
    }
    notice = demo.sql("SELECT notice_id FROM notice.notice ORDER BY queued_at DESC LIMIT 1", role="postgres")
    assert path == f"/notices/{notice}"
