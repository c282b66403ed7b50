"""A large form over HTTP: how long each answer takes to be kept and worked out, as a browser sends it while typing."""

import asyncio
import statistics
import time
from typing import Any, Final
from uuid import UUID

import asyncpg
import httpx
import msgspec

from bench.figures import Figure, at_most
from bench.installation import Installation, Session, installation
from bench.population import log_in
from forms.drafts.begun import fields, task
from innsyn.journal.port import Entry
from innsyn.worker import REGISTRY, Intake
from world import KARI, patient

_ANSWERS: Final = 60
_AGREE: Final = """
    WITH here AS (UPDATE identity.session SET ready = true WHERE token_hash = sha256($1)
        RETURNING person_id, session_id)
    INSERT INTO identity.accepted_terms (person_id, version, session_id)
    SELECT person_id, identity.current_terms(), session_id FROM here ON CONFLICT DO NOTHING
"""


def typed(questionnaire: dict[str, Any]) -> list[Figure]:
    """One person types into this form: p50 and p95 of what comes back."""
    with installation() as at:
        at.database("typed")
        session, asked = asyncio.run(_land(at, questionnaire))
        web = at.web("typed")
        before = at.cpu_seconds(web)
        times = asyncio.run(_type(web.port, session, asked))
        processor = (at.cpu_seconds(web) - before) * 1000 / _ANSWERS
    cuts = statistics.quantiles(times, n=20, method="inclusive")
    what = f"{_ANSWERS} answers; {processor:.0f} ms of the processor each, PostgreSQL and the first page included"
    return [
        at_most("form: an answer kept and worked out over HTTP, p50", 60, cuts[9], "ms", what),
        at_most("form: an answer kept and worked out over HTTP, p95", 100, cuts[18], "ms", what),
    ]


async def _land(at: Installation, questionnaire: dict[str, Any]) -> tuple[Session, UUID]:
    worker = await asyncpg.connect(at.server.dsn("innsyn_worker", "typed"))
    owner = await asyncpg.connect(at.server.dsn("postgres", "typed"))
    focus = {"type": "Questionnaire", "reference": questionnaire["url"]}
    said = (patient("kari", KARI, "Kari"), {**questionnaire, "id": "large"}, task(focus=focus))
    try:
        await Intake(worker, "journal", REGISTRY).take([_entry(n, each) for n, each in enumerate(said, 1)])
        (session,) = await log_in(owner, 1)
        await owner.execute(_AGREE, session.token)
        return session, await owner.fetchval("SELECT task_id FROM form.task")
    finally:
        await worker.close()
        await owner.close()


def _entry(position: int, resource: Any) -> Entry:  # noqa: ANN401 - JSON
    return Entry(
        position=position,
        source="st-olavs",
        kind=resource["resourceType"],
        id=resource["id"],
        version=1,
        recorded=None,
        resource=msgspec.json.encode(resource),
    )


async def _type(port: int, session: Session, asked: UUID) -> list[float]:
    headers = {"Cookie": session.cookie, "Sec-Fetch-Site": "same-origin", "Host": "localhost"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=30) as browser:
        begun = await browser.post(f"/forms/tasks/{asked}/start")
        assert begun.status_code == 303, begun.text
        address = begun.headers["location"]
        page = fields((await browser.get(address)).text)
        questions = [name for name in page["on"].split() if name != "0"]
        times = []
        for turn in range(_ANSWERS):
            began = time.perf_counter()
            answer = await browser.post(
                f"{address}/live", data={**page, questions[turn % len(questions)]: str(turn)}
            )
            times.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, answer.text
            page["revision"] = str(answer.json()["revision"])
    return times
