"""Messages, forms, reminders and access: who is told of them, and until when."""

from access.fullmakt.giving import claimed as code_used
from access.fullmakt.giving import code_for, drafted, moved
from access.permits import permit, person_of
from forms.tasks.asking import asked, form
from innsyn.access.capability import Capability
from innsyn.forms.tasks.reminding import remind
from messages.feed.saying import answered, unit, written
from notifications.telling import DAY, MARTE, claimed, devices, now, people, queued
from notifications.test_pages import listed
from world import KARI, World


async def test_what_a_unit_writes_is_told_to_whoever_may_read_messages_and_not_what_they_write(
    world: World,
) -> None:
    kari, marte = await people(world)
    await permit(world, MARTE, KARI, capabilities=Capability.SEE)
    await world.take(unit(), written("m", at=now().isoformat()))
    assert await queued(world) == []
    await world.take(answered("a", at=now().isoformat()))
    assert await queued(world) == [(KARI, KARI, "message", "queued", "")]
    ((address, words, _),) = await listed(kari)
    assert words == "Ny melding"
    led = await kari.get((await kari.get(address)).headers["location"])
    assert (led.status_code, "Den er sendt." in led.text) == (200, True)
    assert await listed(marte) == []


async def test_what_a_unit_writes_that_is_for_the_person_alone_is_told_to_no_helper(world: World) -> None:
    kari, marte = await people(world)
    await permit(world, MARTE, KARI)
    only_self = [{"code": {"coding": [{"system": "urn:innsyn:may-write", "code": "self_only"}]}}]
    school = {"reference": "HealthcareService/school", "display": "Helsesykepleier"}
    begun = written("n", "u", at=now().isoformat(), recipient=[school])
    told = answered("b", "n", "u", at=now().isoformat(), sender=school)
    # Nobody knows of a unit whom it is for before it has come.
    await world.take(begun, told)
    assert (len(await listed(kari)), await listed(marte)) == (1, [])
    await world.take(unit("school", eligibility=only_self))
    assert (len(await listed(kari)), await listed(marte)) == (1, [])
    there = await devices(world, KARI, MARTE)
    assert [each.receiver_id for each in await claimed(world, there)] == [await person_of(world, KARI)]
    # The helper has a notice of no message: whatever comes of it later.
    await world.take(unit("school"), version=2)
    assert len(await listed(kari)) == 1


async def test_a_message_that_was_recalled_is_told_to_nobody(world: World) -> None:
    kari, _ = await people(world)
    await world.take(
        unit(), written("m", at=now().isoformat()), answered("a", at=now().isoformat()), version=1
    )
    await world.take(answered("a", at=now().isoformat(), status="entered-in-error"), version=2)
    assert await listed(kari) == []
    assert await claimed(world, await devices(world, KARI)) == []


async def test_a_form_is_told_to_whoever_may_fill_it_in_until_it_is_done(world: World) -> None:
    kari, marte = await people(world)
    await permit(world, MARTE, KARI)
    await world.take(form(), asked())
    ((address, words, _),) = await listed(marte)
    assert words == "Nytt skjema å fylle ut"
    assert (await marte.get((await marte.get(address)).headers["location"])).status_code == 200
    await world.take(asked(status="completed"))
    assert (await listed(kari), await listed(marte)) == ([], [])


async def test_a_form_that_is_only_for_the_citizen_is_not_told_to_a_helper(world: World) -> None:
    kari, marte = await people(world)
    await permit(world, MARTE, KARI)
    await world.take(form(who=["1"]), asked())
    assert (len(await listed(kari)), await listed(marte)) == (1, [])


async def test_a_reminder_is_told_once(world: World) -> None:
    kari, _ = await people(world)
    end = (now() + 4 * DAY).date().isoformat()
    await world.take(form(), asked(end=end))
    at = await world.owner.fetchval("SELECT remind_next FROM form.task")
    assert (await remind(world.worker, at), await remind(world.worker, at)) == (1, 0)
    assert sorted(words for _, words, _ in await listed(kari)) == [
        "Nytt skjema å fylle ut",
        "Påminnelse om skjema",
    ]


async def test_access_is_told_to_the_giver_when_the_code_is_used_and_to_the_helper_when_it_is_theirs(
    world: World,
) -> None:
    kari, marte = await people(world)
    address = await drafted(kari)
    await code_used(marte, await code_for(kari, address), "Kari Nordli")
    assert await queued(world) == [(KARI, KARI, "access", "queued", "")]
    ((notice, words, _),) = await listed(kari)
    assert (words, (await kari.get(notice)).headers["location"]) == ("Nytt om tilgang", address)
    await moved(kari, address, "confirm")
    assert [words for _, words, _ in await listed(marte)] == ["Nytt om tilgang"]
    # Whoever has lost access hears nothing, also not of that.
    await moved(kari, address, "end")
    assert await listed(marte) == []
