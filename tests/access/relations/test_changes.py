"""The bridge between a teenager and the parents: both see the same days, months ahead, each from the own side."""

import re
from datetime import UTC, datetime
from typing import Any

import httpx

from access.family import (
    ELLA,
    JONAS,
    KARI,
    MARTE,
    OLAV,
    PER,
    certificate,
    citizen,
    nearest,
    parent,
    youth_access,
)
from world import World

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def told(browser: httpx.AsyncClient) -> list[str]:
    """The sentences of the page, in order: days as headings, then what changes."""
    answer = await browser.get("/access/changes")
    assert answer.status_code == 200, answer.text[:300]
    main = answer.text.split("<main", 1)[1].split("</main>", 1)[0]
    found = re.findall(r"<h[23][^>]*>(.*?)</h[23]>|<strong>(.*?)</strong>|<dd>(.*?)</dd>", main, re.DOTALL)
    return [" ".join("".join(each).split()) for each in found]


async def a_family(world: World, *more: Any) -> None:  # noqa: ANN401
    await world.take(
        citizen(JONAS), citizen(ELLA), citizen(MARTE), citizen(PER), parent(JONAS, MARTE),
        parent(ELLA, MARTE), parent(JONAS, PER, "far"), youth_access(JONAS, "2026-09-01"), *more, now=NOW,
    )  # fmt: skip


async def test_a_parent_sees_what_ends_and_when(world: World) -> None:
    await a_family(world)
    assert await told(await world.log_in(MARTE)) == [
        "For dem du ser journalen til",
        "Fra 2. mars 2029: Jonas fyller 16 år",
        "Du kan ikke lenger se journalen til Jonas.",
        "medisiner, vaksiner",
        "ingenting",
        "Fra 14. mai 2029: Ella fyller 12 år",
        "Du ser mindre av journalen til Ella.",
        "Hele journalen",
        "medisiner, vaksiner",
        "Fra 14. mai 2033: Ella fyller 16 år",
        "Du kan ikke lenger se journalen til Ella.",
        "medisiner, vaksiner",
        "ingenting",
        "Snakk sammen før dagen kommer",
    ]


async def test_the_teenager_sees_the_same_from_the_other_side(world: World) -> None:
    await a_family(world)
    assert await told(await world.log_in(JONAS)) == [
        "For deg",
        "Fra 2. mars 2029: Du fyller 16 år",
        "Du ser hele journalen din, og bestemmer selv hvem andre som får se den.",
        "medisiner, vaksiner",
        "Hele journalen",
        "Marte kan ikke lenger se journalen din.",
        "medisiner, vaksiner",
        "ingenting",
        "Per kan ikke lenger se journalen din.",
        "medisiner, vaksiner",
        "ingenting",
        "Snakk sammen før dagen kommer",
    ]


async def test_nobody_else_sees_it_and_a_secret_address_names_nobody(world: World) -> None:
    await a_family(world, citizen(KARI))
    assert await told(await world.log_in(KARI)) == ["Ingenting endrer seg"]
    await world.take(citizen(JONAS, secret="6"), now=NOW)
    marte = "\n".join(await told(await world.log_in(MARTE)))
    jonas = "\n".join(await told(await world.log_in(JONAS)))
    assert ("Jonas" in marte, "Ella" in marte, "Marte" in jonas, "Per" in jonas) == (
        False,
        True,
        False,
        False,
    )


async def test_a_certificate_that_runs_out(world: World) -> None:
    await world.take(citizen(OLAV), citizen(KARI), nearest(OLAV, KARI), now=NOW)
    await world.take(certificate(OLAV, KARI, "2024-06-01"), now=NOW)
    assert await told(await world.log_in(KARI)) == [
        "For dem du ser journalen til",
        "Fra 1. juni 2029",
        "Du kan ikke lenger se journalen til Olav.",
        "Hele journalen",
        "ingenting",
    ]
    assert (await told(await world.log_in(OLAV)))[2] == "Kari kan ikke lenger se journalen din."
