"""What comes back, is asked anew, or waits when somebody gets access: told as often as there is something to tell."""

from datetime import datetime
from typing import Any

from access.fullmakt.giving import claimed as code_used
from access.fullmakt.giving import code_for, drafted, given, moved
from access.permits import permit, person_of
from forms.tasks.asking import asked, form
from notifications.telling import DAY, MARTE, Devices, claimed, devices, now, people, queued
from notifications.test_pages import listed
from world import KARI, Resource, World, result


def appointment(at: datetime, status: str = "booked", of: str = "kari") -> Resource:
    """An appointment of this person."""
    return {
        "resourceType": "Appointment",
        "id": f"of-{of}",
        "status": status,
        "start": at.isoformat(),
        "participant": [{"actor": {"reference": f"Patient/{of}"}, "status": "accepted"}],
    }


async def told(world: World, there: Devices) -> list[str]:
    """The numbers of those who are told of something now."""
    by_id = {await person_of(world, number): number for number in (KARI, MARTE)}
    return sorted(by_id[each.receiver_id] for each in await claimed(world, there))


async def test_an_appointment_that_goes_back_is_told_of_each_time_that_it_is_another(world: World) -> None:
    await people(world)
    await permit(world, MARTE, KARI, kinds=["encounters"])
    there = await devices(world, KARI, MARTE)
    tuesday, wednesday = ((now() + days * DAY).replace(microsecond=0) for days in (5, 6))
    both: list[str] = [KARI, MARTE]
    said = [
        (appointment(tuesday), both),
        (appointment(wednesday), both),
        (appointment(tuesday), both),
        # The same in another version.
        ({**appointment(tuesday), "comment": "Ta med legemiddelliste"}, []),
        (appointment(tuesday, "cancelled"), both),
        (appointment(tuesday), both),
        (appointment(wednesday, of="marte"), [MARTE]),
    ]
    got = []
    for version, (resource, _) in enumerate(said, 1):
        await world.take(resource, version=version)
        got.append(await told(world, there))
    assert got == [expected for _, expected in said]


async def test_what_was_moved_before_anybody_was_told_is_told_of_as_it_is_and_again_when_it_goes_back(
    world: World,
) -> None:
    await people(world)
    there = await devices(world, KARI, MARTE)
    tuesday, wednesday = ((now() + days * DAY).replace(microsecond=0) for days in (5, 6))
    await world.take(appointment(tuesday), version=1)
    await world.take(appointment(wednesday), version=2)
    assert await queued(world) == [(KARI, KARI, "appointment", "queued", "")]
    got = [await told(world, there)]
    for version, at in ((3, wednesday), (4, tuesday)):
        await world.take(appointment(at), version=version)
        got.append(await told(world, there))
    assert got == [[KARI], [], [KARI]]


async def test_a_form_that_was_written_long_ago_and_is_asked_today_is_news(world: World) -> None:
    kari, marte = await people(world)
    old = (now() - 10 * DAY).isoformat()
    await world.take(form(), asked(status="draft", authoredOn=old), version=1)
    assert await queued(world) == []
    await world.take(asked(authoredOn=old), version=2)
    assert [words for _, words, _ in await listed(kari)] == ["Nytt skjema å fylle ut"]
    assert (await listed(marte), await queued(world)) == ([], [(KARI, KARI, "form", "queued", "")])


async def test_a_form_that_was_asked_long_ago_is_none(world: World) -> None:
    await people(world)
    await world.take(form(), asked(authoredOn=(now() - 10 * DAY).isoformat()), now=now() - 8 * DAY)
    assert await queued(world) == []


async def test_a_form_that_is_asked_anew_is_told_of_anew_and_one_that_is_only_written_anew_is_not(
    world: World,
) -> None:
    await people(world)
    there = await devices(world, KARI, MARTE)
    first, again = (now() - 5 * DAY).isoformat(), now().isoformat()
    await world.take(form())
    said = [
        (asked(authoredOn=first), [KARI]),
        (asked(authoredOn=first, description="Om søvn"), []),
        (asked(status="completed", authoredOn=first), []),
        (asked(authoredOn=again), [KARI]),
        (asked(authoredOn=again, status="in-progress"), []),
        (asked("t2", of="marte", authoredOn=""), [MARTE]),
        # Nobody says when it was asked: that it comes in another version is no news.
        (asked("t2", of="marte", authoredOn="", description="Om søvn"), []),
    ]
    got = []
    for version, (resource, _) in enumerate(said, 2):
        await world.take(resource, version=version)
        got.append(await told(world, there))
    assert got == [expected for _, expected in said]


async def test_a_helper_who_gets_access_to_what_waits_is_told_of_it_once(world: World) -> None:
    kari, marte = await people(world)
    there = await devices(world, KARI, MARTE)
    withheld: dict[str, Any] = {"meta": {"tag": [{"system": "urn:innsyn:release-class", "code": "2"}]}}
    await world.take(result("r1", "kari", **withheld), version=1)
    address = await drafted(kari)
    await code_used(marte, await code_for(kari, address), "Kari Nordli")
    await moved(kari, address, "confirm")
    assert [row for row in await queued(world) if row[2] == "result"] == [
        (KARI, KARI, "result", "queued", ""),
        (MARTE, KARI, "result", "queued", ""),
    ]
    await told(world, there)
    # It opens, and comes once more in another version, which is no correction.
    got = []
    for version, value in ((2, 41), (3, 42)):
        await world.take(result("r1", "kari", value=value), version=version)
        got.append(await told(world, there))
    assert got == [[KARI, MARTE], []]
    assert [row for row in await queued(world) if row[2] == "result"] == [
        (KARI, KARI, "result", "sent", ""),
        (MARTE, KARI, "result", "sent", ""),
    ]


async def test_a_helper_with_one_form_is_told_of_it_while_its_codes_let_them_fill_it_in(world: World) -> None:
    kari, marte = await people(world)
    await world.take(form(), asked(authoredOn=now().isoformat()), version=1)
    task = await world.owner.fetchval("SELECT task_id FROM form.task")
    await given(kari, marte, "Kari Nordli", level="form", task=str(task), lasts="months")
    await world.take(asked(authoredOn=(now() - DAY).isoformat()), version=2)
    words = "Nytt skjema å fylle ut"
    assert [each for _, each, _ in await listed(marte) if each == words] == [words]
    await world.take(form(who=["1"]), version=2)
    assert [each for _, each, _ in await listed(marte) if each == words] == []
    there = await devices(world, KARI, MARTE)
    await claimed(world, there)
    forms = [row for row in await queued(world) if row[2] == "form"]
    assert {(who, state) for who, _, _, state, _ in forms} == {(KARI, "sent"), (MARTE, "dropped")}
    assert words in [each for _, each, _ in await listed(kari)]
