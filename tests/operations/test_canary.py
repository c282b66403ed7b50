"""A canary citizen goes everywhere, also where it goes wrong, and is in no log, metric, operator's page or trace."""

import base64
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from litestar import get
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from innsyn import spans
from innsyn.access.book.versions import HELSENORGE
from innsyn.embedded_postgres import Server
from innsyn.identity.sessions import token_of
from innsyn.journal import quarantine_tries
from innsyn.journal.fhir.resources import Condition
from innsyn.journal.sequence_page import page_in
from innsyn.operations import metrics
from innsyn.operations.listener import Listener
from innsyn.operations.queries import state_of
from innsyn.operations.seen import Seen
from innsyn.operations.tracing import send_to
from innsyn.trying_again import try_again
from innsyn.worker import Intake
from world import KARI, OLA, World, patient, result

_TITLE, _NOTE, _VALUE, _COMMENT, _PRACTITIONER = (
    "Kanaritrope",
    "kanarinotat",
    "4711.0815",
    "kanarimerknad",
    "Fuglehund",
)
_GIVEN, _FAMILY, _PHONE, _STREET = "Kanariane", "Sangfugl", "+4799988877", "Burveien 1"
_CODE, _BROKEN, _TWICE, _UNKNOWN, _EXPLODES = (
    "kanarikode",
    "kanariknus",
    "kanarinøkkel",
    "kanariukjent",
    "kanaribrak",
)
_SEARCH, _FORM, _HEADER, _RAISED, _PATH = "kanarisøk", "kanariskjema", "kanarihode", "kanarifeil", "kanaristi"
CANARIES = (
    *(KARI, OLA, _TITLE, _NOTE, _VALUE, _COMMENT, _PRACTITIONER, _GIVEN, _FAMILY, _PHONE, _STREET, _CODE),
    *(_BROKEN, _TWICE, _UNKNOWN, _EXPLODES, _SEARCH, _FORM, _HEADER, _RAISED, _PATH),
)


@pytest.fixture
def traced() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = send_to("web", SimpleSpanProcessor(exporter))
    yield exporter
    spans.give(None)
    provider.shutdown()


async def test_a_canary_is_nowhere_but_in_its_record(
    world: World,
    postgres: Server,
    traced: InMemorySpanExporter,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    assert len(CANARIES) >= 20
    await _fed(world)
    kari = await world.log_in(KARI)
    token = kari.cookies["innsyn"]
    page = (await kari.get("/journal")).text
    assert _TITLE in page, "The canary is in its own record, or nothing is shown by this."
    await _everywhere(world, kari)
    await _outage(world, kari)
    seen = Seen("worker")
    seen.state = await state_of(world.worker)
    told = {
        "printed": "".join(capfd.readouterr()),
        # httpx tells what its own browser asks for: that is this test, not the application.
        "libraries": "\n".join(one.getMessage() for one in caplog.records if one.name != "httpx"),
        "postgres": _log_of(postgres),
        "metrics": metrics.told(seen).decode(),
        "page": await _page(seen),
        "traces": "\n".join(each.to_json() for each in traced.get_finished_spans()),
    }
    for place in ("printed", "postgres", "metrics", "page", "traces"):
        assert told[place], place
    for event in ("failure", "not_just_now", "projection_failed"):
        assert f'"{event}"' in told["printed"]
    assert "Observation/bad" in told["page"]
    secrets = (*CANARIES, token, token_of(token).hex())  # type: ignore[union-attr]
    found = [(place, canary) for place, text in told.items() for canary in secrets if canary in text]
    assert found == []


def _log_of(postgres: Server) -> str:
    return (postgres.folder / "postgres.log").read_text(errors="replace")


async def _page(seen: Seen) -> str:
    transport = httpx.ASGITransport(Listener(seen))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://operations") as operator:
        return (await operator.get("/")).text


async def _fed(world: World) -> None:
    about = {"telecom": [{"value": _PHONE}], "address": [{"line": [_STREET]}]}
    note = base64.b64encode(_NOTE.encode()).decode()
    document = {
        "resourceType": "DocumentReference",
        "id": "note",
        "status": "current",
        "subject": {"reference": "Patient/kari"},
        "description": _NOTE,
        "content": [{"attachment": {"contentType": "text/plain", "data": note}}],
    }
    more = {
        "note": [{"text": _COMMENT}],
        "performer": [{"display": _PRACTITIONER}],
        "valueQuantity": {"value": float(_VALUE), "unit": _CODE},
    }
    await world.take(
        {**patient("kari", KARI, _GIVEN, _FAMILY), **about},
        patient("ola", OLA, "Ola", _FAMILY),
        {**result("a", "kari", _TITLE), **more},
        document,
        result("unknown", _UNKNOWN),
    )
    await world.intake.take(page_in(_hostile_page(), 900).found)

    def explode(condition: Any, _about: object) -> None:  # noqa: ANN401
        raise KeyError(f"{_EXPLODES} {condition.code}")

    exploding = Intake(world.worker, "journal", {"Condition": (Condition, (explode,))})
    broken = {
        "resourceType": "Condition",
        "id": "c",
        "code": {"text": _EXPLODES},
        "subject": {"reference": "Patient/kari"},
    }
    world.intake, usual = exploding, world.intake
    await world.take(broken)
    world.intake = usual
    await try_again(world.worker, await quarantine_tries.of_reason(world.worker), HELSENORGE)


def _hostile_page() -> bytes:
    def entry(seq: int, id_: str, resource: str, source: str = "st-olavs") -> str:
        named = f'"seq":{seq},"source":"{source}","kind":"Observation","id":"{id_}"'
        return f'{{{named},"version":1,"resource":{resource}}}'

    told = (
        f'"resourceType":"Observation","subject":{{"reference":"Patient/kari"}},"code":{{"text":"{_BROKEN}"}}'
    )
    entries = [
        entry(900, "bad", f'{{"id":"bad",{told},"{_TWICE}":1,"{_TWICE}":2}}'),
        entry(901, KARI, f'{{"id":"{OLA}",{told}}}'),
        entry(902, "deep", f'{{"id":"deep",{told},"x":{"[" * 100}"{_BROKEN}"{"]" * 100}}}'),
        entry(903, "not-r4", f'{{"id":"not-r4",{told},"status":["{_BROKEN}"],"valueQuantity":"{_VALUE}"}}'),
        entry(904, "odd", f'{{"id":"odd",{told}}}', source=_FAMILY + " " + KARI),
        f'{{"seq":905,"{_TWICE}":"{_BROKEN}"}}',
    ]
    return f'{{"entries":[{",".join(entries)}],"last":905}}'.encode()


async def _everywhere(world: World, kari: httpx.AsyncClient) -> None:
    """Every route with what it does not expect, then one that fails."""

    @get(["/failing", "/api/failing"], include_in_schema=False)
    async def failing() -> str:
        raise ValueError(f"{_RAISED} {KARI}")

    @get("/refused", include_in_schema=False)
    async def refused() -> str:
        # PostgreSQL quotes the row that it refuses.
        await world.owner.execute(
            "INSERT INTO journal.outbox"
            " (person_id, author_id, conversation, number, resource_type, resource, key, state)"
            " SELECT u, u, u, 1, $1, ''::bytea, u, $1 FROM gen_random_uuid() u",
            _RAISED,
        )
        return ""

    for handler in (failing, refused):
        world.litestar.register(handler)
    headers = {"referer": f"https://{_HEADER}.example", "user-agent": _HEADER, "x-forwarded-for": _HEADER}
    fields = {
        "q": _SEARCH,
        "name": _FORM,
        "number": KARI,
        "next": f"/{_PATH}",
        "locale": _FORM,
        "wish": _FORM,
    }
    ends = ("/logout", "/session")
    paths = {str(route.path).replace("{", "").split(":")[0] for route in world.litestar.routes}
    paths |= {f"/journal/lab_results/{KARI}", f"/{_PATH}/{KARI}", f"/for/{_PATH}{_PATH[:8]}/journal"}
    for path in sorted(path for path in paths if not path.startswith((*ends, "/live", "/static"))):
        address = f"{path}?q={_SEARCH}&code={_CODE}&state={_CODE}&source={_CODE}&{_CODE}={KARI}"
        await kari.get(address, headers=headers)
        await kari.post(path, data=fields, headers=headers)
    opened = (await kari.get("/api/entries")).json()["entries"]
    await kari.get(f"/journal/lab_results/{opened[0]['id']}")
    assert (await kari.get(f"/failing?q={_SEARCH}")).status_code == 500
    assert (await kari.get(f"/refused?q={_SEARCH}")).status_code == 500


async def _outage(world: World, kari: httpx.AsyncClient) -> None:
    """PostgreSQL ends every connection, and then the pool is gone."""
    await world.owner.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IN ('innsyn_web', 'innsyn_login')"
    )
    for _ in range(4):
        await kari.get(f"/journal?q={_SEARCH}")
    await world.pool.close()
    assert (await kari.get(f"/journal?q={_SEARCH}")).status_code == 503
    assert msgspec.json.decode((await kari.get(f"/api/entries?q={_SEARCH}")).content)["status"] == 503


def test_the_log_of_postgresql_is_where_this_looks(postgres: Server) -> None:
    assert Path(postgres.folder, "postgres.log").exists()
