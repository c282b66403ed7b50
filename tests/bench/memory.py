"""What the two processes hold: web after thousands of pages of every sort, worker after 50,000 resources."""

import asyncio
import time

import asyncpg

from bench.figures import Figure, at_most
from bench.installation import Installation, Session, installation
from bench.load import Asked, load
from bench.population import log_in, populate

REQUESTS = 2000
RESOURCES = 50_000
_PATIENCE_SECONDS = 80
_MEGABYTE = 10**6
_BROWSER = "gzip, deflate, br, zstd"
_PATHS = (
    "/",
    "/journal",
    "/journal/lab_results",
    "/journal/medications",
    "/journal?q=metformin",
    "/settings",
)


def measure() -> list[Figure]:
    """Resident memory of both."""
    with installation() as at:
        at.database("memory")
        web, requests = _web(at)
        at.database("taken")
        worker, seconds = _worker(at)
    beside = f"{RESOURCES / seconds:.0f} resources/s from feed to entries"
    return [
        at_most(f"web process after {requests} requests", 150, web / _MEGABYTE, "MB"),
        at_most(f"worker after {RESOURCES} resources", 250, worker / _MEGABYTE, "MB", beside),
    ]


def _web(at: Installation) -> tuple[int, int]:
    sessions, entry = asyncio.run(_people(at))
    web = at.web("memory")
    paths = (*_PATHS, "/api/entries", entry)
    asked = [Asked(path, each.cookie, _BROWSER) for path, each in zip(paths, sessions, strict=True)]
    requests = 0
    while requests < REQUESTS:
        requests += load(at, web.port, asked, 1.0).requests
    return web.memory(), requests


async def _people(at: Installation) -> tuple[list[Session], str]:
    db = await asyncpg.connect(at.server.dsn("postgres", "memory"))
    try:
        await populate(db, people=500)
        sessions = await log_in(db, len(_PATHS) + 2)
        id_ = await db.fetchval(
            "SELECT entry_id FROM record.entry WHERE person_id = $1::text::uuid AND kind = 'lab_results' LIMIT 1",
            sessions[-1].person_id,
        )
        return sessions, f"/api/entries/{id_}"
    finally:
        await db.close()


def _worker(at: Installation) -> tuple[int, float]:
    feed = at.feed(RESOURCES)
    began = time.monotonic()
    worker = at.worker("taken", feed)
    while (read := _position(at)) < RESOURCES:
        if time.monotonic() > began + _PATIENCE_SECONDS or not worker.child.running:
            raise RuntimeError(f"the worker read {read} of {RESOURCES}:\n{worker.child.last_lines()}")
        time.sleep(0.2)
    return worker.memory(), time.monotonic() - began


def _position(at: Installation) -> int:
    return int(at.server.sql("SELECT coalesce(max(position), 0) FROM journal.position", "taken"))
