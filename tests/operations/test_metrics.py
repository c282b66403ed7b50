"""What is counted, under which names and labels: nothing of anybody, and nothing that a dashboard asks for in vain."""

import ast
import importlib.util
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from innsyn import measures
from innsyn.db.pool import LOST
from innsyn.journal.delivery_rules import Came
from innsyn.journal.gaps import Gap
from innsyn.journal.limits import Unfit
from innsyn.journal.loading import SourceStatus
from innsyn.operations import metrics
from innsyn.operations.queries import State
from innsyn.operations.rules import (
    REASONS,
    Lag,
    Outgoing,
    Part,
    Waiting,
    Watching,
    feed_of,
    masked,
    not_ready,
    without_numbers,
)
from innsyn.operations.seen import FEED, Seen
from world import KARI, OLA, World, patient, result

_MONITORING = Path(__file__).parents[2] / "infra" / "monitoring"
_BACKEND = Path(__file__).parents[2] / "backend" / "innsyn"
_NOW = datetime(2026, 11, 23, tzinfo=UTC)
_NAME = re.compile(r"\binnsyn_[a-z_]+\b")
_LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')


def everything() -> Seen:
    """A process that has seen something of every kind."""
    ago = _NOW - timedelta(minutes=3)
    seen = Seen("worker")
    seen.pool = lambda: {"busy": 1, "idle": 2, "most": 10}
    seen.lags = {(FEED, "3"): Lag(4, 5.0), ("a-name-that-was-typed", "0"): Lag(0, 0.0)}
    seen.state = State(
        at=_NOW,
        parts=[Part(FEED, "3", 7, ago), Part(f"files:{KARI}", "", 7, ago)],
        sources=[SourceStatus(KARI, "Kanari", ago, ago, ago, 1)],
        gaps=[Gap(FEED, "3", 1, 2, KARI, ago)],
        waiting=[Waiting("too_deep", 2, ago), Waiting(KARI, 1, ago)],
        newest=[],
        outgoing=[Outgoing("dead", 1, ago)],
    )
    return seen


def names_told() -> set[str]:
    text = metrics.told(everything()).decode()
    return {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")} | {
        re.split(r"[{ ]", line)[0] for line in text.splitlines() if line.startswith("innsyn_")
    }


async def test_no_label_holds_anything_that_somebody_sent(world: World) -> None:
    # What other tests have asked of addresses of their own.
    before = _routes()
    await world.take(
        patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"), result("a", "kari", "Hemmelig")
    )
    kari = await world.log_in(KARI)
    opened = (await kari.get("/api/entries?q=hemmelig")).json()["entries"]
    for address in (
        f"/journal?q={KARI}",
        f"/journal/lab_results/{KARI}",
        f"/{OLA}",
        f"/for/{'x' * 16}/journal",
    ):
        await kari.get(address)
    assert [each["title"] for each in opened] == ["Hemmelig"]
    await kari.get(f"/journal/lab_results/{opened[0]['id']}")
    # A label shows from the first time that it is counted.
    measures.NOTICES.labels("push", "sent")
    text = metrics.told(everything()).decode()
    labels = _LABEL.findall(text)
    assert {name for name, _ in labels} == metrics.LABELS
    assert [value for _, value in labels if KARI in value or OLA in value or "emmelig" in value.lower()] == []
    assert [route for route in _routes() if route.startswith("/journal/{")]
    routes = _routes() - before
    allowed = {str(route.path) for route in world.litestar.routes} | {"none"}
    assert {
        route for route in routes if _without_types(route) not in set(map(_without_types, allowed))
    } == set()
    assert {value for name, value in labels if name == "feed"} <= {"journal", "files", "other"}
    assert {value for name, value in labels if name == "reason"} <= REASONS | {"other"}


def _routes() -> set[str]:
    return {value for name, value in _LABEL.findall(metrics.told(everything()).decode()) if name == "route"}


def _without_types(route: str) -> str:
    return re.sub(r":[a-z_]+}", "}", route)


def test_every_name_begins_with_ours() -> None:
    assert [name for name in names_told() if not name.startswith("innsyn_")] == []


def test_every_metric_that_is_declared_is_counted_somewhere() -> None:
    code = "".join(
        file.read_text(encoding="utf-8") for file in _BACKEND.rglob("*.py") if file.name != "measures.py"
    )
    declared = [name for name in vars(measures) if name.isupper() and not name.startswith("_")]
    assert [name for name in declared if name not in code and not name.startswith("SEAL")] == []


def test_every_reason_that_we_give_may_stand_in_a_metric() -> None:
    given = {each.reason for each in _subclasses(Unfit)}
    for file in (*(_BACKEND / "journal").rglob("*.py"), *(_BACKEND / "records").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) == "Unusable":
                given |= {
                    str(word.value.value)
                    for word in node.keywords
                    if word.arg == "reason" and isinstance(word.value, ast.Constant)
                }
            if (
                isinstance(node, ast.Call)
                and _name(node.func) == "Bad"
                and isinstance(node.args[1], ast.Constant)
            ):
                given.add(str(node.args[1].value))
    assert given - REASONS == set(), "Add them to innsyn.operations.rules.REASONS"


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else ""


def _subclasses(of: type[Unfit]) -> Iterator[type[Unfit]]:
    yield of
    for each in of.__subclasses__():
        yield from _subclasses(each)


@pytest.mark.parametrize("file", ["alerts.yml", "dashboard.json"])
def test_what_is_asked_for_is_there(file: str) -> None:
    asked = set(_NAME.findall((_MONITORING / file).read_text(encoding="utf-8")))
    assert asked
    assert {name.removesuffix("_bucket") for name in asked} - names_told() == set()


def test_the_dashboard_is_as_it_is_written_and_shows_every_metric() -> None:
    spec = importlib.util.spec_from_file_location("dashboard", _MONITORING / "dashboard.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    stored = (_MONITORING / "dashboard.json").read_text(encoding="utf-8")
    assert stored == module.text()
    ours = {name for name in names_told() if not re.search(r"_(created|sum|count|info)$|_process_", name)}
    shown = set(_NAME.findall(stored))
    missing = {name for name in ours if name not in shown and f"{name}_bucket" not in shown}
    assert {name.removesuffix("_total") for name in missing} - {
        name.removesuffix("_total") for name in shown
    } == set()


def test_every_alert_says_what_to_do() -> None:
    written = (_MONITORING / "alerts.yml").read_text(encoding="utf-8")
    alerts = set(re.findall(r"^      - alert: (\w+)$", written, re.MULTILINE))
    # Each is asked for, marked and put into words.
    for needed in ("        expr: ", "        labels: { severity: ", '          summary: "'):
        assert written.count(needed) == len(alerts)
    told = set(
        re.findall(r"^\| (Innsyn\w+)", (_MONITORING / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert alerts == told
    assert json.loads((_MONITORING / "dashboard.json").read_text(encoding="utf-8"))["uid"] == "innsyn"


def test_how_long_something_has_been_unread_is_known() -> None:
    watching = Watching()
    for at, newest in ((0.0, 10), (5.0, 10), (10.0, 15), (15.0, 30)):
        watching.newest(newest, at)
    lags = [watching.lag(read, 20.0, lambda position: position) for read in (30, 15, 12, 3)]
    assert lags == [Lag(0, 0.0), Lag(15, 5.0), Lag(18, 10.0), Lag(27, 20.0)]


def test_ready_says_what_is_wrong_and_never_that_nothing_is_to_be_read() -> None:
    good = {"database": True, "stream": True, "schema": True, "position_age": 1e6}
    assert not_ready(lags=[Lag(0, 0)], **good) == []  # type: ignore[arg-type]
    assert len(not_ready(lags=[Lag(1, 0)], **good)) == 1  # type: ignore[arg-type]
    assert len(not_ready(lags=[Lag(1, 0)], **good | {"position_age": 59.0})) == 0  # type: ignore[arg-type]
    assert len(not_ready(lags=[], **good | {"database": False, "stream": False})) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("entry", "shown"),
    [
        ("Observation/lab-7", "Observation/lab-7"),
        (f"Patient/{KARI}", "Patient/·"),
        ("Patient/p-1284681-3010", "Patient/·"),
        ("Patient/12-84-68-13-010", "Patient/·"),
        (
            "Observation/0b9f5a7e-1111-4222-8333-944455566677",
            "Observation/0b9f5a7e-1111-4222-8333-944455566677",
        ),
        ("f" * 64, "f" * 12),
        (KARI, "·"),
        ("a name", "·"),
    ],
)
def test_the_key_of_an_entry_is_shown_where_no_number_can_stand_in_it(entry: str, shown: str) -> None:
    assert without_numbers(entry) == shown


def test_explanations_and_feeds_are_without_numbers() -> None:
    assert KARI not in masked(f"it says {KARI}.")
    assert [feed_of(each) for each in ("journal", "files:st-olavs", KARI)] == ["journal", "files", "other"]


def test_what_is_counted_of_deliveries_is_out_of_a_list() -> None:
    assert {each.value for each in Came} >= {"received", "refused", "unsure"}
    assert TimeoutError in LOST
