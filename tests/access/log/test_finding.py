"""Finding one's way in a long log: narrowed down, page by page, in one round trip."""

import re

import pytest

from access.log_filled import A_STRANGER, BOTH, NOW, TWO_NURSES, filled, links
from access.looked import EVERYBODY, look_up, stay
from world import KARI, World


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("who=health", {TWO_NURSES, A_STRANGER}),
        ("who=me", set()),
        ("from=2026-11-12&to=2026-11-12", {A_STRANGER}),
        ("from=2026-11-01&to=2026-11-07", {TWO_NURSES}),
        ("unit=Medisinsk+sengepost+2%2C+Sykehuset+Levanger", {TWO_NURSES}),
        ("unit=Hudavdelingen", {A_STRANGER}),
        ("unit=Nowhere", set()),
    ],
)
async def test_the_log_is_narrowed_down(world: World, query: str, expected: set[str]) -> None:
    kari = await filled(world)
    answer = await kari.get(f"/access/log?{query}")
    assert answer.status_code == 200
    assert {title for title in links(answer.text) if "Vik" in title or "sykepleie" in title} == expected


@pytest.mark.parametrize(
    "query", ["from=yesterday", "from=2026-11-08&to=2026-11-01", "who=everybody", "cursor=x", "to=2026-02-30"]
)
async def test_what_can_not_be_understood_is_said_and_the_rest_is_shown(world: World, query: str) -> None:
    kari = await filled(world)
    page = await kari.get(f"/access/log?{query}")
    assert (page.status_code, 'role="alert"' in page.text) == (400, True)
    assert (await kari.get(f"/access/log/export.csv?{query}")).status_code == 400


async def test_pages_follow_each_other_without_a_gap(world: World) -> None:
    many = [
        look_up(f"m{n}", at=f"2025-{1 + n // 28:02}-{1 + n % 28:02}T10:00:00+01:00", contact=f"v{n}")
        for n in range(47)
    ]
    visits = [
        stay(f"v{n}", "kari", each["recorded"], each["recorded"], **{"class": {"code": "AMB"}})
        for n, each in enumerate(many)
    ]
    await world.take(*EVERYBODY, *BOTH, *visits, *many, now=NOW)
    kari = await world.log_in(KARI)
    address, pages, met = "/access/log?who=health", 0, []
    while address:
        page = (await kari.get(address)).text
        met += [href for _, href in sorted(links(page).items()) if "lookups" in href]
        more = re.search(r'rel="next" href="([^"]+)"', page)
        address = "/access/log" + more[1].replace("&amp;", "&") if more else ""
        pages += 1
    assert (pages, len(met), len(set(met))) == (3, 47, 47)


async def test_a_page_is_one_round_trip_however_much_there_is(world: World) -> None:
    asked = set()
    for round_ in range(3):
        if round_:
            await world.take(
                *EVERYBODY, *BOTH, *(look_up(f"{round_}-{n}", by="bente") for n in range(round_ * 5)), now=NOW
            )
        kari = await world.log_in(KARI)
        for address in ("/access/log", "/access/log/export.csv", "/access/log/export.json"):
            before = world.pool.asked
            assert (await kari.get(address)).status_code == 200
            asked.add(world.pool.asked - before)
    address = next(href for href in links((await kari.get("/access/log")).text).values() if "lookups" in href)
    before = world.pool.asked
    await kari.get(address)
    asked.add(world.pool.asked - before)
    assert asked == {1}


async def test_a_day_in_norway_is_a_day_in_norway(world: World) -> None:
    """Half past midnight in Oslo is the day before in UTC."""
    await world.take(*EVERYBODY, *BOTH, look_up("a", by="carl", at="2026-11-11T23:30:00Z"), now=NOW)
    kari = await world.log_in(KARI)
    assert set(links((await kari.get("/access/log?from=2026-11-12&to=2026-11-12&who=health")).text)) == {
        A_STRANGER
    }
