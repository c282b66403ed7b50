"""A provider that lies, one knob a test. Otherwise it behaves, over a real socket."""

import asyncio
import base64
import hashlib
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm
from litestar import Litestar, Request, Response, get, post
from litestar.types import ASGIApp

# The tests' own time: nothing under test reads a clock.
NOW: Final = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
KARI: Final = "28816196088"
CLIENT_ID: Final = "innsyn"

Signer = Callable[[dict[str, Any], dict[str, Any]], str]


def new_key() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


def jwk_of(key: RSAPrivateKey, kid: str | None, **more: str) -> dict[str, Any]:
    named = {"kid": kid} if kid else {}
    return {**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "use": "sig", **named, **more}


def at_hash_of(access_token: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(access_token.encode()).digest()[:16]).rstrip(b"=").decode()


@dataclass
class EvilProvider:
    """The knobs. None as a value takes a claim, a header or a field away."""

    issuer: str
    key: RSAPrivateKey
    now: datetime = NOW
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, Any] = field(default_factory=dict)
    keys: list[dict[str, Any]] = field(default_factory=list)
    # Instead of the ordinary answer on a path.
    answers: dict[str, Response[Any]] = field(default_factory=dict)
    signer: Signer | None = None
    asked: list[str] = field(default_factory=list)
    pushed: dict[str, str] = field(default_factory=dict)
    silent_until: asyncio.Event | None = None

    def discovery(self) -> dict[str, Any]:
        return _changed(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "pushed_authorization_request_endpoint": f"{self.issuer}/par",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks.json",
                "end_session_endpoint": f"{self.issuer}/logout",
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["private_key_jwt"],
                "authorization_response_iss_parameter_supported": True,
            },
            self.metadata,
        )

    def token_answer(self) -> dict[str, Any]:
        answer = {
            "access_token": "opaque",
            "token_type": "Bearer",
            "expires_in": 120,
            "id_token": self.id_token(),
        }
        return _changed(answer, self.tokens)

    def id_token(self) -> str:
        seconds = int(self.now.timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "pairwise-of-kari",
            "iat": seconds,
            "exp": seconds + 120,
            "auth_time": seconds - 5,
            "nonce": self.pushed["nonce"],
            "acr": "idporten-loa-high",
            "amr": ["BankID"],
            "pid": KARI,
            "sid": "session-of-kari",
            "locale": "nn",
            "at_hash": at_hash_of("opaque"),
        }
        sign = self.signer or self.honest
        return sign(_changed({"alg": "RS256", "kid": "first"}, self.header), _changed(claims, self.claims))

    def logout_token(
        self,
        claims: Mapping[str, Any] | None = None,
        header: Mapping[str, Any] | None = None,
        signer: Signer | None = None,
    ) -> str:
        """Of Kari's session; `claims` and `header` change what it says."""
        seconds = int(self.now.timestamp())
        ordinary = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": seconds,
            "exp": seconds + 120,
            "jti": str(uuid4()),
            "sid": "session-of-kari",
            "sub": "pairwise-of-kari",
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        }
        kid = self.header.get("kid", "first")
        usual = {"alg": "RS256", "kid": kid, "typ": "logout+jwt"}
        return (signer or self.honest)(
            _changed(usual, dict(header or {})), _changed(ordinary, dict(claims or {}))
        )

    def honest(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self.key, algorithm=header["alg"], headers=header)


def _changed(ordinary: dict[str, Any], by: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**ordinary, **by}.items() if value is not None}


def application(evil: EvilProvider) -> Litestar:
    async def note(request: Request[Any, Any, Any]) -> Response[Any] | None:
        evil.asked.append(request.url.path)
        if evil.silent_until:
            await evil.silent_until.wait()
        return evil.answers.get(request.url.path)

    @get("/.well-known/openid-configuration")
    async def discovery() -> dict[str, Any]:
        return evil.discovery()

    @get("/jwks.json")
    async def keys() -> dict[str, Any]:
        return {"keys": evil.keys}

    @post("/par")
    async def push(request: Request[Any, Any, Any]) -> dict[str, Any]:
        evil.pushed = {name: str(value) for name, value in (await request.form()).items()}
        return {"request_uri": "urn:evil:1", "expires_in": 120}

    @post("/token", status_code=200)
    async def token() -> dict[str, Any]:
        return evil.token_answer()

    return Litestar([discovery, keys, push, token], before_request=note)


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # Ctrl-C is the test run's


@asynccontextmanager
async def listening(app_at: Callable[[str], ASGIApp]) -> AsyncIterator[None]:
    """Serve on a free port; `app_at` is told the address. It listens at once, so nobody has to wait."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(app_at(address), log_level="warning", lifespan="off", ws="none")
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield
        finally:
            server.should_exit = True
            await serving


@asynccontextmanager
async def evil_provider(key: RSAPrivateKey) -> AsyncIterator[EvilProvider]:
    made: list[EvilProvider] = []

    def app_at(address: str) -> ASGIApp:
        made.append(EvilProvider(address, key, keys=[jwk_of(key, "first")]))
        return application(made[0])

    async with listening(app_at):
        yield made[0]
