"""What a question offers that points at a value set: that version, of that feed, whenever it comes."""

from typing import Any

import msgspec

from forms.drafts.begun import asked, begin, questionnaire
from innsyn.journal.port import Entry
from innsyn.worker import REGISTRY, Intake
from world import KARI, Resource, World

URL = "https://example.test/ValueSet/how-often"


def _set(id_: str, version: str, *words: str, status: str = "active") -> Resource:
    concept = [{"code": str(number), "display": word} for number, word in enumerate(words)]
    return {
        "resourceType": "ValueSet",
        "id": id_,
        "url": URL,
        "version": version,
        "status": status,
        "compose": {"include": [{"system": "urn:s", "concept": concept}]},
    }


def _asks(canonical: str) -> list[dict[str, Any]]:
    return [{"linkId": "often", "type": "choice", "text": "Hvor ofte?", "answerValueSet": canonical}]


async def _shown(world: World, *words: str) -> list[str]:
    """Which of the words stand in the page of a draft that is begun now."""
    kari = await world.log_in(KARI)
    page = await kari.get(await begin(world, kari))
    assert page.status_code == 200, page.text
    return [word for word in words if word in page.text]


async def test_the_version_that_a_form_asks_for_is_offered_and_not_the_last_that_came(world: World) -> None:
    sets = _set("one", "1", "Nei", "Ja"), _set("two", "2", "Aldri", "Av og til")
    await asked(world, *sets, item=_asks(f"{URL}|1"))
    assert await _shown(world, "Nei", "Av og til") == ["Nei"]


async def test_without_a_version_it_is_the_highest_in_use(world: World) -> None:
    sets = _set("b", "1.10", "Tre"), _set("a", "1.9", "To"), _set("c", "2.0", "Fire", status="draft")
    await asked(world, *sets, item=_asks(URL))
    assert await _shown(world, "Fire", "Tre", "To") == ["Tre"]


async def test_a_version_that_comes_late_is_offered_from_then_on(world: World) -> None:
    await asked(world, _set("one", "1", "Nei"), item=_asks(f"{URL}|2"))
    before = await _shown(world, "Nei", "Aldri")
    await world.take(_set("two", "2", "Aldri"))
    assert (before, await _shown(world, "Nei", "Aldri")) == ([], ["Aldri"])


async def test_a_set_that_becomes_another_version_is_offered_no_longer_as_the_one_it_was(
    world: World,
) -> None:
    await asked(world, _set("one", "1", "Nei"), item=_asks(f"{URL}|1"))
    before = await _shown(world, "Nei", "Aldri")
    await world.take(_set("one", "2", "Aldri"), version=2)
    assert (before, await _shown(world, "Nei", "Aldri")) == (["Nei"], [])


async def test_only_the_forms_that_asked_for_it_are_read_again(world: World) -> None:
    ids = {"pinned": f"{URL}|1", "newest": URL, "other": f"{URL}|2"}
    made = [questionnaire(id=id_, url=f"https://example.test/{id_}", item=_asks(ids[id_])) for id_ in ids]
    await world.take(*made)
    revised = "SELECT id, revised_at FROM form.questionnaire"
    before = dict(await world.owner.fetch(revised))
    await world.take(_set("one", "1", "Nei"))
    after = dict(await world.owner.fetch(revised))
    assert {id_ for id_ in after if after[id_] != before[id_]} == {"pinned", "newest"}


async def test_another_feed_with_the_same_address_is_another_value_set(world: World) -> None:
    await asked(world, _set("one", "1", "Nei"), item=_asks(URL))
    another = Intake(world.worker, "another-feed", REGISTRY)
    told = msgspec.json.encode(_set("one", "2", "Aldri"))
    entry = Entry(
        position=1, source="another", kind="ValueSet", id="one", version=1, recorded=None, resource=told
    )
    await another.take([entry])
    assert await world.owner.fetchval("SELECT count(*) FROM form.value_set") == 2
    assert await _shown(world, "Nei", "Aldri") == ["Nei"]
