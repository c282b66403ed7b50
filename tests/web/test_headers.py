"""The headers of every route there is, and of every way it can go wrong."""

from httpx import Response
from litestar import get

from access.test_isolation import EXPECTED, SAME_AS_ANOTHER
from api.asking import fill, handlers
from innsyn.web.compression import dictionaries
from innsyn.web.statics import published
from world import KARI, World

POLICY = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'", "data:"},
    "connect-src": {"'self'"},
    "manifest-src": {"'self'"},
    "worker-src": {"'self'"},
    "form-action": {"'self'", "https://idporten.test", "https://login.idporten.test"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
    "require-trusted-types-for": {"'script'"},
    "trusted-types": {"sw"},
}
# A browser shows an image with a style of its own; whatever a file holds, it runs nothing and asks for nothing.
SANDBOX = {
    "sandbox": set(),
    "default-src": {"'none'"},
    "style-src": {"'unsafe-inline'"},
    "img-src": {"'self'", "data:"},
    "frame-ancestors": {"'none'"},
}
# What is no page may do nothing, opened by its address, and says no more: it would weigh more than the answer.
DATA = {"default-src": {"'none'"}, "frame-ancestors": {"'none'"}}
OF_ALL = {"cross-origin-resource-policy": "same-origin", "x-content-type-options": "nosniff"}
OF_PAGES = {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
# The provider opens it in a frame to tell of a logout. There is nothing on it.
FRAMED = "/logout/front"
FRAME = {
    "default-src": {"'none'"},
    "frame-ancestors": {"https://idporten.test", "https://login.idporten.test"},
}
DOCUMENT = "/journal/{kind:str}/{entry_id:uuid}/documents/{number:int}"
YEAR = "public, max-age=31536000, immutable"
# The same for everybody. All else is kept by nobody.
KEPT = {"/offline": "no-cache", "/sw.js": "no-cache", "/manifest.webmanifest": "public, max-age=86400"}


def policy_of(text: str) -> dict[str, set[str]]:
    parts = [part.split() for part in text.split(";")]
    assert len(parts) == len({part[0] for part in parts}), "a directive twice: browsers heed the first alone"
    return {name: set(values) for name, *values in parts}


async def test_every_route_has_them_for_everybody(world: World) -> None:
    entry, _ = await fill(world)
    browsers = (await world.log_in(KARI), world.browser())
    for path, handler in handlers(world):
        for method in handler.http_methods - {"OPTIONS"}:
            address = path
            form = None
            if path not in SAME_AS_ANOTHER:
                expected = EXPECTED[method, path]
                address, form = expected.address.format(entry=entry), expected.form
            for browser in browsers:
                answer = await browser.request(method, address.replace("{path:str}", "x"), data=form)
                is_file = path == DOCUMENT and answer.status_code == 200
                is_page = is_file or path == "/sw.js" or is_html(answer)
                framed = {"cross-origin-resource-policy": "cross-origin"} if path == FRAMED else {}
                wanted = {**expected_of(is_page), **framed}
                if path == "/sw.js":
                    # It has no window.
                    wanted |= {"cross-origin-opener-policy": None, "permissions-policy": None}
                assert given(answer) == wanted, (method, address)
                policy = policy_of(answer.headers["content-security-policy"])
                own = SANDBOX if is_file else FRAME if path == FRAMED else POLICY if is_page else DATA
                assert policy == own, (method, address)
                assert answer.headers["cache-control"] == KEPT.get(path, "no-store"), (method, address)
                assert "server" not in answer.headers
                assert "strict-transport-security" not in answer.headers


async def test_what_is_named_by_its_content_is_kept_for_a_year(world: World) -> None:
    browser = world.browser()
    addresses = [address for name, address in published().items() if address.startswith("/static/")]
    hashed = [address for address in addresses if (await browser.get(address)).status_code == 200]
    assert hashed
    for address in (*hashed, *(f"/dictionary/{name}" for name in dictionaries())):
        answer = await browser.get(address)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, YEAR), address
        assert "set-cookie" not in answer.headers
        assert given(answer) == expected_of(is_page=False), address
        assert policy_of(answer.headers["content-security-policy"]) == DATA, address


async def test_errors_have_them_too(world: World) -> None:
    @get(["/api/failing", "/failing"], include_in_schema=False)
    async def failing() -> str:
        raise ValueError

    world.litestar.register(failing)
    kari = await world.log_in(KARI)
    form = {"content-type": "application/x-www-form-urlencoded"}
    from_elsewhere = {**form, "sec-fetch-site": "cross-site"}
    for method, address, headers, status in (
        ("GET", "/nothing", {}, 404),
        ("GET", "/static/nothing.css", {}, 404),
        ("GET", "/dictionary/nothing", {}, 404),
        ("GET", "/failing", {}, 500),
        ("GET", "/api/failing", {}, 500),
        ("GET", "/journal?q=%00", {}, 400),
        ("PUT", "/journal", form, 405),
        ("POST", "/logout", from_elsewhere, 403),
    ):
        assert checked(await kari.request(method, address, headers=headers)) == status, address
    assert checked(await kari.post("/settings", content=b"{}")) == 415
    await world.pool.close()
    await world.litestar.state.logins.pool.close()
    for address in ("/", "/journal", "/api/me", "/settings", "/login/callback?state=x", "/health/ready"):
        assert checked(await kari.get(address)) == 503, address


def given(answer: Response) -> dict[str, str | None]:
    return {name: answer.headers.get(name) for name in (*OF_ALL, *OF_PAGES)}


def expected_of(is_page: bool) -> dict[str, str | None]:
    return {**OF_ALL, **(OF_PAGES if is_page else dict.fromkeys(OF_PAGES))}


def is_html(answer: Response) -> bool:
    return str(answer.headers.get("content-type")).startswith("text/html")


def checked(answer: Response) -> int:
    assert given(answer) == expected_of(is_html(answer))
    policy = POLICY if is_html(answer) else DATA
    assert policy_of(answer.headers["content-security-policy"]) == policy
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code


async def test_a_page_that_is_called_a_stylesheet_is_no_page(world: World) -> None:
    entry, _ = await fill(world)
    kari = await world.log_in(KARI)
    pages = ("/journal", "/journal/lab_results", f"/journal/lab_results/{entry}", "/settings", "/api/me")
    for page in (*pages, "/api/entries", f"/api/entries/{entry}"):
        for ending in (
            "/x.css",
            "/x.js",
            ".css",
            "%2fx.css",
            ";x.css",
            "%3bx.css",
            "%23x.css",
            "/..%2fx.png",
            "%0ax.css",
        ):
            answer = await kari.get(page + ending)
            assert answer.status_code == 404, page + ending
            assert answer.headers["cache-control"] == "no-store"
            # Her name stands in the menu of the page that says so; nothing of her journal does.
            assert not any(mark in answer.text for mark in ("Karis", entry)), page + ending
    # A question mark that a cache may read as a part of the name, and slashes that the router passes over.
    for odd in ("/journal?x.css", "/journal/?/x.css", "//journal", "/journal//"):
        answer = await kari.get(f"http://localhost:8000{odd}")
        assert answer.headers["cache-control"] == "no-store", odd
