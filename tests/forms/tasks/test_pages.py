"""What a citizen, a parent and a helper meet of forms, and what nobody else does."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from access.family import ELLA, MARTE, PER, citizen, guardian, parent
from access.permits import handle, permit, person_of, token_of
from access.test_acting import open_as
from forms.tasks.asking import asked, form
from innsyn.access.audience import Audience
from innsyn.access.capability import Capability
from innsyn.forms.tasks.reminding import remind
from world import KARI, OLA, World, patient

_SEE = int(Capability.SEE)
_FORMS = int(Capability.SEE | Capability.FORMS)


@pytest.fixture
async def two(world: World) -> World:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    return world


async def _task(world: World, number: str = KARI) -> UUID:
    found: UUID = await world.owner.fetchval(
        "SELECT task_id FROM form.task WHERE person_id = $1 ORDER BY key", await person_of(world, number)
    )
    return found


def _in(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="seconds")


def _lines(page: httpx.Response, heading: str) -> list[str]:
    """The lines below a heading, as text."""
    section = page.text.partition(f">{heading}</h2>")[2].partition("</section>")[0]
    return [
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", each)).strip()
        for each in re.findall(r'<li class="line">(.*?)</li>', section, re.DOTALL)
    ]


async def test_the_first_page_tells_what_is_to_be_filled_in_soonest_first_in_one_question(two: World) -> None:
    await two.take(
        form(),
        asked("far", end="2031-11-28"),
        asked("over", end="2026-11-21"),
        asked("open"),
        asked("done", status="completed"),
        asked("olas", of="ola", end="2031-11-28", description="Olas skjema"),
    )
    kari = await two.log_in(KARI)
    before = two.pool.asked
    page = await kari.get("/")
    assert two.pool.asked - before == 1
    assert _lines(page, "Å fylle ut") == [
        "Om søvnen din Over fristen Fristen var lørdag 21. november · Nordlis legekontor",
        "Om søvnen din Innen fredag 28. november 2031 · Nordlis legekontor",
        "Om søvnen din Nordlis legekontor",
    ]
    assert "Olas skjema" not in page.text


async def test_the_first_page_has_no_list_where_there_is_nothing_to_do(two: World) -> None:
    kari = await two.log_in(KARI)
    page = await kari.get("/")
    assert ("Å fylle ut" in page.text, 'href="/forms"' in page.text) == (False, True)


async def test_a_task_without_its_form_waits_and_comes_alive(two: World) -> None:
    await two.take(asked())
    kari = await two.log_in(KARI)
    address = f"/forms/tasks/{await _task(two)}"
    assert "skjemaet er ikke kommet ennå" in (await kari.get("/forms")).text
    page = await kari.get(address)
    assert ("Skjemaet er ikke kommet ennå" in page.text, "/start" in page.text) == (True, False)
    await two.take(form())
    page = await kari.get(address)
    assert ("Skjemaet er ikke kommet ennå" in page.text, f'action="{address}/start"' in page.text) == (
        False,
        True,
    )


async def test_what_the_unit_has_cancelled_is_told_with_the_reason_for_thirty_days(two: World) -> None:
    await two.take(form(), asked(), version=1)
    over: dict[str, Any] = {"status": "cancelled", "statusReason": {"text": "Timen er flyttet"}}
    await two.take(asked(**over, lastModified=_in(-2)), version=2)
    kari = await two.log_in(KARI)
    listed = await kari.get("/forms")
    assert [line.partition(" · ")[2] for line in _lines(listed, "Avlyst")] == [
        "Nordlis legekontor · Timen er flyttet"
    ]
    page = await kari.get(f"/forms/tasks/{await _task(two)}")
    assert ("Avlyst av den som ba om det" in page.text, "Timen er flyttet" in page.text) == (True, True)
    assert "/start" not in page.text
    assert "Om søvnen din" not in (await kari.get("/")).text
    await two.take(asked(**over, lastModified=_in(-31)), version=3)
    assert "Avlyst" not in (await kari.get("/forms")).text


async def test_forms_to_begin_by_choice_are_those_that_one_may_fill_in(two: World) -> None:
    choice = {"system": "urn:innsyn:form-start", "code": "by-choice"}
    context = [{"code": {"code": "workflow"}, "valueCodeableConcept": {"coding": [choice]}}]
    await two.take(
        form("free", title="Ønske om time", useContext=context),
        form("own", title="Bare for meg", who=("1",), useContext=context),
        form("asked", title="Bare når noen ber", useContext=[]),
    )
    kari = await two.log_in(KARI)
    assert [
        line.partition(" · ")[0]
        for line in _lines(await kari.get("/forms"), "Skjemaer du kan fylle ut når du vil")
    ] == [
        "Bare for meg",
        "Ønske om time",
    ]
    await permit(two, OLA, KARI, capabilities=_FORMS, rule="fullmakt")
    ola, karis = await open_as(two, OLA, KARI)
    listed = await ola.get(f"{karis}/forms")
    assert [line.partition(" · ")[0] for line in _lines(listed, "Skjemaer du kan fylle ut når du vil")] == [
        "Ønske om time"
    ]
    assert f'action="{karis}/forms/start"' in listed.text


async def test_a_helper_without_the_capability_meets_no_form(two: World) -> None:
    await two.take(form(), asked(end="2031-11-28"))
    await permit(two, OLA, KARI, capabilities=_SEE, rule="fullmakt")
    ola, karis = await open_as(two, OLA, KARI)
    task = await _task(two)
    for address in ("/forms", f"/forms/tasks/{task}"):
        answer = await ola.get(f"{karis}{address}")
        nobodys = await ola.get(f"{karis}/forms/tasks/{uuid4()}")
        assert (answer.status_code, answer.content) == (nobodys.status_code, nobodys.content)
    assert "Å fylle ut" not in (await ola.get(f"{karis}/")).text


async def test_a_helper_who_may_meets_the_task_and_is_told_where_the_form_is_not_for_them(two: World) -> None:
    await two.take(form(), form("own", who=("1",)), asked("a", end="2031-11-28"))
    own = {
        "type": "Questionnaire",
        "identifier": {"system": "http://helsenorge.no/fhir/blankett-nummer", "value": "T-own"},
    }
    await two.take(asked("b", focus=own))
    permit_id = await permit(two, OLA, KARI, capabilities=_FORMS, rule="fullmakt")
    ola, karis = await open_as(two, OLA, KARI)
    assert len(_lines(await ola.get(f"{karis}/"), "Å fylle ut")) == 2
    tasks = await two.owner.fetch("SELECT task_id, key FROM form.task ORDER BY key")
    first, second = [(await ola.get(f"{karis}/forms/tasks/{row['task_id']}")).text for row in tasks]
    assert ("/start" in first, "Bare den det gjelder, kan fylle det ut" in first) == (True, False)
    assert ("/start" in second, "Bare den det gjelder, kan fylle det ut" in second) == (False, True)
    # One's own record has none of it, and when the permit ends neither has this one.
    assert "Om søvnen din" not in (await ola.get("/forms")).text
    await two.owner.execute("UPDATE access.permit SET valid_until = now() WHERE origin_id = $1", permit_id)
    for row in tasks:
        assert (await ola.get(f"{karis}/forms/tasks/{row['task_id']}")).status_code == 404


async def test_row_security_alone_keeps_tasks_from_those_who_may_not(two: World) -> None:
    await two.take(form(), asked())
    await permit(two, OLA, KARI, capabilities=_SEE, rule="fullmakt")
    seen = {}
    for capabilities in (_SEE, _FORMS):
        await two.owner.execute(
            "UPDATE access.permit SET capabilities = $1 WHERE origin = 'fullmakt'", capabilities
        )
        ola, karis = await open_as(two, OLA, KARI)
        on = karis.removeprefix("/for/")
        async with two.web.acquire() as db, db.transaction():
            await db.fetchrow("SELECT * FROM access.begin_access($1, $2, 'test', NULL)", token_of(ola), on)
            seen[capabilities] = await db.fetchval("SELECT count(*) FROM form.task")
    assert seen == {_SEE: 0, _FORMS: 1}
    assert await two.web.fetchval("SELECT count(*) FROM form.task") == 0


# (age, residence, whether the parent may fill in the standard form, and the form of code 3 alone)
FAMILIES = {
    "nine": (9, "same", True, False),
    "thirteen": (13, "same", True, True),
    "sixteen": (16, "same", False, False),
    "away": (9, "different", False, False),
}


@pytest.mark.parametrize("family", FAMILIES)
async def test_a_parent_by_age_and_residence(world: World, family: str) -> None:
    age, residence, may_standard, may_youth = FAMILIES[family]
    child, name = ELLA, "ella"
    birthday = datetime.now(UTC).date() - timedelta(days=365 * age + 100)
    born = citizen(child, birthDate=birthday.isoformat())
    await world.take(born, citizen(MARTE), citizen(PER), parent(child, MARTE, residence=residence))
    youth = {
        "type": "Questionnaire",
        "identifier": {"system": "http://helsenorge.no/fhir/blankett-nummer", "value": "T-youth"},
    }
    await world.take(form(), form("youth", who=("3",)), asked("a", of=name), asked("b", of=name, focus=youth))
    tasks = [row["task_id"] for row in await world.owner.fetch("SELECT task_id FROM form.task ORDER BY key")]
    marte = await world.log_in(MARTE)
    people = (await marte.get("/api/people")).json()["people"]
    if not may_standard:
        assert [each for each in people if each["base"]] == []
        return
    base = next(each["base"] for each in people if each["base"])
    pages = [(await marte.get(f"{base}/forms/tasks/{task}")).text for task in tasks]
    assert ["/start" in page for page in pages] == [may_standard, may_youth]
    # Somebody else's parent, at the same address: there is no such page.
    per = await world.log_in(PER)
    assert (await per.get(f"{base}/forms")).status_code == 404
    assert (await per.get(f"/forms/tasks/{tasks[0]}")).status_code == 404


async def test_a_guardian_alone_and_somebody_secret_meet_nothing(world: World) -> None:
    await world.take(citizen(ELLA), citizen(PER), guardian(ELLA, PER), form(), asked(of="ella"))
    per = await world.log_in(PER)
    task = await world.owner.fetchval("SELECT task_id FROM form.task")
    assert [each for each in (await per.get("/api/people")).json()["people"] if each["base"]] == []
    assert (await per.get(f"/forms/tasks/{task}")).status_code == 404


async def test_a_secret_address_closes_the_forms_for_others_and_not_for_oneself(two: World) -> None:
    await two.take(form(), asked())
    await permit(two, OLA, KARI, capabilities=_FORMS, rule="fullmakt")
    ola, karis = await open_as(two, OLA, KARI)
    assert (await ola.get(f"{karis}/forms")).status_code == 200
    await two.owner.execute(
        "UPDATE identity.person SET secret = true WHERE person_id = $1", await person_of(two, KARI)
    )
    assert (await ola.get(f"{karis}/forms")).status_code == 404
    kari = await two.log_in(KARI)
    assert "/start" in (await kari.get(f"/forms/tasks/{await _task(two)}")).text


async def test_a_preview_shows_the_task_and_begins_nothing(two: World) -> None:
    await two.take(form(), asked())
    kari_id = await person_of(two, KARI)
    for capabilities, shown in ((_FORMS, True), (_SEE, False)):
        await two.owner.execute("DELETE FROM access.permit")
        await permit(
            two,
            KARI,
            KARI,
            audience=Audience.HELPER,
            capabilities=capabilities,
            rule="preview",
            origin="preview",
            handle_on=(preview := uuid4()),
        )
        kari = await two.log_in(KARI)
        on = await handle(two, kari, preview)
        page = await kari.get(f"/for/{on}/forms/tasks/{await _task(two)}")
        assert (page.status_code == 200, "/start" in page.text) == (shown, False)
        if shown:
            assert "forhåndsvisning" in page.text
    assert kari_id is not None


async def test_a_reminder_is_due_once_and_told_on_the_page(two: World) -> None:
    await two.take(form(), asked("a", end="2026-11-27"), asked("b", of="ola"))
    early, late = datetime(2026, 11, 24, 22, tzinfo=UTC), datetime(2026, 11, 24, 23, 1, tzinfo=UTC)
    assert [await remind(two.worker, at) for at in (early, late, late)] == [0, 1, 0]
    # Told anew by the unit, it is no new reminder.
    await two.take(asked("a", end="2026-11-27", description="Om søvn"), version=2)
    assert await remind(two.worker, late + timedelta(hours=1)) == 0
    rows = await two.owner.fetch("SELECT reminded_at, remind_next FROM form.task ORDER BY key")
    assert [tuple(row) for row in rows] == [(datetime(2026, 11, 24, 23, tzinfo=UTC), None), (None, None)]


async def test_what_has_been_begun_goes_on_from_the_first_page_until_it_is_sent(two: World) -> None:
    await two.take(form(), asked(end="2031-11-28"), version=1)
    kari = await two.log_in(KARI)
    task = await _task(two)
    page = await kari.get(f"/forms/tasks/{task}")
    mark = re.search(r'name="?m"? value="?([^">]+)', page.text)
    begun = await kari.post(f"/forms/tasks/{task}/start", data={"m": mark[1] if mark else ""})
    draft = begun.headers["location"]
    assert (begun.status_code, draft.startswith("/forms/drafts/")) == (303, True)
    home = await kari.get("/")
    assert _lines(home, "Å fylle ut") == [
        "Om søvnen din Innen fredag 28. november 2031 · Nordlis legekontor · fortsett der du slapp"
    ]
    assert f'href="{draft}"' in home.text
    assert f'href="{draft}"' in (await kari.get(f"/forms/tasks/{task}")).text
    # Called off: what was typed is still there to read.
    await two.take(asked(status="cancelled", lastModified=_in(-1)), version=2)
    page = await kari.get(f"/forms/tasks/{task}")
    assert ("Det du hadde fylt ut" in page.text, f'href="{draft}"' in page.text) == (True, True)
    assert (await kari.get(draft)).status_code == 200
    ola = await two.log_in(OLA)
    assert (await ola.get(draft)).status_code == 404
