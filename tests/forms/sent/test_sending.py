"""A form is sent once, however often and from wherever it is tried, and read by those whom it is for."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from access.permits import handle, permit, person_of
from forms.drafts.begun import asked, begin, fields, opened, questionnaire, save, send, task
from innsyn.access.capability import EVERYTHING, Capability
from world import KARI, OLA, World


async def test_what_is_sent_leaves_as_a_response_with_a_receipt_and_the_draft_is_gone(world: World) -> None:
    await asked(world)
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    await save(kari, address, await opened(kari, address, 0), _1="true", _2="Ikke spurt om", _3="4")
    answer = await send(kari, address)
    assert answer.headers["location"].startswith("/forms/sent/")

    page = await kari.get(answer.headers["location"])
    row = await world.owner.fetchrow("SELECT * FROM form.sent")
    assert row["receipt"] in page.text
    assert await world.owner.fetchval("SELECT count(*) FROM form.draft") == 0
    assert await world.owner.fetchval("SELECT count(*) FROM form.draft_kept") == 0
    assert (await kari.get(address)).headers["location"] == f"/forms/sent/{row['sent_id']}"

    kari_id = str(await person_of(world, KARI))
    left = await world.owner.fetchrow("SELECT * FROM journal.outbox")
    person = {"identifier": {"system": "urn:innsyn:person", "value": kari_id}}
    response = msgspec.json.decode(left["resource"])
    assert response.pop("authored")
    assert response == {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": "https://example.test/Questionnaire/before-the-visit|1.0",
        "status": "completed",
        "subject": person,
        "author": person,
        "source": person,
        "extension": [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/event-basedOn",
                "valueReference": {
                    "type": "Task",
                    "identifier": {
                        "system": "urn:ietf:rfc:3986",
                        "value": f"urn:uuid:{UUID(int=7)}",
                    },
                },
            }
        ],
        "item": [
            {
                "linkId": "night",
                "text": "Natten",
                "item": [
                    {"linkId": "sleep", "text": "Sover du godt?", "answer": [{"valueBoolean": True}]},
                    {"linkId": "pain", "text": "Smerter", "answer": [{"valueInteger": 4}]},
                ],
            }
        ],
    }
    told = await kari.get(f"/api/forms/sent/{row['sent_id']}")
    assert told.headers["content-type"] == "application/fhir+json"
    assert told.content == left["resource"]
    assert (left["conversation"], left["resource_type"]) == (row["task_id"], "QuestionnaireResponse")


async def test_what_is_missing_is_said_with_a_link_and_nothing_is_sent(world: World) -> None:
    await asked(world)
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    stays = await save(kari, address, await opened(kari, address, 0), "next", _3="mye")
    assert stays.headers["location"] == f"{address}?step=0&mend=1"
    assert "mye" in (await kari.get(stays.headers["location"])).text

    check = await kari.get(f"{address}/check")
    assert f"{address}?step=0&amp;mend=1#" in check.text
    refused = await kari.post(f"{address}/send", data={"revision": "2"})
    assert refused.headers["location"] == f"{address}/check"
    assert await world.owner.fetchval("SELECT count(*) FROM journal.outbox") == 0


async def test_two_tabs_a_second_click_and_a_key_sent_again_are_one_thing_sent(world: World) -> None:
    await asked(world)
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    await save(kari, address, await opened(kari, address, 0), _1="true")
    one = fields((await kari.get(f"{address}/check")).text)
    two = fields((await kari.get(f"{address}/check")).text)
    assert one["key"] != two["key"]

    tries = [kari.post(f"{address}/send", data=page) for page in (one, two, one, two)]
    answers = await asyncio.gather(*tries)
    again = await kari.post(f"{address}/send", data=one)
    places = {each.headers["location"].partition("?")[0] for each in (*answers, again)}
    assert len(places) == 1
    assert await world.owner.fetchval("SELECT count(*) FROM journal.outbox") == 1
    assert await world.owner.fetchval("SELECT count(*) FROM form.sent") == 1


async def test_what_was_changed_after_it_was_read_through_is_read_through_again(world: World) -> None:
    await asked(world)
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    page = await opened(kari, address, 0)
    await save(kari, address, page, _1="true")
    read = fields((await kari.get(f"{address}/check")).text)
    await save(kari, address, {**page, "revision": "2"}, _1="true", _3="9")
    again = await kari.post(f"{address}/send", data=read)
    assert again.headers["location"] == f"{address}/check"
    assert (await send(kari, address)).headers["location"].startswith("/forms/sent/")


async def test_two_helpers_answer_one_task_once_and_the_other_is_told(world: World) -> None:
    await asked(world)
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    await permit(world, OLA, KARI, rule="fullmakt")
    base = f"/for/{await handle(world, ola, await person_of(world, KARI))}"
    karis, olas = await begin(world, kari), await begin(world, ola, base)
    await save(kari, karis, await opened(kari, karis, 0), _1="true", _4="Fra Kari")
    await save(ola, olas, await opened(ola, olas, 0), _1="false", _2="Uro", _4="Fra Ola")
    checked = [fields((await kari.get(f"{karis}/check")).text), fields((await ola.get(f"{olas}/check")).text)]

    sent = await asyncio.gather(
        kari.post(f"{karis}/send", data=checked[0]), ola.post(f"{olas}/send", data=checked[1])
    )
    places = sorted(each.headers["location"].removeprefix(base) for each in sent)
    assert sum("/forms/sent/" in place for place in places) == 1
    assert await world.owner.fetchval("SELECT count(*) FROM journal.outbox") == 1
    told = await (kari.get(karis) if "/drafts/" in sent[0].headers["location"] else ola.get(olas))
    assert told.status_code == 200
    assert "allerede besvart" in told.text


async def test_a_helpers_answers_tell_author_and_subject_apart_and_both_may_read_them(world: World) -> None:
    await asked(world)
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    await permit(world, OLA, KARI, rule="fullmakt")
    base = f"/for/{await handle(world, ola, await person_of(world, KARI))}"
    address = await begin(world, ola, base)
    await save(ola, address, await opened(ola, address, 0), _1="true", _4="Skrevet av Ola")
    sent = (await send(ola, address)).headers["location"].partition("?")[0]

    response = msgspec.json.decode(await world.owner.fetchval("SELECT resource FROM journal.outbox"))
    people = [str(await person_of(world, number)) for number in (KARI, OLA)]
    assert [response[who]["identifier"]["value"] for who in ("subject", "author")] == people
    for browser, place in ((ola, sent), (kari, sent.removeprefix(base))):
        page = await browser.get(place)
        assert "Skrevet av Ola" in page.text
        assert "Ola Nordli" in page.text
    assert (await ola.get(sent.removeprefix(base))).status_code == 404

    await world.owner.execute(
        "UPDATE access.permit SET capabilities = $1 WHERE origin = 'fullmakt'", int(Capability.SEE)
    )
    assert (await ola.get(sent)).status_code == 404
    assert (await ola.get(f"{base}/api/forms/sent/{sent.rpartition('/')[2]}")).status_code == 404
    assert (await kari.get(sent.removeprefix(base))).status_code == 200


async def test_what_only_the_citizen_may_fill_in_no_helper_reads(world: World) -> None:
    only = {"system": "http://helsenorge.no/fhir/KanUtforesAv", "code": "1"}
    await asked(world, meta={"security": [only]})
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    await permit(world, OLA, KARI, capabilities=int(EVERYTHING), rule="fullmakt")
    base = f"/for/{await handle(world, ola, await person_of(world, KARI))}"
    address = await begin(world, kari)
    await save(kari, address, await opened(kari, address, 0), _1="true", _4="Bare for legen")
    sent = (await send(kari, address)).headers["location"].partition("?")[0]
    assert "Bare for legen" in (await kari.get(sent)).text
    assert (await ola.get(f"{base}{sent}")).status_code == 404
    assert "Bare for legen" not in (await ola.get(f"{base}/api/forms")).text


async def test_programs_are_told_of_tasks_drafts_and_what_was_sent(world: World) -> None:
    await asked(world, task("t2", of="ola"))
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    address = await begin(world, kari)
    before = (await kari.get("/api/forms")).json()
    assert [len(before[name]) for name in ("tasks", "drafts", "sent")] == [1, 1, 0]
    assert before["drafts"][0]["title"] == "Før timen"
    await save(kari, address, await opened(kari, address, 0), _1="true")
    await send(kari, address)
    after = (await kari.get("/api/forms")).json()
    assert [len(after[name]) for name in ("tasks", "drafts", "sent")] == [1, 0, 1]
    assert after["sent"][0]["state"] == "waiting"
    olas = (await ola.get("/api/forms")).json()
    assert [len(olas[name]) for name in ("tasks", "drafts", "sent")] == [1, 0, 0]


async def test_a_task_that_was_answered_is_not_begun_again(world: World) -> None:
    await asked(world)
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    await save(kari, address, await opened(kari, address, 0), _1="true")
    await send(kari, address)
    task_id = await world.owner.fetchval("SELECT task_id FROM form.task")
    assert (await kari.post(f"/forms/tasks/{task_id}/start")).status_code == 409


async def test_what_was_sent_before_the_unit_asked_again_is_found_from_what_was_sent_now(
    world: World,
) -> None:
    await asked(world)
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    await permit(world, OLA, KARI, rule="fullmakt")
    base = f"/for/{await handle(world, ola, await person_of(world, KARI))}"
    places = []
    for browser, under in ((kari, ""), (ola, base)):
        address = await begin(world, browser, under)
        await save(browser, address, await opened(browser, address, 0), _1="true")
        sent = (await send(browser, address)).headers["location"].partition("?")[0]
        places.append(sent.removeprefix(under))
        again = datetime.now(UTC) + timedelta(milliseconds=1)
        await world.take(task(authoredOn=again.isoformat()), version=2 + len(places))
    first, second = places

    title = "Sendt tidligere på samme forespørsel"
    receipt = await world.owner.fetchval("SELECT receipt FROM form.sent ORDER BY sent_at LIMIT 1")
    for browser, under in ((kari, ""), (ola, base)):
        page = (await browser.get(f"{under}{second}")).text
        assert (title in page, f'href="{under}{first}"' in page, receipt in page) == (True, True, True)
        assert f'href="{under}{second}/receipt.pdf"' in page
        assert title not in (await browser.get(f"{under}{first}")).text
    # What only the person may see of it is not told to others.
    await world.owner.execute(
        "UPDATE form.sent SET is_shared = false WHERE author_id = $1", await person_of(world, KARI)
    )
    page = (await ola.get(f"{base}{second}")).text
    assert (title in page, receipt in page) == (False, False)


async def test_a_form_by_choice_is_begun_once_and_sent_as_often_as_one_likes(world: World) -> None:
    await asked(world)
    await world.take(questionnaire())
    kari = await world.log_in(KARI)
    await world.owner.execute("UPDATE form.questionnaire SET by_choice = true")
    form = await world.owner.fetchval("SELECT questionnaire_id FROM form.questionnaire")
    receipts = set()
    for _ in range(2):
        begun = await kari.post("/forms/start", data={"form": str(form)})
        address = begun.headers["location"]
        assert (await kari.post("/forms/start", data={"form": str(form)})).headers["location"] == address
        await save(kari, address, await opened(kari, address, 0), _1="true")
        receipts.add((await send(kari, address)).headers["location"])
    assert len(receipts) == 2
    assert await world.owner.fetchval("SELECT count(*) FROM journal.outbox") == 2
