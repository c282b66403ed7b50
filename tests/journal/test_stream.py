"""A part of the stream as a feed: whatever the stream does, nothing is left out without a word."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nats.aio.client import Client

from innsyn import embedded_nats
from innsyn.journal.jetstream import JetStreamFeed
from innsyn.journal.parts import part_of
from innsyn.journal.port import Entry, Unusable
from innsyn.journal.sequence import FeedUnavailable
from innsyn.journal.stream_connection import connected
from innsyn.journal.stream_layout import STREAM, end_of, first_to_read, is_whole, message_at, subject_of
from innsyn.processes import Children
from journal.said import Said, an_observation
from journal.streaming import DEADLINE_SECONDS, Growing, Told, fill, growing, read, relaying, until_reached

KARI = part_of("Patient/kari")


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    with embedded_nats.embedded(tmp_path / "nats", durable=False) as server:
        async with connected(server.address, "test") as opened:
            yield opened


@pytest.fixture
def journal() -> Iterator[Growing]:
    with growing() as told:
        yield told


async def said(client: Client, journal: Growing, *ids: str) -> None:
    """Each in a message of its own."""
    for id_ in ids:
        journal.tell(an_observation(id_))
        await fill(client, journal)


def ids(found: list[Entry | Unusable]) -> list[str]:
    return [one.id for one in found]


def of_kari(client: Client, told: Told) -> JetStreamFeed:
    return JetStreamFeed("journal", client, KARI, told.on_missed, told.on_back)


async def test_where_there_is_no_stream_there_is_nothing_to_read_yet(
    client: Client, journal: Growing
) -> None:
    feed = of_kari(client, told := Told())
    assert await read(feed) == []
    assert await feed.sources() == []
    await said(client, journal, "first")
    assert ids(await read(feed)) == ["first"]
    assert told == Told()


async def test_what_comes_later_is_waited_for(client: Client, journal: Growing) -> None:
    feed = of_kari(client, told := Told())
    await said(client, journal, "first")
    [first] = await read(feed)
    waiting = asyncio.create_task(feed.more())
    await said(client, journal, "second")
    await asyncio.wait_for(waiting, DEADLINE_SECONDS)
    assert ids(await read(feed, first.position)) == ["second"]
    assert told == Told()


async def test_a_message_that_is_lost_in_the_stream_is_told(client: Client, journal: Growing) -> None:
    feed = of_kari(client, told := Told())
    await said(client, journal, "first", "lost", "third")
    first, lost, third = await read(feed)
    await client.jetstream().delete_msg(STREAM, message_at(lost.position))
    assert ids(await read(of_kari(client, told), first.position)) == ["third"]
    assert told.missed == [(first.position, lost.position)]
    assert ids(await read(of_kari(client, told), third.position)) == []


async def test_what_the_stream_let_go_of_before_it_was_read_is_told(client: Client, journal: Growing) -> None:
    await said(client, journal, "first", "second")
    _, second = await read(of_kari(client, Told()))
    await client.jetstream().purge_stream(STREAM, seq=message_at(second.position))
    assert ids(await read(of_kari(client, told := Told()))) == ["second"]
    assert told.missed == [(0, end_of(message_at(second.position) - 1))]


async def test_a_stream_that_is_made_anew_is_told_and_read_from_its_beginning(
    client: Client, journal: Growing
) -> None:
    feed = of_kari(client, told := Told())
    await said(client, journal, "first", "second")
    _, second = await read(feed)
    await client.jetstream().delete_stream(STREAM)
    await fill(client, journal)
    found = await _when_there_is_something(feed, second.position)
    assert ids(found) == ["first", "second"]
    [(after, until)] = told.missed
    assert after == second.position < until < found[0].position
    assert told.back == 0


async def test_a_stream_that_is_an_older_copy_is_read_from_its_beginning(
    client: Client, journal: Growing
) -> None:
    await said(client, journal, "first", "second")
    first, second = await read(of_kari(client, Told()))
    ahead = end_of(message_at(second.position) + 3)
    assert await read(of_kari(client, told := Told()), ahead) == [first, second]
    assert told == Told(missed=[(second.position, ahead)], back=1)


async def test_what_is_no_entry_takes_nothing_along(client: Client, journal: Growing) -> None:
    await said(client, journal, "first")
    journal.tell(an_observation("of-another"), "Patient/ola")
    await fill(client, journal)
    good = b'{"seq":7,"source":"st-olavs","kind":"Observation","id":"good","resource":' + (
        (an_observation("good").body or b"") + b"}"
    )
    poison = [
        b"\xff\x00",
        b"{}",
        b'{"entries":[7,' + good + b"]}",
        b'{"entries":[{"seq":"x"}]}',
        b'{"entries":[]}',
    ]
    for body in poison:
        await client.jetstream().publish(subject_of(KARI), body)
    await said(client, journal, "last")
    found = await read(of_kari(client, told := Told()))
    assert [one.id for one in found if isinstance(one, Entry)] == ["first", "good", "last"]
    assert [one.body for one in found if isinstance(one, Unusable)] == [
        b"\xff\x00",
        b"{}",
        b"7",
        b'{"seq":"x"}',
    ]
    assert len({one.position for one in found}) == len(found)
    assert told == Told()


async def test_a_resource_over_a_limit_is_no_entry_whoever_put_it_there(
    client: Client, journal: Growing
) -> None:
    await said(client, journal, "first")
    deep = b'{"resourceType":"Observation","id":"deep","x":' + b"[" * 70 + b"]" * 70 + b"}"
    item = b'{"seq":7,"source":"st-olavs","kind":"Observation","id":"deep","resource":' + deep + b"}"
    await client.jetstream().publish(subject_of(KARI), b'{"entries":[' + item + b"]}")
    _, unusable = await read(of_kari(client, Told()))
    assert isinstance(unusable, Unusable)
    assert (unusable.reason, unusable.id, unusable.body) == ("too_deep", "deep", deep)


async def test_the_largest_resources_come_one_after_the_other(client: Client, journal: Growing) -> None:
    large = b'{"resourceType":"Binary","id":"%d","data":"' + b"A" * (5 * 1024 * 1024 - 60) + b'"}'
    for number in range(4):
        journal.tell(Said(str(number), large % number, "Binary"))
    await fill(client, journal)
    batches = [batch async for batch in of_kari(client, Told()).after(0)]
    sizes = [[len(one.resource or b"") for one in batch if isinstance(one, Entry)] for batch in batches]
    assert [len(batch) for batch in sizes] == [1, 1, 1, 1]


async def test_broken_off_while_it_reads_it_leaves_nothing_out(client: Client, journal: Growing) -> None:
    for number in range(300):
        journal.tell(an_observation(f"n-{number}"))
    await fill(client, journal)
    feed, found, position = of_kari(client, told := Told()), [], 0
    for steps in range(60):
        reading = asyncio.ensure_future(anext(feed.after(position), None))
        for _ in range(steps):
            await asyncio.sleep(0)
        reading.cancel()
        with suppress(asyncio.CancelledError):
            batch = await reading
            found += ids(batch or [])
            position = batch[-1].position if batch else position
    found += ids(await read(feed, position))
    assert found == [f"n-{number}" for number in range(300)]
    assert told == Told()


async def test_nobody_takes_messages_from_another(client: Client, journal: Growing) -> None:
    await said(client, journal, *(f"n-{number}" for number in range(8)))
    feeds = [of_kari(client, Told()) for _ in range(3)]
    found = await asyncio.gather(*(read(feed) for feed in feeds))
    assert [ids(each) for each in found] == [[f"n-{number}" for number in range(8)]] * 3


async def test_what_is_committed_is_told_to_the_server(client: Client, journal: Growing) -> None:
    await said(client, journal, "first", "second", "third")
    feed = of_kari(client, Told())
    _, second, _ = await read(feed)
    [before] = await client.jetstream().consumers_info(STREAM)
    await feed.committed(second.position)
    [after] = await client.jetstream().consumers_info(STREAM)
    assert (before.num_ack_pending, after.num_ack_pending) == (3, 1)
    await feed.close()
    assert await client.jetstream().consumers_info(STREAM) == []


async def test_a_server_that_is_killed_is_gone_on_with_when_it_is_back(
    tmp_path: Path, journal: Growing
) -> None:
    with Children() as children:
        server = embedded_nats.start(children, tmp_path / "nats")
        async with relaying(journal.address, server.address, page=5):
            found: list[str] = []
            position = 0
            for count in (40, 80, 120):
                journal.say(40)
                await until_reached(server.address, count)
                async with connected(server.address, "test") as client:
                    feed = JetStreamFeed("journal", client, part_of("Patient/number-1"))
                    batch = await read(feed, position)
                    found, position = found + ids(batch), batch[-1].position
                    server.child.process.kill()
                    server.child.process.wait()
                    with pytest.raises(FeedUnavailable):
                        await _until_unavailable(feed, position)
                children.stop(server.child)
                server = embedded_nats.start(children, tmp_path / "nats", port=server.port)
    assert found == journal.ids_of(part_of("Patient/number-1"))


@given(st.integers(0, 2**50), st.integers(1, 500))
def test_a_position_is_a_place_in_a_message(message: int, entries: int) -> None:
    first = end_of(message + 1) + 1 - entries
    places = range(first, first + entries)
    assert {message_at(place) for place in places} == {message + 1}
    assert [is_whole(place) for place in places] == [False] * (entries - 1) + [True]
    assert [first_to_read(place) for place in places] == [message + 1] * (entries - 1) + [message + 2]
    assert (first_to_read(0), is_whole(0), message_at(0), end_of(0)) == (1, True, 0, 0)


async def _when_there_is_something(feed: JetStreamFeed, position: int) -> list[Entry | Unusable]:
    """As the worker does: a cursor that was lost is opened anew."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while True:
            with suppress(FeedUnavailable):
                if found := await read(feed, position):
                    return found


async def _until_unavailable(feed: JetStreamFeed, position: int) -> None:
    async with asyncio.timeout(DEADLINE_SECONDS):
        while True:
            await read(feed, position)
            await feed.more()
