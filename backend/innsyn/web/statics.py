"""What is the same for everybody: stylesheet, script, icons, service worker, web app manifest.

`npm run build` in pwa/ writes them to pwa/build with the hash of their content in their names; here they
are read into memory once, with their compressed forms, and served with a year's lifetime.

Plug into the app: `create_app` adds `Statics().handlers()` to its route handlers. They answer
`/static/{file}`, `/sw.js` and `/manifest.webmanifest`, need no session, and set their own Cache-Control,
which the app's `no-store` must not overwrite (set only when absent). `Statics(service_worker=False)` serves
the kill switch in the service worker's place: browsers that have it drop their caches and the worker.

The policy these files and our pages live under: `default-src 'none'; script-src 'self'; style-src 'self';
img-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'
<ID-porten>; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types sw`.
`data:` is for the masks that icons in the stylesheet are.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec
import zstandard
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

BUILD: Final = Path(__file__).resolve().parents[3] / "pwa" / "build"
_FOR_A_YEAR: Final = "public, max-age=31536000, immutable"
# The worker is asked for at every visit, so that the kill switch reaches everybody at once.
_EACH_TIME: Final = "no-cache"
_FOR_A_DAY: Final = "public, max-age=86400"


class _Published(msgspec.Struct, frozen=True):
    file: str
    type: str
    hashed: bool


class _File(msgspec.Struct, frozen=True):
    type: str
    cache_control: str
    etag: str
    bodies: dict[str, bytes]  # by content coding; "" is the plain one


@cache
def published() -> dict[str, str]:
    """The address of each built file by its plain name: {"app.css": "/static/app.1a2b3c.css", …}.

    Raises FileNotFoundError with what to do when the front end has not been built.
    """
    return {name: f"/static/{built.file}" for name, built in _manifest().items()}


@cache
def _manifest() -> dict[str, _Published]:
    path = BUILD / "manifest.json"
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: run `npm ci && npm run build` in pwa/")
    return msgspec.json.decode(path.read_bytes(), type=dict[str, _Published])


class Statics:
    """The built files, in memory."""

    def __init__(self, *, service_worker: bool = True) -> None:
        built = _manifest()
        self._files = {one.file: _load(one, _FOR_A_YEAR) for one in built.values() if one.hashed}
        self._worker = _load(built["sw.js" if service_worker else "sw-off.js"], _EACH_TIME)
        self._app_manifest = _load(built["manifest.webmanifest"], _FOR_A_DAY)

    def handlers(self) -> list[ControllerRouterHandler]:
        """The route handlers: a file by name, the service worker, the web app manifest."""
        return [
            self._file_handler(),
            self._single("/sw.js", self._worker),
            self._single("/manifest.webmanifest", self._app_manifest),
        ]

    def _file_handler(self) -> HTTPRouteHandler:
        @get("/static/{file:str}", include_in_schema=False, sync_to_thread=False, name="static")
        def static(request: Request[Any, Any, Any], file: FromPath[str]) -> Response[bytes]:
            found = self._files.get(file)
            if not found:
                raise NotFoundException
            return answer(request, found)

        return static

    def _single(self, path: str, found: _File) -> HTTPRouteHandler:
        @get(path, include_in_schema=False, sync_to_thread=False, name=path.strip("/"))
        def single(request: Request[Any, Any, Any]) -> Response[bytes]:
            return answer(request, found)

        return single


def answer(request: Request[Any, Any, Any], found: _File) -> Response[bytes]:
    """The file in the best coding that the browser takes, or 304 when it has it already."""
    headers = {"cache-control": found.cache_control, "etag": found.etag, "vary": "accept-encoding"}
    if request.headers.get("if-none-match") == found.etag:
        return Response(b"", status_code=304, headers=headers)
    coding = _best(request.headers.get("accept-encoding", ""), found)
    if coding:
        headers["content-encoding"] = coding
    return Response(found.bodies[coding], media_type=found.type, headers=headers)


def _best(accepted: str, found: _File) -> str:
    offered = {
        part.split(";")[0].strip()
        for part in accepted.lower().split(",")
        if "q=0" not in part.replace("q=0.", "")
    }
    possible = [coding for coding in found.bodies if not coding or coding in offered]
    return min(possible, key=lambda coding: len(found.bodies[coding]))


@cache
def _load(built: _Published, cache_control: str) -> _File:
    plain = (BUILD / built.file).read_bytes()
    bodies = {"": plain}
    for coding, ending in (("br", ".br"), ("gzip", ".gz")):
        compressed = BUILD / f"{built.file}{ending}"
        if compressed.exists():
            bodies[coding] = compressed.read_bytes()
    if "br" in bodies:
        bodies["zstd"] = zstandard.ZstdCompressor(level=19).compress(plain)
    etag = f'"{built.file}"' if built.hashed else f'"{hash_of(plain)}"'
    return _File(built.type, cache_control, etag, bodies)


def hash_of(content: bytes) -> str:
    """A short name for some bytes."""
    return hashlib.sha256(content).hexdigest()[:16]
