"""Where somebody can be reached, as the register says and the rules let it be used."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from asgiref.wsgi import WsgiToAsgi
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from flask import Flask, Response, jsonify, request

from innsyn.notifications.channels.email import Email, Server
from innsyn.notifications.channels.port import Way
from innsyn.notifications.contact.keeping import Addresses, bring_up_to_date
from innsyn.notifications.contact.over_http import Maskinporten, OverHttp
from innsyn.notifications.contact.port import Registered, RegisterFailed
from innsyn.notifications.contact.rules import Usable, usable
from innsyn.notifications.sending.going_out import Ways, send_due
from notifications.receivers import letterbox
from notifications.telling import claimed, devices, now, people, queued
from world import KARI, OLA, World, result

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
EDGE = datetime(2025, 5, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "may"),
    [
        (None, Usable(why="none")),
        (Registered(), Usable(why="none")),
        (Registered(reserved=True, email="a@b.no", email_confirmed=AT), Usable(why="reserved")),
        (Registered(notifiable=False, email="a@b.no", email_confirmed=AT), Usable(why="not_notifiable")),
        (
            Registered(email="a@b.no", email_confirmed=EDGE, language="nn"),
            Usable(email="a@b.no", language="nn"),
        ),
        (Registered(email="a@b.no", email_confirmed=EDGE - timedelta(seconds=1)), Usable(why="too_old")),
        (Registered(email="a@b.no"), Usable(why="too_old")),
        (
            Registered(
                email="a@b.no",
                email_confirmed=EDGE - timedelta(days=1),
                mobile="+4790000000",
                mobile_confirmed=AT,
            ),
            Usable(mobile="+4790000000"),
        ),
    ],
)
def test_only_what_was_confirmed_in_eighteen_months_is_used(said: Registered | None, may: Usable) -> None:
    assert usable(said, AT) == may


def test_eighteen_months_before_the_end_of_august_is_a_day_that_there_is() -> None:
    at = datetime(2026, 8, 31, tzinfo=UTC)
    first = Registered(email="a@b.no", email_confirmed=datetime(2025, 3, 1, tzinfo=UTC))
    assert usable(first, at).email == "a@b.no"


def _register(entries: Mapping[str, Any], *, asked: list[Sequence[str]]) -> Flask:
    """KRR and Maskinporten, as they answer."""
    app = Flask(__name__)

    @app.post("/token")
    def token() -> Response:
        assert request.form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
        return jsonify({"access_token": "ours", "token_type": "Bearer", "expires_in": 119})

    @app.post("/rest/v2/personer")
    def persons() -> Response | tuple[Response, int]:
        if request.headers.get("authorization") != "Bearer ours":
            return jsonify({}), 401
        numbers = (request.get_json() or {})["personidentifikatorer"]
        asked.append(numbers)
        return jsonify(
            {
                "personer": [
                    {"personidentifikator": each, **entries[each]} for each in numbers if each in entries
                ]
            }
        )

    return app


def _entry(**more: Any) -> Mapping[str, Any]:  # noqa: ANN401
    confirmed = (now() - timedelta(days=30)).isoformat()
    return {
        "reservasjon": "NEI",
        "status": "AKTIV",
        "varslingsstatus": "KAN_VARSLES",
        "kontaktinformasjon": {
            "epostadresse": "kari@example.invalid",
            "epostadresse_sist_verifisert": confirmed,
        },
        "spraak": "nn",
        **more,
    }


async def test_whoever_sends_asks_the_register_first_and_waits_for_it(world: World) -> None:
    kari, _ = await people(world)
    await kari.post("/settings/notices", data={"way": ["own.result.email"]})
    asked: list[Sequence[str]] = []
    entries: dict[str, Any] = {}
    app = _register(entries, asked=asked)
    async with letterbox() as (box, address), _client(app) as http:
        mail = Email(
            Server.read(address), sender="innsyn@innsyn.example", base_url="http://innsyn.test", clock=now
        )
        # Without a token it says no, as it does when it is down.
        failing = Ways(None, {Way.EMAIL: mail}, Addresses(OverHttp(http, "http://krr.test")))
        await world.take(result("r1", "kari"), result("r2", "ola"))
        assert await send_due(world.worker, failing, now) == 0
        assert await queued(world) == [(KARI, KARI, "result", "queued", "")]
        # Left alone for a minute; a notice waits for five.
        assert await send_due(world.worker, failing, lambda: now() + timedelta(seconds=30)) == 0
        entries[KARI] = _entry()
        answering = Ways(None, {Way.EMAIL: mail}, Addresses(_with_token(http)))
        assert await send_due(world.worker, answering, lambda: now() + timedelta(minutes=4)) == 0
        assert await send_due(world.worker, answering, lambda: now() + timedelta(minutes=6)) == 1
        assert [mail.rcpt_tos for mail in box.mails] == [["kari@example.invalid"]]
    assert asked == [[KARI]]
    assert await queued(world) == [(KARI, KARI, "result", "sent", "")]


async def test_nobody_waits_longer_than_a_day_for_the_register(world: World) -> None:
    kari, _ = await people(world)
    await kari.post("/settings/notices", data={"way": ["own.result.email"]})
    await world.take(result("r1", "kari"))
    async with _client(_register({}, asked=[])) as http:
        failing = Ways(None, {}, Addresses(OverHttp(http, "http://krr.test")))
        assert await send_due(world.worker, failing, lambda: now() + timedelta(hours=25)) == 0
    assert await queued(world) == [(KARI, KARI, "result", "silent", "no_address")]


def _client(app: Flask) -> httpx.AsyncClient:
    wrapped = WsgiToAsgi(app)  # type: ignore[no-untyped-call]  # asgiref types its interfaces, not this
    return httpx.AsyncClient(transport=httpx.ASGITransport(wrapped))


def _with_token(http: httpx.AsyncClient) -> OverHttp:
    key = generate_private_key(SECP256R1())
    return OverHttp(http, "http://krr.test", Maskinporten(http, "http://krr.test/token", "innsyn", key, now))


async def test_whoever_is_to_hear_is_asked_about_once_a_day_and_written_to_in_their_language(
    world: World,
) -> None:
    await people(world)
    await world.take(result("r1", "kari"), result("r2", "ola"))
    asked: list[Sequence[str]] = []
    async with _client(_register({KARI: _entry()}, asked=asked)) as http:
        register = _with_token(http)
        at = await world.owner.fetchval("SELECT now()")
        assert await bring_up_to_date(world.worker, register, at) == 1
        assert await bring_up_to_date(world.worker, register, at) == 0
    # Of Ola, who has never been here, nobody is asked.
    assert asked == [[KARI]]
    (letter,) = await claimed(world, await devices(world))
    assert (letter.way, letter.target, letter.locale) == ("email", "kari@example.invalid", "nn")
    assert letter.text == "Du har noko nytt. Logg inn for å lese."
    page = (await (await world.log_in(OLA)).get("/settings/notices")).text
    assert "kari@example.invalid" not in page


async def test_whoever_is_reserved_gets_no_letter_and_the_list_all_the_same(world: World) -> None:
    kari, _ = await people(world)
    await world.take(result("r1", "kari"))
    async with _client(_register({KARI: _entry(reservasjon="JA")}, asked=[])) as http:
        await bring_up_to_date(world.worker, _with_token(http), await world.owner.fetchval("SELECT now()"))
    assert await claimed(world, await devices(world)) == []
    assert await queued(world) == [(KARI, KARI, "result", "silent", "no_address")]
    assert "Nytt prøvesvar" in (await kari.get("/notices")).text
    assert "Du har reservert deg" in (await kari.get("/settings/notices")).text


async def test_a_register_that_says_no_changes_nothing(world: World) -> None:
    await people(world)
    await world.take(result("r1", "kari"))
    async with _client(_register({}, asked=[])) as http:
        with pytest.raises(RegisterFailed, match="status_401"):
            await bring_up_to_date(world.worker, OverHttp(http, "http://krr.test"), now())
    assert await world.owner.fetchval("SELECT count(*) FROM notice.contact") == 0
