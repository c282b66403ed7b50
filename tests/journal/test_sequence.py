"""A journal that answers badly: what is lost is told, and what can be read is read."""

import json
from collections.abc import Iterator

import httpx
import pytest

from innsyn.journal import sequence
from innsyn.journal.port import Entry, Source, Unusable
from innsyn.journal.sequence import FeedBroken, FeedUnavailable, SequenceFeed
from journal.said import Said, an_observation, envelope, everything
from journal.serving import Answer, Asked, pages_of, served

JSON = {"content-type": "application/json"}
THREE = [an_observation(f"number-{number}") for number in range(1, 4)]


def page(*envelopes: bytes, last: int) -> Answer:
    return Answer(b'{"entries":[' + b",".join(envelopes) + b'],"last":' + str(last).encode() + b"}")


async def test_the_envelope_is_read_whole(http: httpx.AsyncClient) -> None:
    told = {
        "source": "gp.levanger",
        "version": 7,
        "recorded": "2026-11-22T10:12:00+01:00",
        "subject": "Patient/kari",
    }
    with served(pages_of([envelope(1, THREE[0], **told)])) as address:
        [entry] = await everything(SequenceFeed("journal", address, http))
    assert isinstance(entry, Entry)
    assert (entry.source, entry.version, entry.subject) == ("gp.levanger", 7, "Patient/kari")
    assert entry.recorded is not None
    assert entry.recorded.isoformat() == "2026-11-22T09:12:00+00:00"


async def test_it_asks_for_pages_and_then_only_whether_there_is_more(http: httpx.AsyncClient) -> None:
    asked: list[Asked] = []
    with served(pages_of([envelope(seq, one) for seq, one in enumerate(THREE, 1)], asked)) as address:
        feed = SequenceFeed("journal", address, http, page=2)
        assert len(await everything(feed)) == 3
        assert await everything(feed, 3) == await everything(feed, 3) == []
    assert [(one.query["seq"], one.query["limit"]) for one in asked] == [
        ("1", "2"),
        ("3", "2"),
        ("4", "2"),
        ("4", "2"),
    ]
    assert ["if-none-match" in one.headers for one in asked] == [False, False, False, True]


async def test_a_page_whose_entries_were_not_kept_is_given_again(http: httpx.AsyncClient) -> None:
    with served(pages_of([envelope(1, THREE[0])])) as address:
        feed = SequenceFeed("journal", address, http)
        assert await everything(feed) == await everything(feed) != []


ODD: dict[str, tuple[bytes, str, int]] = {
    "another resource": (envelope(2, Said("other", THREE[1].body)), "another_resource", 2),
    "another kind": (envelope(2, Said("number-2", THREE[1].body, "Patient")), "another_resource", 2),
    "no source": (envelope(2, THREE[1], source=""), "bad_envelope", 2),
    "markup as source": (envelope(2, THREE[1], source="<b>"), "bad_envelope", 2),
    "no id": (envelope(2, THREE[1], id=None), "bad_envelope", 2),
    "version 0": (envelope(2, THREE[1], version=0), "bad_envelope", 2),
    "version 1.5": (envelope(2, THREE[1], version=1.5), "bad_envelope", 2),
    "version beyond 64 bits": (envelope(2, THREE[1], version=2**63), "bad_envelope", 2),
    "neither resource nor deletion": (
        b'{"seq":2,"source":"a","kind":"Basic","id":"x","version":1}',
        "bad_envelope",
        2,
    ),
    "resource and deletion": (envelope(2, THREE[1], deleted=True), "bad_envelope", 2),
    "no number": (envelope(2, THREE[1]).replace(b'"seq": 2', b'"seq": "two"'), "bad_envelope", 2),
    "a number beyond the last": (envelope(9_000_000_000, THREE[1]), "bad_envelope", 2),
    "an envelope given twice": (
        envelope(2, THREE[1]).replace(b'"seq": 2', b'"seq": 2,"seq": 2'),
        "duplicate_key",
        2,
    ),
    "no object": (b'"entry"', "not_json", 2),
}


@pytest.mark.parametrize("odd", ODD)
async def test_an_odd_entry_is_set_aside_in_its_place(odd: str, http: httpx.AsyncClient) -> None:
    entry, reason, position = ODD[odd]
    with served(pages_of([envelope(1, THREE[0]), entry, envelope(3, THREE[2])])) as address:
        found = await everything(SequenceFeed("journal", address, http))
    assert [(one.position, isinstance(one, Entry)) for one in found] == [
        (1, True),
        (position, False),
        (3, True),
    ]
    unusable = found[1]
    assert isinstance(unusable, Unusable)
    assert unusable.reason == reason


async def test_missing_numbers_are_told(http: httpx.AsyncClient) -> None:
    with served(lambda _: page(envelope(1, THREE[0]), envelope(4, THREE[1]), last=4)) as address:
        found = await everything(SequenceFeed("journal", address, http))
    assert [(one.position, getattr(one, "reason", "")) for one in found] == [(1, ""), (3, "missing"), (4, "")]
    assert getattr(found[1], "explanation", "") == "The feed has no entries with the numbers 2 to 3."


async def test_what_is_too_large_together_comes_in_smaller_pages(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequence, "MOST_PAGE_BYTES", 2000)
    said = [an_observation(f"number-{number}") for number in range(30)]
    asked: list[Asked] = []
    with served(pages_of([envelope(seq, one) for seq, one in enumerate(said, 1)], asked)) as address:
        found = await everything(SequenceFeed("journal", address, http))
    assert [one.id for one in found] == [one.id for one in said]
    assert {one.query["limit"] for one in asked} == {"500", "62", "7"}


async def test_one_entry_that_no_page_can_carry_does_not_hold_back_the_rest(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequence, "MOST_PAGE_BYTES", 2000)
    giant = an_observation("number-2", ',"note":"' + "x" * 3000 + '"')
    said = [THREE[0], giant, THREE[2]]
    with served(pages_of([envelope(seq, one) for seq, one in enumerate(said, 1)])) as address:
        found = await everything(SequenceFeed("journal", address, http))
    assert [(one.position, getattr(one, "reason", "")) for one in found] == [
        (1, ""),
        (2, "too_large"),
        (3, ""),
    ]


BAD_ANSWERS: dict[str, tuple[Answer, type[Exception], str]] = {
    "overloaded": (Answer(status=503), FeedUnavailable, "answers 503"),
    "asked too often": (Answer(status=429), FeedUnavailable, "answers 429"),
    "not there": (Answer(status=404), FeedBroken, "answers 404"),
    "moved": (Answer(status=302, headers={"location": "http://169.254.169.254/"}), FeedBroken, "answers 302"),
    "markup": (Answer(b"<html>", headers={"content-type": "text/html"}), FeedBroken, "something else than JSON"),
    "a list": (Answer(b"[]", headers=JSON), FeedBroken, "cannot be read from seq=1"),
    "cut off": (Answer(b'{"entries":[{"seq":1', headers=JSON), FeedBroken, "cannot be read from seq=1"),
    "no last": (Answer(b'{"entries":[]}', headers=JSON), FeedBroken, "cannot be read from seq=1"),
    "more than it gives": (Answer(b'{"entries":[],"last":9}', headers=JSON), FeedBroken, "gives nothing from 1"),
    "packed": (Answer(b"\x1f\x8b", headers=JSON | {"content-encoding": "gzip"}), FeedBroken, "packs its answer"),
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD_ANSWERS)
async def test_a_bad_answer_says_what_is_wrong(bad: str, http: httpx.AsyncClient) -> None:
    answer, error, text = BAD_ANSWERS[bad]
    with served(lambda _: answer) as address, pytest.raises(error, match=text):
        await everything(SequenceFeed("journal", address, http))


async def test_a_feed_that_goes_round_in_circles_is_left(http: httpx.AsyncClient) -> None:
    def answer(_: Asked) -> Answer:
        return page(envelope(1, THREE[0]), envelope(2, THREE[1]), last=9)

    with served(answer) as address, pytest.raises(FeedBroken, match="older entries only"):
        await everything(SequenceFeed("journal", address, http))


async def test_nobody_at_the_address(http: httpx.AsyncClient) -> None:
    with served(lambda _: page(last=0)) as address:
        pass
    feed = SequenceFeed("journal", address, http)
    with pytest.raises(FeedUnavailable, match="cannot be reached"):
        await everything(feed)
    with pytest.raises(FeedUnavailable, match="cannot be reached"):
        await feed.sources()


async def test_an_answer_that_never_ends_is_given_up(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequence, "LONGEST_ANSWER_SECONDS", 0.05)

    def silent(_: Asked) -> Answer:
        # Says that there is more than it sends.
        return Answer(b"{", headers=JSON | {"transfer-encoding": "chunked"})

    with served(silent) as address, pytest.raises(FeedUnavailable, match="did not answer in time"):
        await everything(SequenceFeed("journal", address, http))


@pytest.fixture
def services() -> Iterator[str]:
    told = [
        {
            "source": "st-olavs",
            "name": "St. Olavs hospital",
            "service": "hospital",
            "since": "2014-01-01",
            "contact": "2026-11-23T10:00:00Z",
            "delayed_since": None,
        }
    ]
    with served(lambda _: Answer(json.dumps(told).encode())) as address:
        yield address


async def test_the_services_are_told_with_how_fresh_they_are(services: str, http: httpx.AsyncClient) -> None:
    [told] = await SequenceFeed("journal", services, http).sources()
    assert isinstance(told, Source)
    assert (told.source, told.name, told.service, told.since) == (
        "st-olavs",
        "St. Olavs hospital",
        "hospital",
        "2014-01-01",
    )
    assert told.contact is not None
    assert told.contact.isoformat() == "2026-11-23T10:00:00+00:00"
    assert told.delayed_since is None


@pytest.mark.parametrize("body", [b"{}", b"[{}]", b"<html>", b"[" * 5000])
async def test_services_that_cannot_be_read(body: bytes, http: httpx.AsyncClient) -> None:
    with served(lambda _: Answer(body)) as address, pytest.raises(FeedBroken, match="not a list of services"):
        await SequenceFeed("journal", address, http).sources()
