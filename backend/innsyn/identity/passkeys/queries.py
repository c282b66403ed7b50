"""What is known of the passkey that somebody shows."""

from uuid import UUID

from sqlalchemy import BigInteger, Boolean, LargeBinary, Uuid, bindparam, column, func, select

from innsyn.db.sessions import WriteSession
from innsyn.db.statements import Statement
from innsyn.identity.passkeys.rules import KnownPasskey

_KNOWN = (
    column("person_id", Uuid),
    column("public_key", LargeBinary),
    column("sign_count", BigInteger),
    column("backup_eligible", Boolean),
)
_WITH = Statement(
    select(
        *func.identity.passkey_with(bindparam("credential_id", type_=LargeBinary))
        .table_valued(*_KNOWN, name="known")
        .c
    )
)


async def passkey_with(db: WriteSession, credential_id: bytes) -> KnownPasskey | None:
    """The passkey with this id, of a person who may log in."""
    found = await db.row(_WITH, credential_id=credential_id)
    person_id: UUID | None = found["person_id"] if found else None
    return None if found is None or person_id is None else KnownPasskey(*found)
