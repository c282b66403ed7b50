"""Three real servers: one of them is killed while entries are written and read, and none is lost."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from innsyn import embedded_nats
from innsyn.journal.jetstream import JetStreamFeed
from innsyn.journal.sequence import FeedUnavailable
from innsyn.journal.stream_connection import LOST, connected
from innsyn.journal.stream_layout import ALL_PARTS, STREAM
from innsyn.processes import Children
from journal.streaming import Told, growing, relaying, until, until_reached

_ENTRIES, _SAYINGS, _PAGE = 3000, 20, 50


@contextmanager
def cluster(folder: Path) -> Iterator[list[embedded_nats.Server]]:
    ports = [embedded_nats.free_port() for _ in range(3)]
    with Children() as children:
        servers = []
        for name, port in zip(("one", "two", "three"), ports, strict=True):
            home = folder / name
            home.mkdir()
            (home / "password").write_text("of-all-three")
            node = embedded_nats.Node(name, port, ports)
            servers.append(embedded_nats.start(children, home, node=node))
        yield servers


async def leader_of(addresses: str) -> str:
    async with asyncio.timeout(20):
        while True:
            with suppress(*LOST):
                async with connected(addresses, "test") as client:
                    info = await client.jetstream(timeout=2).stream_info(STREAM)
                    if info.cluster and info.cluster.leader:
                        return str(info.cluster.leader)
            await asyncio.sleep(0.1)


class Readers:
    """As the workers: one for each part, from what was taken in before, over a new connection when one is lost."""

    def __init__(self) -> None:
        self.taken: dict[str, list[str]] = defaultdict(list)
        self.told = Told()
        self._at: dict[str, int] = defaultdict(int)

    @property
    def count(self) -> int:
        return sum(map(len, self.taken.values()))

    @property
    def ids(self) -> int:
        return sum(len(set(ids)) for ids in self.taken.values())

    async def read(self, addresses: str) -> None:
        while True:
            with suppress(FeedUnavailable, *LOST, ExceptionGroup):
                async with connected(addresses, "test") as client, asyncio.TaskGroup() as parts:
                    for part in ALL_PARTS:
                        feed = JetStreamFeed("journal", client, part, self.told.on_missed, self.told.on_back)
                        parts.create_task(self._read(feed, part))
            await asyncio.sleep(0.1)

    async def _read(self, feed: JetStreamFeed, part: str) -> None:
        while True:
            async for batch in feed.after(self._at[part]):
                self.taken[part] += [one.id for one in batch]
                self._at[part] = batch[-1].position
                await feed.committed(self._at[part])
            if feed.waits:
                await feed.more()
            else:
                await asyncio.sleep(0.1)


async def test_killing_the_leader_loses_nothing_and_changes_no_order(tmp_path: Path) -> None:
    readers = Readers()
    with cluster(tmp_path) as servers, growing() as journal:
        addresses = ",".join(server.address for server in servers)
        journal.say(_ENTRIES // _SAYINGS)
        reading = asyncio.create_task(readers.read(addresses))
        async with relaying(journal.address, addresses, page=_PAGE, copies=3):
            await until(lambda: readers.count > 0, "nothing was read")
            for _ in range(_SAYINGS // 2 - 1):
                journal.say(_ENTRIES // _SAYINGS)
            name = await leader_of(addresses)
            leader = next(server for server in servers if server.folder.name == name)
            before = readers.count
            leader.child.process.kill()
            leader.child.process.wait()
            assert before < _ENTRIES // 2, "it was killed when all was over"
            for _ in range(_SAYINGS // 2):
                journal.say(_ENTRIES // _SAYINGS)
            await until_reached(",".join(s.address for s in servers if s is not leader), _ENTRIES)
            await until(lambda: readers.ids >= _ENTRIES, "not all was read")
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
    # What is in the stream twice, since the line went before the answer came, is taken in once (by its version).
    once = {part: list(dict.fromkeys(ids)) for part, ids in readers.taken.items()}
    assert once == {part: ids for part in ALL_PARTS if (ids := journal.ids_of(part))}
    assert readers.count - _ENTRIES < _PAGE
    assert readers.told == Told()
