"""What a program is told when it can not have what it asked for: always the same shape, never its own words."""

import pytest
from litestar import get

from api.asking import fill, problem_of
from world import KARI, World

NOWHERE = (
    "/api/",
    "/api/nothing",
    "/api/entries/x.js",
    "/api/entries/1",
    "/api/me/x",
    "/api/%F0%28",
    "/api/<b>",
)


async def test_what_does_not_exist_is_told_alike_wherever_it_is_not(world: World) -> None:
    entry, _ = await fill(world)
    kari = await world.log_in(KARI)
    answers = [await kari.get(address) for address in (*NOWHERE, f"/api/entries/{entry}/x", f"/api/{entry}")]
    assert {answer.content for answer in answers} == {
        b'{"type":"urn:innsyn:problem:not_found","title":"There is no such thing, or it is not for you","status":404}'
    }
    assert {problem_of(answer) for answer in answers} == {"not_found"}


async def test_a_method_that_an_address_does_not_take(world: World) -> None:
    browser = world.browser()
    for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "X"):
        answer = await browser.request(method, "/api/me")
        assert (answer.status_code, problem_of(answer)) == (405, "method_not_allowed"), method
        assert set(answer.headers["allow"].split(", ")) == {"GET", "OPTIONS"}
    assert (await browser.options("/api/me")).status_code == 204
    page = await browser.put("/settings", headers={"content-type": "application/x-www-form-urlencoded"})
    assert set(page.headers["allow"].split(", ")) == {"GET", "POST", "OPTIONS"}


async def test_head_is_get_without_its_body(world: World) -> None:
    entry, _ = await fill(world)
    kari = await world.log_in(KARI)
    for address in (
        "/",
        "/journal",
        f"/api/entries/{entry}",
        "/health/ready",
        "/sw.js",
        "/api/nothing",
        "/x",
    ):
        got, head = await kari.get(address), await kari.head(address)
        assert head.content == b"", address
        assert head.status_code == got.status_code, address
        assert head.headers["content-length"] == got.headers["content-length"], address
        assert head.headers.keys() == got.headers.keys(), address


async def test_the_parameters_that_were_wrong_are_named(world: World) -> None:
    await fill(world)
    kari = await world.log_in(KARI)
    asked = {"kind": "x", "from": "9999-99-99", "to": "i går", "cursor": "x", "q": "y" * 10}
    told = (await kari.get("/api/entries", params=asked)).json()
    assert told["parameters"] == ["kind", "from", "to", "cursor"]
    too_long = (await kari.get("/api/entries", params={"from": "2" * 41, "q": "y" * 201})).json()
    assert set(too_long["parameters"]) == {"from", "q"}
    backwards = await kari.get("/api/entries", params={"from": "2026-02-01", "to": "2026-01-01"})
    assert (problem_of(backwards), backwards.json()["parameters"]) == ("invalid_parameter", ["to"])


async def test_a_failure_of_ours_and_a_bad_time(world: World) -> None:
    @get(["/api/failing", "/failing"], include_in_schema=False)
    async def failing() -> str:
        raise ValueError("the words of the failure")

    world.litestar.register(failing)
    browser = await world.log_in(KARI)
    program, page = await browser.get("/api/failing"), await browser.get("/failing")
    assert (program.status_code, problem_of(program)) == (500, "failure")
    assert page.status_code == 500
    assert "the words of the failure" not in program.text + page.text
    await world.pool.close()
    program, page = await browser.get("/api/me"), await browser.get("/journal")
    assert (program.status_code, problem_of(program)) == (503, "unavailable")
    assert page.status_code == 503
    assert (await browser.get("/health/ready")).status_code == 503
    assert (await browser.get("/health/live")).status_code == 200


@pytest.mark.parametrize(
    "state", ["57P01", "57P02", "57P03", "53100", "53300", "40001", "40P01", "55P03", "25006"]
)
async def test_what_postgresql_cannot_do_just_now_is_no_failure_of_ours(world: World, state: str) -> None:
    @get("/api/asking", include_in_schema=False)
    async def asking() -> str:
        await world.web.execute(
            f"DO $$ BEGIN RAISE EXCEPTION 'the words of it' USING ERRCODE = '{state}'; END $$"
        )
        return ""

    world.litestar.register(asking)
    answer = await world.browser().get("/api/asking")
    assert (answer.status_code, problem_of(answer)) == (503, "unavailable")
    assert "the words of it" not in answer.text
    assert int(answer.headers["retry-after"]) > 0


async def test_when_even_the_page_of_failures_fails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*_: object) -> None:
        raise RuntimeError("the words of the failure")

    monkeypatch.setattr("innsyn.refused.html", explode)
    monkeypatch.setattr("innsyn.refused.problem", explode)
    page, program = await world.browser().get("/nothing"), await world.browser().get("/api/nothing")
    assert (page.status_code, page.content) == (500, b"")
    assert (program.status_code, problem_of(program)) == (500, "failure")
    assert page.headers["cache-control"] == "no-store"
