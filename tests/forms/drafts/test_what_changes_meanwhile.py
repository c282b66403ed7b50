"""The form gets a new version, the task is cancelled or answered, the login ends: what was written is there."""

import re

from access.permits import handle, permit, person_of
from forms.drafts.begun import (
    answers,
    asked,
    begin,
    children,
    items,
    opened,
    questionnaire,
    save,
    task,
    task_id,
)
from innsyn.access.capability import EVERYTHING, Capability
from world import KARI, OLA, World


async def test_a_new_version_takes_the_answers_along_and_tells_what_it_has_no_place_for(world: World) -> None:
    await asked(world)
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    page = await opened(kari, address, 0)
    await save(kari, address, page, _1="true", _3="4", _4="Husk dette")

    (night,) = items()
    night["item"] = [each for each in night["item"] if each["linkId"] != "note"]
    await world.take(questionnaire("2.0", item=[night, children()]), version=2)
    # A page of the old version, still open in another tab, whose numbers mean something else by now.
    late = await save(kari, address, {**page, "revision": "2"}, _1="true", _3="5", _4="Husk dette")
    assert late.status_code == 303

    moved = await kari.get(address)
    assert moved.status_code == 303
    told = await kari.get(moved.headers["location"])
    assert told.status_code == 200
    assert "Husk dette" in told.text
    assert "Noe annet" in told.text
    (draft,) = await answers(world)
    assert draft[0]["item"] == [
        {"linkId": "sleep", "answer": [{"valueBoolean": True}]},
        {"linkId": "pain", "answer": [{"valueInteger": 5}]},
    ]
    # It is told until it is seen.
    assert "Husk dette" in (await kari.get(f"{address}/check")).text
    assert 'name="do" value="seen"' in told.text
    page = await opened(kari, address, 0)
    await save(kari, address, page, "seen", _1="true", _3="5")
    assert "Husk dette" not in (await kari.get(address)).text


async def test_a_page_of_the_old_version_finds_its_questions_in_the_new_one(world: World) -> None:
    await asked(world)
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    old = await opened(kari, address, 0)
    (night,) = items()
    first = {"linkId": "first", "type": "string", "text": "Helt nytt"}
    await world.take(questionnaire("2.0", item=[first, night, children()]), version=2)
    await kari.get(address)

    await save(kari, address, old, _1="true", _3="4", _4="Fra den gamle siden")
    (draft,) = await answers(world)
    assert [node["linkId"] for node in draft] == ["night"]
    assert draft[0]["item"][-1] == {"linkId": "note", "answer": [{"valueString": "Fra den gamle siden"}]}


async def test_a_task_that_is_cancelled_leaves_the_draft_to_be_read_and_thrown_away(world: World) -> None:
    await asked(world)
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    await save(kari, address, await opened(kari, address, 0), _1="true", _4="Til legen")
    await world.take(task(status="cancelled", statusReason={"text": "Timen er flyttet"}), version=2)

    page = await kari.get(address)
    assert page.status_code == 200
    assert "Timen er flyttet" in page.text
    assert "Til legen" in page.text
    sent = await kari.post(f"{address}/send", data={"revision": "2"})
    assert sent.headers["location"] == address
    assert await world.owner.fetchval("SELECT count(*) FROM journal.outbox") == 0
    assert "slett" in (await kari.get(f"{address}/discard")).text.lower()
    await kari.post(f"{address}/discard")
    assert (await kari.get(address)).status_code == 404
    assert await world.owner.fetchval("SELECT count(*) FROM form.draft_kept") == 0


async def test_what_is_sent_after_the_session_is_over_is_kept_in_the_page(world: World) -> None:
    await asked(world)
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    page = await opened(kari, address, 0)
    await world.owner.execute("UPDATE identity.session SET ended_at = now(), ended_why = 'elsewhere'")
    kept = await save(kari, address, page, "next", _1="true", _4="Skrevet før jeg gikk")

    assert kept.status_code == 401
    assert "Skrevet før jeg gikk" in kept.text
    assert re.search(rf'action="/session/send/[\w-]+{address}"', kept.text)


async def test_a_draft_that_the_form_does_not_want_kept_is_gone_with_the_login(world: World) -> None:
    keeps = {
        "url": "http://helsenorge.no/fhir/StructureDefinition/sdf-save-capabilities",
        "valueCoding": {"system": "urn:oid:2.16.578.1.12.4.1.1.9999", "code": "2"},
    }
    await asked(world, extension=[keeps])
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    await save(kari, address, await opened(kari, address, 0), _1="true", _4="Bare nå")
    assert "Bare nå" in (await kari.get(f"{address}?step=0")).text
    assert await begin(world, kari) == address
    task = f"/forms/tasks/{await task_id(world)}"
    for page in ("/", "/forms", task):
        assert f'href="{address}"' in (await kari.get(page)).text, page

    later = await world.log_in(KARI)
    for page in ("/", "/forms", task):
        assert "/forms/drafts/" not in (await later.get(page)).text, page
    assert (await later.get(address)).status_code == 404
    await world.owner.execute("UPDATE identity.session SET ended_at = now() WHERE ended_at IS NULL")
    again = await world.log_in(KARI)
    assert await begin(world, again) != address
    assert await world.owner.fetchval("SELECT count(*) FROM form.draft") == 1


async def test_a_helper_begins_a_draft_of_their_own_which_the_person_does_not_see(world: World) -> None:
    await asked(world)
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    await permit(world, OLA, KARI, rule="fullmakt")
    base = f"/for/{await handle(world, ola, await person_of(world, KARI))}"
    karis = await begin(world, kari)
    olas = await begin(world, ola, base)
    await save(ola, olas, await opened(ola, olas, 0), _1="true", _4="Olas ord")

    assert olas.removeprefix(base) != karis
    assert "Olas ord" not in (await kari.get(f"{karis}?step=0")).text
    assert (await kari.get(olas.removeprefix(base))).status_code == 404
    assert (await ola.get(olas.removeprefix(base))).status_code == 404
    assert (await ola.get(f"{base}{karis}")).status_code == 404
    rows = await world.owner.fetch("SELECT person_id, author_id FROM form.draft ORDER BY started_at")
    assert [tuple(row) for row in rows] == [
        (await person_of(world, KARI), await person_of(world, KARI)),
        (await person_of(world, KARI), await person_of(world, OLA)),
    ]


async def test_who_may_not_answer_forms_begins_none_and_a_permit_that_ends_closes_the_draft(
    world: World,
) -> None:
    await asked(world)
    ola = await world.log_in(OLA)
    origin = await permit(world, OLA, KARI, capabilities=EVERYTHING & ~Capability.FORMS, rule="fullmakt")
    base = f"/for/{await handle(world, ola, await person_of(world, KARI))}"
    refused = await ola.post(f"{base}/forms/tasks/{await task_id(world)}/start")
    assert refused.status_code == 404

    change = "UPDATE access.permit SET capabilities = $2 WHERE origin_id = $1"
    await world.owner.execute(change, origin, int(EVERYTHING))
    address = await begin(world, ola, base)
    await save(ola, address, await opened(ola, address, 0), _4="Olas ord")
    await world.owner.execute(change, origin, int(Capability.SEE))
    assert (await ola.get(address)).status_code == 404
    assert (await save(ola, address, {"on": "4", "revision": "2", "step": "0"}, _4="Mer")).status_code == 404
