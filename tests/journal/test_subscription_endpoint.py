"""Where notifications arrive, and what they say."""

import json
from hashlib import sha256

import httpx

from innsyn.journal.subscription_endpoint import MOST_BYTES, PATH, Notifications, listening
from innsyn.journal.subscription_wire import SECRET_HEADER, Event, notified_in
from journal.said_by_subscription import bundle

SECRET = {SECRET_HEADER: "right"}
NOTIFICATION = json.dumps(bundle(7, [], "heartbeat")).encode()


async def test_only_who_knows_the_secret_is_heard(http: httpx.AsyncClient) -> None:
    notifications = Notifications()
    notifications.expect(sha256(b"right").digest())
    async with listening(notifications, "127.0.0.1", 0) as port:
        address = f"http://127.0.0.1:{port}{PATH}"
        refused = [
            await http.post(address, content=NOTIFICATION),
            await http.post(address, content=NOTIFICATION, headers={SECRET_HEADER: "wrong"}),
            await http.get(address, headers=SECRET),
            await http.post(f"{address}/other", content=NOTIFICATION, headers=SECRET),
            await http.post(address, content=b"x" * (MOST_BYTES + 1), headers=SECRET),
            await http.post(address, content=b"<html>", headers=SECRET),
            await http.post(
                address, content=b'{"resourceType":"Bundle","entry":[' + b"[" * 9000, headers=SECRET
            ),
        ]
        assert [answer.status_code for answer in refused] == [401, 401, 405, 404, 413, 400, 400]
        assert notifications.told == 0
        assert (await http.post(address, content=NOTIFICATION, headers=SECRET)).status_code == 200
        assert notifications.told == 7
        # For as long as a renewed one is on its way to the server, the former one counts too; then no more.
        notifications.expect(sha256(b"newer").digest())
        assert (await http.post(address, content=NOTIFICATION, headers=SECRET)).status_code == 200
        notifications.expect(sha256(b"newest").digest())
        assert (await http.post(address, content=NOTIFICATION, headers=SECRET)).status_code == 401


async def test_nobody_is_heard_before_anything_is_agreed(http: httpx.AsyncClient) -> None:
    async with listening(Notifications(), "127.0.0.1", 0) as port:
        answer = await http.post(f"http://127.0.0.1:{port}{PATH}", content=NOTIFICATION)
    assert answer.status_code == 401


def test_numbers_come_in_every_form_that_servers_use() -> None:
    def event(**number: object) -> dict[str, object]:
        told = {"name": "event-number", **number}
        focus = {"name": "focus", "valueReference": {"reference": "https://x/fhir/Condition/a/_history/2"}}
        return {"name": "notification-event", "part": [told, focus]}

    numbers = ({"valueString": "3"}, {"valueInteger": 4}, {"valueUnsignedInt": 5}, {"valueInteger64": "6"})
    text = json.dumps(bundle(2, [event(**number) for number in numbers])).encode()
    notified = notified_in(text)
    assert notified.events == tuple(Event(number, ("Condition", "a")) for number in (3, 4, 5, 6))
    assert notified.highest == 6
