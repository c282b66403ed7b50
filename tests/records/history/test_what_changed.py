"""A later version beside the one before it, for those who may see both."""

import re
from datetime import timedelta
from typing import Any

import httpx

from access.permits import permit
from access.test_acting import open_as
from records.history.said import observed, say, tagged, version
from world import KARI, OLA, World, patient, utc

EVA = "05895894984"
BEGAN = utc(2026, 11, 2, 8)


def note(text: str, status: str = "final", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """A note with one section."""
    return {
        "resourceType": "Composition",
        "id": "a",
        "status": status,
        "subject": {"reference": "Patient/kari"},
        "title": "Poliklinisk notat",
        "date": "2026-11-01",
        "author": [{"display": "Anne Vik"}],
        "section": [{"title": "Vurdering", "text": {"div": f"<div>{text}</div>"}}],
        **more,
    }


async def three(world: World) -> None:
    await world.take(
        patient("kari", KARI, "Kari"),
        patient("ola", OLA, "Ola"),
        patient("eva", EVA, "Eva", "Lie"),
        now=BEGAN - timedelta(days=9),
    )


async def one_entry(browser: httpx.AsyncClient, base: str = "") -> dict[str, Any]:
    """The only entry of the record, as programs see it."""
    [entry] = (await browser.get(f"{base}/api/entries")).json()["entries"]
    return dict(entry)


def marked(page: str, tag: str) -> list[str]:
    """The texts that are marked with a tag, without the words for those who do not see it."""
    bare = re.sub(r'<span class="ds-sr-only">[^<]*</span>', "", page)
    return [text.strip() for text in re.findall(f"<{tag}>(.*?)</{tag}>", bare, re.DOTALL)]


async def test_a_corrected_note_is_compared_by_word_for_those_who_may_read_it(world: World) -> None:
    await three(world)
    first = note("Blodtrykket er 120. Pasienten er i god form.")
    await say(world, version(1, first, BEGAN, kind="Composition"), at=BEGAN)
    kari = await world.log_in(KARI)
    address = "/journal/notes/" + (await one_entry(kari))["id"]
    assert "Se hva som er endret" not in (await kari.get(address)).text
    # The same once more, with another number and nothing new in it, and then a correction.
    again = note("Blodtrykket er 120. Pasienten er i god form.", meta={"versionId": "2"})
    await say(world, version(2, again, BEGAN, kind="Composition"), at=BEGAN + timedelta(hours=1))
    assert "changed" not in await one_entry(kari)
    assert "Se hva som er endret" not in (await kari.get(address)).text
    later = note("Blodtrykket er 140. Pasienten er i god form.", "amended", author=[{"display": "Per Berg"}])
    await say(world, version(3, later, BEGAN, kind="Composition"), at=BEGAN + timedelta(hours=2))
    assert f'href="{address}/versions">Se hva som er endret' in (await kari.get(address)).text
    page = (await kari.get(f"{address}/versions")).text
    assert (marked(page, "del"), marked(page, "ins")) == (
        ["endelig", "Anne Vik", "120"],
        ["rettet", "Per Berg", "140"],
    )
    assert "Rettet 2. november 2026" in page
    assert "Skrevet av Per Berg" in page
    assert page.count('<section class="ds-card">\n<h2 class="ds-heading">Rettet') == 1
    told = (await kari.get(address.replace("journal/notes", "api/entries") + "/versions")).json()
    assert [(each["version"], each["detail"]["html"].count("120")) for each in told["versions"]] == [
        (3, 0),
        (2, 1),
        (1, 1),
    ]
    # Ola may see nothing of it; Eva, as a helper for notes, the same as Kari; for results, nothing.
    ola = await world.log_in(OLA)
    assert (await ola.get(f"{address}/versions")).status_code == 404
    await permit(world, EVA, KARI, kinds=["notes"])
    await permit(world, OLA, KARI, kinds=["lab_results"])
    eva, karis = await open_as(world, EVA, KARI)
    assert marked((await eva.get(f"{karis}{address}/versions")).text, "ins") == marked(page, "ins")
    ola, karis = await open_as(world, OLA, KARI)
    assert (await ola.get(f"{karis}{address}/versions")).status_code == 404


async def test_of_a_version_that_was_closed_nothing_is_told(world: World) -> None:
    await three(world)
    await say(world, version(1, observed(4111) | tagged("3"), BEGAN), at=BEGAN)
    await say(world, version(2, observed(42) | tagged("2"), BEGAN), at=BEGAN + timedelta(hours=1))
    await say(world, version(3, observed(43), BEGAN), at=BEGAN + timedelta(hours=2))
    kari = await world.log_in(KARI)
    entry = await one_entry(kari)
    # Nobody has read anything before: to read it is new, and not changed.
    assert (entry["value"], entry["recorded"], entry.get("changed")) == ("43", "2026-11-02T10:00:00Z", None)
    address = f"/journal/lab_results/{entry['id']}"
    page, versions = await kari.get(address), await kari.get(f"{address}/versions")
    assert "Se hva som er endret" not in page.text + versions.text
    told = (await kari.get(f"/api/entries/{entry['id']}/versions")).json()["versions"]
    # The second opened by itself a fortnight after, and is not a secret any longer: but it was never what stood here.
    assert {each["version"] for each in told} <= {3, 2}
    assert "4111" not in versions.text


async def test_a_result_is_compared_field_by_field(world: World) -> None:
    await three(world)
    await say(world, version(1, observed(4.1), BEGAN), at=BEGAN)
    higher = observed(47, status="corrected", referenceRange=[{"high": {"value": 42}}])
    await say(world, version(2, higher, BEGAN), at=BEGAN + timedelta(hours=1))
    kari = await world.log_in(KARI)
    address = "/journal/lab_results/" + (await one_entry(kari))["id"]
    page = (await kari.get(f"{address}/versions")).text
    assert marked(page, "del") == ["4,1", "endelig"]
    assert marked(page, "ins") == ["47", "over referanseområdet", "42", "rettet av laboratoriet"]
    assert re.findall("<h3[^>]*>(.*?)</h3>", page) == ["Verdi", "Vurdering", "Øvre grense", "Status"]


async def test_an_enormous_note_is_told_of_in_a_small_page(world: World) -> None:
    await three(world)
    words = [f"ord{number}" for number in range(60_000)]
    await say(world, version(1, note(" ".join(words)), BEGAN, kind="Composition"), at=BEGAN)
    upside_down = note(" ".join(reversed(words)))
    await say(world, version(2, upside_down, BEGAN, kind="Composition"), at=BEGAN + timedelta(hours=1))
    kari = await world.log_in(KARI)
    address = "/journal/notes/" + (await one_entry(kari))["id"]
    page = await kari.get(f"{address}/versions", timeout=20)
    assert page.status_code == 200
    assert "Så mye er endret at vi ikke kan vise det ord for ord." in page.text
    assert "Teksten er for lang til å vises hel her." in page.text
    assert len(page.text) < 60_000
