"""A Communication that is a whole thread, as MedCom sends it; and their own examples, where they are."""

from base64 import b64encode
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from innsyn.journal.bundles import Load, entries_in
from messages.feed.saying import messages, threads, uuid
from world import KARI, OLA, World, patient

WHERE = Path(__file__).resolve().parents[4] / "shared" / "data" / "medcom-carecommunication"
_EXTENSION = "http://medcomfhir.dk/ig/core/StructureDefinition/medcom-core-"
_ROLE = {"reference": "PractitionerRole/nurse"}
_WARD = {"resourceType": "Organization", "id": "ward", "name": "Hjerteafdelingen"}
_NURSE = {
    "resourceType": "PractitionerRole",
    "id": "nurse",
    "practitioner": {"reference": "Practitioner/michael"},
    "organization": {"reference": "Organization/ward"},
    "code": [{"text": "Sygeplejerske"}],
}
_MICHAEL = {
    "resourceType": "Practitioner",
    "id": "michael",
    "name": [{"given": ["Michael"], "family": "Burns"}],
}


def segment(name: str, at: str = "2026-08-24T12:00:00+02:00", **content: Any) -> dict[str, Any]:  # noqa: ANN401
    """A part of a thread: a text or a file, each with its own name and time."""
    told = (
        {"url": f"{_EXTENSION}datetime-extension", "valueDateTime": at},
        {
            "url": f"{_EXTENSION}identifier-extension",
            "valueIdentifier": {
                "value": f"urn:uuid:{uuid(name)}",
                "assigner": {"reference": "Organization/ward"},
            },
        },
        {"url": f"{_EXTENSION}practitioner-extension", "valueReference": _ROLE},
    )
    return {"extension": list(told), **content}


def thread(id_: str, *segments: dict[str, Any], name: str = "thread", of: str = "kari") -> dict[str, Any]:
    """The Communication of a thread with what it has so far."""
    return {
        "resourceType": "Communication",
        "id": id_,
        "identifier": [{"value": f"urn:uuid:{uuid(name)}"}],
        "status": "unknown",
        "subject": {"reference": f"Patient/{of}"},
        "topic": {"text": "Resultater"},
        "payload": list(segments),
    }


async def test_each_part_is_a_message_once_in_however_many_bundles_it_comes(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"), _WARD, _NURSE, _MICHAEL)
    first = segment("one", contentString="Vi ønsker\ninformation.")
    file = {"contentType": "application/pdf", "title": "Oversigt", "data": b64encode(b"%PDF-1.7").decode()}
    with_file = segment("file", contentAttachment=file)
    again = segment("one", contentString="Vi ønsker information.")
    reply = segment("two", "2026-08-24T12:30:00+02:00", contentString="Og et røntgen.")
    await world.take(
        thread("a", first, with_file), thread("b", again, with_file, reply), thread("c", first, of="ola")
    )
    await world.take({**thread("a", first, with_file), "language": "da"}, version=2)
    assert await threads(world, "thread_id", "unit", "topic", "started_by", "standing", "messages") == [
        ("Kari", uuid("thread"), "Hjerteafdelingen", "Resultater", "unit", "", 2),
        ("Ola", uuid("thread"), "Hjerteafdelingen", "Resultater", "unit", "", 1),
    ]
    assert await messages(world, "author", "version", "sent_at") == [
        ("Kari", "Michael Burns, Sygeplejerske", 1, datetime(2026, 8, 24, 10, tzinfo=UTC)),
        ("Kari", "Michael Burns, Sygeplejerske", 1, datetime(2026, 8, 24, 10, 30, tzinfo=UTC)),
        ("Ola", "Michael Burns, Sygeplejerske", 1, datetime(2026, 8, 24, 10, tzinfo=UTC)),
    ]
    files = await world.owner.fetch(
        "SELECT a.name, m.text FROM message.attachment a JOIN message.message m USING (person_id, message_id)"
    )
    assert [row["name"] for row in files] == ["Oversigt"]
    assert {row["text"].split()[0] for row in files} == {"Vi"}


@pytest.mark.skipif(not WHERE.is_dir(), reason="their examples are not here")
async def test_their_own_examples_have_the_threads_and_messages_that_they_tell_of(world: World) -> None:
    load = Load("medcom", datetime(2026, 11, 20, tzinfo=UTC), count(1))
    tally = None
    for path in sorted(WHERE.glob("Bundle-*.json")):
        for _ in range(2):
            taken = await world.intake.take(list(entries_in(path.read_bytes(), load)))
            tally = tally or taken
            tally.add(taken)
    assert tally is not None
    assert [bad.kind for bad in tally.quarantined if bad.kind == "Communication"] == []
    rows = await world.owner.fetch(
        "SELECT thread_id::text AS thread, topic, messages FROM message.thread ORDER BY started_at, thread_id"
    )
    assert sorted((row["thread"][:8], row["messages"]) for row in rows) == [
        ("06a106f9", 2),
        ("1b1cf143", 1),
        ("3fab3414", 1),
        ("5fdc8520", 1),
        ("7d14612c", 1),
        ("a6be8e47", 1),
        ("afe59274", 1),
        ("b2eb3d0e", 1),
        ("b84738c1", 1),
        ("bb5aba27", 2),
        ("d6d721a1", 2),
        ("eca85df4", 1),
    ]
    assert {row["topic"] for row in rows if row["thread"][:8] == "7d14612c"} == {"Kritisk tilstand"}
    found = await world.owner.fetch(
        "SELECT DISTINCT author, unit, side, version FROM message.message WHERE thread_id::text LIKE 'd6d721a1%'"
    )
    assert [(row["side"], row["version"], bool(row["author"]), bool(row["unit"])) for row in found] == [
        ("unit", 1, True, True)
    ]
    kept = await world.owner.fetch(
        "SELECT scan, substring(body FROM 1 FOR 4) AS begins FROM message.attachment"
    )
    assert [(row["scan"], row["begins"]) for row in kept] == [("waiting", b"%PDF")]
