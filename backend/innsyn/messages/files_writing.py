"""Files of messages from the feed: kept as they came until somebody has looked into them (files/settling.py)."""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final
from uuid import UUID, uuid5

import asyncpg
from sqlalchemy import delete, literal, null, select
from sqlalchemy.dialects.postgresql import insert

from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.files.checking import MOST_TAKEN_IN
from innsyn.journal.fhir.reading import clipped
from innsyn.messages.said import File
from innsyn.messages.tables import attachment

_SPACE: Final = UUID("8f2c7f0e-6c4e-4f0b-9d0d-3f6f2f0a51c7")
_TITLE, _TYPE = 200, 100
_KEY: Final = ("person_id", "message_id")
_of = given(attachment.c.person_id, attachment.c.message_id)
_FILE: Final = (
    *("person_id", "file_id", "message_id", "number", "name", "media_type", "size", "body", "scan", "reason"),
)
_files = given(*(attachment.c[name] for name in _FILE))
_others = attachment.alias("others")
_KEEP_FILES: Final = Statement(
    insert(attachment)
    .from_select(
        [*_FILE],
        # What was added here is here already, looked at.
        select(*_files.c).where(
            ~select(literal(1))
            .where(
                _others.c.person_id == _files.c.person_id,
                _others.c.message_id == _files.c.message_id,
                _others.c.author_id.is_not(None),
            )
            .exists()
        ),
    )
    .on_conflict_do_nothing()
)
_file_ids = given(attachment.c.file_id)
_DROP_FILES: Final = Statement(
    delete(attachment).where(
        attachment.c.person_id == _of.c.person_id,
        attachment.c.message_id == _of.c.message_id,
        attachment.c.author_id.is_(null()),
        attachment.c.file_id.not_in(select(_file_ids.c.file_id)),
    )
)


async def put(db: asyncpg.Connection, told: Sequence[tuple[Mapping[str, Any], Sequence[File]]]) -> None:
    """The files of these messages (each with its row), in place of what each had before."""
    rows = [_file(row, place, each) for row, files in told for place, each in enumerate(files)]
    keys = sorted((row["person_id"], row["message_id"]) for row, _ in told)
    ids = [each["file_id"] for each in rows]
    await db.execute(_DROP_FILES.sql, *_DROP_FILES.bind(**arrays(_KEY, keys), file_ids=ids))
    if rows:
        values = [[each[name] for name in _FILE] for each in rows]
        await db.execute(_KEEP_FILES.sql, *_KEEP_FILES.bind(**arrays(_FILE, values)))


def _file(row: Mapping[str, Any], place: int, file: File) -> dict[str, Any]:
    """Nobody has looked at it: it waits, or there is nothing to look at."""
    body, reason = _decoded(file.data)
    told = f"{row['message_id']}/{place}/{sha256((file.data or '').encode()).hexdigest()}"
    return {
        "person_id": row["person_id"],
        # The same at every replay; another file in its place is another file.
        "file_id": uuid5(_SPACE, told),
        "message_id": row["message_id"],
        "number": place,
        "name": _plain(clipped(file.title, _TITLE)),
        "media_type": _plain(file.claimed.partition(";")[0].strip().lower()[:_TYPE]),
        "size": len(body),
        "body": body,
        "scan": "refused" if reason else "waiting",
        "reason": reason,
    }


def _decoded(data: str | None) -> tuple[bytes, str]:
    if data is None:
        return b"", "elsewhere"
    if len(data) > MOST_TAKEN_IN * 3 // 2:
        return b"", "too_large"
    try:
        body = b64decode("".join(data.split()), validate=True)
    except ValueError:
        return b"", "unreadable"
    return (body, "") if body else (b"", "empty")


def _plain(text: str) -> str:
    """PostgreSQL's text has no place for U+0000."""
    return text.replace("\0", "")
