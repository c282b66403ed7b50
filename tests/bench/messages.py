"""Messages through the whole product: to the journal, from the care team to an open page, and many who listen."""

import asyncio
import os
import resource
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from uuid import UUID, uuid4

import asyncpg
import httpx
import psutil

from bench.figures import Figure, at_most
from bench.installation import Session, new_token
from bench.population import MAKE_SESSION
from e2e.demo import Demo, running
from innsyn.demo.home import with_running_demo

READERS, MESSAGES = 50, 60
# A session has no more streams than four.
SESSIONS, STREAMS_EACH, ROUNDS = 250, 4, 40
_PATIENCE = 30
# So many open a page in the same moment.
_AT_ONCE = 50
_WRITER = "kari-nordli"
# Adults, all of whom have agreed to the terms.
_PEOPLE = (
    *("kari-nordli", "olav-nordli", "ingrid-moen", "marte-aune", "per-aune", "amir-haddad"),
    *("torstein-bakken", "solveig-jama", "olena-kovalenko", "lars-vold"),
)
_READ = ("/messages", "/", "/journal")
_PERSONS = (
    "SELECT patient_id, person_id::text FROM identity.patient WHERE feed = 'journal' AND patient_id = ANY($1)"
)
_BEGIN = "UPDATE identity.session SET ready = true WHERE token_hash = sha256($1)"
_THREAD = """
    SELECT thread_id FROM message.thread WHERE person_id = $1::text::uuid AND topic = 'Time til årskontroll'
"""


@dataclass
class Listener:
    """One open page's stream of events: when it heard last that there is something new."""

    session: Session
    is_open: asyncio.Event = field(default_factory=asyncio.Event)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    at: float = 0.0

    async def listen(self, port: int) -> None:
        """Until the stream ends."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"GET /live HTTP/1.1\r\nhost: localhost:{port}\r\naccept: text/event-stream\r\n"
        writer.write(f"{head}cookie: {self.session.cookie}\r\n\r\n".encode())
        try:
            if b" 200 " not in (status := await reader.readline()):
                raise RuntimeError(f"a stream was answered {status.decode()}")
            while line := await reader.readline():
                if line.startswith(b"event: mark"):
                    self.is_open.set()
                elif line.startswith(b"event: news"):
                    self.at = time.perf_counter()
                    self.news.set()
        finally:
            writer.close()


@dataclass(frozen=True)
class Place:
    """The demo, who is logged in there, and clients for either side."""

    demo: Demo
    db: asyncpg.Connection
    sessions: dict[str, list[Session]]
    http: httpx.AsyncClient

    @property
    def port(self) -> int:
        return int(self.demo.address.rpartition(":")[2])

    def page(self, path: str) -> str:
        return f"{self.demo.address}{path}"


def measure() -> list[Figure]:
    """Both ways under readers, and what a thousand open streams hold and hear."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 8192), most))
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as demo:
        return asyncio.run(_measure(demo))


async def _measure(demo: Demo) -> list[Figure]:
    owner = with_running_demo({"INNSYN_HOME": str(demo.home)})["INNSYN_DATABASE_OWNER"]
    async with AsyncExitStack() as stack:
        db = await asyncpg.connect(owner.replace("//innsyn_owner@", "//postgres@"))
        stack.push_async_callback(db.close)
        http = await stack.enter_async_context(httpx.AsyncClient(trust_env=False, timeout=_PATIENCE))
        place = Place(demo, db, await _logged_in(db), http)
        async with _reading(place):
            sent, answered = await _both_ways(place)
        memory, heard = await _streams(place)
    beside = f"{len(sent)} messages, {READERS} readers"
    return [
        at_most("message sent → in the journal, p50", 1000, _cut(sent, 50), "ms", beside),
        at_most("message sent → in the journal, p99", 2000, _cut(sent, 99), "ms", beside),
        at_most("staff answer → on the screen, p50", 1000, _cut(answered, 50), "ms", beside),
        at_most("staff answer → on the screen, p99", 2000, _cut(answered, 99), "ms", beside),
        at_most("open event stream: memory each", 100, memory, "kB", f"{SESSIONS * STREAMS_EACH} streams"),
        at_most("news to an open stream, p99", 1000, _cut(heard, 99), "ms", f"{len(heard)} heard"),
    ]


async def _logged_in(db: asyncpg.Connection) -> dict[str, list[Session]]:
    persons = {row["patient_id"]: row["person_id"] for row in await db.fetch(_PERSONS, _PEOPLE)}
    found: dict[str, list[Session]] = {key: [] for key in _PEOPLE}
    # One more for the writer: a server notices at its next word that a stream of the first part has gone.
    for number in range(SESSIONS + 1):
        key = _PEOPLE[number % len(_PEOPLE)]
        session = Session(persons[key], new_token())
        await db.execute(MAKE_SESSION, session.token, session.person_id)
        await db.execute(_BEGIN, session.token)
        found[key].append(session)
    return found


@asynccontextmanager
async def _reading(place: Place) -> AsyncIterator[None]:
    """Fifty people who read all the time, each with a second's thought between two pages."""
    sessions = [session for key in _PEOPLE for session in place.sessions[key]][:READERS]
    readers = [asyncio.create_task(_read(place, session)) for session in sessions]
    try:
        yield
        for reader in readers:
            if reader.done():
                await reader
    finally:
        await _ended(readers)


async def _read(place: Place, session: Session) -> None:
    while True:
        for path in _READ:
            answer = await place.http.get(place.page(path), headers={"cookie": session.cookie})
            if answer.status_code != httpx.codes.OK:
                raise RuntimeError(f"{path} was answered {answer.status_code}")
            await asyncio.sleep(1)


async def _both_ways(place: Place) -> tuple[list[float], list[float]]:
    listener = Listener(place.sessions[_WRITER].pop())
    thread: UUID = await place.db.fetchval(_THREAD, listener.session.person_id)
    async with _listening(place, [listener]):
        sent, answered = [], []
        for number in range(MESSAGES):
            sent.append(await _send(place, listener.session, thread, f"Spørsmål nummer {number}, {uuid4()}"))
            answered.append(await _answer(place, listener, thread, f"Svar nummer {number}, {uuid4()}"))
    return sent, answered


async def _send(place: Place, session: Session, thread: UUID, text: str) -> float:
    seq = await _last(place)
    form = {"thread": str(thread), "text": text, "revision": "0", "do": "send"}
    headers = {"cookie": session.cookie, "sec-fetch-site": "same-origin"}
    began = time.perf_counter()
    answer = await place.http.post(place.page(f"/messages/drafts/{uuid4()}"), data=form, headers=headers)
    if answer.status_code != httpx.codes.SEE_OTHER:
        raise RuntimeError(f"a message was answered {answer.status_code}")
    while time.perf_counter() < began + _PATIENCE:
        page = await place.http.get(f"{place.demo.journal}/feed", params={"seq": seq + 1, "limit": 100})
        if text in page.text:
            return time.perf_counter() - began
        await asyncio.sleep(0.01)
    raise TimeoutError("a message did not reach the journal")


async def _last(place: Place) -> int:
    page = await place.http.get(f"{place.demo.journal}/feed", params={"seq": 1, "limit": 1})
    return int(page.json()["last"])


async def _answer(place: Place, listener: Listener, thread: UUID, text: str) -> float:
    began = time.perf_counter()
    form = {"key": str(uuid4()), "text": text, "sender": "unit"}
    answer = await place.http.post(
        f"{place.demo.journal}/play/threads/{thread}/answer",
        data=form,
        headers={"origin": place.demo.journal},
    )
    if answer.status_code != httpx.codes.SEE_OTHER:
        raise RuntimeError(f"the care team was answered {answer.status_code}")
    async with asyncio.timeout(_PATIENCE):
        while True:
            await listener.news.wait()
            listener.news.clear()
            page = await place.http.get(
                place.page(f"/messages/{thread}"), headers={"cookie": listener.session.cookie}
            )
            if text in page.text:
                return time.perf_counter() - began


async def _streams(place: Place) -> tuple[float, list[float]]:
    """Kilobytes of each, and how long after it was said in the database each of a person's streams heard."""
    web = _web(place.port)
    before = web.memory_info().rss
    listeners = [
        Listener(session) for key in _PEOPLE for session in place.sessions[key] for _ in range(STREAMS_EACH)
    ]
    heard = []
    async with _listening(place, listeners):
        memory = (web.memory_info().rss - before) / len(listeners) / 1000
        for number in range(ROUNDS):
            person = place.sessions[_PEOPLE[number % len(_PEOPLE)]][0].person_id
            theirs = [each for each in listeners if each.session.person_id == person]
            for each in theirs:
                each.news.clear()
            began = time.perf_counter()
            await place.db.execute("SELECT pg_notify('message_changed', $1)", person)
            async with asyncio.timeout(_PATIENCE):
                await asyncio.gather(*(each.news.wait() for each in theirs))
            heard += [each.at - began for each in theirs]
    return memory, heard


@asynccontextmanager
async def _listening(place: Place, listeners: Sequence[Listener]) -> AsyncIterator[None]:
    tasks = list[asyncio.Task[None]]()
    try:
        for at in range(0, len(listeners), _AT_ONCE):
            some = listeners[at : at + _AT_ONCE]
            tasks += [asyncio.create_task(each.listen(place.port)) for each in some]
            await _open(some, tasks)
        yield
    finally:
        await _ended(tasks)


async def _open(listeners: Sequence[Listener], tasks: Sequence[asyncio.Task[None]]) -> None:
    last = time.perf_counter() + _PATIENCE
    while not all(each.is_open.is_set() for each in listeners):
        for task in tasks:
            if task.done():
                await task
        if time.perf_counter() > last:
            raise TimeoutError("not all streams open")
        await asyncio.sleep(0.01)


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError, OSError):
            await task


def _web(port: int) -> psutil.Process:
    for process in psutil.Process(os.getpid()).children(recursive=True):
        if any(each.laddr.port == port and each.status == "LISTEN" for each in process.net_connections()):
            return process
    raise RuntimeError("nobody listens at the address of the web")


def _cut(seconds: Sequence[float], percent: int) -> float:
    return quantiles(seconds, n=100, method="inclusive")[percent - 1] * 1000
