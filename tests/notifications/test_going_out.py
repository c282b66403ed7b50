"""Who is told when the register, a mail server or another process does not go along: all, and nobody twice."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
import pytest

from access.permits import person_of
from innsyn.access.telling import statements
from innsyn.access.telling.kinds import OF_ENTRIES
from innsyn.embedded_postgres import Server
from innsyn.journal.fhir.reading import OSLO
from innsyn.notifications.channels.email import Email
from innsyn.notifications.channels.email import Server as MailServer
from innsyn.notifications.channels.port import Answer, Letter, Outcome, Way
from innsyn.notifications.contact import keeping
from innsyn.notifications.contact.keeping import Addresses
from innsyn.notifications.contact.port import Registered
from innsyn.notifications.sending.answering import answered, claim_again
from innsyn.notifications.sending.claiming import Out, claim
from innsyn.notifications.sending.going_out import Ways, send_due
from notifications.telling import MARTE, claimed, devices, now, people, queued
from notifications.test_promise import waits
from notifications.test_ways_out import BASE, letter
from world import KARI, World, result

HOUR = timedelta(hours=1)
MAILED = {"way": ["own.result.email"]}


class Told:
    """A register that knows everybody, and what was asked of it. `meanwhile` happens while it answers."""

    def __init__(self, meanwhile: Callable[[], Awaitable[None]] | None = None) -> None:
        self.asked: list[list[str]] = []
        self._meanwhile = meanwhile

    async def ask(self, numbers: Sequence[str]) -> Mapping[str, Registered]:
        """As the port says."""
        self.asked.append(list(numbers))
        if self._meanwhile is not None:
            await self._meanwhile()
        return {
            each: Registered(email=f"{each[:2]}@example.invalid", email_confirmed=now()) for each in numbers
        }


class Box:
    """A mail server of one's own: whom it has had letters for."""

    def __init__(self) -> None:
        self.to: list[str] = []

    async def send(self, letter: Letter) -> Answer:
        """As the port says."""
        self.to.append(letter.target)
        return Answer(Outcome.SENT)


async def test_what_comes_while_the_register_is_asked_is_mailed_when_it_has_been_asked_about(
    world: World,
) -> None:
    kari, marte = await people(world)
    for browser in (kari, marte):
        await browser.post("/settings/notices", data=MAILED)
    await world.take(result("r1", "kari"))

    async def batch() -> None:
        await world.take(result("r2", "marte"))
        # As of a transaction that began before the register was asked.
        await world.owner.execute(
            "UPDATE notice.notice SET due_at = queued_at - interval '5s', send_at = queued_at - interval '5s'"
            " WHERE receiver_id = $1",
            await person_of(world, MARTE),
        )

    box, first, then = Box(), Told(batch), Told()
    assert await send_due(world.worker, Ways(None, {Way.EMAIL: box}, Addresses(first)), now) == 1
    assert await queued(world) == [
        (KARI, KARI, "result", "sent", ""),
        (MARTE, MARTE, "result", "queued", ""),
    ]
    ways = Ways(None, {Way.EMAIL: box}, Addresses(then))
    assert await send_due(world.worker, ways, lambda: now() + 0.1 * HOUR) == 1
    assert (first.asked, then.asked) == ([[KARI]], [[MARTE]])
    assert box.to == [f"{KARI[:2]}@example.invalid", f"{MARTE[:2]}@example.invalid"]


async def test_more_than_the_register_takes_at_once_are_asked_about_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kari, marte = await people(world)
    for browser in (kari, marte):
        await browser.post("/settings/notices", data=MAILED)
    monkeypatch.setattr(keeping, "_AT_ONCE", 1)
    await world.take(result("r1", "kari"), result("r2", "marte"))
    box, register = Box(), Told()
    assert await send_due(world.worker, Ways(None, {Way.EMAIL: box}, Addresses(register)), now) == 2
    assert sorted(register.asked) == sorted([[KARI], [MARTE]])
    assert [state for *_, state, _ in await queued(world)] == ["sent", "sent"]


async def test_what_is_tried_again_minds_quiet_hours_and_what_has_been_chosen_since(world: World) -> None:
    kari, _ = await people(world)
    await world.take(result("r1", "kari"))
    there = await devices(world, KARI)
    (one,) = await claimed(world, there)
    await answered(world.worker, one, Answer(Outcome.LATER), one.made_at)
    later = one.made_at + HOUR
    local = later.astimezone(OSLO)
    quiet = {
        "quiet_from": f"{local - HOUR:%H:%M}",
        "quiet_until": f"{local + HOUR:%H:%M}",
        "way": ["own.result.push"],
    }
    assert (await kari.post("/settings/notices", data=quiet)).status_code == 303
    assert await claim_again(world.worker, later, there) == []
    assert await world.owner.fetchval("SELECT state FROM notice.sending") == "later"
    await kari.post("/settings/notices", data={"way": []})
    assert await claim_again(world.worker, later + 2 * HOUR, there) == []
    assert await world.owner.fetchval("SELECT state FROM notice.sending") == "silent"


async def test_what_is_tried_again_goes_to_no_address_that_was_theirs_before(world: World) -> None:
    await people(world)
    await world.take(result("r1", "kari"))
    there = await devices(world, KARI)
    (one,) = await claimed(world, there)
    await answered(world.worker, one, Answer(Outcome.LATER), one.made_at)
    assert await claim_again(world.worker, one.made_at + HOUR, await devices(world, MARTE)) == []
    assert await world.owner.fetchval("SELECT state FROM notice.sending") == "silent"


async def test_who_sends_and_a_batch_do_not_wait_for_each_other(
    world: World, postgres: Server, fresh_database: str
) -> None:
    await people(world)
    await world.take(result("r1", "kari"))
    there, kari = await devices(world, KARI), await person_of(world, KARI)
    item = await world.owner.fetchval("SELECT item FROM notice.notice")
    other = await asyncpg.connect(postgres.dsn("innsyn_worker", fresh_database))
    try:
        batch = other.transaction()
        await batch.start()
        await other.fetch("SELECT FROM identity.person WHERE person_id = $1 FOR NO KEY UPDATE", kari)
        sending = asyncio.create_task(claimed(world, there, now()))
        for _ in range(2000):
            if await waits(world):
                break
            await asyncio.sleep(0.01)
        # What the taker of the batch does for the same entry once more.
        await asyncio.wait_for(
            other.execute(statements.ENTRIES, [kari], [item], list(OF_ENTRIES), list(OF_ENTRIES.values())), 20
        )
        await batch.commit()
        assert [each.receiver_id for each in await asyncio.wait_for(sending, 20)] == [kari]
    finally:
        other.terminate()


async def test_a_way_that_is_not_there_reaches_nobody(world: World) -> None:
    kari, _ = await people(world)
    await kari.post("/settings/notices", data=MAILED)
    await world.take(result("r1", "kari"))
    assert await send_due(world.worker, Ways(None, {}, Addresses(Told())), now) == 0
    assert await queued(world) == [(KARI, KARI, "result", "silent", "no_address")]
    assert await world.owner.fetchval("SELECT count(*) FROM notice.sending") == 0


async def test_a_digest_waits_a_day_for_the_register_too(world: World) -> None:
    kari, _ = await people(world)
    at = now()
    digest = (at - timedelta(minutes=10)).astimezone(OSLO).strftime("%H:%M")
    await kari.post("/settings/notices", data={**MAILED, "digest_at": digest})
    await world.take(result("r1", "kari"))
    out = Out(has_register=True)
    there = await devices(world)
    for hours, state in (
        (0.0, ("queued", "")),
        (24.1, ("queued", "")),
        (47.0, ("queued", "")),
        (48.2, ("silent", "no_address")),
    ):
        assert await claim(world.worker, at + hours * HOUR, there, out=out) == []
        assert (await queued(world))[0][3:] == state, hours


async def test_told_to_stop_it_hands_over_no_more_and_loses_none(world: World) -> None:
    kari, _ = await people(world)
    await kari.post("/settings/notices", data=MAILED)
    await world.take(result("r1", "kari"))
    box, stop = Box(), asyncio.Event()
    stop.set()
    assert await send_due(world.worker, Ways(None, {Way.EMAIL: box}, Addresses(Told())), now, stop) == 1
    assert (box.to, await world.owner.fetchval("SELECT state FROM notice.sending")) == ([], "later")
    ways = Ways(None, {Way.EMAIL: box}, Addresses(Told()))
    assert await send_due(world.worker, ways, lambda: now() + HOUR) == 1
    assert box.to == [f"{KARI[:2]}@example.invalid"]


@asynccontextmanager
async def _mail_server(answers: Mapping[bytes, bytes]) -> AsyncIterator[tuple[list[bytes], str]]:
    """Every mail that it was given, and where it listens. b"" as an answer: the line breaks instead."""
    mails: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(b"220 x\r\n")
            while line := await reader.readline():
                word = line[:4].upper().strip()
                if word == b"DATA":
                    writer.write(b"354 go\r\n")
                    mails.append(await reader.readuntil(b"\r\n.\r\n"))
                answer = answers.get(word, b"250 ok\r\n")
                if not answer:
                    return
                writer.write(answer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield mails, f"u:p@127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


@pytest.mark.parametrize(
    ("answers", "outcome", "taken"),
    [
        ({}, Outcome.SENT, 1),
        # Taken or not, nobody has heard: it is not sent again.
        ({b"DATA": b""}, Outcome.LOST, 1),
        ({b"DATA": b"554 no\r\n"}, Outcome.REFUSED, 1),
        ({b"DATA": b"451 later\r\n"}, Outcome.LATER, 1),
        ({b"RCPT": b"550 nobody\r\n"}, Outcome.REFUSED, 0),
        ({b"RCPT": b""}, Outcome.LATER, 0),
        # These are about us, and not about whoever it is to.
        ({b"AUTH": b"535 who are you\r\n"}, Outcome.LATER, 0),
        ({b"MAIL": b"550 not from you\r\n"}, Outcome.LATER, 0),
    ],
    ids=["taken", "unheard", "refused", "busy", "nobody", "gone-before", "not-known", "not-from-us"],
)
async def test_what_a_mail_server_says_of_us_is_not_what_it_says_of_a_letter(
    answers: Mapping[bytes, bytes], outcome: Outcome, taken: int
) -> None:
    known = {b"EHLO": b"250-x\r\n250 AUTH PLAIN\r\n", b"AUTH": b"235 ok\r\n", **answers}
    async with _mail_server(known) as (mails, address):
        server = MailServer.read(f"smtp://{address}")
        mail = Email(server, sender="a@b.example", base_url=BASE, clock=now)
        answer = await mail.send(letter(Way.EMAIL, "kari@example.com"))
    assert (answer, len(mails)) == (Answer(outcome), taken)
