"""Citizens who write and read while everything around them dies: each tries again until it is told that it is done."""

import asyncio
import base64
import random
import re
import secrets
import ssl
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg
import httpx

# Made for each browser, it would read all the authorities of the world each time.
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_AT_ONCE = 6
_AGAIN_SECONDS = 0.05
_HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"')
_MAKE_SESSION = """
    INSERT INTO identity.session (token_hash, person_id, acr, issuer, sid, idle_limit, expires_at)
    SELECT sha256($1), person_id, 'idporten-loa-high', 'https://idporten.test', 'a-sid', interval '2 hours',
        now() + interval '2 hours'
    FROM identity.person WHERE person_id = $2
"""


@dataclass
class Written:
    """`acknowledged`: key of each request → whose it is. `answers` counts what people were told on the way."""

    wanted: int
    acknowledged: dict[UUID, UUID] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    reads: int = 0

    @property
    def under_way(self) -> bool:
        return len(self.acknowledged) < self.wanted

    def count(self, answer: str) -> None:
        self.answers[answer] = self.answers.get(answer, 0) + 1


@dataclass(frozen=True)
class Citizen:
    """Somebody who is logged in."""

    person_id: UUID
    cookie: str


async def log_in(owner: asyncpg.Connection) -> list[Citizen]:
    """A session for everybody who has a journal."""
    people = await owner.fetch("SELECT person_id FROM identity.person ORDER BY person_id")
    citizens = []
    for row in people:
        token = secrets.token_bytes(32)
        await owner.execute(_MAKE_SESSION, token, row["person_id"])
        cookie = base64.urlsafe_b64encode(token).rstrip(b"=").decode()
        citizens.append(Citizen(row["person_id"], cookie))
    return citizens


async def write(web: str, citizens: list[Citizen], written: Written, seconds: float, seed: int) -> None:
    """Every citizen asks for blocks, `written.wanted` in all and spread over `seconds`, reading in between."""
    chance = random.Random(seed)
    numbers = iter(range(written.wanted))

    async def one_after_another() -> None:
        for number in numbers:
            citizen = citizens[number % len(citizens)]
            key = UUID(int=chance.getrandbits(128), version=4)
            async with _browser(web, citizen) as http:
                await _ask(http, key, f"Avdeling {number}", written)
                written.acknowledged[key] = citizen.person_id
                await _read(http, written)
            await asyncio.sleep(seconds * _AT_ONCE / written.wanted)

    await asyncio.gather(*(one_after_another() for _ in range(_AT_ONCE)))


def _browser(web: str, citizen: Citizen) -> httpx.AsyncClient:
    headers = {"sec-fetch-site": "same-origin", "accept-language": "nb", "cookie": f"innsyn={citizen.cookie}"}
    return httpx.AsyncClient(base_url=web, headers=headers, timeout=5, trust_env=False, verify=_NO_TLS)


async def _ask(http: httpx.AsyncClient, key: UUID, unit: str, written: Written) -> None:
    """Send the form until the answer says that it is kept: the same form, so the same request."""
    form = {"key": str(key), "what": "block_unit", "target": unit, "understood": "1"}
    while True:
        try:
            answer = await http.post("/access/blocks", data=form)
        except httpx.TransportError:
            written.count("lost")
        else:
            written.count(str(answer.status_code))
            if answer.headers.get("location") == "/access/blocks?done=asked":
                return
            if answer.status_code < 500:
                raise AssertionError(f"{answer.status_code}: {answer.text[:400]}")
        await asyncio.sleep(_AGAIN_SECONDS)


async def _read(http: httpx.AsyncClient, written: Written) -> None:
    try:
        answer = await http.get("/api/entries")
    except httpx.TransportError:
        return
    written.reads += answer.status_code == httpx.codes.OK
    if answer.status_code not in {200, 502, 503}:
        raise AssertionError(f"{answer.status_code}: {answer.text[:400]}")
