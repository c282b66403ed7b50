"""Push, e-mail and text message, each to a real receiver on loopback: what arrives says nothing, and goes once."""

from collections.abc import AsyncIterator
from datetime import timedelta
from email import message_from_bytes, policy
from uuid import UUID

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from access.permits import person_of
from innsyn.notifications.channels.email import Email, Server
from innsyn.notifications.channels.payload import LENGTH
from innsyn.notifications.channels.port import Answer, Letter, Outcome, Way
from innsyn.notifications.channels.sms import Sms
from innsyn.notifications.channels.web_push import Key, WebPush, answer_to
from innsyn.notifications.sending.going_out import Ways, send_due
from innsyn.notifications.subscriptions.rules import asked
from notifications.receivers import Browser, Heard, hearing, letterbox, told, who_sent
from notifications.telling import MARTE, now, people
from world import World, result

BASE = "http://localhost:8000"
DEVICES = "/settings/notices/devices"
PUSH = "https://push.test"


@pytest.fixture
def key() -> Key:
    return Key(ec.generate_private_key(ec.SECP256R1()))


@pytest.fixture
async def service() -> AsyncIterator[Heard]:
    async with hearing() as heard:
        yield heard


class At(httpx.AsyncHTTPTransport):
    """Leads to one server, whatever the host is called: as a name server would."""

    def __init__(self, origin: str) -> None:
        super().__init__()
        self._origin = httpx.URL(origin)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = self._origin.copy_with(path=request.url.path)
        return await super().handle_async_request(request)


@pytest.fixture
async def ways(key: Key, service: Heard) -> AsyncIterator[Ways]:
    async with httpx.AsyncClient(transport=At(service.origin)) as http:
        yield Ways(WebPush(http, key, contact="mailto:us@innsyn.example", base_url=BASE, clock=now), {})


def letter(way: Way, target: str) -> Letter:
    """One letter, to be handed to a channel by itself."""
    return Letter(
        receiver_id=UUID(int=1),
        sending_id=UUID(int=2),
        way=way,
        key="0" * 31 + "2",
        target=target,
        locale="nb",
        title="Innsyn",
        text="Du har noe nytt.",
        path="/notices",
        unseen=3,
        tries=1,
        made_at=now(),
    )


async def subscribed(browser: httpx.AsyncClient, device: Browser) -> None:
    """Let the page of `browser` subscribe `device`."""
    answer = await browser.post(DEVICES, data=device.fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{DEVICES}?done=on")


async def test_a_push_says_nothing_goes_once_and_is_for_one_browser(
    world: World, service: Heard, ways: Ways, key: Key
) -> None:
    kari, _ = await people(world)
    device = Browser(f"{PUSH}/kari")
    await subscribed(kari, device)
    await world.take(result("r1", "kari", "Kreatinin"))
    assert await send_due(world.worker, ways, now) == 1
    assert await send_due(world.worker, ways, now) == 0
    (posted,) = service.posted
    plain = device.opened(posted)
    notice = await world.owner.fetchval("SELECT notice_id FROM notice.notice")
    assert (len(plain), told(plain)) == (
        LENGTH,
        {
            "web_push": 8030,
            "notification": {
                "title": "Innsyn",
                "body": told(plain)["notification"]["body"],
                "navigate": f"{BASE}/notices/{notice}",
                "lang": "nb",
                "tag": "new",
            },
            "app_badge": "1",
        },
    )
    assert "Kreatinin" not in plain.decode()
    wire = {name: posted.headers[name] for name in ("ttl", "topic", "urgency", "content-encoding")}
    assert wire == {"ttl": "86400", "topic": "new", "urgency": "normal", "content-encoding": "aes128gcm"}
    claims = who_sent(posted, key, PUSH)
    assert (claims["sub"], claims["exp"] <= (now() + timedelta(hours=24)).timestamp()) == (
        "mailto:us@innsyn.example",
        True,
    )
    await world.take(result("r2", "kari", "Glukose"), result("r3", "kari", "Hemoglobin"))
    await send_due(world.worker, ways, now)
    assert {len(each.body) for each in service.posted} == {len(posted.body)}
    shape = told(device.opened(service.posted[-1]))
    assert shape["notification"]["navigate"] == f"{BASE}/notices"


async def test_a_browser_that_is_gone_is_forgotten_and_one_that_is_busy_is_tried_again(
    world: World, service: Heard, ways: Ways
) -> None:
    kari, _ = await people(world)
    await subscribed(kari, Browser(f"{PUSH}/kari"))
    service.answers = [(429, {"retry-after": "120"}), (410, {})]
    await world.take(result("r1", "kari"))
    assert await send_due(world.worker, ways, now) == 1
    state, again_in = await world.owner.fetchrow(
        "SELECT state, extract(epoch FROM again_at - now())::int FROM notice.sending"
    )
    assert (state, 110 < again_in <= 120) == ("later", True)
    assert await send_due(world.worker, ways, lambda: now() + timedelta(seconds=125)) == 1
    left = await world.owner.fetchval("SELECT count(*) FROM notice.subscription")
    assert (left, await world.owner.fetchval("SELECT state FROM notice.sending")) == (0, "gone")
    assert "Ingen nettlesere får varsler" in (await kari.get(DEVICES)).text


async def test_a_browser_tells_one_person_at_a_time(world: World, service: Heard, ways: Ways) -> None:
    kari, marte = await people(world)
    device = Browser(f"{PUSH}/shared")
    await subscribed(kari, device)
    of_kari = await world.owner.fetchval("SELECT subscription_id FROM notice.subscription")
    assert (await marte.post(f"{DEVICES}/{of_kari}/remove")).status_code == 404
    await subscribed(marte, device)
    await world.take(result("r1", "kari"))
    await send_due(world.worker, ways, now)
    assert service.posted == []
    owners = await world.owner.fetch("SELECT receiver_id FROM notice.subscription")
    assert [each[0] for each in owners] == [await person_of(world, MARTE)]
    mine = await world.owner.fetchval("SELECT subscription_id FROM notice.subscription")
    answer = await marte.post(f"{DEVICES}/{mine}/remove")
    assert (answer.status_code, await world.owner.fetchval("SELECT count(*) FROM notice.subscription")) == (
        303,
        0,
    )


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://push.example/1",
        "http://fcm.googleapis.com/fcm/send/1",
        "https://fcm.googleapis.com:8443/fcm/send/1",
        "https://fcm.googleapis.com@169.254.169.254/latest",
        "https://fcm.googleapis.com.evil.example/1",
        "https://evilpush.apple.com.example/1",
        "https://notify.windows.com.evil.example/",
        "http://127.0.0.1:5432/",
        "https://fcm.googleapis.com\\@evil.example/",
        "file:///etc/passwd",
        "https://[::1",
        "https://fcm.googleapis.com/" + "x" * 1000,
        "",
    ],
)
def test_nothing_is_sent_to_what_is_no_push_service(endpoint: str) -> None:
    services = ("fcm.googleapis.com", "*.push.apple.com", "*.notify.windows.com")
    fields = Browser(endpoint).fields
    assert asked(endpoint, fields["p256dh"], fields["auth"], services) is None


def test_services_that_are_known_are_taken_and_keys_that_are_none_are_not() -> None:
    services = ("fcm.googleapis.com", "*.push.apple.com")
    for endpoint in ("https://fcm.googleapis.com/fcm/send/1", "https://web.push.apple.com/abc"):
        fields = Browser(endpoint).fields
        found = asked(endpoint, fields["p256dh"], fields["auth"], services)
        assert found is not None
        assert found.endpoint == endpoint
        for p256dh, auth in ((fields["p256dh"][:-4], fields["auth"]), (fields["p256dh"], "AAAA"), ("", "")):
            assert asked(endpoint, p256dh, auth, services) is None


def test_what_a_push_service_answers() -> None:
    answers = {
        201: Answer(Outcome.SENT),
        202: Answer(Outcome.SENT),
        404: Answer(Outcome.GONE),
        410: Answer(Outcome.GONE),
        400: Answer(Outcome.REFUSED),
        # They have something against us, and not against the letter.
        401: Answer(Outcome.LATER, timedelta(seconds=7)),
        403: Answer(Outcome.LATER, timedelta(seconds=7)),
        413: Answer(Outcome.REFUSED),
        301: Answer(Outcome.REFUSED),
        429: Answer(Outcome.LATER, timedelta(seconds=7)),
        503: Answer(Outcome.LATER, timedelta(seconds=7)),
    }
    assert {status: answer_to(status, "7", now()) for status in answers} == answers


async def test_a_mail_says_nothing_and_what_the_server_says_is_heard() -> None:
    async with letterbox() as (box, address):
        mail = Email(Server.read(address), sender="innsyn@innsyn.example", base_url=BASE, clock=now)
        to_kari = letter(Way.EMAIL, "kari@example.com")
        assert await mail.send(to_kari) == Answer(Outcome.SENT)
        (came,) = box.mails
        read = message_from_bytes(came.original_content or b"", policy=policy.default)
        assert (came.rcpt_tos, read["subject"], read["list-unsubscribe"], read["auto-submitted"]) == (
            ["kari@example.com"],
            "Innsyn",
            f"<{BASE}/settings/notices>",
            "auto-generated",
        )
        assert read.get_content().splitlines() == ["Du har noe nytt.", "", f"{BASE}/notices"]
        assert read["message-id"] == f"<{to_kari.key}@localhost>"
        box.refuses = "450 try again"
        assert await mail.send(to_kari) == Answer(Outcome.LATER)
        box.refuses = "550 no such person"
        assert await mail.send(to_kari) == Answer(Outcome.REFUSED)
    assert await mail.send(to_kari) == Answer(Outcome.LATER)


async def test_a_text_message_is_handed_over_with_its_key(service: Heard) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        sms = Sms(http, f"{service.origin}/sms", token="a-token", base_url=BASE, clock=now)
        to_kari = letter(Way.SMS, "+4799999999")
        service.answers = [(200, {}), (503, {}), (400, {}), (302, {"location": f"{service.origin}/other"})]
        came = [(await sms.send(to_kari)).outcome for _ in range(4)]
    assert came == [Outcome.SENT, Outcome.LATER, Outcome.REFUSED, Outcome.REFUSED]
    assert (service.posted[0].headers["authorization"], told(service.posted[0].body)) == (
        "Bearer a-token",
        {"key": to_kari.key, "to": "+4799999999", "text": f"Du har noe nytt. {BASE}/notices"},
    )
    assert {each.path for each in service.posted} == {"/sms"}
