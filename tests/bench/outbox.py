"""The road out: how much leaves in a second, what a failing journal loses or doubles, how long a write takes."""

import asyncio
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from statistics import quantiles
from uuid import UUID, uuid4

import asyncpg
import httpx

from bench.figures import Figure, at_least, at_most
from bench.installation import Installation, Session, installation
from bench.population import log_in
from innsyn.journal.delivery import deliver
from innsyn.journal.delivery_client import JournalClient
from innsyn.records.references import Names

CONVERSATIONS, IN_EACH = 500, 4
WRITERS, WRITES = 8, 600
_PATIENT = "kari-nordli"
_KARI = UUID(int=1)
_FILL = """
    INSERT INTO journal.outbox (person_id, author_id, conversation, number, resource_type, resource, key)
    SELECT $1::uuid, $1::uuid, md5('conversation' || $2::text || n / $4::int)::uuid, n % $4::int + 1, 'Task',
        convert_to(format(
        '{"resourceType": "Task", "status": "requested", "intent": "order", "for": {"identifier": '
        '{"system": "urn:innsyn:person", "value": "%s"}}}', $1::uuid), 'UTF8'), gen_random_uuid()
    FROM generate_series(0, $3::int * $4::int - 1) n
"""
_PATIENCE = 300
_LEFT = "SELECT count(*) FROM journal.outbox WHERE state <> 'received'"


def measure() -> list[Figure]:
    """Deliveries a second, what a failing journal loses or doubles, and writes through the web while they leave."""
    with installation() as made:
        made.database("bench")
        base = _journal(made)
        return asyncio.run(_measure(made, base))


def _journal(made: Installation) -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    told = ["--port", str(port), "--today", "2026-11-23", "--pace", "3600"]
    command = [sys.executable, "-m", "standins.journal", *told]
    made.children.start("journal", command, log=made.folder / "journal.log", environment=made.environment)
    return f"http://127.0.0.1:{port}"


async def _measure(made: Installation, base: str) -> list[Figure]:
    db = await asyncpg.connect(made.server.dsn("postgres", "bench"))
    await db.execute("INSERT INTO identity.person (person_id, name) VALUES ($1, 'Kari')", _KARI)
    await db.execute("INSERT INTO identity.patient VALUES ('journal', $1, $2)", _PATIENT, _KARI)
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        await _answers(http, base)
        calm = await _drain(made, db, http, base, "calm", {})
        fire = await _drain(
            made, db, http, base, "fire", {"error_before": 0.05, "error_after": 0.05, "seed": 1}
        )
        come = (await http.get(f"{base}/received")).json()
        entries = [each["id"] for each in come]
        lost = 2 * CONVERSATIONS * IN_EACH - len(come)
        doubled = len(entries) - len(set(entries)) + await _doubled(http, base)
        sent = sum(each["times"] for each in come)
        async with _delivering(made, base, http):
            rate, p99 = await _write(made, db)
    await db.close()
    beside = f"{CONVERSATIONS} conversations of {IN_EACH}, in order"
    return [
        at_least("deliveries a second", 50, calm, "/s", beside),
        at_least("deliveries a second, 5 % fail before and 5 % after", 25, fire, "/s", beside),
        at_most("lost under fire", 0, lost, "", f"{sent} sent, {len(come)} arrived"),
        at_most("doubled under fire", 0, doubled, "", f"{sent} sent, {len(come)} arrived"),
        at_least("writes a second while they leave", 50, rate, "/s", f"{WRITERS} writers"),
        at_most("p99 of a write", 500, p99, "ms", f"{WRITES} writes"),
    ]


async def _answers(http: httpx.AsyncClient, base: str) -> None:
    last = time.monotonic() + 30
    while True:
        try:
            (await http.get(f"{base}/received")).raise_for_status()
        except httpx.TransportError:
            if time.monotonic() > last:
                raise
            await asyncio.sleep(0.1)
        else:
            return


async def _doubled(http: httpx.AsyncClient, base: str) -> int:
    seen: dict[str, str] = {}
    doubled, seq = 0, 1
    while entries := (await http.get(f"{base}/feed", params={"seq": seq, "limit": 1000})).json()["entries"]:
        seq = entries[-1]["seq"] + 1
        for each in entries:
            for one in each.get("resource", {}).get("identifier", []) if each["kind"] == "Task" else []:
                if one.get("system") == "urn:innsyn:outbox":
                    doubled += seen.setdefault(one["value"], each["id"]) != each["id"]
    return doubled


@asynccontextmanager
async def _delivering(made: Installation, base: str, http: httpx.AsyncClient) -> AsyncIterator[None]:
    stop = asyncio.Event()
    client = JournalClient(http, f"{base}/fhir", lambda: datetime.now(UTC))
    dsn = made.server.dsn("innsyn_worker", "bench")
    task = asyncio.create_task(deliver(dsn, client, stop, naming=Names("journal")))
    try:
        yield
    finally:
        stop.set()
        await task


async def _drain(
    made: Installation,
    db: asyncpg.Connection,
    http: httpx.AsyncClient,
    base: str,
    name: str,
    faults: dict[str, float],
) -> float:
    (await http.post(f"{base}/faults", json=faults)).raise_for_status()
    await db.execute(_FILL, _KARI, name, CONVERSATIONS, IN_EACH)
    await db.execute("ANALYZE journal.outbox")
    began = time.perf_counter()
    async with _delivering(made, base, http):
        while await db.fetchval(_LEFT):
            if time.perf_counter() - began > _PATIENCE:
                raise TimeoutError("the outbox does not empty")
            await asyncio.sleep(0.05)
    return CONVERSATIONS * IN_EACH / (time.perf_counter() - began)


async def _write(made: Installation, db: asyncpg.Connection) -> tuple[float, float]:
    web = made.web("bench")
    [session] = await log_in(db, 1)
    await db.execute(
        "INSERT INTO identity.accepted_terms (person_id, version, session_id) "
        "SELECT $1, identity.current_terms(), gen_random_uuid() ON CONFLICT DO NOTHING",
        _KARI,
    )
    took: list[float] = []
    began = time.perf_counter()
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        await asyncio.gather(*(_writer(http, web.port, session, took) for _ in range(WRITERS)))
    return len(took) / (time.perf_counter() - began), quantiles(took, n=100)[98] * 1000


async def _writer(http: httpx.AsyncClient, port: int, session: Session, took: list[float]) -> None:
    headers = {"cookie": session.cookie, "sec-fetch-site": "same-origin"}
    for _ in range(WRITES // WRITERS):
        form = {"key": str(uuid4()), "what": "block_unit", "target": "Poliklinikken", "understood": "1"}
        began = time.perf_counter()
        answer = await http.post(f"http://127.0.0.1:{port}/access/blocks", data=form, headers=headers)
        took.append(time.perf_counter() - began)
        if answer.status_code != httpx.codes.SEE_OTHER:
            raise RuntimeError(f"a write was answered {answer.status_code}")
