"""A journal that tells us when something has happened: late, twice, out of order, or not at all."""

import asyncio
import json

import httpx
import pytest

from innsyn.journal.port import Entry, Unusable
from innsyn.journal.sequence import FeedBroken
from innsyn.journal.subscription import SubscriptionFeed
from innsyn.journal.subscription_endpoint import Notifications
from innsyn.journal.subscription_promise import Wish
from innsyn.journal.subscription_reading import Fhir
from journal.listening_here import TOPIC, eventually, subscribed, told
from journal.said import everything
from journal.said_by_subscription import FHIR, bundle
from journal.said_by_subscription import Memory as Remembered
from journal.serving import Answer, Asked, served
from journal.standing_in import a_diagnosis, a_patient, standing_in


async def test_what_happens_is_told_and_read_and_nothing_is_asked_in_between(http: httpx.AsyncClient) -> None:
    async with subscribed(http, a_patient("kari")) as here:
        feed = here.feed()
        assert await everything(feed) == []
        await eventually(lambda: here.notifications.last is not None)
        here.source.publish(a_diagnosis("a", "kari", "one"))
        here.source.publish(a_diagnosis("b", "kari", "two"))
        here.source.publish(a_diagnosis("a", "kari", "three"))
        await here.until_told(3)
        found = await everything(feed)
        assert told(found) == [(1, "a", "three"), (2, "b", "two"), (3, "a", "three")]
        assert [(one.version, one.source) for one in found if isinstance(one, Entry)] == [
            (2, "st-olavs"),
            (1, "st-olavs"),
            (2, "st-olavs"),
        ]
        here.source.delete("Condition", "b", "kari")
        await here.until_told(4)
        [gone] = await everything(feed, 3)
        assert isinstance(gone, Entry)
        assert (gone.position, gone.id, gone.resource, gone.version) == (4, "b", None, 2)
        # Whoever has everything asks nothing: a journal that is gone is not noticed until it is silent.
        here.source.app.state.subscriptions.open.clear()
        assert await everything(feed, 4) == []
        [source] = await feed.sources()
        assert (source.source, source.delayed_since) == ("region", None)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_notifications_that_are_lost_doubled_or_overtaken_make_no_difference(
    seed: int, http: httpx.AsyncClient
) -> None:
    async with subscribed(http, a_patient("kari")) as here:
        feed, found, position = here.feed(), list[Entry | Unusable](), 0
        await everything(feed)
        await here.go_wrong(drop=0.4, double=0.3, reorder=0.3, seed=seed)
        for number in range(1, 31):
            here.source.publish(a_diagnosis(f"d-{number}", "kari", f"{number}"))
            if number % 10 == 0:
                await asyncio.sleep(0)
                found += await everything(feed, position)
                position = max((one.position for one in found), default=0)
        await here.go_wrong()
        here.source.publish(a_diagnosis("d-31", "kari", "31"))
        await here.until_told(31)
        found += await everything(feed, position)
        assert told(found) == [(number, f"d-{number}", str(number)) for number in range(1, 32)]
        assert here.memory.gaps == []


async def test_silence_is_noticed_and_what_was_not_told_is_found(http: httpx.AsyncClient) -> None:
    async with subscribed(http) as here:
        feed = here.feed()
        await everything(feed)
        await eventually(lambda: here.notifications.last is not None)
        await here.go_wrong(silent=True)
        here.source.publish(a_diagnosis("a", "kari", "one"))
        assert await everything(feed) == []
        here.clock.now += 61
        [source] = await feed.sources()
        assert source.delayed_since == source.contact != None  # noqa: E711 - both at once
        assert told(await everything(feed)) == [(1, "a", "one")]
        # Asked once a heartbeat, and not each time that somebody looks.
        here.source.publish(a_diagnosis("b", "kari", "two"))
        assert await everything(feed, 1) == []
        here.clock.now += 31
        assert told(await everything(feed, 1)) == [(2, "b", "two")]


async def test_a_heartbeat_is_a_sign_of_life(http: httpx.AsyncClient) -> None:
    async with subscribed(http) as here:
        feed = here.feed()
        await everything(feed)
        [one] = here.source.app.state.subscriptions.open.values()
        one.resource["channel"]["extension"][0]["valueUnsignedInt"] = 0.1
        await eventually(lambda: one.status == "active")
        here.clock.now += 61
        await eventually(lambda: here.notifications.heard_at == 61)
        assert (await feed.sources())[0].delayed_since is None


async def test_what_the_server_has_forgotten_is_a_known_gap(http: httpx.AsyncClient) -> None:
    async with subscribed(http) as here:
        feed = here.feed()
        await everything(feed)
        for number in range(1, 7):
            here.source.publish(a_diagnosis(f"d-{number}", "kari", f"{number}"))
        await here.go_wrong(forget=4)
        await here.until_told(6)
        assert told(await everything(feed, 1)) == [(5, "d-5", "5"), (6, "d-6", "6")]
        assert here.memory.gaps == [(1, 4)]
        await here.go_wrong(forget=6)
        assert told(await everything(feed, 4)) == []
        assert here.memory.gaps == [(1, 4), (4, 6)]


async def test_a_subscription_that_is_forgotten_is_asked_for_anew_and_the_gap_told(
    http: httpx.AsyncClient,
) -> None:
    async with subscribed(http) as here:
        feed = here.feed()
        await everything(feed)
        here.source.publish(a_diagnosis("a", "kari", "one"))
        await here.until_told(1)
        await everything(feed)
        here.source.app.state.subscriptions.open.clear()
        here.source.publish(a_diagnosis("b", "kari", "never told"))
        here.clock.now += 61
        assert await everything(feed, 1) == []
        assert here.memory.gaps == [(1, 2)]
        here.source.publish(a_diagnosis("c", "kari", "two"))
        await here.until_told(1)
        assert told(await everything(feed, 1)) == [(3, "c", "two")]


async def test_a_server_that_counts_anew_is_read_on_and_the_gap_told(http: httpx.AsyncClient) -> None:
    async with subscribed(http) as here:
        feed = here.feed()
        await everything(feed)
        for number in (1, 2, 3):
            here.source.publish(a_diagnosis(f"d-{number}", "kari", f"{number}"))
        await here.until_told(3)
        await everything(feed)
        [one] = here.source.app.state.subscriptions.open.values()
        one.began, one.sent = here.source.journal.last, 0
        here.source.publish(a_diagnosis("e-1", "kari", "new"))
        here.clock.now += 61
        assert await everything(feed, 3) == []
        assert here.memory.gaps == [(3, 4)]
        assert told(await everything(feed, 3)) == [(5, "e-1", "new")]


async def test_after_a_restart_it_is_the_same_subscription_with_another_secret(
    http: httpx.AsyncClient,
) -> None:
    async with subscribed(http) as here:
        await everything(here.feed())
        before = here.memory.kept
        here.source.publish(a_diagnosis("a", "kari", "one"))
        again = here.feed()
        assert told(await everything(again)) == [(1, "a", "one")]
        assert before is not None
        assert here.memory.kept is not None
        assert (here.memory.kept.address, here.memory.kept.base) == (before.address, before.base)
        assert here.memory.kept.secret != before.secret
        assert len(here.source.app.state.subscriptions.open) == 1
        here.source.publish(a_diagnosis("b", "kari", "two"))
        await here.until_told(2)


async def test_a_number_that_is_too_high_is_looked_into_once(http: httpx.AsyncClient) -> None:
    async with subscribed(http) as here:
        feed = here.feed()
        await everything(feed)
        here.notifications.told = 2**62
        assert await everything(feed) == []
        assert here.notifications.told == 0


async def test_what_cannot_be_found_is_told_of_and_not_deleted(http: httpx.AsyncClient) -> None:
    def answer(request: Asked) -> Answer:
        if request.path.endswith("$events"):
            parts = [
                {"name": "event-number", "valueInteger64": "1"},
                {"name": "focus", "valueReference": {"reference": "Condition/secret-away"}},
            ]
            return Answer(
                json.dumps(bundle(1, [{"name": "notification-event", "part": parts}])).encode(), headers=FHIR
            )
        if request.method == "POST":
            return Answer(
                b"{}", status=201, headers={"location": f"{request.base}/Subscription/7/_history/1"}
            )
        return Answer(status=404, headers=FHIR)

    memory = Remembered()
    with served(answer) as address:
        wish = Wish(TOPIC, "http://127.0.0.1:1/")
        feed = SubscriptionFeed("journal", Fhir(address, http), wish, memory, Notifications())
        [lost] = await everything(feed)
    assert isinstance(lost, Unusable)
    assert (lost.reason, lost.kind, lost.id, lost.position) == ("no_resource", "Condition", "secret-away", 1)
    assert memory.kept is not None
    assert memory.kept.address == "Subscription/7"


async def test_a_server_that_takes_no_subscription_is_told_of(http: httpx.AsyncClient) -> None:
    async with standing_in() as source:
        wish = Wish("urn:another:topic", "http://127.0.0.1:1/")
        feed = SubscriptionFeed(
            "journal", Fhir(f"{source.address}/fhir", http), wish, Remembered(), Notifications()
        )
        with pytest.raises(FeedBroken, match="answers 422 to a subscription"):
            await everything(feed)
