"""What is typed is kept and answered at once: what is asked now, what is wrong, and nothing of anybody else's."""

import re

import httpx

from access.permits import handle, permit, person_of
from forms.drafts.begun import asked, begin, live, opened, save
from world import KARI, OLA, World


async def test_what_follows_from_what_was_typed_is_told(world: World) -> None:
    await asked(world)
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    page = await opened(kari, address, 0)
    good = (await live(kari, address, page, _1="true", _3="mye")).json()
    assert good["fields"] == {"2": {"on": False}}
    assert list(good["problems"]) == ["3"]
    assert (good["revision"], good["reload"]) == (2, False)

    bad = (await live(kari, address, {**page, "revision": "2"}, _1="false", _3="3")).json()
    assert bad["fields"] == {"2": {"on": True}}
    assert bad["problems"] == {}


async def test_a_step_of_a_hundred_kilobytes_is_kept_and_more_than_fits_is_refused_whole(
    world: World,
) -> None:
    await asked(world)
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    page = await opened(kari, address, 0)
    large = await live(kari, address, page, _4="æ " * 20_000)
    assert large.status_code == 200, large.text
    assert (await live(kari, address, page, _4="x" * 300_000)).status_code == 413
    for body in ("revision=x", "on=%ff&revision=1", "revision=1&" + "a=b&" * 31_000):
        answer = await kari.post(
            address, content=body, headers={"content-type": "application/x-www-form-urlencoded"}
        )
        assert answer.status_code == 400, body[:30]


async def test_autosaves_of_a_helper_stand_in_the_log_as_one_episode(world: World) -> None:
    await asked(world)
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    await permit(world, OLA, KARI, rule="fullmakt")
    base = f"/for/{await handle(world, ola, await person_of(world, KARI))}"
    address = await begin(world, ola, base)
    page = await opened(ola, address, 0)
    for count in range(5):
        page["revision"] = str((await live(ola, address, page, _3=str(count))).json()["revision"])
    acts = await world.owner.fetch(
        "SELECT purpose, count(*) FROM access.log WHERE act AND subject_id = $1 GROUP BY 1 ORDER BY 1",
        await person_of(world, KARI),
    )
    assert [tuple(row) for row in acts] == [("forms.save", 5), ("forms.start", 1)]
    log = (await kari.get("/access/log")).text
    assert log.count("Ola Nordli") == 1
    assert "én visning · 6 handlinger" in log
    episode = re.findall(r"/access/log/readings/\d+", log)
    assert "fylte ut skjema" in (await kari.get(episode[0])).text.lower()


async def test_a_page_is_one_round_trip_and_a_save_as_many_for_three_questions_as_for_three_hundred(
    world: World,
) -> None:
    await asked(world)
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    few = await opened(kari, address, 0)
    before = world.pool.asked
    await kari.get(address)
    assert world.pool.asked - before == 1
    few_asked = await _statements(world, kari, address, few)
    # Whose the page was, the act, what is there, what is kept; and the transaction around it.
    assert len(few_asked) == 6

    many = [{"linkId": f"q{n}", "type": "string", "text": f"Spørsmål {n}"} for n in range(300)]
    await asked(world, version="9", item=[{"linkId": "all", "type": "group", "text": "Alt", "item": many}])
    await kari.get(address, follow_redirects=True)
    page = await opened(kari, address, 0)
    assert len(page["on"].split()) == 300
    assert await _statements(world, kari, address, page) == few_asked


async def test_a_form_knows_the_person_it_is_about_and_no_number(world: World) -> None:
    launch = {
        "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-launchContext",
        "extension": [
            {"url": "name", "valueCoding": {"code": "patient"}},
            {"url": "type", "valueCode": "Patient"},
        ],
    }
    known = {
        "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-initialExpression",
        "valueExpression": {
            "language": "text/fhirpath",
            "expression": "%patient.name.first().family + ' ' + %patient.birthDate.toString()",
        },
    }
    item = {"linkId": "who", "type": "string", "text": "Hvem", "extension": [known]}
    await asked(world, extension=[launch], item=[item])
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    address = await begin(world, kari)
    page = (await kari.get(address)).text
    assert "Nordli 1968-04-12" in page
    assert KARI not in page
    assert (await ola.get(address)).status_code == 404
    await save(kari, address, await opened(kari, address), _0="Noe annet")
    assert "Nordli 1968" not in (await kari.get(address)).text


async def _statements(
    world: World, browser: httpx.AsyncClient, address: str, page: dict[str, str]
) -> list[str]:
    """The statements that a save takes, as asyncpg sends them."""
    said: list[str] = []
    connections = [holder._con for holder in world.pool._pool._holders if holder._con]

    def hear(query: object) -> None:
        said.append(str(query.query))  # type: ignore[attr-defined]

    for connection in connections:
        connection.add_query_logger(hear)
    answer = await live(browser, address, page, _1="true")
    for connection in connections:
        connection.remove_query_logger(hear)
    assert answer.status_code == 200
    return said
