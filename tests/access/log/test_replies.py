"""What a unit answers to "why did you look", beside the question and for whoever asked it."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from access.log_filled import A_STRANGER, filled, lines, links
from world import KARI, OLA, World

SAID = "Vi fulgte opp prøvesvaret ditt.\n<b>Ring</b> oss gjerne."


async def asked(world: World, number: str, lookup: str) -> UUID:
    """A question about these look-ups, as it stands in the outbox."""
    outbox_id = uuid4()
    await world.owner.execute(
        "INSERT INTO journal.outbox (person_id, outbox_id, author_id, conversation, number, resource_type, resource, "
        "key) SELECT person_id, $2, person_id, $3, 1, 'Task', '{}', $2 "
        "FROM identity.person_identifier WHERE value = $1",
        number, outbox_id, UUID(lookup),
    )  # fmt: skip
    return outbox_id


def task(question: str, of: str, status: str, *words: str, sent_as: UUID | None = None) -> dict[str, Any]:
    own = [{"system": "urn:innsyn:outbox", "value": str(sent_as)}] if sent_as else []
    return {
        "resourceType": "Task",
        "id": "answer",
        "identifier": [*own, {"system": "urn:innsyn:request", "value": question}],
        "status": status,
        "intent": "order",
        "for": {"reference": f"Patient/{of}"},
        "output": [{"type": {"text": "Svar"}, "valueString": each} for each in words],
    }


@pytest.mark.parametrize(
    ("status", "words", "told"),
    [
        ("requested", (), "mottatt av journalen"),
        ("accepted", (), "de arbeider med svaret"),
        ("completed", (SAID,), "besvart"),
        ("rejected", ("Nei.",), "de svarer ikke på det"),
    ],
)
async def test_what_became_of_a_question_is_told_with_the_words_of_the_unit(
    world: World, status: str, words: tuple[str, ...], told: str
) -> None:
    kari, ola = await filled(world), await world.log_in(OLA)
    address = links((await kari.get("/access/log")).text)[A_STRANGER]
    lookup = address.rpartition("/")[2]
    out = await asked(world, KARI, lookup)
    assert "Du har spurt hvorfor: venter hos oss" in lines((await kari.get("/access/log")).text)[0]
    await world.take(task(lookup, "kari", status, *words, sent_as=out))
    assert f"Du har spurt hvorfor: {told}" in lines((await kari.get("/access/log")).text)[0]
    page = (await kari.get(address)).text
    assert ("&lt;b&gt;Ring&lt;/b&gt; oss gjerne." in page) == (SAID in words)
    assert "<b>Ring" not in page
    assert await world.owner.fetchval("SELECT state FROM journal.outbox") == "received"
    assert "prøvesvaret" not in (await ola.get("/access/log")).text
    assert (await ola.get(address)).status_code == 404


async def test_an_answer_about_somebody_else_answers_nothing(world: World) -> None:
    kari = await filled(world)
    lookup = links((await kari.get("/access/log")).text)[A_STRANGER].rpartition("/")[2]
    out = await asked(world, KARI, lookup)
    await world.take(task(lookup, "ola", "completed", SAID, sent_as=out))
    assert "venter hos oss" in lines((await kari.get("/access/log")).text)[0]
    assert await world.owner.fetchval("SELECT state FROM journal.outbox") == "queued"


async def test_what_was_not_confirmed_is_not_said_to_have_failed(world: World) -> None:
    kari = await filled(world)
    lookup = links((await kari.get("/access/log")).text)[A_STRANGER].rpartition("/")[2]
    await asked(world, KARI, lookup)
    await world.owner.execute("UPDATE journal.outbox SET state = 'dead', unsure = true")
    assert "sendt, men vi vet ikke om det kom fram" in lines((await kari.get("/access/log")).text)[0]
    assert "Ikke bekreftet: spørsmålet ditt om et oppslag" in (await kari.get("/")).text
