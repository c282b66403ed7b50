"""Whose messages are whose: row-level security, asked through the pages."""

import httpx
import pytest

from messages.feed.saying import GP, answered, unit, written
from world import KARI, OLA, World, patient, result

_PERMIT = """
    INSERT INTO access.permit (subject_id, actor_id, handle_on, audience, capabilities, valid_from, valid_until,
                               rule, book, origin, origin_id)
    SELECT o.person_id, k.person_id, o.person_id, 16, $3, now() - interval '1 day', now() + interval '1 day',
           'fullmakt', 'x', 'fullmakt', gen_random_uuid()
    FROM identity.person_identifier k, identity.person_identifier o WHERE k.value = $1 AND o.value = $2
"""
_HANDLE = """
    SELECT access.handle_of(s.handle_key, p.handle_on) FROM access.permit p
    JOIN identity.session s ON s.person_id = p.actor_id ORDER BY s.started_at DESC LIMIT 1
"""
_HIDE = """
    INSERT INTO access.hidden (person_id, entry_id, from_audience, by_id)
    SELECT person_id, entry_id, 16, person_id FROM record.entry
"""
_SCHOOL = {"reference": "HealthcareService/school", "display": "Helsesykepleier"}


@pytest.fixture
async def ola(world: World) -> World:
    """Ola has written of three things; Kari of one."""
    only_self = [{"code": {"coding": [{"system": "urn:innsyn:may-write", "code": "self_only"}]}}]
    await world.take(
        patient("kari", KARI, "Kari"),
        patient("ola", OLA, "Ola"),
        unit(),
        unit("school", eligibility=only_self),
        result("r", "ola"),
        written("m", "t", of="ola", topic={"text": "Ola resept"}),
        answered("a", "m", "t", of="ola"),
        written("n", "u", of="ola", topic={"text": "Ola skole"}, recipient=[_SCHOOL]),
        written(
            "o",
            "v",
            of="ola",
            topic={"text": "Ola prove"},
            about=[{"reference": "Observation/r"}],
            recipient=[GP],
        ),
        written("k", "w", topic={"text": "Kari resept"}),
    )
    return world


def _topics(page: httpx.Response) -> set[str]:
    return {topic for topic in ("Ola resept", "Ola skole", "Ola prove", "Kari resept") if topic in page.text}


async def test_each_sees_the_own_and_nobody_elses(ola: World) -> None:
    olas, karis = await ola.log_in(OLA), await ola.log_in(KARI)
    assert _topics(await olas.get("/messages")) == {"Ola resept", "Ola skole", "Ola prove"}
    assert _topics(await karis.get("/messages")) == {"Kari resept"}


async def test_a_helper_sees_what_may_be_read_for_somebody_and_nothing_that_is_only_theirs(
    ola: World,
) -> None:
    await ola.owner.execute(_PERMIT, KARI, OLA, 3)
    kari = await ola.log_in(KARI)
    path = f"/for/{await ola.owner.fetchval(_HANDLE)}/messages"
    assert _topics(await kari.get(path)) == {"Ola resept", "Ola prove"}
    threads = await ola.owner.fetch("SELECT thread_id, topic FROM message.thread")
    told = {row["topic"]: (await kari.get(f"{path}/{row['thread_id']}")).status_code for row in threads}
    assert told == {"Ola resept": 200, "Ola prove": 200, "Ola skole": 404, "Kari resept": 404}
    # What quotes an entry is for those who may see it.
    await ola.owner.execute(_HIDE)
    assert _topics(await kari.get(path)) == {"Ola resept"}
    assert _topics(await (await ola.log_in(OLA)).get("/messages")) == {"Ola resept", "Ola skole", "Ola prove"}


async def test_a_thread_of_a_unit_that_has_not_come_yet_is_the_persons_own(ola: World) -> None:
    await ola.owner.execute(_PERMIT, KARI, OLA, 3)
    later = {"reference": "HealthcareService/later", "display": "Hudlegen"}
    await ola.take(written("p", "x", of="ola", topic={"text": "Ola hud"}, recipient=[later]))
    kari, olas = await ola.log_in(KARI), await ola.log_in(OLA)
    path = f"/for/{await ola.owner.fetchval(_HANDLE)}/messages"
    assert ("Ola hud" in (await olas.get("/messages")).text, "Ola hud" in (await kari.get(path)).text) == (
        True,
        False,
    )
    await ola.take(unit("later"))
    assert "Ola hud" in (await kari.get(path)).text


async def test_a_helper_who_only_reads_the_journal_sees_no_message(ola: World) -> None:
    await ola.owner.execute(_PERMIT, KARI, OLA, 1)
    kari = await ola.log_in(KARI)
    path = f"/for/{await ola.owner.fetchval(_HANDLE)}/messages"
    assert _topics(await kari.get(path)) == set()
    for row in await ola.owner.fetch("SELECT thread_id FROM message.thread"):
        assert (await kari.get(f"{path}/{row['thread_id']}")).status_code in {403, 404}
