"""What is put in the outbox is there once, in order, and is seen by whom it is about and whoever wrote it."""

import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest

from innsyn.access.acting import Acts
from innsyn.access.capability import Capability
from innsyn.access.opening import Question, ReadSession, many, reader
from innsyn.identity.sessions import token_of
from innsyn.journal import outbox
from world import KARI, OLA, World, patient

CONVERSATION = UUID(int=7)
_STATES = Question("test.states", states=many(outbox.states_of(reader.c.subject_id, "Consent", "Task")))


async def sign_in(world: World, number: str) -> bytes:
    token = token_of((await world.log_in(number)).cookies["innsyn"])
    assert token is not None
    return token


async def put(
    world: World, token: bytes, key: UUID, body: bytes = b"{}", conversation: UUID = CONVERSATION
) -> UUID:
    async with Acts(world.web, token).begin("test.put", needs=Capability.MANAGE) as act:
        return await outbox.put(
            act.db,
            subject_id=act.author.subject_id,
            author_id=act.author.actor_id,
            conversation=conversation,
            resource_type="Consent",
            resource=body,
            key=key,
        )


async def states(world: World, token: bytes) -> list[outbox.Leaving]:
    _, row = await ReadSession(world.web, token).ask(_STATES)
    return [outbox.read_leaving(each) for each in row["states"]]


async def test_the_same_key_twice_is_one_row_and_a_conversation_has_no_gap(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    # A session for each: of one session, acts wait for each other anyway.
    tokens = [await sign_in(world, KARI) for _ in range(6)]
    key = uuid4()
    keys = [key, key, key, uuid4(), uuid4(), uuid4()]
    ids = await asyncio.gather(*(put(world, token, each) for token, each in zip(tokens, keys, strict=True)))
    assert len(set(ids)) == 4
    assert ids[0] == ids[1] == ids[2]
    rows = await world.owner.fetch("SELECT number, state, tries FROM journal.outbox ORDER BY number")
    assert [tuple(row) for row in rows] == [(number, "queued", 0) for number in (1, 2, 3, 4)]
    # The same key of somebody else, and another conversation, are other things.
    ola = await sign_in(world, OLA)
    assert await put(world, ola, key) not in ids
    await put(world, ola, uuid4(), conversation=UUID(int=8))
    told = {(each.conversation, each.number) for each in await states(world, ola)}
    assert told == {(CONVERSATION, 1), (UUID(int=8), 1)}


async def test_an_act_that_fails_leaves_nothing_behind(world: World) -> None:
    token = await sign_in(world, KARI)

    async def fails() -> None:
        async with Acts(world.web, token).begin("test.put", needs=Capability.MANAGE) as act:
            person = act.author.subject_id
            await outbox.put(
                act.db, subject_id=person, author_id=person, conversation=CONVERSATION,
                resource_type="Task", resource=b"{}", key=uuid4(),
            )  # fmt: skip
            raise RuntimeError("the rest did not go well")

    with pytest.raises(RuntimeError):
        await fails()
    assert await world.owner.fetchval("SELECT count(*) FROM journal.outbox") == 0


async def test_nobody_writes_in_the_name_or_the_record_of_another(world: World) -> None:
    kari, ola = await sign_in(world, KARI), await sign_in(world, OLA)
    await put(world, ola, uuid4())
    olas = await world.owner.fetchval("SELECT person_id FROM journal.outbox")

    async def write(**whose: UUID) -> None:
        async with Acts(world.web, kari).begin("test.put", needs=Capability.MANAGE) as act:
            await outbox.put(
                act.db,
                subject_id=whose.get("subject_id", act.author.subject_id),
                author_id=whose.get("author_id", act.author.actor_id),
                conversation=CONVERSATION,
                resource_type="Task",
                resource=b"{}",
                key=uuid4(),
            )

    for whose in ({"subject_id": olas}, {"author_id": olas}):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await write(**whose)
    for statement in (
        "INSERT INTO journal.outbox SELECT * FROM journal.outbox",
        "UPDATE journal.outbox SET state = 'sent'",
        "DELETE FROM journal.outbox",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await world.web.execute(statement)
    assert await world.web.fetchval("SELECT count(*) FROM journal.outbox") == 0
    assert await states(world, kari) == []


async def test_the_newest_of_a_conversation_tells_how_far_it_has_come(world: World) -> None:
    token = await sign_in(world, KARI)
    await put(world, token, uuid4())
    await world.worker.execute(
        "UPDATE journal.outbox SET state = 'received', answered_at = now(), answer = 'Kept', unsure = true"
    )
    [told] = await states(world, token)
    assert (told.number, told.state, told.unsure) == (1, "received", True)
    await put(world, token, uuid4())
    [told] = await states(world, token)
    assert (told.number, told.type, told.state, told.unsure) == (2, "Consent", "queued", False)
    # What stopped is told, not what waits behind it, until somebody lets it be.
    await world.worker.execute("UPDATE journal.outbox SET state = 'dead' WHERE number = 1")
    assert [(each.number, each.state) for each in await states(world, token)] == [(1, "dead")]
    await world.worker.execute("UPDATE journal.outbox SET given_up_at = now() WHERE number = 1")
    assert [(each.number, each.state) for each in await states(world, token)] == [(2, "queued")]


async def test_what_the_journal_said_and_who_tries_is_not_for_pages(world: World) -> None:
    token = await sign_in(world, KARI)
    await put(world, token, uuid4())
    for column in ("answer", "reason", "resource", "claim", "tries", "key"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await world.web.fetch(f"SELECT {column} FROM journal.outbox")  # noqa: S608 - one of these
