"""A register of where people can be reached digitally (in Norway kontakt- og reservasjonsregisteret)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec


class Registered(msgspec.Struct, frozen=True, kw_only=True):
    """What the register says of one person.

    `confirmed` and the other times: when the person last confirmed that address, None: never, or it does not say.
    `notifiable`: the register's own word on whether the public sector may notify them. `language`: nb, nn, en or se, ''
    where they have said none.
    """

    reserved: bool = False
    notifiable: bool = True
    email: str = ""
    email_confirmed: datetime | None = None
    mobile: str = ""
    mobile_confirmed: datetime | None = None
    language: str = ""


class RegisterFailed(Exception):
    """The register did not answer, or not as agreed. The text is a short key, never what it said."""


class Register(Protocol):
    """The register, however it is asked."""

    async def ask(self, numbers: Sequence[str]) -> Mapping[str, Registered]:
        """What it says of the people with these national numbers; those that it does not know are left out.

        Raises RegisterFailed.
        """
        ...
