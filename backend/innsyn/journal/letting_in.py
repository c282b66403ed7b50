"""How we show a server who we are, whatever it is asked for."""

from collections.abc import Mapping
from typing import Protocol

import httpx

from innsyn.journal.delivery_tokens import NoToken
from innsyn.journal.sequence import FeedUnavailable


class LetIn(Protocol):
    """What goes along with each request, and what its answer says about that (`delivery_tokens.Tokens` is one)."""

    async def headers(self, method: str, address: str) -> Mapping[str, str]:
        """The headers of one request: a proof of possession is bound to its method and address."""
        ...

    def heard(self, address: str, headers: Mapping[str, str]) -> None:
        """The server has answered with these headers."""

    def refused(self) -> None:
        """It did not accept what was shown: the next request shows something newer."""


class Everybody:
    """For a server that lets everybody in who reaches it."""

    async def headers(self, _method: str, _address: str) -> Mapping[str, str]:
        """None."""
        return {}

    def heard(self, address: str, headers: Mapping[str, str]) -> None:
        """Nothing to hear."""

    def refused(self) -> None:
        """Nothing that could be newer."""


EVERYBODY = Everybody()


async def shown_to(let_in: LetIn, method: str, address: str) -> Mapping[str, str]:
    """The headers of one request. Raises FeedUnavailable where nobody vouches for us just now."""
    try:
        return await let_in.headers(method, address)
    except NoToken as reason:
        raise FeedUnavailable(f"There is no token to ask with ({reason}).") from None


def to_be_asked_again(let_in: LetIn, address: str, status: int, headers: Mapping[str, str]) -> bool:
    """Whether an answer refuses what was shown, so that something newer is worth one more try."""
    let_in.heard(address, headers)
    if status != httpx.codes.UNAUTHORIZED:
        return False
    let_in.refused()
    return True
