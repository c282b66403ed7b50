"""The journal as the care team looks at it: threads of messages, and the newest version of all else by its name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from standins.journal.messages import (
    KIND,
    STANDING,
    answered_by,
    code_in,
    is_by_citizen,
    message_id,
    new_task,
    sent_at,
    task_id,
    thread_named,
    thread_told_of,
)
from standins.journal.sequence import Journal, instant
from standins.journal.taken import Resource

# The service that keeps what citizens send in, and tells what becomes of it.
KEEPER = "st-olavs"
_UNIT = "HealthcareService/"


@dataclass(frozen=True)
class Held:
    """A resource as it is now, and the source that writes it."""

    source: str
    resource: Resource


@dataclass(frozen=True)
class Thread:
    """A thread as it is now: messages in the order in which they were sent."""

    id: str
    task: Resource
    messages: tuple[Held, ...]

    @property
    def first(self) -> Resource:
        """What it began with."""
        return self.messages[0].resource

    @property
    def subject(self) -> str:
        """`Patient/id` of whom it is about."""
        return str(self.first["subject"]["reference"])

    @property
    def kind(self) -> str:
        """What sort of matter it is; empty if it does not say."""
        return code_in(self.first.get("category", ()), KIND)

    @property
    def topic(self) -> str:
        """Its subject line."""
        return str(self.first.get("topic", {}).get("text", ""))

    @property
    def unit(self) -> str:
        """The id of the unit that has it now."""
        told = [self.task.get("owner", {}), *self.first.get("recipient", ()), self.first.get("sender", {})]
        names = (str(each.get("reference", "")) for each in told)
        return next((name.removeprefix(_UNIT) for name in names if name.startswith(_UNIT)), "")

    @property
    def standing(self) -> str:
        """How far the care team has come with it; empty as long as nobody has looked."""
        return code_in([self.task.get("businessStatus", {})], STANDING)

    @property
    def waits(self) -> bool:
        """Whether it is the care team's turn."""
        return self.standing not in {"answered", "closed"}

    @property
    def last(self) -> datetime:
        """When its newest message was sent."""
        return sent_at(self.messages[-1].resource)

    def answers_to(self) -> str:
        """The id of the newest message that was written by the citizen, or of the newest at all."""
        theirs = [each for each in self.messages if is_by_citizen(each.resource)]
        return message_id((theirs or list(self.messages))[-1].resource)


class Desk:
    """Follows the journal, by whichever door something comes in."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._read = 0
        self._newest: dict[str, dict[str, Held]] = {}
        # Thread of each message, the ids of each thread's Communications, and what tells of each thread.
        self._thread_of: dict[str, str] = {}
        self._in_thread: dict[str, dict[str, None]] = {}
        self._task_of: dict[str, str] = {}

    def find(self, kind: str, id_: str) -> Held | None:
        """What is called so; None if it is not there, or no more."""
        self._look()
        return self._newest.get(kind, {}).get(id_)

    def all_of(self, kind: str) -> list[Held]:
        """Everything of that kind."""
        self._look()
        return list(self._newest.get(kind, {}).values())

    def everything(self) -> Iterator[Held]:
        """All that there is."""
        self._look()
        return (held for kind in self._newest.values() for held in kind.values())

    def knows(self, message: str) -> str:
        """The id of the Communication that is this message; empty if it has not come."""
        self._look()
        ids = self._in_thread.get(self._thread_of.get(message, ""), {})
        found = (each for each in ids if message_id(self._newest["Communication"][each].resource) == message)
        return next(found, "")

    def thread(self, id_: str) -> Thread | None:
        """That thread; None if nothing has been written in it."""
        self._look()
        held = self._newest.get("Communication", {})
        messages = [held[each] for each in self._in_thread.get(id_, {}) if each in held]
        if not messages:
            return None
        messages.sort(key=lambda each: (sent_at(each.resource), each.resource["id"]))
        first = messages[0].resource
        task = self._newest.get("Task", {}).get(self._task_of.get(id_, ""))
        told = task.resource if task else new_task(id_, first["subject"]["reference"], sent_at(first))
        return Thread(id_, told, tuple(messages))

    def threads(self) -> list[Thread]:
        """All of them, those that wait for the care team first, then the newest."""
        self._look()
        found = [thread for id_ in self._in_thread if (thread := self.thread(id_))]
        found.sort(key=lambda each: each.last, reverse=True)
        return sorted(found, key=lambda each: not each.waits)

    def refuses(self, resource: Resource) -> str:
        """Why a message can not be taken in; empty where it can."""
        message = message_id(resource)
        if not message:
            return ""
        there = self.thread(thread_named(resource) or message)
        if there:
            is_theirs = there.subject == resource["subject"]["reference"]
            return "" if is_theirs else "the thread is about somebody else"
        units = [str(each.get("reference", "")) for each in resource.get("recipient", [])]
        for name in units:
            unit = self.find(*name.split("/", 1)) if name.startswith(_UNIT) else None
            if unit and not _takes(unit.resource, code_in(resource.get("category", ()), KIND)):
                return "the unit takes no messages of this kind"
        return "" if units else "a message that begins a thread has a recipient"

    def came(self, resource: Resource, now: datetime) -> Resource | None:
        """What the journal says at once of what has been sent in: the Task of its thread; None for no message."""
        self._look()
        if message_id(resource):
            return self._received(self._thread_of[message_id(resource)], resource, now)
        id_ = thread_told_of(resource)
        if not id_ or resource.get("status") != "completed" or not (thread := self.thread(id_)):
            return None
        if thread.subject != resource["for"].get("reference"):
            return None
        return ended(thread, now)

    def _received(self, id_: str, resource: Resource, now: datetime) -> Resource:
        made = new_task(id_, resource["subject"]["reference"], now)
        task = self._newest.get("Task", {}).get(self._task_of.get(id_, ""))
        if task is None:
            return made
        kept = {name: task.resource[name] for name in ("authoredOn", "owner") if name in task.resource}
        return made | kept

    def _look(self) -> None:
        for entry in self._journal.entries[self._read :]:
            self._read = entry.seq
            of_kind = self._newest.setdefault(entry.taken.kind, {})
            if entry.resource is None:
                of_kind.pop(entry.taken.id, None)
                continue
            of_kind[entry.taken.id] = Held(entry.taken.source, entry.resource)
            self._place(entry.taken.id, entry.resource)

    def _place(self, id_: str, resource: Resource) -> None:
        if thread := thread_told_of(resource):
            # What a citizen sends to end it is another Task than the one that tells.
            if id_ == task_id(thread):
                self._task_of[thread] = id_
        elif message := message_id(resource):
            thread = thread_named(resource) or self._thread_of.get(answered_by(resource), "") or message
            self._thread_of[message] = thread
            self._in_thread.setdefault(thread, {})[id_] = None


def _takes(unit: Resource, kind: str) -> bool:
    return bool(unit.get("active")) and kind in {code_in([each], KIND) for each in unit.get("type", ())}


def ended(thread: Thread, now: datetime) -> Resource:
    """The Task of a thread that is closed now."""
    period = thread.task.get("executionPeriod", {})
    return thread.task | {
        "status": "completed",
        "businessStatus": {"coding": [{"system": STANDING, "code": "closed"}]},
        "executionPeriod": {"start": instant(now)} | period | {"end": instant(now)},
        "lastModified": instant(now),
    }
