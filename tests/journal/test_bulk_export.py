"""Export servers that make one wait, answer in parts, or go wrong."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from innsyn.journal.bulk_asking import Patience
from innsyn.journal.port import Entry, Source
from innsyn.journal.sequence import FeedBroken, FeedUnavailable
from journal.exporting import LINES, TWO, Pauses, export_from
from journal.said import deletions, everything, gone
from journal.serving import Answer, Asked, export_of, served


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


async def test_the_source_is_heard_from_when_the_export_is_ordered(http: httpx.AsyncClient) -> None:
    with served(export_of(TWO, [])) as address:
        export = export_from(f"{address}/Group/1", http)
        [first, _] = await everything(export)
        [source] = await export.sources()
    assert isinstance(first, Entry)
    assert source == Source(source="gp", name="gp", contact=first.recorded)
