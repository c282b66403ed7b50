"""What a journal says in the tests, and the ways in which each adapter can be told it."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx

from innsyn import embedded_nats
from innsyn.journal.bulk import Files
from innsyn.journal.bulk_asking import Asking
from innsyn.journal.bulk_export import BulkExport, Order
from innsyn.journal.jetstream import JetStreamFeed
from innsyn.journal.parts import part_of
from innsyn.journal.port import Entry, Feed, Unusable
from innsyn.journal.relay import Stream
from innsyn.journal.sequence import SequenceFeed
from innsyn.journal.stream_connection import connected
from journal.said_by_subscription import topic_subscription
from journal.serving import export_of, pages_of, served

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Said:
    """One thing that the journal says: a resource as bytes, or (None) that it is gone."""

    id: str
    body: bytes | None
    kind: str = "Observation"


def an_observation(id_: str, more: str = "") -> Said:
    # The spaces and the number are there to see that nobody writes the bytes anew.
    body = f'{{"resourceType": "Observation",  "id":"{id_}", "valueQuantity":{{"value":0.10}}{more} }}'
    return Said(id_, body.encode())


def gone(id_: str) -> Said:
    return Said(id_, None)


Telling = Callable[[list[Said], Path], AbstractAsyncContextManager[Feed]]


def written(text: list[bytes], path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"\n".join(text))
    return path


def deletions(said: list[Said]) -> list[bytes]:
    entries = [
        {"request": {"method": "DELETE", "url": f"{one.kind}/{one.id}"}} for one in said if one.body is None
    ]
    return (
        [json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}).encode()]
        if entries
        else []
    )


@asynccontextmanager
async def ndjson_folder(said: list[Said], folder: Path) -> AsyncIterator[Feed]:
    written([one.body for one in said if one.body is not None], folder / "entries.ndjson")
    written(deletions(said), folder / "gone.ndjson")
    listed = {
        "transactionTime": "2026-11-23T12:00:00Z",
        "output": [{"url": "https://elsewhere/x/entries.ndjson"}],
    }
    listed["deleted"] = [{"type": "Bundle", "url": "https://elsewhere/x/gone.ndjson"}]
    written([json.dumps(listed).encode()], folder / "manifest.json")
    yield Files([folder], "st-olavs", AT)


def bundle_of(said: list[Said], type_: str = "transaction") -> bytes:
    def entry(one: Said) -> bytes:
        if one.body is None:
            return f'{{"request":{{"method":"DELETE","url":"{one.kind}/{one.id}"}}}}'.encode()
        return b'{"resource" : ' + one.body + b"}"

    return b'{"resourceType":"Bundle","type":"%s","entry":[%s]}' % (
        type_.encode(),
        b", ".join(map(entry, said)),
    )


@asynccontextmanager
async def bundle_file(said: list[Said], folder: Path) -> AsyncIterator[Feed]:
    yield Files([written([bundle_of(said)], folder / "bundle.json")], "st-olavs", AT)


@asynccontextmanager
async def resource_files(said: list[Said], folder: Path) -> AsyncIterator[Feed]:
    for number, one in enumerate(said):
        body = one.body if one.body is not None else bundle_of([one])
        written([body], folder / f"{number:05}.json")
    folder.mkdir(exist_ok=True)
    yield Files([folder], "st-olavs", AT)


@asynccontextmanager
async def sequence_feed(said: list[Said], folder: Path) -> AsyncIterator[Feed]:
    del folder
    with served(pages_of([envelope(seq, one) for seq, one in enumerate(said, 1)])) as address:
        async with httpx.AsyncClient(trust_env=False) as http:
            yield SequenceFeed("journal", address, http)


@asynccontextmanager
async def stream(said: list[Said], folder: Path) -> AsyncIterator[Feed]:
    # All of one person's: what is of several is in several parts, and each of them is a feed.
    envelopes = [envelope(seq, one, subject="Patient/kari") for seq, one in enumerate(said, 1)]
    with (
        embedded_nats.embedded(folder / "nats", durable=False) as server,
        served(pages_of(envelopes)) as address,
    ):
        async with httpx.AsyncClient(trust_env=False) as http, connected(server.address, "test") as client:
            journal = SequenceFeed("journal", address, http)
            filled = Stream(client)
            await filled.open(copies=1)
            async for page in journal.after(0):
                await filled.add(page)
            await filled.tell(await journal.sources())
            feed = JetStreamFeed("journal", client, part_of("Patient/kari"))
            yield feed
            await feed.close()


def envelope(seq: int, one: Said, **other: object) -> bytes:
    head = {
        "seq": seq,
        "source": "st-olavs",
        "kind": one.kind,
        "id": one.id,
        "version": 1,
        "recorded": None,
    } | other
    body = b'"deleted":true' if one.body is None else b'"resource":' + one.body
    return json.dumps(head).encode()[:-1] + b"," + body + b"}"


@asynccontextmanager
async def bulk_export(said: list[Said], folder: Path) -> AsyncIterator[Feed]:
    del folder
    resources = [one.body for one in said if one.body is not None]
    with served(export_of(resources, deletions(said))) as address:
        async with httpx.AsyncClient(trust_env=False) as http:
            group = f"{address}/fhir/Group/all"
            yield BulkExport("export", Order(group, "st-olavs"), partial(Asking, group, http))


TELLINGS: dict[str, Telling] = {
    "NDJSON folder": ndjson_folder,
    "bundle": bundle_file,
    "resource files": resource_files,
    "sequence feed": sequence_feed,
    "JetStream": stream,
    "Bulk Data export": bulk_export,
    "topic subscription": topic_subscription,
}


async def everything(feed: Feed, after: int = 0) -> list[Entry | Unusable]:
    return [found async for batch in feed.after(after) for found in batch]
