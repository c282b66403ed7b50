"""What is new, changed, corrected or taken back since this reader last looked, and nothing else."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from access.permits import permit
from access.test_acting import open_as
from records.history.said import CLASS, observed, say, tagged, version
from records.history.test_what_changed import EVA, three
from world import KARI, OLA, World, result

NOW = datetime.now(UTC).replace(microsecond=0)
BEFORE, SINCE = NOW - timedelta(days=3), NOW - timedelta(hours=1)


async def looked(world: World, at: datetime) -> None:
    """All who have looked did so then, and have been away since."""
    await world.owner.execute("UPDATE access.look SET looked_at = $1, visit = gen_random_uuid()", at)


async def marks(browser: httpx.AsyncClient, address: str) -> dict[str, str]:
    """Title → mark, of the rows of a list."""
    page = (await browser.get(address)).text
    rows = re.findall(r'<a href="[^"]*">(?:<span class="ds-tag"[^>]*>(\w+)</span> )?([^<]+)</a><time', page)
    return {title: mark for mark, title in rows}


def named(id_: str, title: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return dict(result(id_, "kari", title, **more))


async def journal(world: World) -> None:
    """Of what was there before: one stays, one changes, one is corrected, one is taken back, one opens."""
    opens = {"extension": [{"url": "urn:innsyn:release-at", "valueDateTime": SINCE.isoformat()}]}
    await say(
        world,
        version(1, named("same", "Uendret"), BEFORE, id_="same"),
        version(1, named("changed", "Endres", status="preliminary"), BEFORE, id_="changed"),
        version(1, named("corrected", "Rettes"), BEFORE, id_="corrected"),
        version(1, named("wrong", "Tilbake"), BEFORE, id_="wrong"),
        version(1, named("opens", "Åpnes") | tagged("3") | opens, BEFORE, id_="opens"),
        version(1, named("never", "Aldri") | tagged("4"), BEFORE, id_="never"),
        at=BEFORE,
    )
    assert CLASS in str(tagged("4"))


async def meanwhile(world: World) -> None:
    """What comes while everybody is away."""
    await say(
        world,
        version(2, named("same", "Uendret", meta={"versionId": "2"}), SINCE, id_="same"),
        version(2, named("changed", "Endres"), SINCE, id_="changed"),
        version(2, named("corrected", "Rettes", value=47, status="corrected"), SINCE, id_="corrected"),
        version(2, named("wrong", "Tilbake", status="entered-in-error"), SINCE, id_="wrong"),
        version(2, named("never", "Aldri", value=47) | tagged("4"), SINCE, id_="never"),
        version(1, named("new", "Kommer"), SINCE, id_="new"),
        version(1, observed(of="ola", id_="olas", code={"text": "Olas"}), SINCE, id_="olas"),
        at=SINCE,
    )


EXPECTED = {"Uendret": "", "Endres": "Endret", "Rettes": "Rettet", "Åpnes": "Ny", "Kommer": "Ny"}
GONE = "Prøvesvar fra st-olavs"


async def test_each_reader_is_told_what_is_new_to_them(world: World) -> None:
    await three(world)
    await journal(world)
    await permit(world, OLA, KARI)
    await permit(world, EVA, KARI, kinds=["notes"])
    kari = await world.log_in(KARI)
    ola, karis = await open_as(world, OLA, KARI)
    eva, evas = await open_as(world, EVA, KARI)
    for browser, base in ((kari, ""), (ola, karis), (eva, evas)):
        assert (await browser.get(f"{base}/")).status_code == 200
        # At the first look nothing is called new.
        assert set((await marks(browser, f"{base}/journal")).values()) <= {""}
    await looked(world, NOW - timedelta(days=1))
    await meanwhile(world)
    for browser, base in ((kari, ""), (ola, karis)):
        assert await marks(browser, f"{base}/journal/lab_results") == EXPECTED
        news = {title: mark for title, mark in EXPECTED.items() if mark}
        home = await marks(browser, f"{base}/")
        assert {title: mark for title, mark in home.items() if title != GONE} == news
        assert GONE in home
        assert "5 ting er nye siden sist" in (await browser.get(f"{base}/")).text
        # Looking does not make it old: it is new as long as the visit lasts.
        assert await marks(browser, f"{base}/journal") == EXPECTED
    # Who may see notes alone is told of nothing, not even that something is gone.
    assert await marks(eva, f"{evas}/") == {}
    assert "siden sist" not in (await eva.get(f"{evas}/")).text
    # Kari's own look is not Ola's, and what Ola saw of his own is not what he has seen of hers.
    await looked(world, NOW - timedelta(days=1))
    assert set((await marks(await world.log_in(KARI), "/journal")).values()) == {"", "Ny", "Endret", "Rettet"}
    ola, karis = await open_as(world, OLA, KARI)
    assert await marks(ola, "/") == {"Olas": ""}
    assert (await marks(ola, f"{karis}/"))["Kommer"] == "Ny"


async def test_only_looking_at_what_is_new_moves_it(world: World) -> None:
    await three(world)
    await journal(world)
    kari = await world.log_in(KARI)
    await kari.get("/")
    await looked(world, NOW - timedelta(days=1))
    await meanwhile(world)
    # Neither a kind, a search, an entry, the settings nor a program is a look at what is new.
    kari = await world.log_in(KARI)
    entry = (await kari.get("/api/entries")).json()["entries"][0]["id"]
    lists = ("/journal/lab_results", "/journal?q=kommer", "/journal?source=st-olavs")
    addresses = (*lists, f"/journal/lab_results/{entry}", "/settings")
    for address in addresses:
        assert (await kari.get(address)).status_code == 200
    at = await world.owner.fetchval("SELECT looked_at FROM access.look")
    assert at == NOW - timedelta(days=1)
    again = await world.log_in(KARI)
    assert await marks(again, "/journal") == EXPECTED
    assert await world.owner.fetchval("SELECT looked_at FROM access.look") > at
    await looked(world, datetime.now(UTC) + timedelta(minutes=1))
    assert set((await marks(await world.log_in(KARI), "/journal")).values()) == {""}


async def test_a_part_that_is_corrected_by_itself_is_news(world: World) -> None:
    await three(world)
    panel = {
        "resourceType": "DiagnosticReport",
        "id": "p",
        "status": "final",
        "category": [{"coding": [{"code": "LAB"}]}],
        "code": {"text": "Blodprøver"},
        "subject": {"reference": "Patient/kari"},
        "effectiveDateTime": "2026-11-20",
        "result": [{"reference": "Observation/a"}, {"reference": "Observation/b"}],
    }
    await say(
        world,
        version(1, panel, BEFORE, kind="DiagnosticReport", id_="p"),
        version(1, named("a", "Hemoglobin"), BEFORE, id_="a"),
        version(1, named("b", "Kreatinin"), BEFORE, id_="b"),
        at=BEFORE,
    )
    kari = await world.log_in(KARI)
    await kari.get("/")
    await looked(world, NOW - timedelta(days=1))
    await say(
        world, version(2, named("b", "Kreatinin", value=90, status="corrected"), SINCE, id_="b"), at=SINCE
    )
    assert await marks(kari, "/") == {"Kreatinin": "Rettet"}
    assert "Én ting er ny" in (await kari.get("/")).text
    await say(
        world, version(2, panel | {"status": "corrected"}, SINCE, kind="DiagnosticReport", id_="p"), at=SINCE
    )
    assert await marks(kari, "/") == {"Blodprøver": "Rettet"}
