"""Spans tell what went on and how long it took; nobody's identity, no address, and nothing when nobody asked."""

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from innsyn import spans
from innsyn.operations.tracing import send_to, trace
from world import KARI, OLA, World, patient, result


@pytest.fixture
def sent() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = send_to("web", SimpleSpanProcessor(exporter))
    yield exporter
    spans.give(None)
    provider.shutdown()


async def test_a_span_tells_the_route_and_the_question_and_nothing_that_was_sent(
    world: World, sent: InMemorySpanExporter
) -> None:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"), result("a", "kari", "Kanari"))
    kari = await world.log_in(KARI)
    await kari.get(f"/journal?q={OLA}", headers={"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"})
    found = sent.get_finished_spans()
    names = [each.name for each in found]
    assert [name for name in names if name != "question"] == ["batch", "GET /journal"]
    [request] = [each for each in found if each.name == "GET /journal"]
    question = next(each for each in found if each.name == "question")
    assert dict(request.attributes or {}) == {"method": "GET", "route": "/journal", "status": 200}
    assert dict(question.attributes or {}) == {"question": "timeline.search.page"}
    assert question.parent is not None
    assert request.context is not None
    assert question.parent.span_id == request.context.span_id
    # Nobody outside says what belongs together.
    assert request.parent is None
    assert f"{request.context.trace_id:032x}" != "a" * 32
    for each in found:
        assert set(each.attributes or {}) <= spans.TOLD
        assert dict(each.resource.attributes) == {"service.name": "innsyn-web"}
        assert [canary for canary in (KARI, OLA, "Kanari", "Nordli") if canary in each.to_json()] == []


async def test_what_fails_is_told_without_its_words(world: World, sent: InMemorySpanExporter) -> None:
    await world.take(patient("kari", KARI, "Kari"))
    kari = await world.log_in(KARI)
    await world.pool.close()
    assert (await kari.get("/journal")).status_code == 503
    [question] = [each for each in sent.get_finished_spans() if each.name == "question"]
    assert question.events == ()
    assert question.status.description is None


def test_nothing_is_made_and_nothing_imported_when_nobody_asked() -> None:
    trace("web", {})
    assert spans.span("question", question="a") is spans.span("batch", entries=1)
    code = "import sys, innsyn.app as a; from innsyn.operations.tracing import trace; trace('web', {}); "
    code += "print('opentelemetry' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "False"


def test_when_nobody_asked_it_costs_next_to_nothing() -> None:
    def seconds(number: int) -> float:
        began = time.perf_counter()
        for _ in range(number):
            with spans.span("question", question="timeline.all.page"):
                pass
        return (time.perf_counter() - began) / number

    # The best of several: what else the machine does is not asked. A page takes some milliseconds.
    assert min(seconds(10_000) for _ in range(5)) < 3e-6
