"""What is hidden leaves no trace for whom it is hidden from, and everything for everybody else."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from access.family import JONAS, MARTE, certificate, citizen, nearest, parent, youth_access
from access.fullmakt.giving import given
from access.wishes.people import base, everything, permit, person
from innsyn.access.audience import Audience
from innsyn.records.own_wishes.applying import catch_up
from world import KARI, OLA, World, patient, result

VACCINATION = {
    "resourceType": "Immunization",
    "id": "hpv",
    "status": "completed",
    "patient": {"reference": "Patient/jonas"},
    "vaccineCode": {"text": "HPV-vaksine"},
    "occurrenceDateTime": "2026-10-01",
}


def report(*parts: str) -> dict[str, Any]:
    return {
        "resourceType": "DiagnosticReport",
        "id": "report",
        "status": "final",
        "category": [{"coding": [{"code": "LAB"}]}],
        "code": {"text": "Infeksjonsprøver"},
        "subject": {"reference": "Patient/kari"},
        "effectiveDateTime": "2026-11-20",
        "result": [{"reference": f"Observation/{part}"} for part in parts],
    }


@pytest.fixture
async def helped(world: World) -> World:
    """Ola helps Kari."""
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    await permit(world, "Ola", "Kari", Audience.HELPER)
    await world.take(result("seen", "kari", "Ferritin"))
    return world


async def entry_of(browser: httpx.AsyncClient, title: str) -> str:
    [line] = (await browser.get("/api/entries", params={"q": title})).json()["entries"]
    return str(line["id"])


async def titles(browser: httpx.AsyncClient, record: str) -> list[str]:
    entries = (await browser.get(f"{record}/api/entries")).json()["entries"]
    return [line["title"] for line in entries]


async def test_a_helper_never_meets_it_and_its_owner_always_does(helped: World) -> None:
    kari, ola = await helped.log_in(KARI), await helped.log_in(OLA)
    # The helper's site before there was anything, and with it hidden.
    before = await everything(ola, await base(ola), str(uuid4()))
    await helped.take(result("a", "kari", "CRP", 98765, effectiveDateTime="2026-10-01"))
    entry = await entry_of(kari, "CRP")
    assert b"98765" in b"".join(await everything(ola, await base(ola), entry))
    hidden = await kari.post("/access/hide", data={"entry_id": entry})
    assert hidden.headers["location"] == "/access/hidden?done=hidden"
    after = await everything(ola, await base(ola), entry)
    assert after == before
    assert b"98765" in b"".join(await everything(kari, "", entry))
    assert "CRP" in (await kari.get("/access/hidden")).text
    assert "CRP" not in (await ola.get("/access/hidden")).text

    # Only Kari can show it again.
    assert (await ola.post("/access/show-again", data={"entry_id": entry})).status_code == 404
    again = await kari.post("/access/show-again", data={"entry_id": entry})
    assert again.headers["location"] == "/access/hidden?done=shown"
    assert b"98765" in b"".join(await everything(ola, await base(ola), entry))
    assert "CRP" not in (await kari.get("/access/hidden")).text


async def test_a_part_takes_its_whole_and_all_other_parts_with_it_also_those_that_come(helped: World) -> None:
    kari, ola = await helped.log_in(KARI), await helped.log_in(OLA)
    before = await everything(ola, await base(ola))
    await helped.take(report("a", "b", "c"), result("a", "kari", "CRP"), result("b", "kari", "CRP 2"))
    part = (await kari.get("/api/entries", params={"q": "CRP"})).json()["entries"]
    await kari.post("/access/hide", data={"entry_id": part[0]["id"]})
    assert await everything(ola, await base(ola)) == before
    # One that was claimed, and one that a later version of the report claims.
    await helped.take(result("c", "kari", "CRP 3"))
    await helped.take(result("d", "kari", "CRP 4"), report("a", "b", "c", "d"))
    assert await everything(ola, await base(ola)) == before
    # On the list it is one thing, and it comes back as one.
    listed = (await kari.get("/access/hidden")).text
    assert listed.count('name="entry_id"') == 1
    assert "Infeksjonsprøver" in listed
    whole = await entry_of(kari, "Infeksjonsprøver")
    await kari.post("/access/show-again", data={"entry_id": whole})
    assert await helped.owner.fetchval("SELECT count(*) FROM access.hidden") == 0


async def test_a_part_that_came_while_it_was_being_hidden_is_found_by_the_worker(helped: World) -> None:
    kari, ola = await helped.log_in(KARI), await helped.log_in(OLA)
    before = await everything(ola, await base(ola))
    await helped.take(report("a", "b"), result("a", "kari", "CRP"))
    await kari.post("/access/hide", data={"entry_id": await entry_of(kari, "Infeksjonsprøver")})
    # As if the batch with it had been written at that very moment.
    await helped.take(result("b", "kari", "CRP 2"))
    part = await helped.owner.fetchval(
        "DELETE FROM access.hidden WHERE entry_id IN (SELECT member_id FROM record.claim) RETURNING 1"
    )
    assert part == 1
    assert await catch_up(helped.worker) == 1
    assert await everything(ola, await base(ola)) == before


async def test_the_young_hide_from_their_parents(helped: World) -> None:
    kari, ola = await helped.log_in(KARI), await helped.log_in(OLA)
    # Kari is fifteen, and Ola her father.
    await helped.owner.execute("UPDATE identity.person SET own_permits = true WHERE given_name = 'Kari'")
    await helped.owner.execute("DELETE FROM access.permit")
    await permit(helped, "Kari", "Kari", Audience.YOUTH)
    await permit(helped, "Ola", "Kari", Audience.PARENT_OF_YOUTH)
    entry = await entry_of(kari, "Ferritin")
    assert "Foreldrene dine ser det ikke" in (await kari.get(f"/access/hide/{entry}")).text
    await kari.post("/access/hide", data={"entry_id": entry})
    seen = b"".join(await everything(ola, await base(ola), entry))
    assert b"Ferritin" not in seen
    assert b"Ferritin" in b"".join(await everything(kari, "", entry))
    row = await helped.owner.fetchrow("SELECT person_id, by_id, from_audience FROM access.hidden")
    karis = await person(helped, "Kari")
    everybody = Audience.PARENT_OF_CHILD | Audience.PARENT_OF_YOUTH | Audience.HELPER
    assert tuple(row) == (karis, karis, int(everybody))


@pytest.fixture
async def hers(world: World) -> tuple[World, httpx.AsyncClient]:
    """Jonas is thirteen, and has hidden a vaccination; his mother, logged in, does not see it."""
    await world.take(citizen(JONAS), citizen(MARTE))
    await world.take(parent(JONAS, MARTE), youth_access(JONAS, "2026-05-01"), VACCINATION)
    jonas, marte = await world.log_in(JONAS), await world.log_in(MARTE)
    await jonas.post("/access/hide", data={"entry_id": await entry_of(jonas, "HPV-vaksine")})
    assert await titles(marte, await base(marte)) == []
    assert await titles(jonas, "") == ["HPV-vaksine"]
    return world, marte


async def test_what_the_young_hid_stays_hidden_from_a_parent_with_a_certificate(
    hers: tuple[World, httpx.AsyncClient],
) -> None:
    world, marte = hers
    await world.take(nearest(JONAS, MARTE, id="nearest"), certificate(JONAS, MARTE, "2026-06-01"))
    rules = "SELECT rule FROM access.permit WHERE audience = 16 AND now() BETWEEN valid_from AND valid_until"
    assert [row["rule"] for row in await world.owner.fetch(rules)] == ["relative.certificate"]
    assert await titles(marte, await base(marte)) == []


async def test_what_the_young_hid_stays_hidden_from_a_parent_who_is_given_access_later(
    hers: tuple[World, httpx.AsyncClient],
) -> None:
    world, marte = hers
    await world.take(citizen(JONAS, birthDate="2010-03-02"))
    jonas = await world.log_in(JONAS)
    await given(jonas, marte, "Jonas Aune")
    assert await titles(marte, await base(marte)) == []
    # What his list says of it is so.
    listed = (await jonas.get("/access/hidden")).text
    assert ("Dette ser ikke de du har gitt tilgang" in listed, "HPV-vaksine" in listed) == (True, True)
    await jonas.post("/access/show-again", data={"entry_id": await entry_of(jonas, "HPV-vaksine")})
    assert await titles(marte, await base(marte)) == ["HPV-vaksine"]


async def test_nobody_hides_in_the_record_of_another(helped: World) -> None:
    kari, ola = await helped.log_in(KARI), await helped.log_in(OLA)
    entry = await entry_of(kari, "Ferritin")
    before = await base(ola)
    for address in ("/access/hide", f"{before}/access/hide"):
        assert (await ola.post(address, data={"entry_id": entry})).status_code == 404
    unknown = await ola.get(f"/access/hide/{uuid4()}")
    karis = await ola.get(f"/access/hide/{entry}")
    assert (karis.status_code, karis.content) == (unknown.status_code, unknown.content)
    assert await helped.owner.fetchval("SELECT count(*) FROM access.hidden") == 0
