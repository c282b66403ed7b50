"""What is different where people are real, and what the web process will not start with."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from asgi_lifespan import LifespanManager

from api.serving import installation
from innsyn.app import create_app
from innsyn.embedded_postgres import Server
from world import KARI, World, patient

BASE = "https://innsyn.example"


@pytest.fixture
async def browser(postgres: Server, fresh_database: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at an installation in production, on the same database as `world`."""
    settings = installation(postgres, fresh_database, tmp_path, PRODUCTION="1", BASE_URL=BASE)
    app: Any = create_app(settings)
    async with (
        LifespanManager(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE) as client,
    ):
        yield client


async def test_a_session_is_bound_to_the_host_and_to_https(world: World, browser: httpx.AsyncClient) -> None:
    await world.take(patient("kari", KARI, "Kari"))
    cookie = (await world.log_in(KARI)).cookies["innsyn"]
    plain = await browser.get("/api/me", headers={"cookie": f"innsyn={cookie}"})
    bound = await browser.get("/api/me", headers={"cookie": f"__Host-innsyn={cookie}"})
    assert (plain.status_code, bound.status_code) == (401, 200)
    scheme = (await browser.get("/schema/openapi.json")).json()["components"]["securitySchemes"]["session"]
    assert scheme["name"] == "__Host-innsyn"
    ended = await browser.post("/logout", headers={"sec-fetch-site": "same-origin"})
    chosen = await browser.get("/?locale=nn")
    cookies = ended.headers.get_list("set-cookie") + chosen.headers.get_list("set-cookie")
    kept = {cookie.partition("=")[0]: attributes_of(cookie) for cookie in cookies}
    strict = {"path=/", "secure", "httponly", "samesite=lax"}
    assert kept == {"__Host-innsyn": strict, "__Host-innsyn-login": strict, "innsyn_locale": strict}


def attributes_of(cookie: str) -> set[str]:
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    return {part for part in parts if not part.startswith(("max-age=", "expires="))}


async def test_every_answer_says_https_only(world: World, browser: httpx.AsyncClient) -> None:
    del world
    for address in ("/", "/journal", "/nothing", "/api/me", "/sw.js", "/journal?q=%00"):
        answer = await browser.get(address)
        assert answer.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains", address


async def test_a_write_comes_from_the_real_address(world: World, browser: httpx.AsyncClient) -> None:
    del world
    for origin, status in (
        (BASE, 303),
        ("http://innsyn.example", 403),
        ("https://innsyn.example.evil.example", 403),
    ):
        answer = await browser.post("/logout", headers={"origin": origin})
        assert answer.status_code == status, origin


async def test_no_made_up_person_is_let_in(postgres: Server, fresh_database: str, tmp_path: Path) -> None:
    """That such a number is refused is tried in tests/identity; here, that the application asks for it."""
    for production in ("0", "1"):
        settings = installation(postgres, fresh_database, tmp_path, PRODUCTION=production, BASE_URL=BASE)
        app: Any = create_app(settings)
        async with LifespanManager(app):
            while hasattr(app, "_app"):
                app = app._app
            logins = app.state.logins
            assert logins.production is logins.relying_party._we.production is (production == "1")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"PRODUCTION": "1"}, "In production INNSYN_BASE_URL must begin with https://."),
        (
            {"PRODUCTION": "1", "BASE_URL": BASE, "ISSUER": "http://idporten.test"},
            "In production INNSYN_ISSUER must begin with https://.",
        ),
        ({"CLIENT_KEY": "/nowhere.pem"}, "There is no file at /nowhere.pem: set INNSYN_CLIENT_KEY"),
        ({"DATABASE_WEB": ""}, "Set INNSYN_DATABASE_WEB: this command needs it"),
        ({"ISSUER": ""}, "Set INNSYN_ISSUER: this command needs it"),
        ({"PORT": "many"}, "INNSYN_PORT must be a whole number."),
    ],
)
def test_it_does_not_start_and_says_what_to_do(tmp_path: Path, more: dict[str, str], told: str) -> None:
    key = tmp_path / "key.pem"
    key.touch()
    usual = {"DATABASE_WEB": "postgresql://x", "DATABASE_LOGIN": "postgresql://y", "CLIENT_KEY": str(key)}
    usual["ISSUER"] = "https://idporten.test"
    given = {f"INNSYN_{name}": value for name, value in {**usual, **more}.items()}
    clean = {name: value for name, value in os.environ.items() if not name.startswith("INNSYN_")}
    done = subprocess.run(
        [sys.executable, "-m", "innsyn.cli", "serve"],
        env={**clean, "PYTHONPATH": os.pathsep.join(sys.path), **given},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: {told}")
    assert "Traceback" not in done.stderr
