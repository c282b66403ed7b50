"""A form that somebody else has answered is not begun, also by whoever may not read what was answered."""

from datetime import date

from access.permits import handle, permit, person_of
from forms.drafts.begun import asked, begin, opened, save, send, task_id
from innsyn.access.book.rule import Who
from innsyn.access.book.versions import VERSIONS
from world import KARI, OLA, World

_CODES = "http://helsenorge.no/fhir/KanUtforesAv"
_PARENT = next(rule.key for book in VERSIONS for rule in book.rules if rule.who is Who.PARENT)


async def test_a_parent_does_not_begin_what_a_young_person_has_answered_alone(world: World) -> None:
    await asked(world, meta={"security": [{"system": _CODES, "code": code} for code in ("7", "3")]})
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    await permit(world, OLA, KARI, rule=_PARENT)
    base = f"/for/{await handle(world, ola, await person_of(world, KARI))}"
    born = "UPDATE identity.person SET birth_date = $1 WHERE person_id = $2"
    await world.owner.execute(born, date(2012, 5, 1), await person_of(world, KARI))
    karis = await begin(world, kari)
    await save(kari, karis, await opened(kari, karis, 0), _1="true", _4="Bare mitt")
    assert (await send(kari, karis)).status_code == 303
    refused = await ola.post(f"{base}/forms/tasks/{await task_id(world)}/start")
    assert (refused.status_code, "Bare mitt" in refused.text) == (409, False)
    assert await world.owner.fetchval("SELECT count(*) FROM form.draft") == 0
