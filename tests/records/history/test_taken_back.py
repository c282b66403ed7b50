"""What is taken back is gone from everywhere, and those who could see it are told so, without what stood in it."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from access.permits import permit, person_of
from access.test_acting import open_as
from innsyn.records.writing import entry_id
from records.history.said import kept, observed, say, tagged, version
from records.history.test_what_changed import BEGAN, three
from world import KARI, OLA, World

LATER = BEGAN + timedelta(hours=3)
SECRET = observed(41, code={"text": "Karis prøve"}, status="final")
WRONG = SECRET | {
    "status": "entered-in-error",
    "statusReason": {"text": "Prøven var forbyttet"},
}
ENTRY = entry_id("journal", ("Observation", "a"))
ADDRESS = f"/journal/lab_results/{ENTRY}"


async def said_and_taken_back(world: World, first: dict[str, Any], then: dict[str, Any] | None) -> None:
    await say(world, version(1, first, BEGAN), at=BEGAN)
    await say(world, version(2, then, LATER), at=LATER)


async def told(browser: httpx.AsyncClient, base: str = "") -> tuple[int, int, int]:
    """The status of its page, of its versions, and for programs."""
    api = f"{base}/api/entries/{ENTRY}"
    addresses = (f"{base}{ADDRESS}", f"{base}{ADDRESS}/versions", api)
    answers = [await browser.get(address) for address in addresses]
    assert "Karis prøve" not in "".join(answer.text for answer in answers)
    return answers[0].status_code, answers[1].status_code, answers[2].status_code


GONE, NOTHING = (410, 410, 410), (404, 404, 404)


async def test_it_is_gone_from_everywhere_and_explained_at_its_old_address(world: World) -> None:
    await three(world)
    await said_and_taken_back(world, SECRET, WRONG)
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    for address in ("/journal", "/journal/lab_results", "/journal?q=prøve", "/", "/api/entries"):
        assert "Karis prøve" not in (await kari.get(address)).text
    page = (await kari.get(ADDRESS)).text
    for words in (
        "Denne opplysningen er trukket tilbake",
        "Den var ført inn ved en feil",
        "Prøvesvar",
        "st-olavs",
        "20. november 2026",
        "2. november 2026",
        "Prøven var forbyttet",
    ):
        assert words in page
    assert "41" not in page.partition("<main")[2].partition("</main>")[0].replace("410", "").replace(
        str(ENTRY), ""
    )
    assert (await told(kari), await told(ola)) == (GONE, NOTHING)
    assert (await kari.get(ADDRESS.replace("lab_results", "notes"))).status_code == 404
    # What was wrong can be right again, and is then as it was, with what had been.
    await say(world, version(3, SECRET | {"status": "corrected"}, LATER), at=LATER + timedelta(hours=1))
    assert (await kari.get(ADDRESS)).status_code == 200
    assert await kept(world, "taken_back") == []


async def test_what_the_journal_deletes_is_explained_and_what_moves_is_not(world: World) -> None:
    await three(world)
    await said_and_taken_back(world, SECRET, None)
    kari = await world.log_in(KARI)
    assert "Den er slettet i journalen" in (await kari.get(ADDRESS)).text
    moved = SECRET | {"subject": {"reference": "Patient/ola"}}
    await say(world, version(3, moved, LATER), at=LATER)
    assert (await told(kari), await told(await world.log_in(OLA))) == (NOTHING, NOTHING)
    assert (await kept(world, "version"), await kept(world, "taken_back")) == ([], [])


@pytest.mark.parametrize(
    ("release_class", "who_sees"),
    [("1", GONE), ("2", GONE), ("3", GONE), ("4", NOTHING)],
)
async def test_who_hears_of_it_is_who_could_know_of_it(
    world: World, release_class: str, who_sees: tuple[int, int, int]
) -> None:
    await three(world)
    await said_and_taken_back(world, SECRET | tagged(release_class), WRONG)
    kari = await world.log_in(KARI)
    assert await told(kari) == who_sees
    await permit(world, OLA, KARI, kinds=["lab_results"])
    ola, karis = await open_as(world, OLA, KARI)
    assert await told(ola, karis) == who_sees
    person = await person_of(world, KARI)
    await world.owner.execute(
        "INSERT INTO access.hidden (person_id, entry_id, from_audience, by_id) VALUES ($1, $2, 16, $1)",
        person,
        ENTRY,
    )
    assert (await told(kari), await told(ola, karis)) == (who_sees, NOTHING)
    await world.owner.execute("DELETE FROM access.hidden")
    await world.owner.execute("UPDATE access.permit SET kinds = '{notes}'")
    assert await told(ola, karis) == NOTHING


async def test_what_came_and_went_at_once_nobody_has_seen(world: World) -> None:
    await three(world)
    await say(world, version(1, SECRET, BEGAN), version(2, WRONG, BEGAN), at=BEGAN)
    assert await told(await world.log_in(KARI)) == NOTHING


async def test_a_part_is_told_of_with_its_whole(world: World) -> None:
    await three(world)

    def report(number: int, release_class: str) -> Any:  # noqa: ANN401
        panel = {
            "resourceType": "DiagnosticReport",
            "id": "p",
            "status": "final",
            "category": [{"coding": [{"code": "LAB"}]}],
            "code": {"text": "Blodprøver"},
            "subject": {"reference": "Patient/kari"},
            "result": [{"reference": "Observation/a"}],
        }
        return version(number, panel | tagged(release_class), BEGAN, kind="DiagnosticReport", id_="p")

    await say(world, report(1, "3"), at=BEGAN)
    await said_and_taken_back(world, SECRET, WRONG)
    kari = await world.log_in(KARI)
    assert await told(kari) == NOTHING
    await say(world, report(2, "1"), at=LATER)
    assert await told(kari) == GONE


async def test_first_versions_cost_nothing_more(world: World) -> None:
    await three(world)
    asked: list[str] = []
    with world.worker.query_logger(lambda query: asked.append(query.query)):
        await say(world, version(1, SECRET, BEGAN), version(1, observed(id_="b"), BEGAN, id_="b"), at=BEGAN)
        first, asked[:] = list(asked), []
        await say(world, version(2, WRONG, LATER), at=LATER)

    def of_history(queries: list[str]) -> int:
        return sum("record.version" in query or "record.taken_back" in query for query in queries)

    # Then, however many have come again: two tables are cleared, and two are written.
    assert (of_history(first), of_history(asked)) == (0, 4)
