"""Addresses that no page of ours leads to: an answer for each, and never a failure."""

import pytest

from api.asking import fill, problem_of
from world import KARI, OLA, World

UNREADABLE = {
    "kind": ("x", "lab_results,notes", "LAB_RESULTS", "../notes", "%FF", "%ED%A0%80", "🩸"),
    "from": ("9999-99-99", "0000-01-01", "2026-02-30", "20260101", "2026-W01-1", "2026-1-1", "now", "1%2F1%2F2026",
             "2026-01-01T00:00:00Z", "%D9%A2%D9%A0%D9%A2%D9%A6-01-01", "-2026-01-01", "99999-01-01", "2026-01-01 ",
             "2026-01-01%0A"),
    "cursor": ("x", "0", "{0b5b2c1e-2f50-4f0e-9d28-0f5d2a3f7c11}", "0b5b2c1e2f504f0e9d280f5d2a3f7c11",
               "urn:uuid:0b5b2c1e-2f50-4f0e-9d28-0f5d2a3f7c11", "0b5b2c1e-2f50-4f0e-9d28-0f5d2a3f7c1", "%E2%80%AE"),
}  # fmt: skip
READ = (
    "source=%ED%A0%80", "source=%FF%FE", "source='%20OR%20'1'='1", "q=%ED%A0%80", "q=%C0%80", "q=%F5%80%80%80",
    "q=%u0000", "q=&%7C!:*()<->", "q=a;b", "q='%3B%20DROP%20TABLE%20record.entry%3B--", "q=%E2%80%AE%E2%80%8B",
    "q=" + "a%20" * 100, "q=" + "%F0%9F%A9%B8" * 200, "q=%5C%5C%5C", "q=%25_%25", "unknown=1", "=", "&&&&", "%",
    "%ZZ=%ZZ", "q[]=1", "q=a&q=b", "kind=notes&kind=lab_results", "from=0001-01-01", "from=9999-12-31",
    "to=0001-01-01", "to=9999-12-31", "from=0001-01-01&to=9999-12-31", "from=2024-02-29", "from=", "cursor=",
)  # fmt: skip


async def test_what_can_not_be_read_is_named(world: World) -> None:
    await fill(world)
    kari = await world.log_in(KARI)
    for name, values in UNREADABLE.items():
        for value in values:
            answer = await kari.get(f"/api/entries?{name}={value}")
            assert (answer.status_code, problem_of(answer)) == (400, "invalid_parameter"), (name, value)
            assert answer.json()["parameters"] == [name]
            page = await kari.get(f"/journal?{name}={value}")
            assert (page.status_code, page.headers["content-type"]) == (400, "text/html; charset=utf-8")


async def test_whatever_else_is_asked_gets_an_answer(world: World) -> None:
    await fill(world)
    kari = await world.log_in(KARI)
    for query in READ:
        for address in ("/api/entries", "/journal", "/journal/lab_results", "/journal/medications"):
            answer = await kari.get(f"{address}?{query}")
            assert answer.status_code == 200, (address, query)


@pytest.mark.parametrize(
    ("query", "count"), [("from=0001-01-01", 50), ("to=9999-12-31", 50), ("to=0001-01-01", 0)]
)
async def test_the_first_and_the_last_day_there_are(world: World, query: str, count: int) -> None:
    await fill(world)
    kari = await world.log_in(KARI)
    assert len((await kari.get(f"/api/entries?{query}")).json()["entries"]) == count


async def test_of_a_parameter_given_twice_one_is_heeded_and_always_the_same(world: World) -> None:
    await fill(world)
    kari = await world.log_in(KARI)
    answers = {
        (await kari.get(f"/api/entries?kind={kind}&kind=notes")).content for kind in ("lab_results", "notes")
    }
    assert answers == {b'{"entries":[],"next":""}'}


async def test_the_cursor_of_another_person_tells_nothing(world: World) -> None:
    _, olas = await fill(world)
    kari = await world.log_in(KARI)
    nobodys = "0b5b2c1e-2f50-4f0e-9d28-0f5d2a3f7c11"
    for address in ("/api/entries", "/journal", "/journal/lab_results"):
        first = await kari.get(f"{address}?cursor={nobodys}")
        second = await kari.get(f"{address}?cursor={olas}")
        assert first.status_code == second.status_code == 200
        assert first.text.replace(nobodys, "") == second.text.replace(olas, ""), address
        assert "Olas prøve" not in second.text


async def test_pages_of_a_list_are_the_whole_list_once(world: World) -> None:
    await fill(world)
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    first = (await kari.get("/api/entries")).json()
    rest = (await kari.get("/api/entries", params={"cursor": first["next"]})).json()
    titles = [entry["title"] for entry in first["entries"] + rest["entries"]]
    assert sorted(titles) == sorted(["Karis rapport", *(f"Prøve {number}" for number in range(60))])
    assert rest["next"] == ""
    hers = (await ola.get("/api/entries", params={"cursor": first["next"]})).json()
    assert [entry["title"] for entry in hers["entries"]] == ["Olas prøve"]


async def test_nobody_else_decides_what_this_site_is_called(world: World) -> None:
    entry, _ = await fill(world)
    told = {"host": "evil.example", "x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}
    told |= {"x-original-url": "/settings", "x-rewrite-url": "/settings"}
    for browser in (await world.log_in(KARI), world.browser()):
        for address in (
            "/",
            "/journal",
            f"/journal/lab_results/{entry}",
            "/settings",
            "/api/me",
            "/x",
            "/login",
        ):
            usual, odd = await browser.get(address), await browser.get(address, headers=told)
            assert "evil.example" not in odd.text + str(odd.headers), address
            assert (odd.status_code, odd.text) == (usual.status_code, usual.text), address
