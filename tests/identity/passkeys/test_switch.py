"""An installation that has passkeys off has no trace of them; one that has them on keeps each person's own."""

from collections.abc import AsyncIterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from asgi_lifespan import LifespanManager
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from identity.evil_provider import new_key
from identity.passkeys.at_the_door import with_passkey
from identity.passkeys.authenticator import Authenticator
from innsyn import settings
from innsyn.app import create_app
from innsyn.embedded_postgres import Server
from innsyn.identity.sessions import token_of
from world import BASE, KARI, OLA, World

ADDRESSES = (
    ("GET", "/unlock"),
    ("POST", "/unlock"),
    ("GET", "/settings/passkeys"),
    ("GET", "/settings/passkeys/new"),
    ("POST", "/settings/passkeys/new"),
    ("POST", "/settings/passkeys/0b5b2c1e-2f50-4f0e-9d28-0f5d2a3f7c11/remove"),
)


@pytest.fixture
async def without(
    world: World, postgres: Server, fresh_database: str, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """Kari, logged in at the same installation with passkeys off, as they are by default."""
    karis = (await world.log_in(KARI)).cookies["innsyn"]
    key = tmp_path / "client-key.pem"
    key.write_bytes(new_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    environment = {
        "INNSYN_HOME": str(tmp_path),
        "INNSYN_DATABASE_WEB": postgres.dsn("innsyn_web", fresh_database),
        "INNSYN_DATABASE_LOGIN": postgres.dsn("innsyn_login", fresh_database),
        "INNSYN_ISSUER": "https://idporten.test",
        "INNSYN_CLIENT_KEY": str(key),
    }
    app: Any = create_app(settings.read(environment))
    inner = app
    while hasattr(inner, "_app"):
        inner = inner._app
    async with LifespanManager(inner):
        yield httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url=BASE,
            cookies={"innsyn": karis},
            headers={"sec-fetch-site": "same-origin", "accept-language": "nb"},
        )


async def test_where_they_are_off_there_is_no_such_page_and_nothing_is_shown(
    without: httpx.AsyncClient,
) -> None:
    nothing = await without.get("/no-such-page")
    for method, address in ADDRESSES:
        answer = await without.request(
            method, address, data={"credential": "x"} if method == "POST" else None
        )
        assert answer.status_code == 404, address
        if method == "GET":
            assert answer.content == nothing.content
    settings_page = await without.get("/settings")
    assert (settings_page.status_code, "passkeys" in settings_page.text) == (200, False)
    without.cookies.clear()
    for address, status in (("/", 200), ("/journal", 401)):
        page = await without.get(address)
        assert (page.status_code, "unlock" in page.text) == (status, False)


async def test_where_they_are_on_the_way_in_is_offered(world: World) -> None:
    stranger = world.browser()
    assert 'href="/unlock"' in (await stranger.get("/")).text
    assert 'href="/unlock?next=/journal/notes"' in (await stranger.get("/journal/notes")).text
    assert 'href="/settings/passkeys"' in (await (await world.log_in(KARI)).get("/settings")).text


def test_the_switch_has_two_places() -> None:
    with pytest.raises(settings.SettingMissing):
        settings.read({"INNSYN_PASSKEYS": "on"})
    assert settings.read({}).passkeys is False


OWN = ("identity.passkey", "identity.accepted_terms", "identity.kin_check")


async def test_row_security_shows_each_their_own_and_nobody_nothing(world: World) -> None:
    for number in (KARI, OLA):
        browser = await with_passkey(world, number, Authenticator())
        await browser.post(
            "/start/kin", data={"answer": "right", "key": "0b5b2c1e-2f50-4f0e-9d28-0f5d2a3f7c11"}
        )
    for table in OWN:
        assert await world.web.fetchval(f"SELECT count(*) FROM {table}") == 0  # noqa: S608 - the names above
    ola = token_of((await world.log_in(OLA)).cookies["innsyn"])
    async with world.web.acquire() as db, db.transaction():
        who = await db.fetchrow("SELECT * FROM access.begin_access($1, NULL, 'test', NULL)", ola)
        for table in OWN:
            rows = await db.fetch(f"SELECT person_id FROM {table}")  # noqa: S608 - the names above
            assert [row["person_id"] for row in rows] == [who["actor_id"]], table


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM identity.passkey_challenge",
        "UPDATE identity.passkey SET sign_count = 0",
        "DELETE FROM identity.passkey",
        "INSERT INTO identity.passkey SELECT * FROM identity.passkey",
        "INSERT INTO identity.accepted_terms SELECT person_id, '1', now(), person_id FROM identity.passkey",
        "INSERT INTO identity.terms VALUES ('0', '2000-01-01')",
        "INSERT INTO identity.kin_check (person_id, answer) VALUES (gen_random_uuid(), 'right')",
    ],
)
async def test_what_the_web_may_not_do_at_all(world: World, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await world.web.execute(statement)


REFUSED = asyncpg.InsufficientPrivilegeError
_KEEP = r"SELECT identity.keep_passkey('\x01', '\x01', 0, gen_random_uuid(), false, false, 'Min')"

_MAKES = "SELECT * FROM access.begin_act($1, NULL, 1, interval '10 minutes', 'passkeys.make')"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("auth_time = now() - interval '9 minutes'", 1),
        ("auth_time = now() - interval '11 minutes'", 0),
        ("method = 'passkey'", 0),
    ],
)
async def test_only_whom_idporten_has_just_seen_keeps_one(world: World, said: str, kept: int) -> None:
    """Whatever a statement with a hole says in an act of Kari's; Ola has just logged in."""
    kari = token_of((await world.log_in(KARI)).cookies["innsyn"])
    await world.owner.execute(f"UPDATE identity.session SET {said}")  # noqa: S608 - those above
    ola = token_of((await world.log_in(OLA)).cookies["innsyn"])
    with nullcontext() if kept else pytest.raises(REFUSED):
        async with world.web.acquire() as db, db.transaction():
            await db.fetchrow(_MAKES, kari)
            await db.execute(_KEEP)
    holders = "SELECT i.value FROM identity.passkey k JOIN identity.person_identifier i USING (person_id)"
    assert [row["value"] for row in await world.owner.fetch(holders)] == [KARI] * kept
    # Nobody keeps one without being here.
    with pytest.raises(REFUSED):
        await world.web.execute(_KEEP)
    async with world.web.acquire() as db, db.transaction():
        await db.fetchrow(_MAKES, ola)
        taken = await db.fetchval(_KEEP)
    # And nobody two with the same id.
    assert (taken is None) == bool(kept)
