"""The journal's FHIR door: transactions with conditional create, what has come through it, and what becomes of that."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath
from litestar.response.base import ASGIResponse
from litestar.types import ASGIApp

from standins.journal.course import ended_by, identifiers_of, next_step
from standins.journal.desk import KEEPER, Desk
from standins.journal.faults import cut
from standins.journal.files import Files
from standins.journal.messages import message_id
from standins.journal.sequence import Journal, instant
from standins.journal.taken import Resource, Taken, written
from standins.journal.validation import Invalid, Wish, wishes_in

_FHIR = "application/fhir+json"
_OUTBOX = "urn:innsyn:outbox"
# Files of 25 MiB, as base64, and the rest of a form.
_LARGEST = 40 * 1024 * 1024
_decode = msgspec.json.Decoder(float_hook=Decimal).decode

Publish = Callable[[Taken], object]


class Received(msgspec.Struct):
    """Something that has come: what it became, under which identifier and keys, when, and how often it was sent."""

    id: str
    type: str
    identifier: str
    key: str
    at: str
    times: int = 1


class Door:
    """Takes in what is sent, once each, and lets it change as time goes by (`pace`: seconds for a step)."""

    def __init__(
        self,
        journal: Journal,
        desk: Desk,
        publish: Publish,
        pace: float,
        now: datetime,
        files: Path | None = None,
    ) -> None:
        self._journal, self._desk, self._publish, self._pace = journal, desk, publish, pace
        self.received: dict[str, Received] = {}
        self.files = Files(files)
        # By name, with the source that writes it: what came by this door, and what waits for something to come.
        self._current: dict[str, tuple[str, Resource]] = {}
        self._due: dict[str, datetime] = {}
        self._known: set[str] = set()
        self._read = 0
        self._look(now)

    def take(self, body: bytes, key: str, now: datetime) -> Resource:
        """The transaction's answer. Raises Invalid: then nothing has been taken in."""
        try:
            bundle = _decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Invalid(400, "structure", "this is no JSON") from None
        self._look(now)
        wishes = wishes_in(bundle, self._known.__contains__)
        new = [wish for wish in wishes if not self._there(wish)]
        for wish in new:
            if why := self._desk.refuses(wish.resource):
                raise Invalid(422, "business-rule", why)
        for wish in new:
            wish.resource = self.files.apart(wish.resource)
        return {
            "resourceType": "Bundle",
            "type": "transaction-response",
            "entry": [{"response": self._make(wish, key, now)} for wish in wishes],
        }

    def advance(self, now: datetime) -> None:
        """Let everything happen that is due."""
        self._look(now)
        while due := [name for name, at in self._due.items() if at <= now]:
            for name in due:
                source, resource = self._current[name]
                step = next_step(resource, self._pace)
                del self._due[name]
                if step is not None:
                    self._change(source, resource | step[1], now)

    def _make(self, wish: Wish, key: str, now: datetime) -> dict[str, str]:
        identifier = "|".join(wish.identifier)
        if there := self._there(wish):
            if identifier in self.received:
                self.received[identifier].times += 1
            return {"status": "200 OK", "location": there}
        name = f"{wish.kind}/{uuid4().hex}"
        self.received[identifier] = Received(name, wish.kind, identifier, key, instant(now))
        made = wish.resource | {"id": name.partition("/")[2]}
        if message_id(made):
            made["received"] = instant(now)
        self._change(KEEPER, made, now)
        if task := self._desk.came(made, now):
            self._change(KEEPER, task, now)
        for source, other in [each for at, each in self._current.items() if at != name]:
            if change := ended_by(made, other):
                self._change(source, other | change, now)
        return {"status": "201 Created", "location": f"{name}/_history/1", "lastModified": instant(now)}

    def _there(self, wish: Wish) -> str:
        """The name of what it has become already: it was sent before, or the same message by another road."""
        if sent := self.received.get("|".join(wish.identifier)):
            return sent.id
        message = message_id(wish.resource)
        known = self._desk.knows(message) if message else ""
        return f"Communication/{known}" if known else ""

    def _change(self, source: str, resource: Resource, now: datetime) -> None:
        # What the journal stamps, it stamps anew.
        meta = {k: v for k, v in resource.get("meta", {}).items() if k in {"tag", "profile", "security"}}
        stamped = {"lastModified": instant(now)} if "lastModified" in resource else {}
        self._publish(written(source, now, resource | stamped | ({"meta": meta} if meta else {})))
        self._look(now)

    def _look(self, now: datetime) -> None:
        """See what the journal has got since: also what it was given before this process began."""
        for entry in self._journal.entries[self._read :]:
            name = f"{entry.taken.kind}/{entry.taken.id}"
            self._known |= {name, *_canonicals(entry.resource or {})}
            if entry.resource is not None:
                self._follow(name, entry.taken, entry.resource, now)
        self._read = self._journal.last

    def _follow(self, name: str, taken: Taken, resource: Resource, now: datetime) -> None:
        if identifier := _sent_as(resource):
            key, at = identifier.partition("|")[2], instant(taken.recorded)
            self.received.setdefault(identifier, Received(name, taken.kind, identifier, key, at))
            self._current[name] = taken.source, resource
            step = next_step(resource, self._pace)
            self._due.pop(name, None)
            if step is not None:
                self._due[name] = now + step[0]
        elif taken.kind == "Task":
            self._current[name] = taken.source, resource


def _sent_as(resource: Resource) -> str:
    for one in identifiers_of(resource):
        if one.get("system") == _OUTBOX:
            return f"{_OUTBOX}|{one['value']}"
    return ""


def _canonicals(resource: Resource) -> set[str]:
    if resource.get("resourceType") != "Questionnaire":
        return set()
    return {resource["url"], f"{resource['url']}|{resource['version']}"}


@post("/fhir", status_code=200, request_max_body_size=_LARGEST)
async def transaction(request: Request[Any, Any, State], state: State) -> ASGIApp:
    """Take in a transaction, as far as the faults that are wanted let it."""
    faults = state.faults
    if faults.wanted.slow_ms:
        await asyncio.sleep(faults.wanted.slow_ms / 1000)
    if faults.wanted.down:
        return _outcome(503, "transient", "the journal is being looked after")
    if faults.is_busy():
        return _outcome(429, "throttled", "too much at a time", {"retry-after": "1"})
    if way := faults.before():
        return cut if way == "cut" else _outcome(500, "exception", "something failed before")
    try:
        answer = state.door.take(
            await request.body(), request.headers.get("idempotency-key", ""), state.clock()
        )
    except Invalid as no:
        return _outcome(no.status, no.code, str(no))
    if way := faults.after():
        return cut if way == "cut" else _outcome(502, "exception", "something failed afterwards")
    return _answer(answer, 200)


@get("/received", sync_to_thread=False)
def received(state: State) -> list[dict[str, Any]]:
    """What has come by transactions: what it became, its identifier and key, when, and how often it was sent."""
    return [msgspec.to_builtins(each) for each in state.door.received.values()]


@get("/fhir/Binary/{name:str}", sync_to_thread=False)
def binary(state: State, name: FromPath[str]) -> ASGIApp:
    """A file that was sent in, as it is."""
    file = state.door.files.find(name)
    if file is None:
        return _outcome(404, "not-found", "there is no such file")
    return ASGIResponse(body=file.body, media_type=file.type)


def _outcome(status: int, code: str, words: str, headers: dict[str, str] | None = None) -> ASGIApp:
    issue = {"severity": "error", "code": code, "diagnostics": words}
    return _answer({"resourceType": "OperationOutcome", "issue": [issue]}, status, headers)


def _answer(resource: Resource, status: int, headers: dict[str, str] | None = None) -> ASGIApp:
    body = msgspec.json.encode(resource)
    return ASGIResponse(body=body, status_code=status, media_type=_FHIR, headers=headers)


handlers = [transaction, received, binary]
