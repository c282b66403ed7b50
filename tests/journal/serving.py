"""A journal over real HTTP, for what a journal in order never says: broken, late, too large."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    base: str
    method: str
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "application/json"})


Answering = Callable[[Asked], Answer]


@contextmanager
def served(answering: Answering) -> Iterator[str]:
    """The address of a server on this machine that answers so until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            answer = answering(Asked(parts.path, query, headers, address, self.command, body))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_DELETE = do_POST = do_PUT = do_GET  # noqa: N815

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            """A test says enough when it fails."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def pages_of(envelopes: list[bytes], asked: list[Asked] | None = None) -> Answering:
    """A sequence feed of these entries; what is asked for is added to `asked`."""

    def answer(request: Asked) -> Answer:
        if asked is not None:
            asked.append(request)
        if request.path == "/sources":
            services = [
                {"source": "st-olavs", "name": "St. Olavs hospital", "service": "hospital", "since": None}
            ]
            return Answer(json.dumps(services).encode())
        seq, limit = int(request.query["seq"]), int(request.query["limit"])
        body = b'{"entries":[%s],"last":%d}' % (
            b",".join(envelopes[seq - 1 : seq - 1 + limit]),
            len(envelopes),
        )
        etag = f'"{sha256(body).hexdigest()[:16]}"'
        if request.headers.get("if-none-match") == etag:
            return Answer(status=304, headers={"etag": etag})
        return Answer(body, headers={"content-type": "application/json", "etag": etag})

    return answer


def export_of(resources: list[bytes], deleted: list[bytes], errors: list[bytes] | None = None) -> Answering:
    """A Bulk Data server with one finished export, which has to be asked for once more than it likes."""
    polls: list[Asked] = []
    files = {"/x/output": resources, "/x/deleted": deleted, "/x/error": errors or []}

    def answer(request: Asked) -> Answer:
        if request.method == "DELETE":
            return Answer(status=202)
        if request.path.endswith("$export"):
            return Answer(status=202, headers={"content-location": "/x"})
        if request.path in files:
            return Answer(
                b"\n".join(files[request.path]), headers={"content-type": "application/fhir+ndjson"}
            )
        polls.append(request)
        if len(polls) == 1:
            return Answer(status=202, headers={"retry-after": "0"})
        listed = {name.removeprefix("/x/"): [{"url": request.base + name}] for name in files}
        return Answer(json.dumps({"transactionTime": "2026-11-23T12:00:00Z"} | listed).encode())

    return answer
