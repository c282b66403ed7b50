"""Files that the journal sends: kept as they came until somebody has looked into them, and shown to nobody before."""

import binascii
from base64 import b64decode
from typing import Final, NamedTuple
from uuid import UUID, uuid5

from innsyn.files.checking import MOST_TAKEN_IN
from innsyn.files.rules import title_of

_SPACE: Final = UUID("8f2c7f0e-6c4e-4f0b-9d0d-3f6f2f0a51c7")


class Incoming(NamedTuple):
    """A row to be kept. `scan` 'waiting' with its bytes, or 'refused' with a `reason` (file.<reason>) and none.

    `file_id` is the same at every replay. `name` is safe to show; the ending it gets when it is known what it is.
    """

    file_id: UUID
    name: str
    media_type: str
    size: int
    body: bytes
    scan: str
    reason: str


def taken_in(message_id: UUID, place: int, title: str, content_type: str, data: str | None) -> Incoming:
    """The `place`th file of a message. `data` is base64, as FHIR has it; None where it is only told where it stands."""
    file_id = uuid5(_SPACE, f"{message_id}/{place}")
    body, reason = _decoded(data)
    state = "refused" if reason else "waiting"
    # What the sender called it is no more than a word for whoever looks: the type is told by the bytes.
    told = content_type.partition(";")[0].strip().lower()[:100]
    return Incoming(file_id, title_of(title), told, len(body), body, state, reason)


def _decoded(data: str | None) -> tuple[bytes, str]:
    if data is None:
        return b"", "elsewhere"
    if len(data) > MOST_TAKEN_IN * 3 // 2:
        return b"", "too_large"
    try:
        body = b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return b"", "unreadable"
    if not body:
        return b"", "empty"
    return (b"", "too_large") if len(body) > MOST_TAKEN_IN else (body, "")
