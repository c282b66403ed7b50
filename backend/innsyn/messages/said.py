"""What a Communication says, as the projection hands it to the writing."""

from datetime import datetime

import msgspec


class File(msgspec.Struct, frozen=True):
    """As received: nobody has looked at it. `data` is base64; None where it stands somewhere else."""

    title: str
    claimed: str
    data: str | None


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message. `name`, `thread` and `answers` are names for messages/naming.py; `thread` '': that of `answers`."""

    name: str
    thread: str
    answers: str
    sent_at: datetime
    side: str
    author: str
    unit_ref: str
    unit: str
    handed_to_ref: str
    handed_to: str
    kind: str
    topic: str
    about_kind: str
    about_id: str
    is_sensitive: bool
    is_recalled: bool
    text: str
    files: tuple[File, ...]


class Said(msgspec.Struct, frozen=True):
    """All that a Communication says, and how it left where it was written here."""

    messages: tuple[Message, ...]
    sent_as: str = ""
