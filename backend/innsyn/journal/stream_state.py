"""How far the stream is: of the journal, and by part."""

import contextlib
from typing import Final

import msgspec
from nats.aio.client import Client
from nats.js.errors import NotFoundError

from innsyn.journal.stream_layout import ALL_PARTS, REACHED, STREAM, subject_of

_ANSWER_SECONDS: Final = 2.0


class StreamState(msgspec.Struct, frozen=True):
    """`reached`: all of the journal up to this number is in the stream. `last` and `newest` are numbers of messages."""

    reached: int
    last: int
    newest: dict[str, int]


async def state_of(client: Client) -> StreamState:
    """How far the stream is; nowhere, if there is none. Raises one of stream_connection.LOST."""
    stream = client.jetstream(timeout=_ANSWER_SECONDS)
    newest: dict[str, int] = {}
    reached: dict[int, int] = {}
    try:
        last = (await stream.stream_info(STREAM)).state.last_seq
    except NotFoundError:
        return StreamState(0, 0, {})
    for part in ALL_PARTS:
        with contextlib.suppress(NotFoundError):
            message = await stream.get_last_msg(STREAM, subject_of(part))
            newest[part] = message.seq or 0
            told = (message.headers or {}).get(REACHED, "")
            # What somebody else has put there tells nothing.
            if told.isascii() and told.isdigit():
                reached[newest[part]] = int(told)
    return StreamState(reached[max(reached)] if reached else 0, last, newest)
