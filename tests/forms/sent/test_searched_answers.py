"""An answer that was searched for in a terminology leaves as it was chosen: the form itself does not list it."""

import re
from html import unescape

import msgspec
import pytest

from forms.drafts.begun import asked, begin, opened, save, send
from forms.terminology.test_over_http import MEDICINES, expanded, listening, saying
from innsyn.forms.terminology.over_http import terminology_at
from world import KARI, World

METFORMIN = {"system": "urn:atc", "code": "A10BA02", "display": "Metformin «500»"}
ITEM = {
    "linkId": "medicine",
    "type": "choice",
    "text": "Hvilken medisin?",
    "required": True,
    "answerValueSet": MEDICINES,
}


async def test_what_was_found_and_chosen_is_sent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await asked(world, item=[ITEM])
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    async with (
        listening(saying(b"200 OK", expanded(METFORMIN))) as base,
        terminology_at(base) as terminology,
    ):
        monkeypatch.setattr(world.litestar.state, "terminology", terminology)
        found = await save(kari, address, await opened(kari, address), do="search:0", **{"0-q": "metf"})
    [key] = [unescape(each) for each in re.findall(r'value="([^"]*A10BA02[^"]*)"', found.text)]
    await save(kari, address, await opened(kari, address), _0=key)

    answer = await send(kari, address)
    assert answer.headers.get("location", "").startswith("/forms/sent/"), answer.text
    left = await world.owner.fetchval("SELECT resource FROM journal.outbox")
    assert msgspec.json.decode(left)["item"] == [
        {"linkId": "medicine", "text": "Hvilken medisin?", "answer": [{"valueCoding": METFORMIN}]}
    ]
    page = await kari.get(answer.headers["location"])
    assert METFORMIN["display"] in unescape(page.text)
