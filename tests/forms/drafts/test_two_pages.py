"""Two tabs, two devices, a page that was left open: nothing is overwritten, and the citizen chooses."""

import html
import re

from forms.drafts.begun import answers, asked, begin, fields, items, live, opened, save
from world import KARI, World


async def test_what_two_tabs_write_in_different_places_is_all_kept(world: World) -> None:
    await asked(world)
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    one, two = await opened(kari, address, 0), await opened(kari, address, 0)

    await save(kari, address, one, _1="true", _3="", _4="Fra den ene")
    merged = await save(kari, address, two, _1="", _3="7", _4="")

    assert merged.status_code == 303
    assert await answers(world) == [
        [
            {
                "linkId": "night",
                "item": [
                    {"linkId": "sleep", "answer": [{"valueBoolean": True}]},
                    {"linkId": "pain", "answer": [{"valueInteger": 7}]},
                    {"linkId": "note", "answer": [{"valueString": "Fra den ene"}]},
                ],
            }
        ]
    ]


async def test_the_same_question_answered_in_two_tabs_is_for_the_citizen_to_choose(world: World) -> None:
    await asked(world)
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    one, two = await opened(kari, address, 0), await opened(kari, address, 0)
    await save(kari, address, one, _4="Den ene")
    conflict = await save(kari, address, two, "next", _3="5", _4="Den andre")

    assert conflict.status_code == 409
    assert "Den ene" in conflict.text
    assert "Den andre" in conflict.text
    # Nothing is overwritten, and what was not in conflict is kept.
    assert _values(await answers(world)) == {"pain": 5, "note": "Den ene"}

    sides = _form_of(conflict.text)
    assert sides["on"] == "4"
    theirs = await kari.post(address, data={**sides, "c-4": "theirs"})
    assert theirs.headers["location"].startswith(f"{address}?step=")
    assert _values(await answers(world)) == {"pain": 5, "note": "Den ene"}
    mine = await kari.post(address, data={**sides, "c-4": "mine"})
    assert mine.status_code == 303
    assert _values(await answers(world)) == {"pain": 5, "note": "Den andre"}


async def test_a_page_that_something_was_merged_into_does_not_undo_that_with_its_next_save(
    world: World,
) -> None:
    await asked(world)
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    one, two = await opened(kari, address, 0), await opened(kari, address, 0)
    await save(kari, address, one, _3="", _4="Fra den ene")

    first = (await live(kari, address, two, _3="7", _4="")).json()
    assert first["reload"]
    again = {**two, "revision": str(first["revision"])}
    second = (await live(kari, address, again, _3="8", _4="")).json()

    assert second["reload"]
    assert _values(await answers(world)) == {"pain": 8, "note": "Fra den ene"}


async def test_a_conflict_as_one_types_keeps_nothing_and_is_told_until_it_is_settled(world: World) -> None:
    await asked(world)
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    one, two = await opened(kari, address, 0), await opened(kari, address, 0)
    await save(kari, address, one, _4="Den ene")
    for typed in ("Den a", "Den andre"):
        told = await live(kari, address, two, _3="5", _4=typed)
        assert (told.status_code, told.json()) == (409, {"conflict": True})
    assert _values(await answers(world)) == {"note": "Den ene"}


async def test_one_more_input_is_there_also_where_something_was_merged_in(world: World) -> None:
    (night,) = items()
    night["item"].append({"linkId": "medicine", "type": "string", "text": "Medisin", "repeats": True})
    await asked(world, item=[night])
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    one, two = await opened(kari, address, 0), await opened(kari, address, 0)
    await save(kari, address, one, _4="Fra den ene")
    added = await save(kari, address, two, "add:5", _4="", _5=["Paracet", "Ibux"])

    assert added.status_code == 303
    page = (await kari.get(added.headers["location"])).text
    assert "Fra den ene" in page
    inputs = [
        re.findall(r'value="?([\w ]*)', each) for each in re.findall(r'<input[^>]* name="?5\b[^>]*>', page)
    ]
    assert [value for each in inputs for value in each or [""]] == ["Paracet", "Ibux", ""]


async def test_a_page_of_long_ago_loses_nothing(world: World) -> None:
    await asked(world)
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    old = await opened(kari, address, 0)
    page = dict(old)
    for count in range(60):
        told = (await live(kari, address, page, _3=str(count), _4="")).json()
        page["revision"] = str(told["revision"])
    kept = await world.owner.fetchval("SELECT count(*) FROM form.draft_kept")
    conflict = await save(kari, address, old, _3="99", _4="Gammel")

    assert kept == 50
    assert conflict.status_code == 409
    assert _values(await answers(world)) == {"pain": 59, "note": "Gammel"}


async def test_the_same_page_sent_twice_is_kept_once(world: World) -> None:
    await asked(world)
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    page = await opened(kari, address, 0)
    one = (await live(kari, address, page, _4="Noe")).json()
    two = (await live(kari, address, page, _4="Noe")).json()
    assert (one["revision"], one["reload"]) == (2, False)
    assert not two["reload"]
    assert await world.owner.fetchval("SELECT revision FROM form.draft") == 2


def _values(drafts: list) -> dict[str, object]:  # type: ignore[type-arg]
    (draft,) = drafts
    return {
        node["linkId"]: next(iter(node["answer"][0].values()))
        for group in draft
        for node in group["item"]
        if node.get("answer")
    }


def _form_of(page: str) -> dict[str, str]:
    form = page[page.index('<form class="stack"') :]
    inputs = re.findall(r'<input type="?hidden"? name="?([\w-]+)"? value="?([^">]*)"?', form)
    return {name: html.unescape(value) for name, value in inputs} | {"m": fields(page)["m"]}
