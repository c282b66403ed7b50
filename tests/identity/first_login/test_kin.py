"""Whom the journal holds as the citizen's nearest: shown to the citizen alone, and put right by the journal."""

from typing import Any

import msgspec
import pytest

from access.family import JONAS, KARI, MARTE, OLAV, PER, citizen, confidential, nearest, parent
from innsyn.access.first_login.views import Relative, relatives_in
from world import World, utc

_KEY = "0b5b2c1e-2f50-4f0e-9d28-0f5d2a3f7c11"
_OTHER_KEY = "8c1c3a52-6f0f-4d93-a5b0-3a1a1c9d2f10"
PHONE = [{"system": "phone", "value": "+4790000188"}]
_ANSWERS = """
    SELECT i.value, k.answer, o.resource_type, o.resource, o.person_id = k.person_id AS own
    FROM identity.kin_check k JOIN identity.person_identifier i USING (person_id)
    LEFT JOIN journal.outbox o ON o.outbox_id = k.outbox_id ORDER BY k.at
"""


def contact(name: str, relation: str = "", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"name": {"text": name}, "relationship": [{"text": relation}], "telecom": PHONE, **more}


async def test_the_journals_people_are_shown_nearest_first_to_their_own_person(world: World) -> None:
    await world.take(
        citizen(OLAV, contact=[contact("Arne Fossheim", "Nabo med nøkkel")]),
        citizen(MARTE, contact=[contact("Martes nabo")]),
        citizen(KARI),
        nearest(OLAV, KARI),
    )
    olav, marte = await world.log_in(OLAV), await world.log_in(MARTE)
    page = (await olav.get("/start/kin")).text
    assert page.index("Kari Aune") < page.index("Arne Fossheim")
    assert "nærmeste pårørende" in page
    assert ("Nabo med nøkkel" in page, 'href="tel:+4790000188"' in page) == (True, True)
    assert "Martes nabo" not in page
    hers = (await marte.get("/start/kin")).text
    assert ("Martes nabo" in hers, "Arne Fossheim" in hers, "Kari Aune" in hers) == (True, False, False)


async def test_parents_are_named_for_a_child_and_not_for_a_grown_up(world: World) -> None:
    await world.take(
        citizen(JONAS, birthDate="2009-03-02"),
        citizen(MARTE),
        parent(JONAS, MARTE),
        parent(MARTE, OLAV, "far"),
    )
    jonas, marte = await world.log_in(JONAS), await world.log_in(MARTE)
    page = (await jonas.get("/start/kin")).text
    assert ("Marte Aune" in page, "<span>mor</span>" in page) == (True, True)
    assert "Olav Aune" not in (await marte.get("/start/kin")).text


async def test_who_is_over_or_has_a_secret_address_is_not_shown(world: World) -> None:
    await world.take(
        citizen(OLAV, contact=[contact("Tidligere nabo", period={"end": "2020-01-01"})]),
        citizen(KARI, secret="7"),
        nearest(OLAV, KARI),
        nearest(OLAV, MARTE, extension=[confidential("6")]),
        nearest(OLAV, PER, active=False),
    )
    page = (await (await world.log_in(OLAV)).get("/start/kin")).text
    assert [name for name in ("Tidligere nabo", "Kari Aune", "Marte Aune", "Per Aune") if name in page] == []
    assert "ikke skrevet ned noen" in page


@pytest.mark.parametrize("where", ["contact", "address"])
async def test_a_contact_with_a_secret_address_is_not_shown(world: World, where: str) -> None:
    says = {"extension": [confidential("6")]}
    hidden = contact("Marte Aune", "Datter", **(says if where == "contact" else {"address": says}))
    open_ = contact("Arne Fossheim", "Nabo", address={"extension": [confidential("0")]})
    await world.take(citizen(OLAV, contact=[hidden, open_]), citizen(KARI, contact=[contact("Marte Aune")]))
    olavs = (await (await world.log_in(OLAV)).get("/start/kin")).text
    karis = (await (await world.log_in(KARI)).get("/start/kin")).text
    assert ("Marte Aune" in olavs, "Arne Fossheim" in olavs, "Marte Aune" in karis) == (False, True, True)


@pytest.mark.parametrize(
    ("name", "phone", "shown"),
    [
        ("Aune, Marte", "22000000", False),
        ("Marte Helene Aune", "22000000", False),
        ("Datteren", "+47 998 87 766", False),
        ("Marit Aune", "22000000", True),
    ],
)
@pytest.mark.parametrize("registered", [True, False])
async def test_a_contact_who_is_withheld_as_a_relative_is_not_shown(
    world: World, name: str, phone: str, *, shown: bool, registered: bool
) -> None:
    """By the register's word of the person herself, or by the relation's."""
    person = contact(name, telecom=[{"system": "phone", "value": phone}])
    others = citizen(MARTE, secret="7") if registered else citizen(MARTE)
    said = {} if registered else {"extension": [confidential("6")]}
    await world.take(citizen(OLAV, contact=[person, contact("Arne Fossheim")]), others)
    await world.take(nearest(OLAV, MARTE, telecom=[{"system": "phone", "value": "99887766"}], **said))
    await world.take(citizen(KARI, contact=[person]))
    olavs = (await (await world.log_in(OLAV)).get("/start/kin")).text
    assert (name in olavs, phone in olavs, "Arne Fossheim" in olavs) == (shown, shown, True)
    # Nobody is withheld from Kari, and nothing tells her what is from Olav.
    assert name in (await (await world.log_in(KARI)).get("/start/kin")).text


async def test_right_and_later_are_kept_and_nothing_leaves(world: World) -> None:
    await world.take(citizen(OLAV), citizen(MARTE))
    olav = await world.log_in(OLAV)
    for answer in ("later", "right"):
        said = await olav.post("/start/kin", data={"answer": answer, "key": _KEY, "next": "/journal"})
        assert (said.status_code, said.headers["location"]) == (303, "/journal")
    rows = [(row["value"], row["answer"], row["resource"]) for row in await world.owner.fetch(_ANSWERS)]
    assert rows == [(OLAV, "later", None), (OLAV, "right", None)]
    assert "Sist sa du at det stemmer" in (await olav.get("/start/kin")).text
    assert "Sist sa du" not in (await (await world.log_in(MARTE)).get("/start/kin")).text


async def test_what_is_wrong_leaves_for_the_journal_once_in_the_citizens_words(world: World) -> None:
    await world.take(citizen(OLAV), citizen(MARTE))
    olav = await world.log_in(OLAV)
    form = {"answer": "wrong", "text": " Ring Kari, ikke Arne. ", "key": _KEY, "next": "/"}
    for _ in range(2):
        assert (await olav.post("/start/kin", data=form)).headers["location"] == "/"
    first, second = await world.owner.fetch(_ANSWERS)
    assert (first["value"], first["answer"], first["resource_type"], first["own"]) == (
        *(OLAV, "wrong"),
        *("Task", True),
    )
    assert second["resource"] == first["resource"]
    task = msgspec.json.decode(first["resource"])
    assert (task["status"], task["intent"], task["description"]) == (
        "requested",
        "order",
        "Ring Kari, ikke Arne.",
    )
    assert task["for"]["identifier"] == task["requester"]["identifier"]
    assert OLAV not in first["resource"].decode()
    assert await world.owner.fetchval("SELECT count(*) FROM journal.outbox") == 1
    assert "Du har sagt fra at noe er feil" in (await olav.get("/start/kin")).text


@pytest.mark.parametrize(
    "form",
    [
        {"answer": "maybe", "key": _KEY},
        {"answer": "right", "key": "x"},
        {"answer": "wrong", "key": _KEY, "text": "x" * 501},
        {"answer": "wrong", "key": _KEY, "person": _OTHER_KEY},
    ],
)
async def test_what_no_form_of_ours_sends_is_refused(world: World, form: dict[str, str]) -> None:
    olav = await world.log_in(OLAV)
    assert (await olav.post("/start/kin", data=form)).status_code == 400
    assert await world.owner.fetchval("SELECT count(*) FROM identity.kin_check") == 0


def test_what_cannot_be_read_names_nobody_and_each_is_named_once() -> None:
    patient = {"resourceType": "Patient", "contact": [contact("Arne", "Nabo"), contact("Arne", "Nabo")]}
    landed = [b"{", b'{"resourceType":"Patient","contact":7}', msgspec.json.encode(patient)]
    assert relatives_in(landed, utc(2026, 11, 23).date()) == [
        Relative("Arne", "Nabo", "", "+4790000188", nearest=False)
    ]


@pytest.mark.parametrize(
    ("end", "shown"), [("2026", 1), ("2026-11", 1), ("2026-11-23", 1), ("2026-11-22", 0)]
)
def test_a_contact_is_over_after_its_last_day(end: str, shown: int) -> None:
    body = msgspec.json.encode({"resourceType": "Patient", "contact": [contact("Arne", period={"end": end})]})
    assert len(relatives_in([body], utc(2026, 11, 23).date())) == shown
