"""How long a passkey is good for, for whom, and what removing it ends."""

import pytest

from identity.passkeys.at_the_door import asked_to_unlock, make, unlock, with_passkey
from identity.passkeys.authenticator import Authenticator
from world import KARI, OLA, World, patient, result

_DIES = """
    UPDATE identity.person p SET deceased = {} FROM identity.person_identifier i
    WHERE i.person_id = p.person_id AND i.value = $1
"""


@pytest.mark.parametrize(("days", "status"), [(89, 303), (91, 403)])
async def test_it_is_good_for_ninety_days_after_id_porten(world: World, days: int, status: int) -> None:
    device = Authenticator()
    await with_passkey(world, KARI, device)
    await world.log_in(OLA)
    await world.owner.execute(
        "UPDATE identity.session s SET auth_time = now() - $1 * interval '1 day' FROM identity.person_identifier i "
        "WHERE i.person_id = s.person_id AND i.value = $2",
        days,
        KARI,
    )
    phone = world.browser()
    answer = await unlock(phone, device.show(await asked_to_unlock(phone)))
    assert answer.status_code == status
    assert ("Det er lenge siden du logget inn med ID-porten" in answer.text) == (status == 403)
    # A passkey's own sessions make nothing younger; a new login does.
    again = world.browser()
    assert (await unlock(again, device.show(await asked_to_unlock(again)))).status_code == status
    await world.log_in(KARI)
    assert (await unlock(again, device.show(await asked_to_unlock(again)))).status_code == 303


async def test_who_is_no_longer_a_person_here_is_not_let_in(world: World) -> None:
    device, olas = Authenticator(), Authenticator()
    await with_passkey(world, KARI, device)
    await with_passkey(world, OLA, olas)
    changes = [
        _DIES.format("true"),
        _DIES.format("false"),
        "DELETE FROM identity.person_identifier WHERE value = $1",
    ]
    statuses = []
    for change in changes:
        await world.owner.execute(change, KARI)
        phone = world.browser()
        statuses.append((await unlock(phone, device.show(await asked_to_unlock(phone)))).status_code)
    assert statuses == [403, 303, 403]
    phone = world.browser()
    assert (await unlock(phone, olas.show(await asked_to_unlock(phone)))).status_code == 303


async def test_a_new_national_number_changes_nothing(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"), result("a", "kari", "Karis prøve"))
    device = Authenticator()
    await with_passkey(world, KARI, device)
    await world.owner.execute(
        "UPDATE identity.person_identifier SET value = '12846813011' WHERE value = $1", KARI
    )
    phone = world.browser()
    assert (await unlock(phone, device.show(await asked_to_unlock(phone)))).status_code == 303
    assert "Karis prøve" in (await phone.get("/journal")).text


async def test_removing_it_ends_its_sessions_at_once_and_no_others(world: World) -> None:
    lost, kept = Authenticator(), Authenticator()
    kari = await with_passkey(world, KARI, lost)
    await make(kari, kept, "Nettbrettet")
    thief, tablet, ola = world.browser(), world.browser(), await world.log_in(OLA)
    await unlock(thief, lost.show(await asked_to_unlock(thief)))
    await unlock(tablet, kept.show(await asked_to_unlock(tablet)))
    lost_id = await world.owner.fetchval(
        "SELECT passkey_id FROM identity.passkey WHERE name = 'Telefonen min'"
    )
    # Of somebody else's there is none to remove.
    assert (await ola.post(f"/settings/passkeys/{lost_id}/remove")).status_code == 404
    assert (await thief.get("/journal")).status_code == 200
    assert (await kari.post(f"/settings/passkeys/{lost_id}/remove")).status_code == 303
    statuses = [(await each.get("/journal")).status_code for each in (thief, tablet, kari, ola)]
    assert statuses == [401, 200, 200, 200]
    assert (await unlock(thief, lost.show(await asked_to_unlock(thief)))).status_code == 403
    page = (await kari.get("/settings/passkeys")).text
    assert ("Telefonen min" in page, "Nettbrettet" in page) == (False, True)
    ended = await world.owner.fetch("SELECT ended_why FROM identity.session WHERE ended_at IS NOT NULL")
    assert [row["ended_why"] for row in ended] == ["passkey"]


async def test_unlocking_ends_the_session_that_was_here(world: World) -> None:
    device = Authenticator()
    await with_passkey(world, KARI, device)
    shared = await world.log_in(OLA)
    before = shared.cookies["innsyn"]
    assert (await unlock(shared, device.show(await asked_to_unlock(shared)))).status_code == 303
    assert (await world.browser(before).get("/settings")).status_code == 401
    assert (
        await world.owner.fetchval("SELECT ended_why FROM identity.session WHERE ended_at IS NOT NULL")
        == "login"
    )


async def test_a_new_version_of_the_terms_is_asked_for_after_unlocking_too(world: World) -> None:
    device = Authenticator()
    await with_passkey(world, KARI, device)
    await world.owner.execute("INSERT INTO identity.terms VALUES ('2', '2026-11-20')")
    phone = world.browser()
    await unlock(phone, device.show(await asked_to_unlock(phone)))
    answer = await phone.get("/journal")
    assert (answer.status_code, answer.headers["location"]) == (303, "/start?next=/journal")
