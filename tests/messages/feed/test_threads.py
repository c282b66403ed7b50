"""Messages from the feed: in any order, twice, corrected, recalled, handed on; and never in anybody else's thread."""

import itertools
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from messages.feed.saying import answered, messages, named, threads, told, unit, uuid, written
from world import KARI, OLA, Resource, World, patient

_NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
_REST = "message.message, message.told, message.thread, message.unit, journal.resource, journal.waiting"


@pytest.fixture
async def two(world: World) -> World:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    return world


async def test_a_thread_is_the_same_in_every_order_at_once_one_by_one_and_twice(two: World) -> None:
    said = [unit(), written("m"), told("read"), answered("a")]
    expected = [
        ("Kari", "Nordli legesenter", "question", "Resept", "citizen", "unit", "answered", 2),
    ]
    columns = ("unit", "kind", "topic", "started_by", "last_side", "standing", "messages")
    for order in itertools.permutations(said):
        await two.owner.execute(f"TRUNCATE {_REST} CASCADE")
        for each in order:
            await two.take(each)
        assert await threads(two, *columns) == expected, [each["id"] for each in order]
        before = await two.owner.fetch("SELECT * FROM message.message ORDER BY message_id")
        await two.take(*order)
        assert await threads(two, *columns) == expected
        assert await two.owner.fetch("SELECT * FROM message.message ORDER BY message_id") == before


@pytest.mark.parametrize(
    ("said", "standing", "at"),
    [
        ([written("m")], "", None),
        ([written("m"), told("read")], "read", _NOON),
        ([written("m"), told("read", at="2026-11-20T09:00:00Z")], "", None),
        (
            [written("m"), answered("a"), written("n", at="2026-11-22T08:00:00Z")],
            "",
            None,
        ),
        (
            [written("m"), answered("a"), told("closed", status="completed", at="2026-11-20T12:00:00Z")],
            "closed",
            _NOON,
        ),
        (
            [
                written("m"),
                told("closed", status="completed", at="2026-11-20T12:00:00Z"),
                written("n", at="2026-11-22T08:00:00Z"),
            ],
            "",
            None,
        ),
        ([answered("a", inResponseTo=[])], "", None),
    ],
    ids=(
        "sent",
        "read",
        "read before",
        "written again",
        "closed",
        "written after it was closed",
        "begun there",
    ),
)
async def test_a_thread_stands_by_what_was_last_of_what_the_citizen_wrote(
    two: World, said: list[dict[str, Any]], standing: str, at: datetime | None
) -> None:
    await two.take(*said)
    assert await threads(two, "standing", "standing_at") == [("Kari", standing, at)]


async def test_what_is_handed_on_is_with_the_one_who_has_it_now(two: World) -> None:
    other = {"reference": "HealthcareService/heart", "display": "Hjertepoliklinikken"}
    await two.take(written("m"), told("handed_on", status="in-progress", owner=other))
    assert await threads(two, "unit", "handed_to", "handed_to_ref", "standing") == [
        ("Kari", "Nordli legesenter", "Hjertepoliklinikken", "HealthcareService/heart", "handed_on")
    ]


async def test_a_forward_is_a_message_of_the_thread_that_says_who_has_it(two: World) -> None:
    other = {"reference": "HealthcareService/heart", "display": "Hjertepoliklinikken"}
    await two.take(written("m"), answered("f", recipient=[other], text="Dette er for dere."))
    assert await threads(two, "handed_to", "standing", "messages", "answered_at") == [
        ("Kari", "Hjertepoliklinikken", "handed_on", 2, None)
    ]


async def test_the_outcome_is_told_in_the_units_words(two: World) -> None:
    note = [{"type": {"text": "note"}, "valueString": "Rettet: det var venstre kne."}]
    await two.take(written("m"), told("closed", status="completed", output=note))
    assert await threads(two, "standing", "outcome") == [("Kari", "closed", "Rettet: det var venstre kne.")]
    await two.take(
        told(
            "closed", status="rejected", statusReason={"text": "Det står riktig"}, at="2026-11-21T12:00:00Z"
        ),
        version=2,
    )
    assert await threads(two, "standing", "outcome") == [("Kari", "closed", "Det står riktig")]


async def test_a_correction_says_what_it_said_before(two: World) -> None:
    await two.take(written("m"), answered("a"), version=1)
    await two.take(answered("a", text="Den er  sendt.\n"), version=2)
    assert await messages(two, "version", "corrected_at") == [("Kari", 1, None), ("Kari", 1, None)]
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    await two.take(answered("a", text="Den er ikke sendt."), version=3, now=now)
    assert (await messages(two, "version", "text", "corrected_at"))[1] == (
        "Kari",
        2,
        "Den er ikke sendt.",
        now,
    )
    before = await two.owner.fetch("SELECT version, text, until FROM message.message_before")
    assert [tuple(row) for row in before] == [(1, "Den er  sendt.", now)]
    await two.take(answered("a", text="Den er  sendt.\n"), version=2)
    assert (await messages(two, "text"))[1] == ("Kari", "Den er ikke sendt.")


async def test_a_recalled_message_stays_without_what_it_said(two: World) -> None:
    await two.take(written("m"), answered("a"), version=1)
    await two.take(answered("a", text="Noe annet"), version=2)
    await two.take(answered("a", text="Noe annet", status="entered-in-error"), version=3)
    assert await messages(two, "text", "is_recalled") == [
        ("Kari", "Kan jeg få ny resept?", False),
        ("Kari", "", True),
    ]
    assert await two.owner.fetchval("SELECT count(*) FROM message.message_before") == 0
    assert await threads(two, "standing", "last_side", "messages") == [("Kari", "", "citizen", 2)]
    await two.take(written("n", "u", status="entered-in-error"))
    assert len(await threads(two, "topic")) == 1


async def test_a_deleted_message_is_nowhere_and_its_thread_with_it(two: World) -> None:
    await two.take(written("m"), answered("a"), written("x", "u", of="ola"), version=1)
    await two.delete("Communication", "a", 2)
    assert await threads(two, "messages", "standing") == [("Kari", 1, ""), ("Ola", 1, "")]
    await two.delete("Communication", "m", 2)
    assert await threads(two, "messages") == [("Ola", 1)]


async def test_the_same_message_in_two_resources_is_one(two: World) -> None:
    again = {**written("m", text="Kan jeg få ny  resept?"), "id": "copy"}
    await two.take(written("m"), again)
    await two.take({**again, "id": "third"})
    assert await threads(two, "messages") == [("Kari", 1)]
    assert await messages(two, "version") == [("Kari", 1)]


async def test_a_message_said_of_somebody_else_is_taken_from_the_first_and_given_to_nobody(
    two: World,
) -> None:
    await two.take(written("m"), version=1)
    tally = await two.take(written("m", of="ola"), version=2)
    assert [bad.reason for bad in tally.quarantined] == ["moved_to_another_person"]
    assert await threads(two, "topic") == []


async def test_two_people_who_use_the_same_names_have_a_thread_each(two: World) -> None:
    await two.take(written("m"), {**written("m", of="ola", text="Min egen"), "id": "other"})
    assert await messages(two, "text", "thread_id") == [
        ("Kari", "Kan jeg få ny resept?", uuid("t")),
        ("Ola", "Min egen", uuid("t")),
    ]


async def test_without_a_thread_of_its_own_it_is_in_that_of_what_it_answers(two: World) -> None:
    first = {**written("m"), "partOf": []}
    second = {**answered("a", "m"), "partOf": []}
    third = {
        **written("b", inResponseTo=[{"identifier": named("a")}], at="2026-11-22T10:00:00Z"),
        "partOf": [],
    }
    by_id = {**answered("c"), "partOf": [], "inResponseTo": [{"reference": "Communication/b"}]}
    for order in itertools.permutations((first, second, third, by_id)):
        await two.owner.execute(f"TRUNCATE {_REST} CASCADE")
        for each in order:
            await two.take(each)
        found = await messages(two, "thread_id")
        assert found == [("Kari", uuid("m"))] * 4, [each["id"] for each in order]


async def test_a_message_goes_where_its_patient_goes(two: World) -> None:
    twin = {**patient("twin", "", "Kari"), "identifier": []}
    pdf = {"contentType": "application/pdf", "title": "Svar", "data": b64encode(b"%PDF-1.7").decode()}
    payload = [{"contentString": "Se vedlegget"}, {"contentAttachment": pdf}]
    await two.take(
        twin, written("m", of="twin"), answered("a", of="twin", payload=payload), told("read", of="twin")
    )
    into = [{"other": {"reference": "Patient/kari"}, "type": "replaced-by"}]
    await two.take({**twin, "link": into}, version=2)
    kari = await two.owner.fetchval("SELECT person_id FROM identity.person_identifier WHERE value = $1", KARI)
    for table in ("message", "thread", "told", "attachment"):
        rows = await two.owner.fetch(f"SELECT DISTINCT person_id FROM message.{table}")  # noqa: S608
        assert [row["person_id"] for row in rows] == [kari], table
    assert await threads(two, "messages", "standing") == [("Kari", 2, "answered")]


async def test_files_wait_until_somebody_has_looked_and_another_one_is_another(two: World) -> None:
    def with_file(data: bytes) -> Resource:
        told_of = {"contentType": "image/png", "title": "Bilde", "data": b64encode(data).decode()}
        return answered("a", payload=[{"contentString": "Se bildet"}, {"contentAttachment": told_of}])

    await two.take(written("m"), with_file(b"one"), version=1)
    rows = await two.owner.fetch("SELECT name, scan, body FROM message.attachment")
    assert [tuple(row) for row in rows] == [("Bilde", "waiting", b"one")]
    await two.owner.execute("UPDATE message.attachment SET scan = 'clean', body = 'seen', size = 4")
    await two.take({**with_file(b"one"), "language": "nb"}, version=2)
    assert await two.owner.fetchval("SELECT body FROM message.attachment") == b"seen"
    await two.take(with_file(b"two"), version=3)
    assert [row["body"] for row in await two.owner.fetch("SELECT body FROM message.attachment")] == [b"two"]


async def test_what_cannot_be_a_message_is_not_one(two: World) -> None:
    tally = await two.take(
        written("draft", status="preparation"),
        written("empty", payload=[]),
        written("long", text="a" * 1_000_001),
    )
    assert [bad.reason for bad in tally.quarantined] == ["message_too_long"]
    assert tally.not_shown == {"not_sent": 1, "empty_message": 1} or tally.not_shown.total() == 2
    assert await threads(two, "topic") == []


async def test_old_messages_are_no_news_and_new_ones_are(two: World) -> None:
    now = datetime(2026, 11, 21, 9, tzinfo=UTC)
    await two.take(written("m"), answered("a"), now=now)
    long_ago = "2026-10-01T08:00:00Z"
    await two.take(
        written("x", "old", at=long_ago), answered("y", "x", "old", at="2026-10-02T08:00:00Z"), now=now
    )
    assert sorted(await threads(two, "news_at"), key=str) == [("Kari", None), ("Kari", now)]


async def test_a_unit_says_how_one_writes_to_it(two: World) -> None:
    template = {
        "url": "urn:innsyn:message-template",
        "extension": [
            {"url": "kind", "valueCode": "prescription"},
            {"url": "text", "valueString": "Hvilken medisin:"},
        ],
    }
    clinic = unit(
        extension=[template],
        characteristic=[
            {"coding": [{"system": "urn:innsyn:message-promise", "code": "working-days", "display": "5"}]}
        ],
        availableTime=[
            {"daysOfWeek": ["mon"], "availableStartTime": "08:00:00", "availableEndTime": "15:30:00"}
        ],
        extraDetails="Ikke for det som haster.",
    )
    await two.take(clinic, unit("ward", type=[]), version=1)
    rows = await two.owner.fetch(
        "SELECT id, kinds, may_write, promise, about, is_active FROM message.unit ORDER BY id"
    )
    assert [tuple(row) for row in rows] == [
        ("gp", ["question", "prescription"], "everyone", 5, "Ikke for det som haster.", True),
        ("ward", [], "everyone", None, "", False),
    ]
    told_of = await two.owner.fetchrow("SELECT opening, templates FROM message.unit WHERE id = 'gp'")
    assert bytes(told_of["opening"]) == b'{"hours":[{"days":["mon"],"begins":"08:00","ends":"15:30"}]}'
    assert bytes(told_of["templates"]) == b'{"prescription":"Hvilken medisin:"}'
    await two.take(unit(type=[]), version=2)
    assert await two.owner.fetchval("SELECT is_active FROM message.unit WHERE id = 'gp'") is False


async def test_a_clock_that_goes_ahead_does_not_put_a_message_before_all_later_ones(two: World) -> None:
    now = datetime(2026, 11, 20, 11, tzinfo=UTC)
    await two.take(written("m", at="2031-01-01T00:00:00Z"), now=now)
    assert await messages(two, "sent_at") == [("Kari", now)]
    await two.take(answered("a", at=(now + timedelta(hours=1)).isoformat()), now=now + timedelta(hours=2))
    assert (await threads(two, "standing"))[0] == ("Kari", "answered")
