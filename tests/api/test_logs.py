"""What is written while people read and things fail: never a number, a name, a search or a word of a record."""

import json
import logging

import pytest
import structlog
from litestar import get
from litestar.params import FromPath

from api.asking import fill
from innsyn.logs import what_failed
from world import KARI, OLA, World, patient, result

CANARIES = (KARI, OLA, "Kanariborg", "Hemmelighetsprøve", "grønnsakskanari", "kanari.example", "kanarikode")


async def test_nothing_of_anybody_is_logged(
    world: World, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await world.take(
        patient("kari", KARI, "Kari", "Kanariborg"),
        patient("ola", OLA, "Ola", "Kanariborg"),
        result("k", "kari", "Hemmelighetsprøve"),
    )
    _plant_failures(world)
    kari = await world.log_in(KARI)
    opened = (await kari.get("/api/entries")).json()["entries"][0]
    assert opened["title"] == "Hemmelighetsprøve"
    for address in (
        "/",
        "/journal?q=grønnsakskanari&source=kanarikode",
        "/api/entries?q=grønnsakskanari&kind=kanarikode&from=kanarikode",
        f"/journal/lab_results/{opened['id']}?kanarikode={KARI}",
        f"/api/entries/{KARI}",
        f"/journal/{KARI}/grønnsakskanari",
        "/login?login_hint=testid:" + KARI + "&next=https://kanari.example",
        "/login/callback?code=kanarikode&state=kanarikode&iss=https://kanari.example",
        "/failing?q=grønnsakskanari",
        "/api/failing?q=grønnsakskanari",
        f"/failing/unencodable/{KARI}",
    ):
        await kari.get(address, headers={"referer": "https://kanari.example", "user-agent": "kanarikode"})
    await kari.post("/settings", data={"locale": "kanarikode"})
    again = world.browser_like(kari)
    await kari.post("/logout")
    await world.pool.close()
    assert (await again.get("/journal?q=grønnsakskanari")).status_code == 503
    printed = "".join(capfd.readouterr())
    events = [json.loads(line)["event"] for line in printed.splitlines() if line.startswith("{")]
    assert events.count("failure") == 3
    assert "not_just_now" in events
    # httpx tells what its own browser asks for: that is this test, not the application.
    said = [
        one.getMessage() + str(one.exc_text or "")
        for one in caplog.records
        if "localhost" not in str(one.args)
    ]
    assert [canary for canary in CANARIES if canary in printed + "\n".join(said)] == []


def _plant_failures(world: World) -> None:
    @get(["/failing", "/api/failing"], include_in_schema=False)
    async def failing() -> str:
        try:
            raise KeyError(f"{KARI} kanarikode")  # noqa: TRY301 - a cause of its own is the point
        except KeyError as cause:
            raise ExceptionGroup("Kanariborg", [ValueError("Hemmelighetsprøve")]) from cause

    @get("/failing/unencodable/{value:str}", include_in_schema=False)
    async def unencodable(value: FromPath[str]) -> str:
        # The driver's message has the value in it.
        return str(await world.pool.fetchval("SELECT $1::int", value))

    world.litestar.register(failing)
    world.litestar.register(unencodable)


async def test_even_when_the_page_that_tells_of_a_failure_fails(
    world: World, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(world)

    def explode(*_: object) -> None:
        raise RuntimeError("Hemmelighetsprøve")

    monkeypatch.setattr("innsyn.refused.html", explode)
    answer = await world.browser().get(f"/nothing/{KARI}?q=grønnsakskanari")
    assert answer.status_code == 500
    printed = "".join(capfd.readouterr())
    assert "test_logs.py" in printed
    assert "explode" in printed
    assert [canary for canary in CANARIES if canary in printed] == []


def test_any_traceback_is_told_by_its_places(capfd: pytest.CaptureFixture[str]) -> None:
    log = structlog.get_logger()
    try:
        raise ValueError("Hemmelighetsprøve")  # noqa: TRY301 - its place is the point
    except ValueError:
        log.exception("projection_failed", kind="Observation", position=7)
    told = json.loads(capfd.readouterr().out)
    assert (told["event"], told["kind"], told["position"]) == ("projection_failed", "Observation", 7)
    error, place = told["failed"]
    assert error == "builtins.ValueError"
    assert place.startswith("api/test_logs.py:")
    assert place.endswith("test_any_traceback_is_told_by_its_places")


def test_what_failed_follows_causes_and_groups_and_no_circles() -> None:
    first, second = ValueError("a"), KeyError("b")
    first.__cause__, second.__cause__ = second, first
    group = ExceptionGroup("c", [first])
    assert what_failed(group) == ["builtins.ExceptionGroup", "builtins.ValueError", "builtins.KeyError"]
