"""More instances than a draft may hold, from two pages or a new version: nothing is lost, and the words fit."""

import json
from typing import Any

import pytest

from forms.drafts.begun import answers, asked, begin, questionnaire
from innsyn.forms.drafts.rules import Based, Posted, save
from innsyn.forms.engine.reading import read
from innsyn.forms.engine.taking import TooManyFields
from innsyn.forms.engine.values import Answer, Node
from innsyn.web.locale import catalogue
from world import KARI, World


def _group(questions: int) -> list[dict[str, Any]]:
    below = [{"linkId": f"q{n}", "type": "string", "text": f"Spørsmål {n}"} for n in range(questions)]
    return [{"linkId": "g", "type": "group", "repeats": True, "text": "Barn", "item": below}]


async def _written(world: World, names: list[str]) -> None:
    """The draft as it would be after so many pages: 100 instances one by one are 100 requests."""
    nodes = [{"linkId": "g", "item": [{"linkId": "q0", "answer": [{"valueString": name}]}]} for name in names]
    for table in ("form.draft", "form.draft_kept"):
        await world.owner.execute(f"UPDATE {table} SET answers = $1", json.dumps(nodes).encode())  # noqa: S608


def test_two_pages_that_add_too_much_together_are_told_so_in_the_right_words() -> None:
    form = read(json.dumps(questionnaire(item=_group(99))).encode()).form
    assert form is not None
    base = [Node("g", item=[Node("q0", [Answer(value_string=str(n))])]) for n in range(49)]
    theirs = [*base, Node("g", item=[Node("q0", [Answer(value_string="Fra mobilen")])])]
    posted = Posted({f"1.{n}": [str(n)] for n in range(49)}, ("0.0",), 1, 0, "add:0.0")
    with pytest.raises(TooManyFields) as told:
        save(form, theirs, Based(form, base), posted, form)
    words = [catalogue(locale).text(told.value.text_key) for locale in ("nb", "nn", "en")]
    assert [each.split(".")[0] for each in words] == [
        "Skjemaet har ikke plass til alt som er lagt til, her og et annet sted",
        "Skjemaet har ikkje plass til alt som er lagt til, her og ein annan stad",
        "The form has no room for everything that was added, here and elsewhere",
    ]


async def test_a_version_with_larger_groups_tells_what_it_has_no_room_for(world: World) -> None:
    await asked(world, item=_group(1))
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    await _written(world, [f"Barn {n}" for n in range(60)])
    await world.take(questionnaire("2.0", item=_group(99)), version=2)
    page = (await kari.get(address, follow_redirects=True)).text
    [kept] = await answers(world)
    assert len(kept) == 50
    assert [name for name in ("Barn 50", "Barn 59") if name not in page] == []
