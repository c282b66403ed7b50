"""What every adapter of the feed keeps, whatever it speaks."""

from pathlib import Path

import pytest

from innsyn.journal.port import Entry, Feed, Unusable
from journal.said import TELLINGS, Said, Telling, an_observation, everything, gone

TEN = [an_observation(f"number-{number}") for number in range(10)]


@pytest.fixture(params=list(TELLINGS))
def telling(request: pytest.FixtureRequest) -> Telling:
    return TELLINGS[request.param]


async def test_everything_comes_in_order_in_batches_of_bounded_size_and_as_it_was_sent(
    telling: Telling, tmp_path: Path
) -> None:
    said = [an_observation(f"number-{number}") for number in range(1203)]
    async with telling(said, tmp_path / "said") as feed:
        batches = [batch async for batch in feed.after(0)]
    found = [one for batch in batches for one in batch]
    assert [(one.kind, one.id, one.resource) for one in found if isinstance(one, Entry)] == [
        ("Observation", one.id, one.body) for one in said
    ]
    assert all(batch and len(batch) <= 500 for batch in batches)
    positions = [one.position for one in found]
    assert positions == sorted(set(positions))
    assert {one.source for one in found} == {"st-olavs"}


async def test_it_is_read_again_from_any_position(telling: Telling, tmp_path: Path) -> None:
    async with telling(TEN, tmp_path / "said") as feed:
        whole = await everything(feed)
        for index, one in enumerate(whole):
            assert _without_time(await everything(feed, one.position)) == _without_time(whole[index + 1 :])
        assert _without_time(await everything(feed, 0)) == _without_time(whole)


async def test_a_feed_with_nothing_in_it_ends_at_once(telling: Telling, tmp_path: Path) -> None:
    async with telling([], tmp_path / "said") as feed:
        assert [one for one in await everything(feed) if one.kind != "Bundle"] == []


BROKEN = {
    "half a character": (rb',"note":[{"text":"\ud800"}]', "lone_surrogate"),
    "NUL": (rb',"note":[{"text":"\u0000"}]', "nul_character"),
    "raw NUL": (b',"note":[{"text":"\x00"}]', "not_json"),
    "not UTF-8": (b',"note":[{"text":"bl\xe5b\xe6r"}]', "not_text"),
    "duplicate key": (b',"status":"final","status":"amended"', "duplicate_key"),
    "number out of range": (b',"valueQuantity":{"value":1e400}', "number_out_of_range"),
    "nested": (b',"extension":' + b"[" * 5000 + b"]" * 5000, "too_deep"),
    "nested a little": (b',"extension":' + b"[" * 70 + b"]" * 70, "too_deep"),
    "too large": (b',"data":"' + b"A" * 5 * 1024 * 1024 + b'"', "too_large"),
    "a bad escape": (rb',"note":[{"text":"\q"}]', "not_json"),
    "a trailing comma": (b',"note":[1,]', "not_json"),
}


@pytest.mark.parametrize("fault", BROKEN)
async def test_what_is_broken_is_told_whole_and_stops_nothing(
    telling: Telling, fault: str, tmp_path: Path
) -> None:
    content, reason = BROKEN[fault]
    body = b'{"resourceType":"Observation","id":"broken","subject":{"display":"01017012345"}' + content + b"}"
    said = [*TEN[:5], Said("broken", body), *TEN[5:]]
    async with telling(said, tmp_path / "said") as feed:
        found = await everything(feed)
    assert [one.id for one in found if isinstance(one, Entry)] == [one.id for one in TEN]
    [unusable] = [one for one in found if isinstance(one, Unusable)]
    assert found.index(unusable) == 5
    assert (unusable.reason, unusable.source) == (reason, "st-olavs")
    assert unusable.body == body[: 5 * 1024 * 1024]
    assert "01017012345" not in unusable.explanation


async def test_no_resource_with_another_name_slips_through(telling: Telling, tmp_path: Path) -> None:
    said = [TEN[0], Said("../etc", b'{"resourceType":"Observation","id":"../etc"}'), TEN[1]]
    async with telling(said, tmp_path / "said") as feed:
        found = await everything(feed)
    assert [one.id for one in found] == ["number-0", "", "number-1"]
    assert [type(one) for one in found] == [Entry, Unusable, Entry]


async def test_a_deletion_is_an_entry_without_a_resource(telling: Telling, tmp_path: Path) -> None:
    async with telling([*TEN, gone("number-3")], tmp_path / "said") as feed:
        found = await everything(feed)
    last = found[-1]
    assert isinstance(last, Entry)
    assert (last.kind, last.id, last.resource) == ("Observation", "number-3", None)
    assert [one.id for one in found[:-1]] == [one.id for one in TEN]


async def test_it_tells_which_services_are_behind_it(telling: Telling, tmp_path: Path) -> None:
    async with telling(TEN, tmp_path / "said") as feed:
        sources = await feed.sources()
        written_by = {one.source for one in await everything(feed)}
    assert written_by == {source.source for source in sources} == {"st-olavs"}
    assert all(source.name for source in sources)


async def test_it_has_a_name(telling: Telling, tmp_path: Path) -> None:
    async with telling(TEN, tmp_path / "said") as feed:
        named: Feed = feed
        assert named.name


def _without_time(found: list[Entry | Unusable]) -> list[tuple[object, ...]]:
    """An export is a new one each time, and so is the time of its load."""
    return [(one.position, one.kind, one.id, getattr(one, "resource", None)) for one in found]
