"""The relay puts all of the journal into the stream, once and in order, whatever happens to it meanwhile."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from innsyn import embedded_nats
from innsyn.journal.parts import part_of
from innsyn.journal.relay import Stream
from innsyn.journal.sequence_page import page_in
from innsyn.journal.stream_connection import TooSmall, connected
from innsyn.journal.stream_layout import ALL_PARTS, STREAM, pieces_of
from innsyn.processes import Children
from journal.streaming import Growing, everything_in, growing, relaying, until_reached


@pytest.fixture
def nats(tmp_path: Path) -> Iterator[str]:
    with embedded_nats.embedded(tmp_path / "nats", durable=False) as server:
        yield server.address


@pytest.fixture
def journal() -> Iterator[Growing]:
    with growing() as told:
        yield told


def whole(journal: Growing) -> dict[str, list[str]]:
    return {part: ids for part in ALL_PARTS if (ids := journal.ids_of(part))}


async def test_all_of_one_person_is_in_one_part_in_order_and_several_are_in_one_message(
    nats: str, journal: Growing
) -> None:
    journal.say(300)
    async with relaying(journal.address, nats), connected(nats, "test") as client:
        await until_reached(nats, 300)
        journal.say(7)
        await until_reached(nats, 307)
        kept = (await client.jetstream().stream_info(STREAM)).state.messages
    assert await everything_in(nats) == whole(journal)
    assert kept <= 2 * len(ALL_PARTS)


async def test_a_relay_that_starts_anew_goes_on_where_the_stream_ends(nats: str, journal: Growing) -> None:
    for count in (120, 1, 50):
        journal.say(count)
        async with relaying(journal.address, nats, page=40):
            await until_reached(nats, len(journal.envelopes))
    assert await everything_in(nats) == whole(journal)


async def test_broken_off_within_a_page_all_that_it_lacks_follows(nats: str, journal: Growing) -> None:
    journal.say(100)
    page = page_in(b'{"entries":[' + b",".join(journal.envelopes) + b'],"last":100}', 1).found
    async with connected(nats, "test") as client:
        stream = Stream(client)
        await stream.open(copies=1)
        first = pieces_of(page)[0]
        await stream.add([one for one in page if first.first <= one.position <= first.reached])
        assert stream.reached == first.reached < 100
    async with relaying(journal.address, nats):
        await until_reached(nats, 100)
    assert await everything_in(nats) == whole(journal)


async def test_of_two_relays_each_entry_comes_once(nats: str, journal: Growing) -> None:
    journal.say(200)
    async with relaying(journal.address, nats, page=7), relaying(journal.address, nats, page=11):
        for _ in range(10):
            journal.say(30)
            await until_reached(nats, len(journal.envelopes))
    assert await everything_in(nats) == whole(journal)


async def test_a_journal_that_counts_anew_is_read_anew(nats: str, journal: Growing) -> None:
    journal.say(60)
    before = whole(journal)
    async with relaying(journal.address, nats):
        await until_reached(nats, 60)
        journal.envelopes.clear()
        journal.say(20)
        await until_reached(nats, 20)
    after = whole(journal)
    assert await everything_in(nats) == {part: before[part] + after.get(part, []) for part in before}


async def test_after_each_message_one_knows_what_is_there(journal: Growing) -> None:
    journal.say(90)
    page = page_in(b'{"entries":[' + b",".join(journal.envelopes) + b'],"last":90}', 1).found
    sent: set[int] = set()
    for piece in pieces_of(page):
        sent |= {one.position for one in page if part_of(one.subject) == piece.part}
        assert {one.position for one in page if one.position <= piece.reached} <= sent
    assert sent == set(range(1, 91)), piece.reached == 90


async def test_a_server_that_could_not_hold_a_large_resource_is_refused(tmp_path: Path) -> None:
    with Children() as children:
        server = embedded_nats.start(children, tmp_path / "nats", durable=False)
        config = (tmp_path / "nats" / "nats.conf").read_text().replace("max_payload: 8MB", "max_payload: 1MB")
        children.stop(server.child)
        (tmp_path / "small.conf").write_text(config)
        small = children.start(
            "nats", [embedded_nats._program(), "-c", tmp_path / "small.conf"], log=tmp_path / "log"
        )
        embedded_nats._wait_until_ready(embedded_nats.Server(tmp_path, server.port, server.address, small))
        with pytest.raises(TooSmall, match="Set max_payload to 8MB"):
            async with connected(server.address, "test"):
                pass
