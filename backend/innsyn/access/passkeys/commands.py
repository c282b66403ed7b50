"""Keeping a new passkey, and doing away with one."""

from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, select

from innsyn.access.acting import Act
from innsyn.db.statements import Statement
from innsyn.identity.passkeys.rules import NewPasskey, NotTheirPasskey
from innsyn.identity.passkeys.tables import passkey

_KEPT = (
    *("credential_id", "public_key", "sign_count"),
    *("aaguid", "backup_eligible", "backed_up", "name"),
)
_KEEP = Statement(
    select(func.identity.keep_passkey(*(bindparam(name, type_=passkey.c[name].type) for name in _KEPT)))
)
_REMOVE = Statement(select(func.identity.remove_passkey(bindparam("passkey_id", type_=Uuid))))


async def keep(act: Act, made: NewPasskey, name: str) -> None:
    """Keep a passkey for whoever acts. Raises NotTheirPasskey when it is registered already."""
    kept = await act.db.value(
        _KEEP,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        aaguid=made.aaguid,
        backup_eligible=made.backup_eligible,
        backed_up=made.backed_up,
        name=name,
    )
    # Somebody's already, and nobody is told whose: the answer is that of any passkey that does not hold.
    if kept is None:
        raise NotTheirPasskey("registering: registered already")


async def remove(act: Act, passkey_id: UUID) -> bool:
    """Do away with a passkey of whoever acts, and end the sessions that began with it; False: there is none."""
    return bool(await act.db.value(_REMOVE, passkey_id=passkey_id))
