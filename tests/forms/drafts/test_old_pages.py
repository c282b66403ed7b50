"""A page that was left open, of another version or of long ago: what is typed on it lands where it was asked."""

import html
import json
import re
from typing import Any
from uuid import uuid4

import httpx
import pytest

from forms.drafts.begun import (
    answers,
    asked,
    begin,
    children,
    fields,
    items,
    live,
    opened,
    questionnaire,
    save,
)
from world import KARI, OLA, World

SMOKE = {"linkId": "smoke", "type": "boolean", "text": "Røyker du?"}
ALLERGY = {"linkId": "allergy", "type": "boolean", "text": "Allergisk mot penicillin?"}
NOTE = {"linkId": "note", "type": "string", "text": "Noe annet"}
CHILD = {
    "linkId": "child",
    "type": "group",
    "repeats": True,
    "text": "Barn",
    "item": [
        {"linkId": "name", "type": "string", "text": "Navn"},
        {"linkId": "medicine", "type": "string", "text": "Medisin"},
    ],
}


async def test_a_page_of_an_old_version_that_nobody_remembers_answers_its_own_questions(world: World) -> None:
    kari, address, old = await _kari(world, item=[SMOKE])
    await world.take(questionnaire("2.0", item=[ALLERGY, SMOKE, NOTE]), version=2)
    await kari.get(address)
    page = await _long_after(world, kari, address, "2")

    told = await live(kari, address, old, _0="true")

    assert (told.status_code, told.json()["reload"]) == (200, True)
    assert await answers(world) == [
        [_answer("smoke", valueBoolean=True), _answer("note", valueString="54")],
    ]
    # The page has not been drawn anew yet: its next save is about its own questions too.
    again = await live(kari, address, {**old, "revision": str(told.json()["revision"])}, _0="true")
    assert again.status_code == 200
    assert (await answers(world))[0][0] == _answer("smoke", valueBoolean=True)
    assert page["form"] != old["form"]


async def test_a_page_that_does_not_say_its_version_and_is_too_old_is_refused(world: World) -> None:
    kari, address, old = await _kari(world, item=[SMOKE, ALLERGY, NOTE])
    await _long_after(world, kari, address, "2")
    before = await answers(world)
    old.pop("form")

    # As for a form that is gone: the page says what was typed on it.
    assert (await live(kari, address, old, _0="true")).status_code == 410
    assert (await live(kari, address, {**old, "form": str(uuid4())}, _0="true")).status_code == 410
    assert (await live(kari, address, {**old, "form": "x"}, _0="true")).status_code == 400
    assert await answers(world) == before


async def test_a_page_that_can_not_be_kept_is_answered_with_what_was_typed_on_it(world: World) -> None:
    kari, address, old = await _kari(world, item=[SMOKE, NOTE, {**NOTE, "linkId": "born", "type": "date"}])
    ola = await world.log_in(OLA)
    typed = {"0": "true", "1": "Vondt i <kneet>", "2-d": "17", "2-m": "5", "2-y": "1980", "do": "next"}
    page = {**old, "form": str(uuid4()), **typed}

    told = await kari.post(address, data=page)

    assert told.status_code == 409
    said = re.findall(r'<li class="reading">(.*?)</li>', told.text)
    assert [html.unescape(each) for each in said] == ["Vondt i <kneet>", "17.5.1980"]
    assert "ett svar, som må velges på nytt" in told.text
    assert f'href="{address}?step=0"' in told.text
    assert (await answers(world))[0] == []
    others = await ola.post(address, data={**page, "m": await _mark(ola)})
    assert (others.status_code, "kneet" in others.text) == (404, False)


async def test_mine_is_what_was_typed_where_an_instance_has_moved(world: World) -> None:
    kari, address, _ = await _kari(world, item=[CHILD])
    anna, bo = {"1.0": "Anna", "2.0": "Paracet"}, {"1.1": "Bo", "2.1": "Ibux"}
    await _post(kari, address, "add:0.0", **anna)
    await _post(kari, address, "update", **anna, **bo)
    page = await opened(kari, address)
    await kari.post(address, data={**page, **anna, **bo, "2.1": "Ibux 200", "do": "remove:0.0"})
    conflict = await kari.post(address, data={**page, **anna, **bo, "2.1": "Ibux 400", "do": "next"})
    assert conflict.status_code == 409
    sides = _form_of(conflict.text)

    await kari.post(address, data={**sides, f"c-{sides['on']}": "mine"})

    (child,) = (await answers(world))[0]
    assert child["item"] == [_answer("name", valueString="Bo"), _answer("medicine", valueString="Ibux 400")]


@pytest.mark.parametrize("before", [1, 2])
async def test_mine_is_what_was_typed_where_the_question_has_another_number(
    world: World, before: int
) -> None:
    a, b, x, y = ({"linkId": link, "type": "string", "text": link} for link in "abxy")
    kari, address, old = await _kari(world, item=[a, b])
    ola = await world.log_in(OLA)
    await world.take(questionnaire("2.0", item=[*[x, y][:before], a, b]), version=2)
    await kari.get(address)
    page = await opened(kari, address, 0)
    await kari.post(address, data={**page, f"{before}": "Fra mobilen", "do": "update"})
    conflict = await kari.post(address, data={**old, "0": "A fra PC", "1": "B fra PC", "do": "next"})
    assert conflict.status_code == 409
    sides = _form_of(conflict.text)
    assert sides["on"] == str(before)
    assert (await ola.post(address, data={**sides, "m": (await _mark(ola))})).status_code == 404

    await kari.post(address, data={**sides, f"c-{before}": "mine"})

    assert await answers(world) == [
        [_answer("a", valueString="A fra PC"), _answer("b", valueString="B fra PC")]
    ]


async def test_what_is_typed_for_a_question_that_is_no_more_is_told_and_not_dropped(world: World) -> None:
    kari, address, old = await _kari(world)
    (night,) = items()
    night["item"] = [each for each in night["item"] if each["linkId"] != "note"]
    await world.take(questionnaire("2.0", item=[night, children()]), version=2)
    await kari.get(address)

    first = await live(kari, address, old, _1="true", _3="", _4="Jeg tar")
    assert (first.status_code, first.json()["reload"]) == (200, True)
    page = {**old, "revision": str(first.json()["revision"])}
    second = await live(kari, address, page, _1="true", _3="", _4="Jeg tar blodfortynnende")
    await save(kari, address, page, _1="true", _3="", _4="Jeg tar blodfortynnende")

    assert second.json()["reload"]
    assert await _lost(world) == [{"text": "Noe annet", "answer": "Jeg tar blodfortynnende"}]
    assert "Jeg tar blodfortynnende" in (await kari.get(address)).text
    assert (await answers(world))[0][0]["item"] == [_answer("sleep", valueBoolean=True)]


async def test_what_is_typed_in_an_instance_that_has_been_removed_is_told_and_not_dropped(
    world: World,
) -> None:
    kari, address, _ = await _kari(world, item=[CHILD, NOTE])
    await _post(kari, address, "add:0.0", **{"1.0": "Anna"})
    old = await opened(kari, address)
    await kari.post(address, data={**old, "1.0": "Anna", "do": "remove:0.1"})
    await _long_after(world, kari, address, "3", **{"1.0": "Anna"})

    told = await kari.post(f"{address}/live", data={**old, "1.0": "Anna", "1.1": "Bo, hjertesyk", "3": "54"})

    assert (told.status_code, told.json()["reload"]) == (200, True)
    assert await _lost(world) == [{"text": "Navn", "answer": "Bo, hjertesyk"}]
    assert "Bo, hjertesyk" in (await kari.get(address)).text


@pytest.mark.parametrize("revision", ["99999999999", "-99999999999", "-1", "2147483648"])
async def test_a_revision_that_is_none_is_refused(world: World, revision: str) -> None:
    kari, address, page = await _kari(world)
    page["revision"] = revision
    assert (await save(kari, address, page, _1="true")).status_code == 400
    assert (await live(kari, address, page, _1="true")).status_code == 400
    assert await answers(world) == [[]]


async def test_two_forms_without_an_address_are_two_drafts(world: World) -> None:
    one, two = ({**questionnaire(), "id": id_, "title": id_} for id_ in ("one", "two"))
    one.pop("url"), two.pop("url")
    await asked(world, one, two)
    kari = await world.log_in(KARI)
    await world.owner.execute("UPDATE form.questionnaire SET by_choice = true")
    rows = await world.owner.fetch("SELECT title, questionnaire_id FROM form.questionnaire")
    ids = {row["title"]: str(row["questionnaire_id"]) for row in rows}
    begun = {
        title: (await kari.post("/forms/start", data={"form": ids[title]})).headers["location"]
        for title in ("one", "two", "one")
    }
    assert len(set(begun.values())) == 2
    assert await world.owner.fetchval("SELECT count(*) FROM form.draft") == 2
    for title, address in begun.items():
        assert (await opened(kari, address))["form"] == ids[title]


async def _kari(world: World, **form: Any) -> tuple[httpx.AsyncClient, str, dict[str, str]]:  # noqa: ANN401
    await asked(world, **form)
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    return kari, address, await opened(kari, address, 0)


async def _mark(browser: httpx.AsyncClient) -> str:
    return fields((await browser.get("/forms")).text)["m"]


async def _post(browser: httpx.AsyncClient, address: str, do: str, **values: str) -> None:
    page = await opened(browser, address)
    assert (await browser.post(address, data={**page, **values, "do": do})).status_code == 303


async def _long_after(
    world: World, browser: httpx.AsyncClient, address: str, name: str, **values: str
) -> dict[str, str]:
    """A page of now that says 54, when what older pages were made from is not kept any longer."""
    page = await opened(browser, address, 0)
    told = await browser.post(f"{address}/live", data={**page, **values, name: "54"})
    await world.owner.execute("DELETE FROM form.draft_kept WHERE revision < $1", told.json()["revision"])
    return page


async def _lost(world: World) -> list[dict[str, str]]:
    told: list[dict[str, str]] = json.loads(await world.owner.fetchval("SELECT lost FROM form.draft"))
    return told


def _answer(link_id: str, **value: object) -> dict[str, Any]:
    return {"linkId": link_id, "answer": [value]}


def _form_of(page: str) -> dict[str, str]:
    form = page[page.index('<form class="stack"') :]
    inputs = re.findall(r'<input type="?hidden"? name="?([\w.-]+)"? value="?([^">]*)"?', form)
    return {name: html.unescape(value) for name, value in inputs} | {"m": fields(page)["m"]}
