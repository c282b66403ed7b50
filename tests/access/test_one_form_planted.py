"""Statements planted in what a helper does with one form meet rows of that form, and of their own: the second lock."""
# ruff: noqa: S608 - injected statements are what this is about

from uuid import UUID, uuid4

import asyncpg
import pytest

from access import one_form
from access.one_form import Two
from access.permits import token_of
from access.test_planted import WRITES, WRITTEN, acting
from innsyn.access.capability import Capability
from world import World

REFUSED = asyncpg.InsufficientPrivilegeError
SENDS = (Capability.ONE_FORM, False, "forms.send")
HANDS = ("form.task", "form.draft", "form.draft_kept", "form.file", "form.sent")


@pytest.fixture
async def two(world: World) -> Two:
    return await one_form.two(world)


async def _refused(db: asyncpg.Connection, statement: str) -> bool:
    """Whether it changes nothing; the transaction can go on either way."""
    try:
        async with db.transaction():
            done: str = await db.execute(statement)
            return done.rpartition(" ")[2] == "0"
    except REFUSED:
        return True


def _draft(task: UUID | None, form: UUID) -> str:
    named = f"'{task}'" if task else "NULL"
    return (
        "INSERT INTO form.draft (person_id, draft_id, author_id, occasion, task_id, questionnaire_id, answers) "
        f"VALUES (access.subject(), gen_random_uuid(), access.actor(), gen_random_uuid(), {named}, '{form}', '')"
    )


def _sent(task: UUID | None, form: UUID) -> str:
    named = f"'{task}'" if task else "NULL"
    return (
        "INSERT INTO form.sent (person_id, sent_id, author_id, draft_id, occasion, task_id, questionnaire_id, key, "
        "receipt, is_shared, answers, response) VALUES (access.subject(), gen_random_uuid(), access.actor(), "
        f"gen_random_uuid(), gen_random_uuid(), {named}, '{form}', gen_random_uuid(), '', true, '', '')"
    )


def _leaves(type_: str, conversation: UUID) -> str:
    return (
        f"SELECT journal.put_in_outbox(access.subject(), access.actor(), '{conversation}', '{type_}', '{{}}', "
        "gen_random_uuid())"
    )


async def test_an_act_for_one_form_meets_no_row_of_another(two: Two) -> None:
    world, handle = two.world, two.base.rpartition("/")[2]
    for task in (two.one, two.other):
        draft = await one_form.begin(two.kari, task)
        await one_form.answered(two.kari, draft)
        await one_form.added(world, two.kari, draft)
    await one_form.sent(two.kari, draft)
    form = await world.owner.fetchval("SELECT questionnaire_id FROM form.questionnaire LIMIT 1")
    async with acting(world, two.ola, SENDS, handle) as db:
        assert await db.fetchval("SELECT form.given_tasks()") == [two.one]
        assert [await db.fetchval(f"SELECT count(*) FROM {table}") for table in HANDS] == [1, 0, 0, 0, 0]
        for table in ("record.entry", "access.log", "access.fullmakt", "journal.outbox", "access.hidden"):
            try:
                async with db.transaction():
                    assert await db.fetchval(f"SELECT count(*) FROM {table}") == 0, table
            except REFUSED:
                pass
        planted = [
            *(_draft(task, form) for task in (two.other, None, uuid4())),
            *(_sent(task, form) for task in (two.other, None, uuid4())),
            *(_leaves("QuestionnaireResponse", each) for each in (two.other, uuid4())),
            *(
                _leaves(type_, two.one)
                for type_ in ("Communication", "Appointment", "Consent", "Task", "Patient")
            ),
            "UPDATE form.draft SET answers = ''",
            "DELETE FROM form.draft",
            "DELETE FROM form.file",
            *(statement for statement, _ in WRITES.values()),
        ]
        assert [statement for statement in planted if not await _refused(db, statement)] == []
        with pytest.raises(REFUSED):
            await db.fetchval("SELECT form.take_over($1, $2)", two.one, uuid4())
    assert "access.fullmakt" in WRITTEN


@pytest.mark.parametrize(
    ("capability", "purpose"),
    [
        (Capability(0), "forms.send"),
        (Capability.SEE, "choices.hide"),
        (Capability.MESSAGE, "messages.reply"),
        (Capability.BOOK, "booking.book"),
        (Capability.FORMS, "forms.send"),
        (Capability.MANAGE, "fullmakt.draft"),
        (Capability.ONE_FORM, "messages.reply"),
        (Capability.ONE_FORM | Capability.MESSAGE, "forms.send"),
    ],
)
async def test_no_other_act_begins(two: Two, capability: Capability, purpose: str) -> None:
    row = await two.world.web.fetchrow(
        "SELECT * FROM access.begin_act($1, $2, $3, NULL, $4)",
        *(token_of(two.ola), two.base.rpartition("/")[2], int(capability), purpose),
    )
    assert (row["problem"], row["subject_id"]) == ("access", None)


async def test_a_name_in_a_permit_that_is_no_task_opens_nothing(two: Two) -> None:
    for name in ("form:", "form:x", f"form:{two.other}x", f"FORM:{two.other}", f"form: {two.other}"):
        await two.world.worker.execute(
            "UPDATE access.permit SET kinds = $1 WHERE rule = 'fullmakt.form'", [name]
        )
        assert (await two.ola.get(f"{two.base}/forms/tasks/{two.other}")).status_code == 404
        assert (await two.ola.get(f"{two.base}/forms")).status_code == 200
