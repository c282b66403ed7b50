"""Tasks and forms from the feed: in any order, twice, late, and never somebody else's."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from forms.tasks.asking import NUMBER, TASK_INPUT, URL, asked, form
from world import KARI, OLA, World, patient

CALLED = (
    {"type": "Questionnaire", "identifier": {"system": NUMBER, "value": "T-sleep"}},
    {"type": "Questionnaire", "reference": URL},
    {"type": "Questionnaire", "reference": f"{URL}|1.0"},
    {"reference": "Questionnaire/sleep"},
)


@pytest.fixture
async def two(world: World) -> World:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    return world


async def _rows(world: World) -> list[tuple[object, ...]]:
    return [
        tuple(row)
        for row in await world.owner.fetch(
            "SELECT p.given_name, t.title, t.unit, t.state, t.deadline, t.closed_at IS NOT NULL, t.reason "
            "FROM form.task t JOIN identity.person p USING (person_id) ORDER BY 1, t.key"
        )
    ]


@pytest.mark.parametrize("focus", CALLED, ids=("number", "canonical", "version", "reference"))
async def test_a_task_finds_its_form_however_it_calls_it(two: World, focus: dict[str, object]) -> None:
    await two.take(form(), asked(focus=focus))
    kari, ola = await two.log_in(KARI), await two.log_in(OLA)
    task = await two.owner.fetchval("SELECT task_id FROM form.task")
    page = await kari.get(f"/forms/tasks/{task}")
    assert (page.status_code, "/start" in page.text) == (200, True)
    assert (await ola.get(f"/forms/tasks/{task}")).status_code == 404
    assert "Om søvnen din" not in (await ola.get("/forms")).text


async def test_the_same_in_every_order_at_once_one_by_one_and_twice(two: World) -> None:
    said = [
        form(),
        asked(end="2026-11-27"),
        {"resourceType": "Organization", "id": "gp", "name": "Nordlis legekontor AS"},
    ]
    expected = [
        (
            "Kari",
            "Om søvnen din",
            "Nordlis legekontor AS",
            "ready",
            datetime(2026, 11, 27, 23, tzinfo=UTC),
            False,
            "",
        )
    ]
    for order in itertools.permutations(said):
        await two.owner.execute("TRUNCATE form.task, form.questionnaire, journal.resource, journal.waiting")
        for each in order:
            await two.take(each)
        assert await _rows(two) == expected, [each["resourceType"] for each in order]
        tally = await two.take(*order)
        assert (await _rows(two), tally.projected.total()) == (expected, 0)


async def test_an_older_version_that_comes_late_changes_nothing(two: World) -> None:
    later = asked(status="cancelled", statusReason={"text": "Timen er flyttet"})
    await two.take(later, version=3)
    await two.take(asked(), version=2)
    assert [(row[3], row[6]) for row in await _rows(two)] == [("cancelled", "Timen er flyttet")]


async def test_a_task_said_of_somebody_else_is_taken_from_the_first_and_given_to_nobody(two: World) -> None:
    await two.take(form(), asked(of="kari"), version=1)
    tally = await two.take(asked(of="ola"), version=2)
    assert [bad.reason for bad in tally.quarantined] == ["moved_to_another_person"]
    assert await _rows(two) == []


async def test_a_task_goes_where_its_patient_goes(two: World) -> None:
    await two.take(form(), {**patient("twin", "", "Kari"), "identifier": []}, asked(of="twin"))
    before = await two.owner.fetchval("SELECT person_id FROM form.task")
    await two.take(
        {
            **patient("twin", "", "Kari"),
            "identifier": [],
            "link": [{"other": {"reference": "Patient/kari"}, "type": "replaced-by"}],
        },
        version=2,
    )
    after = await two.owner.fetchval("SELECT person_id FROM form.task")
    kari = await two.owner.fetchval("SELECT person_id FROM identity.person_identifier WHERE value = $1", KARI)
    assert (after, before != after) == (kari, True)


async def test_taken_back_deleted_and_draft_ones_are_nowhere(two: World) -> None:
    await two.take(asked("a"), asked("b"), asked("c", status="draft"), version=1)
    await two.take(asked("a", status="entered-in-error"), version=2)
    await two.delete("Task", "b", 2)
    assert await _rows(two) == []


async def test_a_referrals_task_is_still_the_referrals(two: World) -> None:
    referral = {
        "resourceType": "ServiceRequest",
        "id": "r",
        "status": "active",
        "intent": "order",
        "code": {"text": "Henvisning til hudlege"},
        "subject": {"reference": "Patient/kari"},
        "authoredOn": "2026-11-20",
    }
    answer = {**asked("x"), "focus": {"reference": "ServiceRequest/r"}}
    await two.take(referral, answer)
    assert await _rows(two) == []
    assert await two.owner.fetchval("SELECT count(*) FROM record.entry WHERE kind = 'referrals'") == 2


async def test_a_form_that_is_refused_is_kept_whole_with_what_is_wrong(two: World) -> None:
    twice = form(item=[{"linkId": "1", "type": "string"}, {"linkId": "1", "type": "string"}])
    tally = await two.take(twice)
    assert [(bad.kind, bad.id, bad.reason) for bad in tally.quarantined] == [
        ("Questionnaire", "sleep", "form_refused")
    ]
    assert "1" in tally.quarantined[0].explanation
    row = await two.owner.fetchrow("SELECT reason, body FROM journal.quarantine")
    assert (row["reason"], b'"linkId":"1"' in row["body"]) == ("form_refused", True)
    assert await two.owner.fetchval("SELECT count(*) FROM form.questionnaire") == 0
    await two.take(form(), version=2)
    assert await two.owner.fetchval("SELECT count(*) FROM journal.quarantine") == 0
    assert await two.owner.fetchval("SELECT count(*) FROM form.questionnaire WHERE is_current") == 1


async def _versions(world: World) -> list[tuple[object, ...]]:
    return [
        tuple(row)
        for row in await world.owner.fetch(
            "SELECT version, status, is_current FROM form.questionnaire ORDER BY landed_version"
        )
    ]


async def test_a_new_version_takes_over_and_the_old_one_stays_for_what_was_begun(two: World) -> None:
    await two.take(form(), version=1)
    await two.take(form(version="2.0"), version=2)
    await two.take(form(version="2.0"), version=2)
    assert await _versions(two) == [("1.0", "active", False), ("2.0", "active", True)]
    await two.take(form(version="2.0", status="retired"), version=3)
    assert [row[1:] for row in await _versions(two)] == [("retired", False)] * 3


async def test_a_form_that_is_gone_begins_nothing_and_says_so(two: World) -> None:
    await two.take(form(), asked(), version=1)
    kari = await two.log_in(KARI)
    task = await two.owner.fetchval("SELECT task_id FROM form.task")
    assert "/start" in (await kari.get(f"/forms/tasks/{task}")).text
    await two.delete("Questionnaire", "sleep", 2)
    page = await kari.get(f"/forms/tasks/{task}")
    assert ("/start" in page.text, "trukket tilbake" in page.text) == (False, True)


async def test_a_value_set_reaches_the_forms_that_point_at_it(two: World) -> None:
    points = {"linkId": "1", "text": "Hvilken?", "type": "choice", "answerValueSet": "http://innsyn.test/vs"}
    concepts = [{"code": "a", "display": "Én"}, {"code": "b", "display": "To"}]
    offered = {
        "resourceType": "ValueSet",
        "id": "vs",
        "url": "http://innsyn.test/vs",
        "status": "active",
        "compose": {"include": [{"system": "http://innsyn.test/cs", "concept": concepts}]},
    }
    at = datetime(2026, 11, 20, 8, tzinfo=UTC)
    await two.take(form(item=[points]), now=at)
    before = await two.owner.fetchval("SELECT revised_at FROM form.questionnaire")
    await two.take(offered, now=at + timedelta(hours=1))
    after = await two.owner.fetchval("SELECT revised_at FROM form.questionnaire")
    assert before < after
    assert b"\xc3\x89n" in await two.owner.fetchval("SELECT options FROM form.value_set")


def _reminding(*moments: str) -> dict[str, Any]:
    kind = {"coding": [{"system": TASK_INPUT, "code": "reminder"}]}
    return {"input": [{"type": kind, "valueDateTime": each} for each in moments]}


async def test_reminders_are_as_the_task_says_else_three_days_before(two: World) -> None:
    told = ("2026-11-24T07:00:00+01:00", "2026-11-26T07:00:00+01:00")
    await two.take(
        asked("a", end="2026-11-27", **_reminding(*told)), asked("b", end="2026-11-27"), asked("c")
    )
    rows = await two.owner.fetch("SELECT remind_at, remind_next FROM form.task ORDER BY key")
    assert [tuple(row) for row in rows] == [
        (
            [datetime(2026, 11, 24, 6, tzinfo=UTC), datetime(2026, 11, 26, 6, tzinfo=UTC)],
            datetime(2026, 11, 24, 6, tzinfo=UTC),
        ),
        ([datetime(2026, 11, 24, 23, tzinfo=UTC)], datetime(2026, 11, 24, 23, tzinfo=UTC)),
        ([], None),
    ]


async def test_what_was_answered_here_and_comes_back_has_arrived(two: World) -> None:
    kari = await two.owner.fetchval("SELECT person_id FROM identity.person_identifier WHERE value = $1", KARI)
    sent = [
        await two.owner.fetchval(
            "INSERT INTO journal.outbox "
            "(person_id, author_id, conversation, number, resource_type, resource, key, state) "
            "VALUES ($1, $1, gen_random_uuid(), 1, 'QuestionnaireResponse', '{}', gen_random_uuid(), 'sent') "
            "RETURNING outbox_id",
            kari,
        )
        for _ in range(2)
    ]
    back = {
        "resourceType": "QuestionnaireResponse",
        "id": "qr",
        "identifier": {"system": "urn:innsyn:outbox", "value": str(sent[0])},
        "status": "completed",
        "subject": {"reference": "Patient/kari"},
    }
    # Of somebody else it changes nothing.
    others = {**back, "id": "qr2", "subject": {"reference": "Patient/ola"}}
    others["identifier"] = {"system": "urn:innsyn:outbox", "value": str(sent[1])}
    tally = await two.take(back, others, {**back, "id": "qr3", "identifier": {"system": "x", "value": "y"}})
    states = await two.owner.fetch("SELECT outbox_id, state FROM journal.outbox")
    assert {row["outbox_id"]: row["state"] for row in states} == {sent[0]: "received", sent[1]: "sent"}
    assert tally.not_shown["QuestionnaireResponse", "kind_not_shown"] == 1
