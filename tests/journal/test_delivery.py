"""What is in the outbox arrives once, in the order of its conversation, whatever the journal and the workers do."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import msgspec
import pytest

from innsyn.embedded_postgres import Server
from innsyn.journal import delivery_statements as statements
from innsyn.journal.delivery_rules import Came, Outcome, Step
from journal.hostile import KARI, OLA, PACE, Outbox, open_outbox, running, task

replace = msgspec.structs.replace


@pytest.fixture(scope="module")
def peer() -> Iterator[str]:
    with running() as base:
        yield base


@pytest.fixture
async def outbox(postgres: Server, worker_dsn: str, peer: str) -> AsyncIterator[Outbox]:
    async with open_outbox(postgres.dsn("postgres", "of_this_test"), worker_dsn, peer) as opened:
        await opened.faults()
        yield opened


async def ours(outbox: Outbox) -> dict[UUID, dict[str, Any]]:
    """What the journal has of this test's outbox."""
    mine = await outbox.states()
    return {id_: each for id_, each in (await outbox.received()).items() if id_ in mine}


async def test_a_thing_leaves_with_the_journals_own_names_and_is_known_by_ours(outbox: Outbox) -> None:
    async with outbox.workers():
        sent = await outbox.put(KARI, uuid4(), 1)
        row = await outbox.until_state(sent, "received")
    assert (row["tries"], row["reason"], row["unsure"], row["claim"]) == (1, "", False, None)
    assert row["answered_at"] >= row["sent_at"] >= row["queued_at"]
    [made] = [each for each in await outbox.sent_in() if str(sent) in str(each["identifier"])]
    assert made["identifier"] == [{"system": "urn:innsyn:outbox", "value": str(sent)}]
    assert made["for"] == made["requester"] == {"type": "Patient", "reference": "Patient/kari"}
    assert "urn:innsyn:person" not in str(made)
    assert (await ours(outbox))[sent]["key"] == str(sent)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_order_holds_and_nothing_is_doubled_or_lost_under_fire(outbox: Outbox, seed: int) -> None:
    """Workers are killed in the middle of what they do, while the journal fails before and after the effect."""
    random = Random(seed)  # noqa: S311 - to be met again
    await outbox.faults(error_before=0.1, error_after=0.15, busy=0.05, slow_ms=2, seed=seed)
    conversations = [(random.choice((KARI, OLA)), uuid4()) for _ in range(8)]
    expected: dict[UUID, list[UUID]] = {each: [] for _, each in conversations}
    pace = replace(PACE, lease=0.3, deadline=0.2, most_tries=1000)
    kills = 0
    async with outbox.workers(3, pace):
        for number in range(1, 7):
            for person, conversation in conversations:
                expected[conversation].append(await outbox.put(person, conversation, number))
            async with contextlib.AsyncExitStack() as doomed:
                [victim] = await doomed.enter_async_context(outbox.workers(1, pace))
                claimed = (
                    "SELECT count(*) > 0 FROM journal.outbox WHERE claim IS NOT NULL OR state = 'received'"
                )
                await outbox.until(claimed)
                await asyncio.sleep(random.random() * 0.02)
                kills += victim.cancel()
        await outbox.until("SELECT bool_and(state = 'received') FROM journal.outbox")
    assert kills == 6
    came = list(await ours(outbox))
    assert {each: [id_ for id_ in came if id_ in ids] for each, ids in expected.items()} == expected
    assert sorted(came) == sorted(id_ for ids in expected.values() for id_ in ids)
    made = [
        each["identifier"][0]["value"] for each in await outbox.sent_in() if each["meta"]["versionId"] == "1"
    ]
    assert len(made) == len(set(made)), f"doubled with seed {seed}"


async def test_an_answer_that_is_lost_is_no_second_thing(outbox: Outbox) -> None:
    await outbox.faults(error_after=1.0, seed=4)
    outcomes: list[Outcome] = []
    async with outbox.workers(told=lambda outcome, _: outcomes.append(outcome)):
        sent = await outbox.put(KARI, uuid4(), 1)
        await outbox.until("SELECT unsure AND tries >= 3 FROM journal.outbox")
        # Sent, and nobody knows: that is what is said of it.
        assert (await outbox.states())[sent] == "sent"
        await outbox.faults()
        row = await outbox.until_state(sent, "received")
    assert (row["reason"], row["unsure"]) == ("was_there", False)
    assert {each.came for each in outcomes} == {Came.UNSURE, Came.RECEIVED}
    assert (await ours(outbox))[sent]["times"] == row["tries"]


async def test_what_a_killed_worker_was_sending_is_taken_over(outbox: Outbox) -> None:
    sent = await outbox.put(KARI, uuid4(), 1)
    worker = await asyncpg.connect(outbox.dsn)
    try:
        # It claims, and is never heard of again.
        [due] = await statements.claim(worker, uuid4(), timedelta(seconds=0.4), 10)
        assert await statements.claim(worker, uuid4(), timedelta(seconds=9), 10) == []
    finally:
        await worker.close()
    async with outbox.workers():
        row = await outbox.until_state(sent, "received")
    assert (due.tries, due.unsure, row["tries"]) == (1, False, 2)


async def test_what_is_known_late_counts_only_if_the_journal_has_it(outbox: Outbox) -> None:
    sent = await outbox.put(KARI, uuid4(), 1)
    first, second = uuid4(), uuid4()
    worker = await asyncpg.connect(outbox.dsn)
    try:
        [due] = await statements.claim(worker, first, timedelta(0), 10)
        await outbox.until("SELECT claimed_until < now() FROM journal.outbox")
        [again] = await statements.claim(worker, second, timedelta(seconds=9), 10)
        # Nobody knows what the first has sent before it fell silent.
        assert (again.tries, again.unsure) == (2, True)
        assert await statements.settle(worker, first, [(due, Step(state="queued"))]) == 0
        assert (await outbox.row(sent))["claim"] == second
        assert await statements.settle(worker, first, [(due, Step(state="received"))]) == 1
        # And then the second may say what it likes.
        assert await statements.settle(worker, second, [(again, Step(state="dead"))]) == 0
    finally:
        await worker.close()
    row = await outbox.row(sent)
    assert (row["state"], row["claim"]) == ("received", None)


async def test_two_workers_with_the_same_row_deliver_one_thing(outbox: Outbox) -> None:
    # The answer takes longer than the claim lasts: the second begins while the first waits.
    await outbox.faults(slow_ms=400)
    pace = replace(PACE, lease=0.15, deadline=5.0)
    async with outbox.workers(2, pace):
        sent = await outbox.put(KARI, uuid4(), 1)
        await outbox.until_state(sent, "received")
    came = (await ours(outbox))[sent]
    assert came["times"] >= 2
    assert (await outbox.states())[sent] == "received"
    assert len([each for each in await outbox.sent_in() if str(sent) in str(each["identifier"])]) == 1


async def test_a_refusal_is_kept_for_the_operator_and_the_next_goes_on(outbox: Outbox) -> None:
    conversation = uuid4()
    broken = task(KARI, "without a status") | {"status": "", "note": [{"text": "12846813010"}]}
    async with outbox.workers():
        first = await outbox.put(KARI, conversation, 1, broken)
        second = await outbox.put(KARI, conversation, 2)
        await outbox.until_state(second, "received")
    row = await outbox.row(first)
    assert (row["state"], row["reason"], row["answer"]) == ("refused", "answer_422", "Task.status is missing")
    assert list(await ours(outbox)) == [second]


async def test_what_is_no_resource_stops_nobody(outbox: Outbox) -> None:
    async with outbox.workers():
        bad = await outbox.put(
            KARI, uuid4(), 1, {"for": {"identifier": {"system": "urn:innsyn:person", "value": "x"}}}
        )
        good = await outbox.put(KARI, uuid4(), 1)
        await outbox.until_state(good, "received")
        row = await outbox.until_state(bad, "refused")
    assert (row["reason"], row["tries"]) == ("no_resource", 1)


async def test_whom_the_journal_does_not_know_yet_is_waited_for(outbox: Outbox) -> None:
    stranger = UUID(int=3)
    await outbox.owner.execute("INSERT INTO identity.person (person_id) VALUES ($1)", stranger)
    async with outbox.workers():
        sent = await outbox.put(stranger, uuid4(), 1)
        await outbox.until("SELECT reason = 'no_patient' FROM journal.outbox")
        row = await outbox.row(sent)
        assert (row["state"], row["tries"]) == ("queued", 0)
        await outbox.owner.execute(
            "INSERT INTO identity.patient VALUES ('files:x', 'elsewhere', $1)", stranger
        )
        await outbox.owner.execute(
            "UPDATE identity.patient SET person_id = $1 WHERE patient_id = 'ola' AND feed = 'journal'",
            stranger,
        )
        await outbox.until_state(sent, "received")
    [made] = [each for each in await outbox.sent_in() if str(sent) in str(each["identifier"])]
    assert made["for"]["reference"] == "Patient/ola"


async def test_a_helper_who_is_no_patient_there_is_told_by_number(outbox: Outbox) -> None:
    helper = UUID(int=4)
    await outbox.owner.execute("INSERT INTO identity.person (person_id) VALUES ($1)", helper)
    await outbox.owner.execute(
        "INSERT INTO identity.person_identifier VALUES ('fnr', '12846813010', $1)", helper
    )
    written = task(KARI, "by a helper") | {"requester": task(helper, "")["for"]}
    async with outbox.workers():
        sent = await outbox.put(KARI, uuid4(), 1, written)
        await outbox.until_state(sent, "received")
    [made] = [each for each in await outbox.sent_in() if str(sent) in str(each["identifier"])]
    number = {"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": "12846813010"}
    assert made["requester"] == {"type": "RelatedPerson", "identifier": number}
    assert made["for"] == {"type": "Patient", "reference": "Patient/kari"}


async def test_a_journal_that_is_away_costs_nobody_a_try(outbox: Outbox) -> None:
    outcomes: list[Outcome] = []
    with running() as other:
        port = int(other.rpartition(":")[2])
    sent = [await outbox.put(KARI, uuid4(), 1) for _ in range(5)]
    async with outbox.workers(told=lambda outcome, _: outcomes.append(outcome), base=f"{other}/fhir"):
        await outbox.until("SELECT count(*) = 5 FROM journal.outbox WHERE reason = 'ConnectError'")
        rows = [await outbox.row(each) for each in sent]
        assert {(row["state"], row["tries"]) for row in rows} == {("queued", 0)}
        with running(port):
            await outbox.until("SELECT bool_and(state = 'received') FROM journal.outbox")
    assert {each.came for each in outcomes} == {Came.DOWN, Came.RECEIVED}
    # Found out by one at a time, not by all of them each time.
    assert len([each for each in outcomes if each.came == Came.DOWN]) < 15


async def test_a_worker_is_woken_and_does_not_look_again_and_again(outbox: Outbox) -> None:
    async with outbox.workers(pace=replace(PACE, look_again=60.0)):
        await outbox.until(
            "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'innsyn-deliver' "
            "AND datname = current_database() AND state = 'idle' AND query LIKE '%epoch%'"
        )
        sent = await outbox.put(KARI, uuid4(), 1)
        await outbox.until_state(sent, "received", 5)


async def test_told_to_stop_it_hears_the_answer_first(outbox: Outbox) -> None:
    await outbox.faults(slow_ms=300)
    async with outbox.workers():
        sent = await outbox.put(KARI, uuid4(), 1)
        await outbox.until("SELECT claim IS NOT NULL FROM journal.outbox")
    row = await outbox.row(sent)
    assert (row["state"], row["claim"], row["tries"]) == ("received", None, 1)


async def test_the_database_may_go_and_come_back(outbox: Outbox) -> None:
    async with outbox.workers():
        first = await outbox.put(KARI, uuid4(), 1)
        await outbox.until_state(first, "received")
        ended = await outbox.owner.fetchval(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE application_name = 'innsyn-deliver' AND datname = current_database()"
        )
        assert ended == 1
        second = await outbox.put(KARI, uuid4(), 1)
        await outbox.until_state(second, "received")
