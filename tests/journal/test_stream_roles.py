"""The cluster as production has it: the relay can fill the stream, the worker can read it, and neither can do more."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from nats.aio.client import Client

from innsyn import embedded_nats
from innsyn.journal.jetstream import JetStreamFeed
from innsyn.journal.parts import part_of
from innsyn.journal.port import Entry, Source
from innsyn.journal.relay import Stream
from innsyn.journal.stream_connection import LOST, connected
from innsyn.journal.stream_layout import STREAM, subject_of
from innsyn.processes import Children

_CONFIG = Path(__file__).parents[2] / "infra" / "nats" / "nats.conf"
KARI = part_of("Patient/kari")


@contextmanager
def production(folder: Path) -> Iterator[dict[str, str]]:
    """The addresses of a cluster of three with our own configuration, by user."""
    (folder / "nats.conf").write_text(_CONFIG.read_text())
    (folder / "tls.conf").write_text("")
    ports = [embedded_nats.free_port() for _ in range(6)]
    routes = ", ".join(f'"nats://127.0.0.1:{port}"' for port in ports[3:])
    with Children() as children:
        for number, (port, beside) in enumerate(zip(ports[:3], ports[3:], strict=True)):
            environment = {
                **os.environ,
                "NATS_NAME": f"nats-{number}",
                "NATS_LISTEN": f"127.0.0.1:{port}",
                "NATS_CLUSTER": f"127.0.0.1:{beside}",
                "NATS_STORE": str(folder / f"store-{number}"),
                "NATS_ROUTES": f"[{routes}]",
                "NATS_RELAY_PASSWORD": "of-relay",
                "NATS_WORKER_PASSWORD": "of-worker",
            }
            command: list[str | Path] = [embedded_nats._program(), "-c", folder / "nats.conf"]
            log = folder / f"{number}.log"
            child = children.start("nats", command, log=log, environment=environment)
            embedded_nats._wait_until_ready(embedded_nats.Server(folder, port, "", child))
        yield {
            user: ",".join(f"nats://{user}:of-{user}@127.0.0.1:{port}" for port in ports[:3])
            for user in ("relay", "worker")
        }


async def opened(client: Client) -> Stream:
    """A cluster that has just begun has no leader yet."""
    stream = Stream(client)
    async with asyncio.timeout(30):
        while True:
            try:
                await stream.open(copies=3)
            except LOST:
                await asyncio.sleep(0.1)
            else:
                return stream


async def test_each_can_do_its_own_part_and_no_more(tmp_path: Path) -> None:
    entry = Entry(position=1, source="s", kind="Patient", id="kari", resource=None, subject="Patient/kari")
    with production(tmp_path) as addresses:
        async with (
            connected(addresses["relay"], "innsyn-relay") as relay,
            connected(addresses["worker"], "innsyn-worker") as worker,
        ):
            stream = await opened(relay)
            await stream.add([entry])
            await stream.tell([Source(source="s", name="A service")])

            feed = JetStreamFeed("journal", worker, KARI)
            [batch] = [batch async for batch in feed.after(0)]
            assert [one.id for one in batch] == ["kari"]
            await feed.committed(batch[-1].position)
            assert [source.name for source in await feed.sources()] == ["A service"]

            with pytest.raises(LOST):
                await worker.jetstream(timeout=0.5).publish(subject_of(KARI), b"not mine to say")
            for client in (relay, worker):
                with pytest.raises(LOST):
                    await client.jetstream(timeout=0.5).delete_stream(STREAM)
            with pytest.raises(LOST):
                await relay.jetstream(timeout=0.5).pull_subscribe(subject_of(KARI), stream=STREAM)
            assert (await worker.jetstream().stream_info(STREAM)).state.messages == 1
            await feed.close()
