"""Export servers that make one wait, answer in parts, or go wrong."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial

import httpx
import pytest

from innsyn.journal.bulk_asking import Asking, Authorize, Patience, unauthorized
from innsyn.journal.bulk_export import BulkExport, Order
from innsyn.journal.port import Entry, Source
from innsyn.journal.sequence import FeedBroken, FeedUnavailable
from journal.said import an_observation, deletions, everything, gone
from journal.serving import Answer, Asked, export_of, served

LINES = {"content-type": "application/fhir+ndjson"}
TWO = [an_observation("one").body or b"", an_observation("two").body or b""]


class Pauses:
    """Waits for nothing, and remembers how long it should have been."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def export_from(
    group: str,
    http: httpx.AsyncClient,
    *,
    since: str = "",
    patience: Patience | None = None,
    authorize: Authorize = unauthorized,
    also_at: tuple[str, ...] = (),
) -> BulkExport:
    def asking() -> Asking:
        waits = patience or Patience(sleep=Pauses())
        return Asking(group, http, authorize=authorize, also_at=also_at, patience=waits)

    return BulkExport("e", Order(group, "gp", since), asking)


async def test_it_says_what_it_wants_and_says_goodbye(http: httpx.AsyncClient) -> None:
    asked: list[Asked] = []
    answering = export_of(TWO, deletions([gone("three")]))

    def answer(request: Asked) -> Answer:
        asked.append(request)
        return answering(request)

    with served(answer) as address:
        export = export_from(f"{address}/Group/1/", http, since="2026-11-01T00:00:00Z")
        found = await everything(export)
    assert [(one.position, one.id) for one in found] == [(1, "one"), (2, "two"), (3, "three")]
    assert export.transaction_time == "2026-11-23T12:00:00Z"
    kick_off = asked[0]
    assert kick_off.path == "/Group/1/$export"
    assert kick_off.headers["prefer"] == "respond-async"
    assert kick_off.query == {"_outputFormat": "application/fhir+ndjson", "_since": "2026-11-01T00:00:00Z"}
    assert (asked[-1].method, asked[-1].path) == ("DELETE", "/x")


@pytest.mark.parametrize(
    ("told", "pauses"),
    [
        ({"retry-after": "7"}, [7, 7, 7]),
        ({"retry-after": "86400"}, [60, 60, 60]),
        ({"retry-after": "0"}, [0.1, 0.1, 0.1]),
        ({"retry-after": "soon"}, [1, 2, 4]),
        ({}, [1, 2, 4]),
        ({"retry-after": format_datetime(datetime.now(UTC) - timedelta(hours=1))}, [0.1, 0.1, 0.1]),
    ],
)
async def test_it_waits_as_long_as_it_is_told(
    told: dict[str, str], pauses: list[float], http: httpx.AsyncClient
) -> None:
    polls: list[Asked] = []

    def answer(request: Asked) -> Answer:
        if request.path.endswith("$export"):
            return Answer(status=202, headers={"content-location": f"{request.base}/poll"})
        polls.append(request)
        done = json.dumps({"transactionTime": "2026-11-23T12:00:00Z", "output": []}).encode()
        return Answer(done) if len(polls) > 3 else Answer(status=202, headers=told)

    waited = Pauses()
    with served(answer) as address:
        assert (
            await everything(export_from(f"{address}/Group/1", http, patience=Patience(sleep=waited))) == []
        )
    assert waited.seconds == pauses


async def test_a_manifest_in_pages_is_read_to_its_end(http: httpx.AsyncClient) -> None:
    def answer(request: Asked) -> Answer:
        if request.path.endswith("$export"):
            return Answer(status=202, headers={"content-location": "/page/1"})
        if request.path.startswith("/file/"):
            return Answer(TWO[int(request.path[-1]) - 1], headers=LINES)
        page = int(request.path[-1])
        manifest: dict[str, object] = {"transactionTime": f"2026-11-23T12:00:0{page}Z"}
        manifest["output"] = [{"url": f"{request.base}/file/{page}"}]
        if page == 1:
            manifest["link"] = [{"relation": "next", "url": f"{request.base}/page/2"}]
        return Answer(json.dumps(manifest).encode())

    with served(answer) as address:
        export = export_from(f"{address}/Group/1", http)
        assert [one.id for one in await everything(export)] == ["one", "two"]
    assert export.transaction_time == "2026-11-23T12:00:01Z"


BAD: dict[str, tuple[str, Answer, type[Exception], str]] = {
    "no order taken": ("/Group/1/$export", Answer(status=400), FeedBroken, "answers 400"),
    "no address given": ("/Group/1/$export", Answer(status=202), FeedBroken, "answers 202"),
    "overloaded": ("/Group/1/$export", Answer(status=503), FeedUnavailable, "answers 503"),
    "the order is lost": ("/x", Answer(status=404), FeedBroken, "answers 404"),
    "no manifest": ("/x", Answer(b"<html>"), FeedBroken, "is no manifest"),
    "a manifest without end": ("/x", Answer(b"[" * (5 << 20)), FeedBroken, "is no manifest"),
    "a manifest as a page": (
        "/x",
        Answer(b"{}", headers={"content-type": "text/html"}),
        FeedBroken,
        "no manif",
    ),
    "no time": ("/x", Answer(b'{"transactionTime":"now","output":[]}'), FeedBroken, "tells no time"),
    "a time to come": (
        "/x",
        Answer(b'{"transactionTime":"2999-01-01T00:00:00Z","output":[]}'),
        FeedBroken,
        "has not come",
    ),
    "it failed": (
        "/x",
        Answer(b'{"resourceType":"OperationOutcome","issue":[{"code":"exception"}]}', status=500),
        FeedBroken,
        r"answers 500 \(exception\)",
    ),
    "it is led elsewhere": (
        "/Group/1/$export",
        Answer(status=202, headers={"content-location": "http://169.254.169.254/latest"}),
        FeedBroken,
        "leads to another server, http://169.254.169.254",
    ),
    "it is sent elsewhere": (
        "/x",
        Answer(status=302, headers={"location": "http://127.0.0.1:1/x"}),
        FeedBroken,
        "answers 302",
    ),
    "a file is gone": ("/x/output", Answer(status=410, headers=LINES), FeedBroken, "has expired"),
    "a file is elsewhere by now": (
        "/x/output",
        Answer(status=307, headers={"location": "http://127.0.0.1:1/x"}),
        FeedBroken,
        "answers 307",
    ),
    "a file is something else": (
        "/x/output",
        Answer(b"<html>", headers={"content-type": "text/html"}),
        FeedBroken,
        "something else than lines",
    ),
    "a file is packed": (
        "/x/output",
        Answer(b"x", headers=LINES | {"content-encoding": "gzip"}),
        FeedBroken,
        "is packed",
    ),
}


@pytest.mark.parametrize("bad", BAD)
async def test_a_bad_answer_says_what_is_wrong(bad: str, http: httpx.AsyncClient) -> None:
    step, wrong, error, text = BAD[bad]
    answering = export_of(TWO, [])

    def answer(request: Asked) -> Answer:
        return wrong if request.method == "GET" and request.path == step else answering(request)

    with served(answer) as address, pytest.raises(error, match=text):
        await everything(export_from(f"{address}/Group/1", http))


def manifest_of(answer: Answer, **manifest: object) -> Callable[[Asked], Answer]:
    """An export with this manifest, and one file."""
    told = {"transactionTime": "2026-11-23T12:00:00Z", "requiresAccessToken": True} | manifest

    def answering(request: Asked) -> Answer:
        if request.path.endswith("$export"):
            return Answer(status=202, headers={"content-location": "/x"})
        if request.path == "/x":
            return Answer(json.dumps(told).replace("BASE", request.base).encode())
        return answer

    return answering


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


async def test_it_shows_who_it_is_and_to_files_only_where_they_want_to_know(http: httpx.AsyncClient) -> None:
    seen: list[tuple[str, str, str]] = []

    async def authorize(method: str, address: str) -> dict[str, str]:
        return {"authorization": f"DPoP {method} {address.rpartition('/')[2]}"}

    for wanted in (True, False):
        answering = manifest_of(
            Answer(TWO[0], headers=LINES), output=[{"url": "BASE/file"}], requiresAccessToken=wanted
        )

        def answer(request: Asked, answering: Callable[[Asked], Answer] = answering) -> Answer:
            seen.append((request.method, request.path, request.headers.get("authorization", "")))
            return answering(request)

        with served(answer) as address:
            await everything(export_from(f"{address}/Group/1", http, authorize=authorize))
    assert seen == [
        ("GET", "/Group/1/$export", "DPoP GET $export"),
        ("GET", "/x", "DPoP GET x"),
        ("GET", "/file", "DPoP GET file"),
        ("DELETE", "/x", "DPoP DELETE x"),
        ("GET", "/Group/1/$export", "DPoP GET $export"),
        ("GET", "/x", "DPoP GET x"),
        ("GET", "/file", ""),
        ("DELETE", "/x", "DPoP DELETE x"),
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


async def test_the_source_is_heard_from_when_the_export_is_ordered(http: httpx.AsyncClient) -> None:
    with served(export_of(TWO, [])) as address:
        export = export_from(f"{address}/Group/1", http)
        [first, _] = await everything(export)
        [source] = await export.sources()
    assert isinstance(first, Entry)
    assert source == Source(source="gp", name="gp", contact=first.recorded)
