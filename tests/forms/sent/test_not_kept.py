"""A form that wants no copy kept here: nothing of its answers is left when the journal has them."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

import httpx
import msgspec
import pytest

from files.hostile import screenshot
from forms.drafts.begun import asked, begin, items, opened, save, send
from innsyn.journal import delivery_operating as operating
from innsyn.journal import delivery_statements as delivery
from innsyn.journal.delivery_rules import Step
from world import KARI, Resource, World

_WORDS = "Skal ikke bli her"


def _keeps(code: str) -> Resource:
    return {
        "url": "http://helsenorge.no/fhir/StructureDefinition/sdf-save-capabilities",
        "valueCoding": {"system": "urn:oid:2.16.578.1.12.4.1.1.9999", "code": code},
    }


async def _sent(world: World, kari: httpx.AsyncClient, code: str) -> str:
    """The address of what Kari has sent."""
    await asked(world, extension=[_keeps(code)])
    address = await begin(world, kari)
    await save(kari, address, await opened(kari, address, 0), _1="true", _4=_WORDS)
    return (await send(kari, address)).headers["location"].partition("?")[0]


async def _is_delivered(world: World, holds: bytes = _WORDS.encode()) -> None:
    token = uuid4()
    [due] = await delivery.claim(world.worker, token, timedelta(seconds=30), 5)
    assert holds in due.resource
    assert await delivery.settle(world.worker, token, [(due, Step(state="received"))]) == 1


async def _comes_back(world: World) -> None:
    row = await world.owner.fetchrow("SELECT outbox_id, resource FROM journal.outbox")
    assert _WORDS.encode() in row["resource"]
    identifier = {"system": "urn:innsyn:outbox", "value": str(row["outbox_id"])}
    subject = {"reference": "Patient/kari"}
    back = {**msgspec.json.decode(row["resource"]), "id": "r1", "identifier": identifier, "subject": subject}
    await world.take(back)


async def test_a_form_that_may_not_be_kept_leaves_a_receipt_and_no_copy(world: World) -> None:
    kari = await world.log_in(KARI)
    sent = await _sent(world, kari, "3")
    page = await kari.get(sent)
    assert page.status_code == 200
    assert _WORDS not in page.text
    assert (await kari.get(f"/api{sent}")).status_code == 404
    assert await world.owner.fetchval("SELECT answers || response FROM form.sent") == b""


@pytest.mark.parametrize("arrives", [_is_delivered, _comes_back])
@pytest.mark.parametrize(("code", "is_kept"), [("1", True), ("3", False)])
async def test_its_bytes_are_gone_from_the_outbox_when_it_has_arrived(
    world: World, arrives: Callable[[World], Awaitable[None]], code: str, *, is_kept: bool
) -> None:
    kari = await world.log_in(KARI)
    sent = await _sent(world, kari, code)
    await arrives(world)
    row = await world.owner.fetchrow("SELECT outbox_id, state, resource FROM journal.outbox")
    assert (row["state"], _WORDS.encode() in row["resource"]) == ("received", is_kept)
    assert (row["resource"] == b"") is not is_kept
    # Nothing that looks at it afterwards minds.
    assert await operating.body_of(world.worker, row["outbox_id"]) == row["resource"]
    shown = await operating.one(world.worker, row["outbox_id"])
    assert shown is not None
    assert shown.size == len(row["resource"])
    assert not await operating.retry(world.worker, row["outbox_id"])
    assert await delivery.claim(world.worker, uuid4(), timedelta(seconds=30), 5) == []
    page = await kari.get(sent)
    assert ("Mottatt" in page.text, _WORDS in page.text) == (True, is_kept)


async def test_its_files_leave_with_it_and_stay_nowhere(world: World) -> None:
    (night,) = items()
    night["item"] = [{"linkId": "picture", "type": "attachment", "text": "Bilde"}]
    await asked(world, extension=[_keeps("3")], item=[night])
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    file = ("eske.png", screenshot(), "image/png")
    added = await kari.post(f"{address}/files", data={"field": "1", "step": "0"}, files={"file": file})
    assert added.status_code == 303, added.text
    assert await world.owner.fetchval("SELECT count(*) FROM form.file") == 1
    await send(kari, address)
    assert b'"data"' in await world.owner.fetchval("SELECT resource FROM journal.outbox")
    assert await world.owner.fetchval("SELECT count(*) FROM form.file") == 0
    await _is_delivered(world, b'"data"')
    assert await world.owner.fetchval("SELECT resource FROM journal.outbox") == b""
