"""Who is told of a logout, and how: in a frame of the page (front channel), or by the provider itself (back)."""

import logging
import uuid
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final
from urllib.parse import urlencode

import httpx
from joserfc import jwt

from standins.idporten.clients import Client
from standins.idporten.keys import SigningKeys
from standins.idporten.memory import Clock, SignedIn
from standins.idporten.pseudonyms import sub_for

LOGOUT_TOKEN_LIVES: Final = 120
_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
# As ID-porten: one attempt, two seconds to connect and five to answer.
_PATIENCE: Final = httpx.Timeout(5.0, connect=2.0)
_log = logging.getLogger(__name__)


class Notices:
    """Tells services beside the request that ended the session: one that is told may have to ask us for our keys."""

    def __init__(self, issuer: str, clients: Mapping[str, Client], keys: SigningKeys, clock: Clock) -> None:
        self._issuer, self._clients, self._keys, self._clock = issuer, clients, keys, clock
        self._beside = ThreadPoolExecutor(2, thread_name_prefix="notices")
        # How the last of them ended: the status, 0 for no answer.
        self.told: deque[Future[int]] = deque(maxlen=20)

    def tell(self, ended: SignedIn) -> list[str]:
        """Tell every service of this session by the back channel; the addresses to open in frames are given back."""
        services = [self._clients[each] for each in sorted(ended.services) if each in self._clients]
        for client in services:
            if client.backchannel_logout_uri:
                token = self.logout_token(client, ended)
                self.told.append(self._beside.submit(_post, client.backchannel_logout_uri, token))
        about = urlencode({"iss": self._issuer, "sid": ended.sid})
        return [
            f"{each.frontchannel_logout_uri}?{about}" for each in services if each.frontchannel_logout_uri
        ]

    def logout_token(self, client: Client, ended: SignedIn) -> str:
        """OpenID Connect Back-Channel Logout 1.0, 2.4."""
        now = int(self._clock())
        key = self._keys.newest
        header = {"alg": "RS256", "kid": key.kid or "", "typ": "logout+jwt"}
        claims = {
            "iss": self._issuer,
            "aud": client.client_id,
            "iat": now,
            "exp": now + LOGOUT_TOKEN_LIVES,
            "jti": str(uuid.uuid4()),
            "sid": ended.sid,
            "sub": sub_for(client, ended.pid),
            "events": {_EVENT: {}},
        }
        return jwt.encode(header, claims, key)


def _post(uri: str, token: str) -> int:
    try:
        # Never through a proxy: the service is on this machine.
        with httpx.Client(timeout=_PATIENCE, trust_env=False) as client:
            status = client.post(uri, data={"logout_token": token}).status_code
    except httpx.HTTPError as error:
        _log.warning("a service could not be told of a logout: %s", type(error).__name__)
        return 0
    if status >= httpx.codes.BAD_REQUEST:
        _log.warning("a service would not hear of a logout: %s", status)
    return status
