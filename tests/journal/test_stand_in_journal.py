"""The adapters against a journal that they have never met: the stand-in as a process of its own."""

import asyncio
from functools import partial

import httpx

from innsyn.journal.bulk_asking import Asking
from innsyn.journal.bulk_export import BulkExport, Order
from innsyn.journal.port import Entry, Source
from innsyn.journal.sequence import SequenceFeed
from journal.said import everything


async def test_the_sequence_feed_gives_every_number_once(journal: str, http: httpx.AsyncClient) -> None:
    found = await everything(SequenceFeed("journal", journal, http))
    last = (await http.get(f"{journal}/feed", params={"seq": 1, "limit": 1})).json()["last"]
    assert [one.position for one in found] == list(range(1, last + 1))
    assert [one for one in found if not isinstance(one, Entry)] == []
    assert {one.source for one in found} <= {source.source for source in await _sources(journal, http)}


async def test_what_is_written_next_is_what_comes_next(journal: str, http: httpx.AsyncClient) -> None:
    feed = SequenceFeed("journal", journal, http)
    last = len(await everything(feed))
    assert await everything(feed, last) == []
    resource = {"resourceType": "Basic", "id": "brand-new", "code": {"text": "0.10"}}
    wish = {"source": "st-olavs", "resource": resource}
    (await http.post(f"{journal}/publish", json=wish)).raise_for_status()
    [new] = await everything(feed, last)
    assert isinstance(new, Entry)
    assert (new.position, new.kind, new.id, new.version) == (last + 1, "Basic", "brand-new", 1)
    gone = {"source": "st-olavs", "deleted": {"kind": "Basic", "id": "brand-new", "subject": None}}
    (await http.post(f"{journal}/publish", json=gone)).raise_for_status()
    [deleted] = await everything(feed, last + 1)
    assert isinstance(deleted, Entry)
    assert (deleted.version, deleted.resource) == (2, None)


async def test_an_export_holds_the_newest_of_what_the_sequence_tells(
    journal: str, http: httpx.AsyncClient
) -> None:
    exported, sequence = await asyncio.gather(
        everything(_export(f"{journal}/fhir/Group/all", http)),
        everything(SequenceFeed("journal", journal, http)),
    )
    newest = {(one.kind, one.id): one.resource for one in sequence if isinstance(one, Entry)}
    assert {(one.kind, one.id): one.resource for one in exported if isinstance(one, Entry)} == {
        key: resource for key, resource in newest.items() if resource is not None
    }


async def test_a_later_export_brings_the_changes_and_deletions(journal: str, http: httpx.AsyncClient) -> None:
    address = f"{journal}/fhir/Group/all"
    first = _export(address, http)
    whole = await everything(first)
    for wish in (
        {"resource": {"resourceType": "Basic", "id": "later"}},
        {"resource": {"resourceType": "Basic", "id": "short"}},
        {"deleted": {"kind": "Basic", "id": "short", "subject": None}},
    ):
        (await http.post(f"{journal}/publish", json={"source": "st-olavs"} | wish)).raise_for_status()
    changed = await everything(_export(address, http, first.transaction_time))
    told = {(one.id, one.resource is None) for one in changed if isinstance(one, Entry)}
    assert told >= {("later", False), ("short", True)}
    # What was written in the same moment as the first export may come again; the rest does not.
    assert len(told) < 5 < len(whole)


def _export(group: str, http: httpx.AsyncClient, since: str = "") -> BulkExport:
    return BulkExport("export", Order(group, "region", since), partial(Asking, group, http))


async def _sources(journal: str, http: httpx.AsyncClient) -> list[Source]:
    return await SequenceFeed("journal", journal, http).sources()
