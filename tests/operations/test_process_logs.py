"""The log of a process: every line is JSON, and every field is one of a list."""

import ast
import asyncio
import json
import logging
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
import structlog

from innsyn.journal.port import Entry, Source, Unusable
from innsyn.logs import log_as_json
from innsyn.worker import Intake, take_all
from world import KARI, World

_BACKEND = Path(__file__).parents[2] / "backend"
_LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
# Numbers, states, names of classes and of our own things. What is added here is read by whoever runs an installation.
FIELDS = set(
    """
    after again_in_seconds answer because book code copies count entries error events failed feed issues kept kind
    letters newest not_shown of ours outbox_id part persons place position projected quarantined reached read
    reason records refusal route said scan seconds sessions setting settings size state status stream tries
    unchanged until used way what
    """.split()
)


def test_every_event_has_a_name_and_tells_only_what_is_on_the_list() -> None:
    told: set[str] = set()
    for file in (_BACKEND / "innsyn").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr in _LEVELS and ast.unparse(node.func.value) in {"log", "_log"}:
                told |= {str(word.arg) for word in node.keywords}
                names = [each.value for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant)]
                assert all(re.fullmatch(r"[a-z_:-]+", str(name)) for name in names), ast.unparse(node)
    assert told - FIELDS == set(), "Is it never anything that somebody sent? Then add it to FIELDS."


@pytest.fixture(autouse=True)
def _as_a_process() -> None:
    """Others in this run, and servers in its threads, may have set up logging in their own way."""
    log_as_json()
    for name in ("uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.setLevel(logging.NOTSET)
        logger.propagate, logger.disabled = True, False


def _line(printed: str) -> dict[str, object]:
    [line] = printed.splitlines()
    told: dict[str, object] = json.loads(line)
    return told


def test_what_a_library_says_is_told_by_its_place(capfd: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError(KARI)  # noqa: TRY301 - an error with words
    except ValueError:
        logging.getLogger("somebody.elses").exception("It could not do %s with " + KARI, KARI)  # noqa: G003
    told = _line(capfd.readouterr().out)
    assert (told["event"], told["library"], told["level"]) == ("library", "somebody.elses", "error")
    assert str(told["place"]).startswith("operations/test_process_logs.py:")
    assert KARI not in str(told)


def test_of_the_server_its_own_words_are_told_without_what_is_filled_in(
    capfd: pytest.CaptureFixture[str],
) -> None:
    logging.getLogger("uvicorn.error").warning("Unsupported upgrade request to %s", KARI)
    assert _line(capfd.readouterr().out)["said"] == "Unsupported upgrade request to %s"


def test_a_number_that_slips_through_is_masked(capfd: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().info("feed_read", feed=f"files:{KARI}")
    assert _line(capfd.readouterr().out)["feed"] == "files:···········"


_ENDS = """
import threading
from innsyn.logs import log_as_json
log_as_json()
def lost():
    raise KeyError("kanari")
thread = threading.Thread(target=lost)
thread.start(); thread.join()
class Late:
    def __del__(self):
        raise KeyError("kanari")
late = Late()
del late
raise ValueError("kanari") from KeyError("kanari")
"""


def test_what_ends_a_process_is_one_line_without_words() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _ENDS],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PYTHONPATH": str(_BACKEND)},
    )
    assert done.returncode == 1
    assert done.stderr == ""
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event["event"] for event in events] == ["thread_ended", "failure_nobody_hears", "process_ended"]
    assert events[-1]["failed"][::2] == ["builtins.ValueError", "builtins.KeyError"]
    assert "kanari" not in done.stdout


class Eager:
    """A feed that would give everything at once, and remembers how much was asked of it."""

    name = "journal"

    def __init__(self, batches: int) -> None:
        self._batches = batches
        self.given = 0

    async def after(self, position: int) -> AsyncIterator[list[Entry | Unusable]]:
        for number in range(self._batches):
            self.given += 1
            yield [
                Unusable(
                    position=position + number + 1, source="", reason="not_json", explanation="", body=b"{"
                )
            ]

    async def sources(self) -> list[Source]:
        return []


async def test_the_worker_holds_no_more_than_two_batches(world: World) -> None:
    feed, taken, ahead = Eager(12), 0, []
    take = world.intake.take

    async def slowly(batch: Sequence[Entry | Unusable]) -> object:
        nonlocal taken
        # The feed gets all the time that it wants.
        for _ in range(20):
            await asyncio.sleep(0)
        ahead.append(feed.given - taken)
        told = await take(batch)
        taken += 1
        return told

    intake = Intake.__new__(Intake)
    intake.__dict__.update(world.intake.__dict__)
    intake.take = slowly  # type: ignore[method-assign,assignment]
    await take_all(intake, feed)
    assert len(ahead) == 12
    assert max(ahead) == 2
