"""What the provider remembers, each thing for its own time."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from standins.idporten.clients import Client

Clock = Callable[[], float]
Thing = TypeVar("Thing")

PUSHED_REQUEST_LIVES: Final = 120
LOGIN_PAGE_LIVES: Final = 30 * 60
CODE_LIVES: Final = 60
ACCESS_TOKEN_LIVES: Final = 120
ASSERTION_LIVES: Final = 120
SESSION_RESTS: Final = 30 * 60
SESSION_LIVES: Final = 120 * 60


class Shelf(Generic[Thing]):
    """Things under unguessable keys, gone after `lives` seconds."""

    def __init__(self, lives: float, clock: Clock) -> None:
        self._lives = lives
        self._clock = clock
        self._things: dict[str, tuple[float, Thing]] = {}

    def put(self, thing: Thing, key: str | None = None) -> str:
        self._forget_what_is_old()
        key = key or secrets.token_urlsafe(32)
        self._things[key] = (self._clock() + self._lives, thing)
        return key

    def _forget_what_is_old(self) -> None:
        now = self._clock()
        self._things = {key: held for key, held in self._things.items() if held[0] > now}

    def look(self, key: str) -> Thing | None:
        until, thing = self._things.get(key, (0.0, None))
        return thing if until > self._clock() else None

    def take(self, key: str) -> Thing | None:
        thing = self.look(key)
        self._things.pop(key, None)
        return thing


@dataclass(slots=True)
class SignedIn:
    """A session at the provider (single sign-on); `sid` is what services are told."""

    pid: str
    level: str
    auth_time: int
    rested_since: float
    sid: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    # The services that have been told who is here, and are told of the logout.
    services: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Code:
    """An authorization code that has not been used. The methods are those that Authlib asks for."""

    code: str
    client_id: str
    redirect_uri: str
    scope: str
    code_challenge: str
    code_challenge_method: str
    nonce: str
    locale: str
    signed_in: SignedIn

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.signed_in.auth_time

    def get_acr(self) -> str:
        return self.signed_in.level

    def get_amr(self) -> list[str]:
        return ["TestID"]


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What `/userinfo` may be asked with. The methods are those that Authlib asks for."""

    client: Any
    scope: str
    user: "User"
    until: float
    clock: Clock

    def is_expired(self) -> bool:
        return self.until <= self.clock()

    def is_revoked(self) -> bool:
        return False

    def get_scope(self) -> str:
        return self.scope

    def get_user(self) -> "User":
        return self.user

    def get_client(self) -> Any:  # noqa: ANN401  (Authlib's own type)
        return self.client


@dataclass(frozen=True, slots=True)
class User:
    """The citizen as one service meets them."""

    client: Client
    signed_in: SignedIn
    locale: str


class Memory:
    """All of it. `clock` gives seconds since 1970, and can be moved by a test."""

    def __init__(self, clock: Clock = time.time) -> None:
        self.clock = clock
        self.pushed: Shelf[dict[str, str]] = Shelf(PUSHED_REQUEST_LIVES, clock)
        self.pages: Shelf[dict[str, str]] = Shelf(LOGIN_PAGE_LIVES, clock)
        self.codes: Shelf[Code] = Shelf(CODE_LIVES, clock)
        self.access_tokens: Shelf[AccessToken] = Shelf(ACCESS_TOKEN_LIVES, clock)
        self.assertions: Shelf[bool] = Shelf(2 * ASSERTION_LIVES, clock)
        self._sessions: Shelf[SignedIn] = Shelf(SESSION_LIVES, clock)

    def sign_in(self, pid: str, level: str, before: str = "") -> tuple[str, SignedIn]:
        """Begin a session; the key belongs in the browser's cookie, and nowhere else.

        The one that this browser had (`before`) goes on when it is of the same person, who was asked anew.
        """
        now = self.clock()
        found = self._sessions.take(before)
        if found and found.pid == pid:
            found.level, found.auth_time, found.rested_since = level, int(now), now
            return self._sessions.put(found, before), found
        signed_in = SignedIn(pid, level, int(now), now)
        return self._sessions.put(signed_in), signed_in

    def session(self, key: str) -> SignedIn | None:
        """The session, if it has not rested for too long; asking is using."""
        found = self._sessions.look(key)
        if not found or self.clock() - found.rested_since >= SESSION_RESTS:
            self._sessions.take(key)
            return None
        found.rested_since = self.clock()
        return found

    def sign_out(self, key: str) -> SignedIn | None:
        """End the session; the one that has ended."""
        return self._sessions.take(key)
