"""Statics are small, kept for a year under their hash, and the service worker can be called back."""

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard
from litestar import Litestar, Response, get
from litestar.testing import TestClient

from innsyn.web.compression import Compression, dictionaries, dictionary_handlers
from innsyn.web.statics import Statics, published

PAGE = "<!doctype html>" + "<p>Prøvesvar og brev</p>" * 100


@get("/page", sync_to_thread=False)
def page() -> Response[str]:
    return Response(PAGE, media_type="text/html")


@get("/small", sync_to_thread=False)
def small() -> Response[str]:
    return Response("ok", media_type="text/plain")


@get("/picture", sync_to_thread=False)
def picture() -> Response[bytes]:
    return Response(b"\x89PNG" * 500, media_type="image/png")


def client(*, service_worker: bool = True) -> TestClient[Litestar]:
    handlers = [
        *Statics(service_worker=service_worker).handlers(),
        *dictionary_handlers(),
        page,
        small,
        picture,
    ]
    app = Litestar(handlers, openapi_config=None)
    return TestClient(Compression(app, dictionaries()))  # type: ignore[arg-type]


def test_a_static_is_kept_for_a_year_and_never_changes() -> None:
    with client() as browser:
        answer = browser.get(published()["app.css"], headers={"accept-encoding": "gzip, br"})
        again = browser.get(published()["app.css"], headers={"if-none-match": answer.headers["etag"]})
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "br"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("accepted", ["br", "gzip", "zstd", "identity", "br;q=0, gzip"])
def test_every_coding_holds_the_same_stylesheet(accepted: str) -> None:
    with client() as browser:
        plain = browser.get(published()["app.css"], headers={"accept-encoding": "identity"})
        answer = browser.get(published()["app.css"], headers={"accept-encoding": accepted})
    assert plain.content == answer.content
    assert "br" not in answer.headers.get("content-encoding", "") or accepted == "br"


def test_budget() -> None:
    with client() as browser:
        sizes = {
            name: int(
                browser.get(published()[name], headers={"accept-encoding": "br"}).headers["content-length"]
            )
            for name in ("app.css", "app.js", "icon.svg")
        }
    assert sizes["app.css"] <= 12_000
    assert sizes["app.js"] <= 2_000
    assert sizes["icon.svg"] <= 500


def test_what_was_never_built_is_not_found() -> None:
    with client() as browser:
        assert [
            browser.get(f"/static/{name}").status_code for name in ("nothing.css", "manifest.json", "..%2f")
        ] == [404] * 3


def test_the_service_worker_is_asked_for_each_time_and_names_no_page_of_the_record() -> None:
    with client() as browser:
        answer = browser.get("/sw.js")
    assert answer.headers["cache-control"] == "no-cache"
    assert published()["app.css"] in answer.text
    assert "/offline" in answer.text
    assert "/journal" not in answer.text


def test_the_kill_switch_takes_the_service_workers_place() -> None:
    with client(service_worker=False) as browser:
        assert "registration.unregister()" in browser.get("/sw.js").text


def test_the_app_manifest_names_icons_that_are_there() -> None:
    with client() as browser:
        manifest = browser.get("/manifest.webmanifest").json()
        icons = [browser.get(icon["src"]) for icon in manifest["icons"]]
    assert [icon.headers["content-type"] for icon in icons] == ["image/png"] * 3
    assert (manifest["start_url"], manifest["display"]) == ("/", "standalone")


@pytest.mark.parametrize("coding", ["zstd", "br", "gzip", ""])
def test_a_page_is_compressed_in_the_coding_asked_for(coding: str) -> None:
    with client() as browser:
        answer = browser.get("/page", headers={"accept-encoding": coding})
    assert answer.headers.get("content-encoding", "") == coding
    assert answer.text == PAGE
    assert int(answer.headers["content-length"]) < len(PAGE) / 4 or not coding


def test_against_the_dictionary_a_page_is_its_own_words() -> None:
    name, held = next(iter(dictionaries().items()))
    with client() as browser:
        dictionary = browser.get(f"/dictionary/{name}")
        asked = {"accept-encoding": "dcz, zstd", "available-dictionary": held.available.decode()}
        with browser.stream("GET", "/page", headers=asked) as answer:
            packed = b"".join(answer.iter_raw())
    assert dictionary.content == held.content
    assert dictionary.headers["use-as-dictionary"] == 'match="/*", match-dest=("document")'
    assert answer.headers["content-encoding"] == "dcz"
    assert packed[8:40] == held.hash
    known = zstandard.ZstdCompressionDict(held.content, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    assert zstandard.ZstdDecompressor(dict_data=known).decompress(packed[40:]).decode() == PAGE


def test_a_dictionary_we_never_gave_is_not_used() -> None:
    with client() as browser:
        asked = {"accept-encoding": "dcz, br", "available-dictionary": ":AAAA:"}
        assert browser.get("/page", headers=asked).headers["content-encoding"] == "br"


def test_what_is_small_or_no_text_passes_through() -> None:
    with client() as browser:
        answers = [browser.get(path, headers={"accept-encoding": "br"}) for path in ("/small", "/picture")]
    assert ["content-encoding" in answer.headers for answer in answers] == [False, False]
    assert brotli.decompress(brotli.compress(b"ok")) == b"ok"
