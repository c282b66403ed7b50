"""KRR over HTTP: `POST {base}/rest/v2/personer` with a token of Maskinporten.

Source: docs.digdir.no, Oppslagstjenesten REST (scope krr:global/kontaktinformasjon.read), and RFC 7523 § 2.1. No
redirect is followed, no proxy of the environment is used, and an answer has a time and a size.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import uuid4

import httpx
import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from innsyn.journal.delivery_tokens import Key, read_key, thumbprint
from innsyn.journal.fhir.reading import instant
from innsyn.notifications.contact.port import Register, Registered, RegisterFailed
from innsyn.settings import SettingMissing, Settings

T = TypeVar("T")

_SCOPE: Final = "krr:global/kontaktinformasjon.read"
_GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_TIMEOUT: Final = httpx.Timeout(5, connect=2)
_MOST_BYTES: Final = 2 * 1024 * 1024
# As many as the register takes in one request.
MOST: Final = 1000
_OK: Final = 200
_LASTS: Final = timedelta(seconds=100)
_EARLY: Final = timedelta(seconds=30)
_YES: Final = "JA"
_MAY: Final = "KAN_VARSLES"


class _Address(msgspec.Struct, frozen=True):
    epostadresse: str = ""
    epostadresse_oppdatert: str = ""
    epostadresse_sist_verifisert: str = ""
    mobiltelefonnummer: str = ""
    mobiltelefonnummer_oppdatert: str = ""
    mobiltelefonnummer_sist_verifisert: str = ""


class _Person(msgspec.Struct, frozen=True):
    personidentifikator: str
    reservasjon: str = ""
    status: str = ""
    varslingsstatus: str = ""
    kontaktinformasjon: _Address = _Address()
    spraak: str = ""


class _Answer(msgspec.Struct, frozen=True):
    personer: list[_Person] = msgspec.field(default_factory=list)


class _Token(msgspec.Struct, frozen=True):
    access_token: str
    expires_in: int = 60


class Maskinporten:
    """Tokens of one client for the register, from the token endpoint of Maskinporten."""

    def __init__(
        self, http: httpx.AsyncClient, endpoint: str, client_id: str, key: Key, clock: Callable[[], datetime]
    ) -> None:
        self._http, self._endpoint, self._client_id, self._key = http, endpoint, client_id, key
        self._clock = clock
        self._token, self._until = "", clock()

    async def token(self) -> str:
        """One that lasts a while yet. Raises RegisterFailed."""
        if self._clock() >= self._until:
            body = await _asked(
                self._http, self._endpoint, data={"grant_type": _GRANT, "assertion": self._signed()}
            )
            given = _read(body, _Token)
            self._token = given.access_token
            self._until = self._clock() + max(timedelta(seconds=given.expires_in) - _EARLY, timedelta(0))
        return self._token

    def _signed(self) -> str:
        now = self._clock()
        claims = {
            "aud": f"{self._endpoint.rpartition('/')[0]}/",
            "iss": self._client_id,
            "scope": _SCOPE,
            "iat": now,
            "exp": now + _LASTS,
            "jti": uuid4().hex,
        }
        algorithm = "RS256" if isinstance(self._key, RSAPrivateKey) else "ES256"
        return jwt.encode(claims, self._key, algorithm=algorithm, headers={"kid": thumbprint(self._key)})


class OverHttp:
    """The register at `base`. `maskinporten` None: one that lets everybody on this machine ask."""

    def __init__(self, http: httpx.AsyncClient, base: str, maskinporten: Maskinporten | None = None) -> None:
        self._http, self._address = http, f"{base.rstrip('/')}/rest/v2/personer"
        self._maskinporten = maskinporten

    async def ask(self, numbers: Sequence[str]) -> Mapping[str, Registered]:
        """As the port says."""
        found: dict[str, Registered] = {}
        for first in range(0, len(numbers), MOST):
            asked = {"personidentifikatorer": list(numbers[first : first + MOST])}
            headers = {"content-type": "application/json"}
            if self._maskinporten is not None:
                headers["authorization"] = f"Bearer {await self._maskinporten.token()}"
            body = await _asked(
                self._http, self._address, content=msgspec.json.encode(asked), headers=headers
            )
            found |= {each.personidentifikator: _registered(each) for each in _read(body, _Answer).personer}
        return found


def register_at(
    settings: Settings, http: httpx.AsyncClient, clock: Callable[[], datetime]
) -> Register | None:
    """The register of this installation; None where there is none, and then nobody has an address or a number.

    Raises SettingMissing for a key that cannot be used.
    """
    if not settings.krr:
        return None
    if not settings.krr_token:
        if settings.production:
            raise SettingMissing("In production INNSYN_KRR needs INNSYN_KRR_TOKEN.")
        return OverHttp(http, settings.krr)
    try:
        key = read_key(settings.krr_key)
    except (OSError, ValueError) as reason:
        raise SettingMissing(f"INNSYN_KRR_KEY cannot be used: {reason}") from None
    return OverHttp(
        http, settings.krr, Maskinporten(http, settings.krr_token, settings.krr_client_id, key, clock)
    )


def _registered(person: _Person) -> Registered:
    at = person.kontaktinformasjon
    return Registered(
        reserved=person.reservasjon == _YES,
        notifiable=person.varslingsstatus == _MAY and person.status != "SLETTET",
        email=at.epostadresse,
        email_confirmed=_latest(at.epostadresse_oppdatert, at.epostadresse_sist_verifisert),
        mobile=at.mobiltelefonnummer,
        mobile_confirmed=_latest(at.mobiltelefonnummer_oppdatert, at.mobiltelefonnummer_sist_verifisert),
        language=person.spraak,
    )


def _latest(*told: str) -> datetime | None:
    """Whoever changes an address confirms it."""
    return max((at for each in told if (at := instant(each)) is not None), default=None)


def _read(body: bytes, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise RegisterFailed("unreadable") from None


async def _asked(
    http: httpx.AsyncClient,
    address: str,
    *,
    content: bytes | None = None,
    data: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    body = bytearray()
    plain = {**(headers or {}), "accept-encoding": "identity"}
    try:
        async with http.stream(
            "POST",
            address,
            content=content,
            data=data,
            headers=plain,
            timeout=_TIMEOUT,
            follow_redirects=False,
        ) as response:
            if response.status_code != _OK:
                raise RegisterFailed(f"status_{response.status_code}")
            async for piece in response.aiter_raw():
                body += piece
                if len(body) > _MOST_BYTES:
                    raise RegisterFailed("too_large")
    except httpx.HTTPError as reason:
        raise RegisterFailed(type(reason).__name__) from None
    return bytes(body)
