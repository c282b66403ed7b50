"""A form out of the database: read once, with the value sets that it points at, and forgotten when there is no room."""

from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from forms.tasks.asking import form
from innsyn.db.statements import Statement
from innsyn.forms.engine.model import Form
from innsyn.forms.published import Forms, NotUsable, published
from world import World

_ALL = Statement(select(published()))
_POINTS = {"linkId": "1", "text": "Hvilken?", "type": "choice", "answerValueSet": "http://innsyn.test/vs"}


def _value_set(*texts: str) -> dict[str, Any]:
    concepts = [{"code": str(number), "display": text} for number, text in enumerate(texts)]
    return {
        "resourceType": "ValueSet",
        "id": "vs",
        "url": "http://innsyn.test/vs",
        "status": "active",
        "compose": {"include": [{"system": "http://innsyn.test/cs", "concept": concepts}]},
    }


async def _asked(world: World, forms: Forms) -> tuple[list[Form], list[bool]]:
    """Every form that is published, and of which the bytes came."""
    held = forms.held()
    rows = await world.web.fetch(_ALL.sql, *_ALL.bind(known=list(held)))
    return [forms.form_of(row[0], held) for row in rows], [row[0][1] is not None for row in rows]


async def test_a_form_is_fetched_and_read_once(world: World) -> None:
    await world.take(form())
    forms = Forms()
    [first], came = await _asked(world, forms)
    [again], came_again = await _asked(world, forms)
    assert ([item.link_id for item in first.by_number], came, came_again) == (["1", "2"], [True], [False])
    assert again is first


async def test_a_value_set_that_comes_or_changes_is_offered_from_then_on(world: World) -> None:
    forms = Forms()
    offered = []
    for said in (form(item=[_POINTS]), _value_set("Én"), _value_set("Én", "To")):
        await world.take(said)
        [found], _ = await _asked(world, forms)
        offered.append([option.text for option in found.by_number[0].options])
    assert offered == [[], ["Én"], ["Én", "To"]]


async def test_no_more_is_kept_than_there_is_room_for(world: World) -> None:
    await world.take(*(form(f"f{number}", title=f"Skjema {number}") for number in range(3)))
    size = len(msgspec.json.encode(form("f0", title="Skjema 0")))
    forms = Forms(most_bytes=2 * size + size // 2)
    found, _ = await _asked(world, forms)
    assert ([each.title for each in found], len(forms.held())) == (["Skjema 0", "Skjema 1", "Skjema 2"], 2)
    # Whoever was given the known ones has them, whatever is forgotten before the answer is read.
    held = forms.held()
    rows = await world.web.fetch(_ALL.sql, *_ALL.bind(known=list(held)))
    forms.form_of((b"another", msgspec.json.encode(form("x")), None), {})
    assert sorted(forms.form_of(row[0], held).title for row in rows) == ["Skjema 0", "Skjema 1", "Skjema 2"]


def test_what_the_engine_reads_no_longer_is_refused_in_words() -> None:
    with pytest.raises(NotUsable):
        Forms().form_of((b"key", b'{"resourceType":"Questionnaire"', None), {})
