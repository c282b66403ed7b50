"""The number on a receipt, and what is kept of what was sent."""

from hashlib import sha256
from typing import Final
from uuid import UUID, uuid5

from innsyn.access.filling import ONLY_CITIZEN, YOUTH
from innsyn.forms.engine.model import Form

# Consonants that are not taken for each other, aloud or in writing; without vowels they make no words.
_LETTERS: Final = "BDFGHJKLMNPRSTVX"
_GROUPS, _LONG = 3, 4


def sent_id_of(draft_id: UUID) -> UUID:
    """What a draft becomes when it is sent: always the same, so that it can be sent once."""
    return uuid5(draft_id, "sent")


def receipt_of(sent_id: UUID) -> str:
    """The number that is read out on the telephone: `KTFM-RHVX-BDNL`, always the same for the same thing sent."""
    digest = sha256(b"receipt" + sent_id.bytes).digest()
    letters = "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[: _GROUPS * _LONG])
    return "-".join(letters[at : at + _LONG] for at in range(0, len(letters), _LONG))


def keeps_copy(form: Form) -> bool:
    """Is what was sent shown afterwards? (sdf-save-capabilities)"""
    return form.keeps != "3"


def is_shared(form: Form, *, own: bool) -> bool:
    """May others who answer forms in this record read it?

    Not what only the citizen may fill in, nor what a young person has filled in where the form leaves that to them.
    """
    return ONLY_CITIZEN not in form.may_fill and not (own and YOUTH in form.may_fill)
