"""A task is answered once, also by two who may not read each other's answers; and no draft of it is lost."""

import re
from datetime import date

from access.permits import handle, permit, person_of
from forms.drafts.begun import asked, begin, opened, save, send, task, task_id
from innsyn.access.book.rule import Who
from innsyn.access.book.versions import VERSIONS
from world import KARI, OLA, World

_CODES = "http://helsenorge.no/fhir/KanUtforesAv"
_PARENT = next(rule.key for book in VERSIONS for rule in book.rules if rule.who is Who.PARENT)


async def test_what_a_young_person_has_answered_the_parent_does_not_answer_again_nor_learns_who_did(
    world: World,
) -> None:
    await asked(world, meta={"security": [{"system": _CODES, "code": code} for code in ("7", "3")]})
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    await permit(world, OLA, KARI, rule=_PARENT)
    base = f"/for/{await handle(world, ola, await person_of(world, KARI))}"
    await world.owner.execute(
        "UPDATE identity.person SET birth_date = $1 WHERE person_id = $2",
        date(2012, 5, 1),
        await person_of(world, KARI),
    )
    karis, olas = await begin(world, kari), await begin(world, ola, base)
    await save(kari, karis, await opened(kari, karis, 0), _1="true", _4="Bare mitt")
    await save(ola, olas, await opened(ola, olas, 0), _1="true", _4="Fra en forelder")
    sent = (await send(kari, karis)).headers["location"].partition("?")[0]
    refused = await send(ola, olas)
    assert refused.headers["location"] == olas
    assert await world.owner.fetchval("SELECT count(*) FROM journal.outbox") == 1
    assert await world.owner.fetchval("SELECT count(*) FROM form.draft") == 1

    closed = (await ola.get(olas)).text
    one = (await ola.get(f"{base}/forms/tasks/{await task_id(world)}")).text
    listed = (await ola.get(f"{base}/forms")).text
    assert "allerede besvart" in closed
    assert "Fra en forelder" in closed
    assert "besvart på en annen måte" in one
    # What the parent wrote is found all the same.
    assert olas in listed
    receipt = await world.owner.fetchval("SELECT receipt FROM form.sent")
    pages = [closed, one, listed, (await ola.get(f"{base}/")).text, (await ola.get(f"{base}/api/forms")).text]
    for page in pages:
        assert not re.search(f"Bare mitt|/forms/sent/|{receipt}", page)
    assert (await ola.get(f"{base}{sent}")).status_code == 404
    assert (await kari.get(sent)).status_code == 200


async def test_what_was_begun_is_found_when_its_task_was_asked_by_mistake(world: World) -> None:
    await asked(world)
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    address = await begin(world, kari)
    await save(kari, address, await opened(kari, address, 0), _1="true", _4="Mine ord")
    # While it is asked for, it has one line: that of the task.
    assert (await kari.get("/forms")).text.count(address) == 1
    await world.take(task(status="cancelled"), version=2)
    assert address not in (await kari.get("/forms")).text
    await world.take(task(status="entered-in-error"), version=3)
    assert await world.owner.fetchval("SELECT count(*) FROM form.task") == 0
    assert (await kari.get("/forms")).text.count(address) == 1
    assert "Mine ord" in (await kari.get(f"{address}?step=0")).text
    assert address not in (await ola.get("/forms")).text
