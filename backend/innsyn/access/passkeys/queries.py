"""The passkeys of whoever is logged in."""

from uuid import UUID

import msgspec
from sqlalchemy import Text, cast, func, select

from innsyn.access.opening import Question, ReadSession, many
from innsyn.access.opening import reader as opened
from innsyn.access.reader import Reader
from innsyn.identity.passkeys.tables import passkey


class Passkey(msgspec.Struct, frozen=True):
    """One passkey, as its owner is shown it; times are ISO 8601, `credential` is its id in base64."""

    id: UUID
    name: str
    made: str
    used: str | None
    synced: bool
    credential: str


_read = msgspec.json.Decoder(Passkey).decode
_told = cast(
    func.json_build_object(
        *("id", passkey.c.passkey_id, "name", passkey.c.name),
        *("made", passkey.c.made_at, "used", passkey.c.last_used_at, "synced", passkey.c.backed_up),
        *("credential", func.translate(func.encode(passkey.c.credential_id, "base64"), "\n", "")),
    ),
    Text,
)
_of_the_reader = many(
    select(_told).where(passkey.c.person_id == opened.c.actor_id).order_by(passkey.c.made_at.desc())
)
_MINE = Question("passkeys.list", passkeys=_of_the_reader)
_BEFORE_ANOTHER = Question("passkeys.new", passkeys=_of_the_reader)


async def passkeys_of(read_db: ReadSession, *, before_another: bool = False) -> tuple[Reader, list[Passkey]]:
    """Who is here, and their passkeys, newest first."""
    reader, row = await read_db.ask(_BEFORE_ANOTHER if before_another else _MINE)
    return reader, [_read(each) for each in row["passkeys"]]
