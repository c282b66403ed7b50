"""Export servers that are in trouble, that lead astray, or that never end."""

import asyncio
from collections.abc import Callable
from functools import partial

import httpx
import pytest

from innsyn.journal.bulk_asking import Asking, Patience
from innsyn.journal.bulk_export import BulkExport, Order
from innsyn.journal.letting_in import Everybody
from innsyn.journal.sequence import FeedBroken, FeedUnavailable
from journal.exporting import LINES, TWO, Pauses, export_from, manifest_of
from journal.said import everything
from journal.serving import Answer, Asked, served


@pytest.mark.parametrize("told", [1, 3])
async def test_a_file_with_other_lines_than_counted_is_told_and_its_last_one_not_believed(
    told: int, http: httpx.AsyncClient
) -> None:
    half = Answer(TWO[0] + b"\n" + TWO[1][:20], headers=LINES)
    answering = manifest_of(half, output=[{"type": "Observation", "url": "BASE/file", "count": told}])
    found: list[str] = []
    with served(answering) as address:
        export = export_from(f"{address}/Group/1", http)
        with pytest.raises(FeedBroken, match=f"has 2 lines instead of {told}"):
            found += [one.id async for batch in export.after(0) for one in batch]
    assert found == []


async def test_a_file_that_breaks_off_is_told_and_its_last_line_not_believed(http: httpx.AsyncClient) -> None:
    """Cut off in the middle, without a count that would tell."""

    async def cut_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = "HTTP/1.1 200 OK\r\ncontent-type: application/fhir+ndjson\r\ncontent-length: 900\r\n\r\n"
        writer.write(head.encode() + TWO[0] + b"\n" + TWO[1][:20])
        await writer.drain()
        writer.close()

    files = await asyncio.start_server(cut_off, "127.0.0.1", 0)
    at = f"http://127.0.0.1:{files.sockets[0].getsockname()[1]}"
    answering = manifest_of(Answer(), output=[{"url": f"{at}/file"}])
    async with files:
        with served(answering) as address, pytest.raises(FeedUnavailable, match="broke off"):
            assert await everything(export_from(f"{address}/Group/1", http, also_at=(at,))) == []


async def test_the_manifest_of_the_fourth_version(http: httpx.AsyncClient) -> None:
    output = [{"url": "BASE/c"}, {"url": "BASE/a", "continuesInFile": "BASE/b"}, {"url": "BASE/b"}]
    manifest = manifest_of(
        Answer(headers=LINES),
        manifestType="http://hl7.org/fhir/uv/bulkdata/StructureDefinition/BulkDataManifest",
        outputOrganizedBy="Patient",
        output=output,
        outcome=[{"url": "BASE/outcome"}],
    )
    asked: list[str] = []

    def answering(request: Asked) -> Answer:
        asked.append(request.path)
        return manifest(request)

    with served(answering) as address:
        assert await everything(export_from(f"{address}/Group/1", http)) == []
    assert asked == ["/Group/1/$export", "/x", "/c", "/a", "/b", "/outcome", "/x"]


@pytest.mark.parametrize("over", ["page", "ring"])
async def test_pages_that_never_end_are_left(over: str, http: httpx.AsyncClient) -> None:
    more = "BASE/x" if over == "page" else "BASE/x?page=2"
    answering = manifest_of(Answer(), output=[], link=[{"relation": "next", "url": more}])
    with served(answering) as address, pytest.raises(FeedBroken, match="never end"):
        await everything(export_from(f"{address}/Group/1", http))


async def test_a_file_is_fetched_where_the_operator_allows_it_alone(http: httpx.AsyncClient) -> None:
    with served(lambda _: Answer(TWO[0], headers=LINES)) as files:
        answering = manifest_of(Answer(), output=[{"url": f"{files}/one.ndjson?key=secret"}])
        with served(answering) as address:
            with pytest.raises(FeedBroken, match="leads to another server") as refused:
                await everything(export_from(f"{address}/Group/1", http))
            allowed = export_from(f"{address}/Group/1", http, also_at=(files,))
            assert [one.id for one in await everything(allowed)] == ["one"]
    assert "secret" not in str(refused.value)


class Proving(Everybody):
    """Shows which request it is for, and the newest token."""

    def __init__(self) -> None:
        self.token = 1

    async def headers(self, method: str, address: str) -> dict[str, str]:
        return {"authorization": f"DPoP {self.token} {method} {address.rpartition('/')[2]}"}

    def refused(self) -> None:
        self.token += 1


async def test_a_token_that_is_not_accepted_any_more_is_made_anew_once(http: httpx.AsyncClient) -> None:
    seen: list[str] = []
    answering = manifest_of(Answer(TWO[0], headers=LINES), output=[{"url": "BASE/file"}])

    def answer(request: Asked) -> Answer:
        seen.append(request.headers["authorization"])
        wanted = {"/x": 2, "/file": 3}.get(request.path, 1)
        return answering(request) if f"DPoP {wanted} " in seen[-1] else Answer(status=401)

    with served(answer) as address:
        assert [
            one.id for one in await everything(export_from(f"{address}/Group/1", http, let_in=Proving()))
        ] == ["one"]
    assert [one.split()[1] for one in seen][:5] == ["1", "1", "2", "2", "3"]


async def test_it_shows_who_it_is_and_to_files_only_where_they_want_to_know(http: httpx.AsyncClient) -> None:
    seen: list[tuple[str, str, str]] = []

    for wanted in (True, False):
        answering = manifest_of(
            Answer(TWO[0], headers=LINES), output=[{"url": "BASE/file"}], requiresAccessToken=wanted
        )

        def answer(request: Asked, answering: Callable[[Asked], Answer] = answering) -> Answer:
            seen.append((request.method, request.path, request.headers.get("authorization", "")))
            return answering(request)

        with served(answer) as address:
            await everything(export_from(f"{address}/Group/1", http, let_in=Proving()))
    assert seen == [
        ("GET", "/Group/1/$export", "DPoP 1 GET $export"),
        ("GET", "/x", "DPoP 1 GET x"),
        ("GET", "/file", "DPoP 1 GET file"),
        ("DELETE", "/x", "DPoP 1 DELETE x"),
        ("GET", "/Group/1/$export", "DPoP 1 GET $export"),
        ("GET", "/x", "DPoP 1 GET x"),
        ("GET", "/file", ""),
        ("DELETE", "/x", "DPoP 1 DELETE x"),
    ]


async def test_a_server_in_trouble_is_asked_again_as_late_as_it_says(http: httpx.AsyncClient) -> None:
    troubles = [
        Answer(status=429, headers={"retry-after": "9"}),
        Answer(status=503),
        Answer(b'{"issue":[{"code":"transient"}]}', status=500),
        Answer(status=202, headers={"x-progress": "70% \x07done", "retry-after": "2"}),
        Answer(status=504),
    ]
    answering = manifest_of(Answer(TWO[0], headers=LINES), output=[{"url": "BASE/file"}])

    def answer(request: Asked) -> Answer:
        return troubles.pop(0) if request.path == "/x" and troubles else answering(request)

    waited, progress = Pauses(), list[str]()
    with served(answer) as address:
        group = f"{address}/Group/1"
        asking = partial(Asking, group, http, patience=Patience(sleep=waited))
        export = BulkExport("e", Order(group, "gp"), asking, on_progress=progress.append)
        assert [one.id for one in await everything(export)] == ["one"]
    assert waited.seconds == [9, 2, 4, 2, 1]
    assert progress == ["70% done"]


async def test_an_export_that_never_finishes_is_cancelled(http: httpx.AsyncClient) -> None:
    asked: list[tuple[str, str]] = []
    waited = Pauses()

    def answer(request: Asked) -> Answer:
        asked.append((request.method, request.path))
        return Answer(status=202, headers={"content-location": "/x", "retry-after": "60"})

    patience = Patience(longest=3600, sleep=waited, clock=lambda: sum(waited.seconds))
    with served(answer) as address, pytest.raises(FeedUnavailable, match="longer than 1 hours"):
        await everything(export_from(f"{address}/Group/1", http, patience=patience))
    assert sum(waited.seconds) == 3600
    assert asked[-1] == ("DELETE", "/x")


async def test_who_stops_in_the_middle_cancels_the_export(http: httpx.AsyncClient) -> None:
    asked: list[tuple[str, str]] = []
    waiting = asyncio.Event()

    def answer(request: Asked) -> Answer:
        asked.append((request.method, request.path))
        return Answer(status=202, headers={"content-location": "/x"})

    async def sleep(_: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    with served(answer) as address:
        export = export_from(f"{address}/Group/1", http, patience=Patience(sleep=sleep))
        reading = asyncio.create_task(everything(export))
        await asyncio.wait_for(waiting.wait(), 10)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
    assert asked[-1] == ("DELETE", "/x")
