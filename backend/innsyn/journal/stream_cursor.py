"""Reading one part of the stream from a message on: in order, each once, with nothing left out unnoticed.

A cursor has a consumer of its own in the server, which nobody else can take messages from and which the server forgets
when nobody asks it any more. It is as little to be relied on as the line: when anything is odd it is Lost, and the next
one begins from what is committed.
"""

import contextlib
import secrets
from collections import deque
from typing import Final

import msgspec
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from innsyn.journal.stream_connection import LOST
from innsyn.journal.stream_layout import BEFORE, STREAM, subject_of

_AT_ONCE: Final = 64  # messages
_BYTES_AT_ONCE: Final = (
    9 * 1024 * 1024
)  # more than one message can have: with less the largest would never come
_ANSWER_SECONDS: Final = 2.0
_FORGET_SECONDS: Final = 60.0
_NEVER_AGAIN_SECONDS: Final = 3600.0  # a message comes again to the next cursor, never to this one
_NOTHING, _EXPIRED, _CONFLICT = "404", "408", "409"
# The answer to a request for messages is full.
_FULL: Final = "message size exceeds maxbytes"


class Lost(Exception):
    """The cursor is not to be relied on any more: the next one begins from what is committed."""


class Message(msgspec.Struct, frozen=True):
    """One of the part. `before` is the number of the one before it (0: there is none, None: nobody tells)."""

    number: int
    before: int | None
    body: bytes
    raw: Msg


class Cursor:
    """All messages of a part from number `first` on. Use `open_cursor`."""

    def __init__(self, client: Client, name: str, answers: Subscription, inbox: str) -> None:
        self._client, self._name, self._answers, self._inbox = client, name, answers, inbox
        self._requests, self._delivered = 0, 0
        self._unconfirmed: deque[Message] = deque()

    async def now(self) -> list[Message]:
        """What there is just now, at most so much as can be held. Raises Lost."""
        return await self._ask({"batch": _AT_ONCE, "max_bytes": _BYTES_AT_ONCE, "no_wait": True}, 0)

    async def next(self, seconds: float) -> list[Message]:
        """The next message, as soon as it comes; none if none came for so long. Raises Lost."""
        return await self._ask({"batch": 1, "expires": int(seconds * 1e9)}, seconds)

    async def confirm(self, number: int) -> None:
        """Everything up to this message is committed. Raises Lost."""
        newest = None
        while self._unconfirmed and self._unconfirmed[0].number <= number:
            newest = self._unconfirmed.popleft()
        if newest is not None:
            try:
                await newest.raw.ack_sync(timeout=_ANSWER_SECONDS)
            except LOST as failed:
                raise Lost(type(failed).__name__) from failed

    async def close(self) -> None:
        """The server need not remember it any longer."""
        with contextlib.suppress(*LOST):
            await self._answers.unsubscribe()
            await self._client.jetstream(timeout=_ANSWER_SECONDS).delete_consumer(STREAM, self._name)

    async def _ask(self, request: dict[str, object], patience: float) -> list[Message]:
        # Each request has an address of its own: what the server says last about an earlier one is not for this one.
        self._requests += 1
        reply = f"{self._inbox}.{self._requests}"
        subject = f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{self._name}"
        found: list[Message] = []
        try:
            await self._client.publish(subject, msgspec.json.encode(request), reply)
            while len(found) < int(str(request["batch"])):
                answer = await self._answers.next_msg(timeout=patience + _ANSWER_SECONDS)
                if status := (answer.headers or {}).get("Status"):
                    if answer.subject == reply and _is_end(status, answer):
                        break
                    continue
                found.append(self._taken(answer))
        except LOST as failed:
            raise Lost(type(failed).__name__) from failed
        return found

    def _taken(self, answer: Msg) -> Message:
        told = answer.metadata
        self._delivered += 1
        if told.num_delivered != 1 or told.sequence.consumer != self._delivered:
            raise Lost("a message came again, or not at all")
        before = (answer.headers or {}).get(BEFORE, "")
        known = int(before) if before.isascii() and before.isdigit() else None
        message = Message(told.sequence.stream, known, answer.data, answer)
        self._unconfirmed.append(message)
        return message


def _is_end(status: str, answer: Msg) -> bool:
    """Whether there is no more for this request. Raises Lost when there will never be more."""
    told = (answer.headers or {}).get("Description", "").lower()
    if status in {_NOTHING, _EXPIRED} or (status == _CONFLICT and _FULL in told):
        return True
    if status.startswith("1"):
        return False
    raise Lost(f"{status} {told}")


async def open_cursor(client: Client, part: str, first: int) -> Cursor | None:
    """A cursor that begins with the first message of the part from number `first` on; None: there is no stream.

    Raises Lost.
    """
    stream = client.jetstream(timeout=_ANSWER_SECONDS)
    name = f"part-{part}-{secrets.token_hex(6)}"
    wanted = ConsumerConfig(
        name=name,
        deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
        opt_start_seq=first,
        filter_subject=subject_of(part),
        ack_policy=AckPolicy.ALL,
        ack_wait=_NEVER_AGAIN_SECONDS,
        max_ack_pending=-1,
        inactive_threshold=_FORGET_SECONDS,
        mem_storage=True,
        num_replicas=1,
    )
    inbox = client.new_inbox()
    try:
        await stream.add_consumer(STREAM, wanted)
        answers = await client.subscribe(f"{inbox}.*")
    except NotFoundError:
        return None
    except LOST as failed:
        raise Lost(type(failed).__name__) from failed
    return Cursor(client, name, answers, inbox)
