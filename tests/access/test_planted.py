"""Statements planted in a reading write nothing, and those planted in an act only what that act may."""
# ruff: noqa: S608 - injected statements are what this is about

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256

import asyncpg
import httpx
import pytest

from access.fullmakt.giving import given
from access.permits import handle, permit, person_of, token_of
from innsyn.access.acting import FRESH
from innsyn.access.capability import EVERYTHING, Capability
from world import KARI, OLA, World, patient, result

REFUSED = asyncpg.InsufficientPrivilegeError
_ME = "access.actor()"
_ENTRY = f"(SELECT entry_id FROM record.entry WHERE person_id = {_ME} LIMIT 1)"
_FULLMAKT = (
    "INSERT INTO access.fullmakt "
    "(giver_id, level, capabilities, until, permit_capabilities, permit_until, book, label) "
    f"VALUES ({_ME}, 'read', 1, now() + interval '1 day', 1, now() + interval '1 day', '', 'x')"
)
_REQUEST = (
    "INSERT INTO access.request (person_id, what, target, asked_by) "
    f"VALUES ({_ME}, 'block_unit', 'planted', {_ME})"
)


def _leaves(type_: str) -> str:
    return (
        f"SELECT journal.put_in_outbox(access.subject(), {_ME}, gen_random_uuid(), '{type_}', '{{}}', "
        "gen_random_uuid())"
    )


# What each act of ours writes: its capability, whether the login has to be fresh, its purpose.
Act = tuple[Capability, bool, str]
SEE, MANAGE = Capability.SEE, Capability.MANAGE
WRITES: dict[str, tuple[str, Act]] = {
    "hide": (
        f"INSERT INTO access.hidden (person_id, entry_id, from_audience, by_id) VALUES ({_ME}, {_ENTRY}, 30, {_ME})",
        (SEE, False, "choices.hide"),
    ),
    "show now": (
        f"INSERT INTO access.shown_now (person_id, entry_id) VALUES ({_ME}, {_ENTRY})",
        (SEE, False, "choices.show_now"),
    ),
    "wish": (
        f"INSERT INTO access.release_wish (person_id, kind, wish) VALUES ({_ME}, 'notes', 'asked')",
        (SEE, False, "wishes.choose"),
    ),
    "call": (f"INSERT INTO access.wish_due (person_id) VALUES ({_ME})", (SEE, False, "wishes.choose")),
    "block": (_REQUEST, (MANAGE, False, "blocks.ask")),
    "fullmakt": (_FULLMAKT, (MANAGE, False, "fullmakt.draft")),
    "claim": (
        "SELECT access.claim_fullmakt('x', '{x}', interval '1 day')",
        (MANAGE, False, "fullmakt.claim"),
    ),
    "kin": (
        f"INSERT INTO identity.kin_check (person_id, answer) VALUES ({_ME}, 'right')",
        (SEE, False, "kin.say"),
    ),
    "passkey": (
        r"SELECT identity.keep_passkey('\x01', '\x01', 0, gen_random_uuid(), false, false, 'Min')",
        (SEE, True, "passkeys.make"),
    ),
    "task": (_leaves("Task"), (SEE, False, "kin.say")),
    "message": (_leaves("Communication"), (Capability.MESSAGE, False, "messages.reply")),
    "booking": (_leaves("Appointment"), (Capability.BOOK, False, "booking.book")),
    "form": (_leaves("QuestionnaireResponse"), (Capability.FORMS, False, "forms.send")),
    "consent": (_leaves("Consent"), (MANAGE, False, "blocks.ask")),
}
# For these it is enough that it is an act.
ANY_ACT = {"call", "task"}
# Every table that an act writes in.
WRITTEN = (
    *("access.hidden", "access.shown_now", "access.release_wish", "access.wish_due", "access.request"),
    *("access.fullmakt", "access.fullmakt_event", "access.claim_try", "identity.kin_check"),
    *("identity.passkey", "identity.accepted_terms", "journal.outbox"),
)


@pytest.fixture
async def two(world: World) -> World:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    await world.take(result("a", "kari", "Karis prøve"), result("b", "ola", "Olas prøve"))
    return world


@asynccontextmanager
async def reading(world: World, browser: httpx.AsyncClient) -> AsyncIterator[asyncpg.Connection]:
    """A transaction of the web that has opened the own record to read it; it is undone."""
    async with world.web.acquire() as db:
        begun = db.transaction()
        await begun.start()
        hashed = sha256(token_of(browser)).digest()
        await db.fetchrow("SELECT * FROM access.begin_access($1, NULL, 'overview', NULL)", hashed)
        try:
            yield db
        finally:
            await begun.rollback()


@asynccontextmanager
async def acting(
    world: World, browser: httpx.AsyncClient, act: Act, for_: str | None = None
) -> AsyncIterator[asyncpg.Connection]:
    """A transaction of the web in which this act has begun; it is undone."""
    capability, fresh, purpose = act
    async with world.web.acquire() as db:
        begun = db.transaction()
        await begun.start()
        row = await db.fetchrow(
            "SELECT * FROM access.begin_act($1, $2, $3, $4, $5)",
            token_of(browser), for_, int(capability), FRESH if fresh else None, purpose,
        )  # fmt: skip
        assert row["problem"] == ""
        try:
            yield db
        finally:
            await begun.rollback()


async def _rows(world: World) -> dict[str, int]:
    return {table: await world.owner.fetchval(f"SELECT count(*) FROM {table}") for table in WRITTEN}


async def _does(db: asyncpg.Connection, statement: str) -> bool:
    """Whether it changes anything; the transaction can go on either way."""
    try:
        async with db.transaction():
            # FETCHed or not: an INSERT says how many.
            done: str = await db.execute(statement)
    except REFUSED:
        return False
    return done.rpartition(" ")[2] != "0"


async def test_what_is_planted_in_a_reading_writes_nothing(two: World) -> None:
    """Ola has logged in this minute; the one whose record it would be told of is Kari, or he."""
    ola = await two.log_in(OLA)
    await two.log_in(KARI)
    before = await _rows(two)
    async with reading(two, ola) as db:
        assert await db.fetchval("SELECT count(*) FROM record.entry") == 1
        assert {what: await _does(db, statement) for what, (statement, _) in WRITES.items()} == dict.fromkeys(
            WRITES, False
        )
        assert not await _does(db, "SELECT identity.accept_terms(identity.current_terms())")
        assert await db.fetchval("SELECT identity.end_other_sessions()") == 0
    assert await _rows(two) == before


async def test_an_act_writes_what_it_is_for_and_nothing_else(two: World) -> None:
    ola = await two.log_in(OLA)
    await two.log_in(KARI)
    for what, (statement, act) in WRITES.items():
        async with acting(two, ola, act) as db:
            assert await _does(db, statement), what
    # Whatever it is called: with no capability, with another, or with an old login.
    other = {"message": Capability.BOOK, "booking": Capability.FORMS, "form": Capability.MESSAGE}
    for what, (statement, (capability, fresh, purpose)) in WRITES.items():
        if what in ANY_ACT:
            continue
        less = other.get(what) or (SEE if capability is MANAGE else Capability(0))
        async with acting(two, ola, (less, fresh, purpose)) as db:
            assert not await _does(db, statement), what
    made, passkey = WRITES["passkey"]
    async with acting(two, ola, (EVERYTHING, False, "passkeys.make")) as db:
        assert not await _does(db, made)
    async with acting(two, ola, (EVERYTHING, True, "fullmakt.invite")) as db:
        assert not await _does(db, made)
    async with acting(two, ola, passkey) as db:
        assert await _does(db, made)


async def test_nothing_in_a_reading_begins_an_act(two: World) -> None:
    """What a statement that asks has at hand is the hash, and that begins none: of oneself or of Kari."""
    ola, kari = await two.log_in(OLA), await two.log_in(KARI)
    begin = "SELECT problem FROM access.begin_act($1, NULL, 1, interval '10 minutes', 'passkeys.make')"
    for browser in (ola, kari):
        hashed = sha256(token_of(browser)).digest()
        async with reading(two, ola) as db:
            for known in (hashed, sha256(hashed).digest()):
                assert await db.fetchval(begin, known) == "session"
            assert not await _does(db, WRITES["passkey"][0])
            for doing in ("identity.stay($1)", "identity.choose_locale($1, 'en')"):
                assert await db.fetchval(f"SELECT {doing}", hashed) is False
    # Through the front door the hash is nobody's: a copy of the table opens nothing.
    stolen = two.browser((await two.log_in(OLA)).cookies["innsyn"])
    stolen.cookies.set(
        "innsyn", _as_cookie(sha256(token_of(ola)).digest()), domain="localhost.local", path="/"
    )
    assert (await stolen.get("/journal")).status_code == 401


def _as_cookie(token: bytes) -> str:
    return urlsafe_b64encode(token).rstrip(b"=").decode()


async def test_an_act_for_another_writes_with_the_capability_it_asked_for(two: World) -> None:
    """Ola may write messages for Kari. What is planted in that act books nothing for her."""
    await permit(two, OLA, KARI, capabilities=Capability.SEE | Capability.MESSAGE | Capability.BOOK)
    ola = await two.log_in(OLA)
    for_kari = await handle(two, ola, await person_of(two, KARI))
    async with acting(two, ola, (Capability.MESSAGE, False, "messages.reply"), for_kari) as db:
        assert await _does(db, WRITES["message"][0])
        for what in ("booking", "form", "consent", "hide", "wish", "block", "fullmakt", "kin", "passkey"):
            assert not await _does(db, WRITES[what][0]), what


async def test_what_a_fullmakt_opens_grows_only_after_a_fresh_login(two: World) -> None:
    """Planted in an act that ends or reduces, with a login that was an hour ago."""
    kari, ola = await two.log_in(KARI), await two.log_in(OLA)
    await given(kari, ola, "Kari Nordli", level="read", lasts="months")
    follow = "SELECT access.follow_fullmakt(fullmakt_id, 'active') FROM access.fullmakt"
    more = ("permit_capabilities = 15", "kinds = NULL, permit_until = now() + interval '900 days'")
    for change in more:
        async with acting(two, kari, (MANAGE, False, "fullmakt.change")) as db:
            await db.execute(f"UPDATE access.fullmakt SET {change}")
            assert not await _does(db, follow), change
        async with acting(two, kari, (MANAGE, True, "fullmakt.change")) as db:
            await db.execute(f"UPDATE access.fullmakt SET {change}")
            assert await _does(db, follow), change
    async with acting(two, kari, (MANAGE, False, "fullmakt.change")) as db:
        await db.execute("UPDATE access.fullmakt SET permit_until = permit_until - interval '1 day'")
        assert await _does(db, follow)
