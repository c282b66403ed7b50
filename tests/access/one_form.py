"""Kari is asked two forms and gives Ola one of them; Per is somebody else whom she has given the other."""

from typing import Any, NamedTuple
from uuid import UUID

import httpx

from access.fullmakt.giving import given
from access.permits import handle, person_of
from files import hostile
from forms.drafts import begun
from world import KARI, OLA, World, patient, result

PER = "10907295813"
# The number of the question of files, after the two steps of the form.
FILE = "9"


class Two(NamedTuple):
    """`base` begins the addresses of Kari's record for Ola; `one` is the task he was given, `other` is not."""

    world: World
    kari: httpx.AsyncClient
    ola: httpx.AsyncClient
    base: str
    one: UUID
    other: UUID
    fullmakt: str


async def asked(world: World) -> tuple[httpx.AsyncClient, httpx.AsyncClient, UUID, UUID]:
    """Kari with a result and two tasks of the same form, that wants a file as well; Ola with a task of his own."""
    files = {"linkId": "picture", "type": "attachment", "text": "Bilde", "repeats": True}
    group: dict[str, Any] = {
        "extension": [begun.STEP],
        "linkId": "all",
        "type": "group",
        "text": "Alt",
        "item": [files],
    }
    await world.take(
        patient("kari", KARI, "Kari"),
        patient("ola", OLA, "Ola"),
        patient("per", PER, "Per"),
        result("r", "kari", "Karis prøve"),
        begun.questionnaire(item=[*begun.items(), begun.children(), group]),
        begun.task("t1", description="Det ene skjemaet"),
        begun.task("t2", description="Det andre skjemaet"),
        begun.task("t3", of="ola", description="Olas eget"),
    )
    rows = await world.owner.fetch("SELECT key, task_id FROM form.task")
    ids = {row["key"].rpartition("/")[2]: row["task_id"] for row in rows}
    return await world.log_in(KARI), await world.log_in(OLA), ids["t1"], ids["t2"]


async def two(world: World) -> Two:
    """And the one is given, the whole way through the front door."""
    kari, ola, one, other = await asked(world)
    address = await given(kari, ola, "Kari Nordli", level="form", task=str(one), lasts="months")
    base = f"/for/{await handle(world, ola, await person_of(world, KARI))}"
    return Two(world, kari, ola, base, one, other, address)


async def begin(browser: httpx.AsyncClient, task: UUID, base: str = "") -> str:
    """The address of the draft that answers this task."""
    answer = await browser.post(f"{base}/forms/tasks/{task}/start")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def answered(browser: httpx.AsyncClient, draft: str, **values: object) -> None:
    """The first step is answered: what has to be."""
    page = await begun.opened(browser, draft, 0)
    answer = await begun.save(browser, draft, page, "update", **{"_1": "true", **values})
    assert answer.status_code == 303, answer.text


async def sent(browser: httpx.AsyncClient, draft: str) -> str:
    """The address of the receipt."""
    answer = await begun.send(browser, draft)
    where = answer.headers["location"].partition("?")[0]
    assert "/forms/sent/" in where, where
    return where


async def added(world: World, browser: httpx.AsyncClient, draft: str, base: str = "") -> str:
    """The address of a file in this draft."""
    page = (await browser.get(f"{draft}?step=2")).text
    answer = await browser.post(
        f"{draft}/files",
        data={"field": FILE, "step": "2", **{k: v for k, v in begun.fields(page).items() if k == "form"}},
        files={"file": ("bilde.png", hostile.screenshot(), "image/png")},
    )
    assert answer.status_code == 303, answer.text
    file = await world.owner.fetchval("SELECT file_id FROM form.file ORDER BY at DESC LIMIT 1")
    return f"{base}/forms/files/{file}"
