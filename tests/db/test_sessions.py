"""The transaction of a write: undone by what is raised, kept when the handler returns."""

import asyncpg
import pytest

from innsyn.db.sessions import WriteSession
from innsyn.identity import sessions
from innsyn.identity.sessions import choose_locale
from world import KARI, World


async def test_what_is_raised_after_a_write_undoes_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def chosen_and_then_lost(db: WriteSession, token: bytes, locale: str) -> bool:
        assert await choose_locale(db, token, locale)
        raise asyncpg.InterfaceError("the connection is lost")

    monkeypatch.setattr(sessions, "choose_locale", chosen_and_then_lost)
    kari = await world.log_in(KARI)
    assert (await kari.post("/settings", data={"locale": "nn"})).status_code == 503
    open_ones = """
        SELECT count(*) FROM pg_stat_activity
        WHERE usename = 'innsyn_web' AND state LIKE 'idle in transaction%'
    """
    assert await world.owner.fetchval(open_ones) == 0
    assert await world.owner.fetchval("SELECT locale FROM identity.person") == ""


async def test_what_a_handler_returns_from_is_kept(world: World) -> None:
    kari = await world.log_in(KARI)
    assert (await kari.post("/settings", data={"locale": "nn"})).status_code == 303
    assert await world.owner.fetchval("SELECT locale FROM identity.person") == "nn"
