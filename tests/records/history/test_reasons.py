"""The words of a version that takes an entry back: told to nobody whom they may not be about or for."""

from typing import Any

import pytest

from records.history.said import say, tagged, version
from records.history.test_taken_back import ADDRESS, GONE, LATER, NOTHING, SECRET, WRONG, told
from records.history.test_what_changed import BEGAN, three
from world import KARI, OLA, World

WORDS = "Hører til en annen"
OF_OLA = {"subject": {"reference": "Patient/ola"}}
WITH_WORDS = WRONG | {"statusReason": {"text": WORDS}, "note": [{"text": WORDS}]}
MARKED = {"meta": {"security": [{"system": "urn:test", "code": "R"}]}}


@pytest.mark.parametrize(
    ("then", "is_told"),
    [
        (WITH_WORDS, True),
        (WITH_WORDS | OF_OLA, False),
        (WITH_WORDS | {"subject": {"reference": "Patient/nobody"}}, False),
        (WITH_WORDS | {"subject": {"reference": "Patient/kari", "display": "Ola"}}, False),
        (WITH_WORDS | {"subject": None}, False),
        (WITH_WORDS | {"focus": [{"reference": "Patient/ola"}]}, False),
        (WITH_WORDS | tagged("2"), False),
        (WITH_WORDS | tagged("3"), False),
        (WITH_WORDS | tagged("4"), False),
        (WITH_WORDS | tagged("1"), True),
        (WITH_WORDS | MARKED, False),
    ],
)
async def test_the_words_are_told_only_where_they_are_for_the_reader(
    world: World, then: dict[str, Any], is_told: bool
) -> None:
    await three(world)
    then = {name: value for name, value in then.items() if value is not None}
    await say(world, version(1, SECRET, BEGAN), at=BEGAN)
    await say(world, version(2, then, LATER), at=LATER)
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    assert (await told(kari), await told(ola)) == (GONE, NOTHING)
    pages = [(await browser.get(address)).text for browser in (kari, ola) for address in (ADDRESS, "/")]
    assert [WORDS in page for page in pages] == [is_told, False, False, False]
