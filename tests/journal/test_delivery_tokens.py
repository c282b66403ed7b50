"""The token for the journal: asked for with an assertion, bound to a key by proofs, checked as a server would."""

import base64
import hashlib
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from innsyn.journal.delivery_client import JournalClient
from innsyn.journal.delivery_rules import Came, Outcome
from innsyn.journal.delivery_tokens import Key, Tokens, read_key

KEY = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
MADE = b'{"type": "transaction-response", "entry": [{"response": {"status": "201"}}]}'


class Server:
    """A token endpoint and a FHIR server in one, which believe nothing that they have not checked."""

    def __init__(self, key: Key, *, nonces: bool = False) -> None:
        self.key, self.nonces, self.base = key, nonces, ""
        self.nonce = "first"
        self.token = ""
        self.bound = ""
        self.tokens = self.posts = 0
        self.seen: set[str] = set()
        self.answer: tuple[int, dict[str, Any]] | None = None

    def handle(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        try:
            return self._token(headers, body) if path == "/token" else self._fhir(headers)
        except (AssertionError, jwt.PyJWTError, KeyError) as wrong:
            return 401, json.dumps({"error": f"{type(wrong).__name__} {wrong}"}).encode()

    def _token(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        algorithm = "ES256" if isinstance(self.key, ec.EllipticCurvePrivateKey) else "PS256"
        claims = jwt.decode(
            form["client_assertion"],
            self.key.public_key(),
            [algorithm],
            audience=f"{self.base}/token",
            leeway=30,
        )
        assert (form["grant_type"], form["scope"]) == ("client_credentials", "journal/write")
        assert form["client_assertion_type"].endswith(":jwt-bearer")
        assert claims["iss"] == claims["sub"] == form["client_id"] == "us"
        assert claims["exp"] - claims["iat"] <= 60
        self._once(claims["jti"])
        jkt, proof = self._proof(headers, "/token")
        if self.nonces and proof.get("nonce") != self.nonce:
            return 400, b'{"error": "use_dpop_nonce"}'
        self.tokens += 1
        self.token, self.bound = uuid4().hex, jkt
        if self.answer is not None:
            return self.answer[0], json.dumps(self.answer[1]).encode()
        return 200, json.dumps({"access_token": self.token, "token_type": "DPoP", "expires_in": 600}).encode()

    def _fhir(self, headers: dict[str, str]) -> tuple[int, bytes]:
        jkt, proof = self._proof(headers, "/fhir")
        assert headers["authorization"] == f"DPoP {self.token}"
        assert jkt == self.bound
        assert proof["ath"] == _encoded(hashlib.sha256(self.token.encode()).digest())
        assert not self.nonces or proof.get("nonce") == self.nonce
        self.posts += 1
        return 200, MADE

    def _proof(self, headers: dict[str, str], path: str) -> tuple[str, dict[str, Any]]:
        head = jwt.get_unverified_header(headers["dpop"])
        assert (head["typ"], head["alg"]) == ("dpop+jwt", "ES256")
        assert "d" not in head["jwk"]
        claims = jwt.decode(headers["dpop"], jwt.PyJWK(head["jwk"], "ES256"), ["ES256"], leeway=30)
        assert (claims["htm"], claims["htu"]) == ("POST", self.base + path)
        assert abs(claims["iat"] - datetime.now(UTC).timestamp()) < 60
        self._once(claims["jti"])
        told = {name: head["jwk"][name] for name in ("crv", "kty", "x", "y")}
        canonical = json.dumps(told, separators=(",", ":")).encode()
        return _encoded(hashlib.sha256(canonical).digest()), claims

    def _once(self, jti: str) -> None:
        assert jti not in self.seen, "used before"
        self.seen.add(jti)


def _encoded(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@contextmanager
def served(server: Server) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, answer = server.handle(self.path, headers, body)
            self.send_response(status)
            self.send_header("content-length", str(len(answer)))
            if server.nonces:
                self.send_header("dpop-nonce", server.nonce)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            """A test says enough when it fails."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.base = f"http://127.0.0.1:{listening.server_port}"
    thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.base
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()


class Clock:
    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


async def post(client: JournalClient) -> Outcome:
    return await client.post(b"{}", uuid4())


@contextmanager
def client_of(
    server: Server, http: httpx.AsyncClient, clock: Clock, key: Key | None = None
) -> Iterator[JournalClient]:
    with served(server) as base:
        tokens = Tokens(http, f"{base}/token", "us", key or server.key, "journal/write", clock)
        yield JournalClient(http, f"{base}/fhir", clock, tokens)


@pytest.mark.parametrize("key", [KEY, RSA])
@pytest.mark.parametrize("nonces", [False, True])
async def test_one_token_serves_many_things_until_it_ends(
    http: httpx.AsyncClient, key: Key, nonces: bool
) -> None:
    server, clock = Server(key, nonces=nonces), Clock()
    with client_of(server, http, clock) as client:
        for _ in range(3):
            assert await post(client) == Outcome(Came.RECEIVED)
        assert (server.tokens, server.posts) == (1, 3)
        # Another nonce is learnt from the refusal, and the thing goes.
        server.nonce = "second"
        assert await post(client) == Outcome(Came.RECEIVED)
        clock.ahead = timedelta(0) if nonces else timedelta(seconds=30)
        before, server.token = server.tokens, "taken back"
        assert await post(client) == Outcome(Came.RECEIVED)
        assert server.tokens == before + 1


async def test_a_token_is_fetched_anew_before_it_ends(http: httpx.AsyncClient) -> None:
    server, clock = Server(KEY), Clock()
    server.answer = (200, {"access_token": "short", "token_type": "DPoP", "expires_in": 40})
    with client_of(server, http, clock) as client:
        assert (
            await post(client)
        ).came == Came.DOWN  # the server knows another token: that is not this test's
        asked = server.tokens
        clock.ahead = timedelta(seconds=11)
        await post(client)
        assert server.tokens > asked


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((200, {"access_token": "x", "token_type": "Bearer"}), "no_token_bound"),
        ((200, {"token": "x"}), "no_token_unreadable"),
        ((400, {"error": "invalid_client"}), "no_token_400"),
        ((302, {}), "no_token_302"),
        ((200, {"access_token": "x" * 100_000, "token_type": "DPoP"}), "no_token_too_large"),
    ],
)
async def test_without_a_token_nothing_leaves(
    http: httpx.AsyncClient, answer: tuple[int, dict[str, Any]], reason: str
) -> None:
    server = Server(KEY)
    server.answer = answer
    with client_of(server, http, Clock()) as client:
        assert await post(client) == Outcome(Came.DOWN, reason)
    assert server.posts == 0


async def test_where_nobody_gives_tokens_nothing_leaves(http: httpx.AsyncClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        nobody = f"http://127.0.0.1:{listener.getsockname()[1]}"
    tokens = Tokens(http, nobody, "us", KEY, "", Clock())
    assert await post(JournalClient(http, nobody, Clock(), tokens)) == Outcome(
        Came.DOWN, "no_token_ConnectError"
    )


async def test_a_client_with_another_key_gets_nothing(http: httpx.AsyncClient) -> None:
    server = Server(KEY)
    with client_of(server, http, Clock(), ec.generate_private_key(ec.SECP256R1())) as client:
        assert await post(client) == Outcome(Came.DOWN, "no_token_401")


async def test_an_answer_without_end_and_one_that_never_comes(http: httpx.AsyncClient) -> None:
    server = Server(KEY)
    with served(server) as base:
        client = JournalClient(http, f"{base}/fhir", Clock(), deadline=5)
        # Without a token this server answers 401: ours to mend, not the thing's fault.
        assert (await post(client)).came == Came.DOWN
        server.handle = lambda *_: (200, b" " * 300_000)  # type: ignore[method-assign]
        assert await post(client) == Outcome(Came.UNSURE, "too_large")
        slow = JournalClient(http, f"{base}/fhir", Clock(), deadline=0)
        assert await post(slow) == Outcome(Came.UNSURE, "no_answer")


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    for key, fits in ((KEY, True), (RSA, True), (ec.generate_private_key(ec.SECP384R1()), False)):
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        if fits:
            assert read_key(file).public_key().public_numbers() == key.public_key().public_numbers()
        else:
            with pytest.raises(ValueError, match="neither"):
                read_key(file)
