"""A passkey lets its owner in where ID-porten did lately; nobody else, nowhere else, and no twice."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from structlog.testing import capture_logs

from identity.passkeys.at_the_door import (
    NEW,
    asked_to_make,
    asked_to_unlock,
    options_in,
    unlock,
    with_passkey,
)
from identity.passkeys.authenticator import BE, BS, UP, UV, Authenticator
from innsyn.identity.passkeys.rules import packed
from world import KARI, OLA, World, patient, result

_SESSIONS = """
    SELECT i.value, s.method, s.acr, s.auth_time, s.issuer, s.sid, s.ended_at IS NULL AS open, s.ended_why
    FROM identity.session s JOIN identity.person_identifier i USING (person_id) ORDER BY s.started_at
"""


async def two(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    await world.take(result("a", "kari", "Karis prøve"), result("b", "ola", "Olas prøve"))


async def test_it_opens_ones_own_journal_and_leads_on(world: World) -> None:
    await two(world)
    device = Authenticator()
    await with_passkey(world, KARI, device)
    await with_passkey(world, OLA, Authenticator())
    phone = world.browser()
    assert (await phone.get("/journal")).status_code == 401
    answer = await unlock(phone, device.show(await asked_to_unlock(phone)), "/journal/lab_results")
    assert (answer.status_code, answer.headers["location"]) == (303, "/journal/lab_results")
    page = (await phone.get("/journal/lab_results")).text
    assert ("Karis prøve" in page, "Olas prøve" in page) == (True, False)
    cookies = {cookie.partition("=")[0]: cookie for cookie in answer.headers.get_list("set-cookie")}
    assert cookies["innsyn"].split("; ")[1:] == ["HttpOnly", "Path=/", "SameSite=lax"]
    assert "Max-Age=0" in cookies["innsyn-unlock"]


async def test_the_session_remembers_the_login_at_id_porten_and_is_not_one(world: World) -> None:
    device = Authenticator()
    await with_passkey(world, KARI, device)
    seen = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    await world.owner.execute("UPDATE identity.session SET auth_time = $1, ended_at = now()", seen)
    await world.owner.execute("UPDATE identity.session SET auth_time = now() - interval '3 days'")
    phone = world.browser()
    await unlock(phone, device.show(await asked_to_unlock(phone)))
    first, second = await world.owner.fetch(_SESSIONS)
    passkey_id = await world.owner.fetchval("SELECT passkey_id::text FROM identity.passkey")
    assert (second["value"], second["method"], second["issuer"], second["sid"]) == (
        *(KARI, "passkey"),
        *("passkey", passkey_id),
    )
    assert (second["auth_time"], second["acr"]) == (first["auth_time"], "idporten-loa-high")


LIES: dict[str, dict[str, Any]] = {
    "another ceremony": {"type": "webauthn.create"},
    "another challenge": {"challenge": packed(bytes(32))},
    "another scheme": {"origin": "https://localhost:8000"},
    "another port": {"origin": "http://localhost:8001"},
    "a subdomain": {"origin": "http://login.localhost:8000"},
    "a trailing dot": {"origin": "http://localhost.:8000"},
    "another site": {"origin": "https://evil.example"},
    "in a frame": {"client_more": {"crossOrigin": True}},
    "in a frame that is named": {"client_more": {"topOrigin": "https://evil.example"}},
    "another host": {"host": "evil.example"},
    "nobody present": {"flags": UV},
    "nobody verified": {"flags": UP},
    "can be backed up all at once": {"flags": UP | UV | BE},
    "backed up, and cannot be": {"flags": UP | UV | BS},
    "an id nobody has": {"id": b"nobody has this one"},
    "no id": {"id": b""},
    "no user handle": {"user": b""},
    "a count that stands still": {"count": 1},
    "a count that goes back": {"count": 0},
    "a bit of the signature": {"spoil": "signature"},
    "a bit of the data": {"spoil": "data"},
    "a bit of the client data": {"spoil": "client"},
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_lie_opens_nothing_and_every_lie_gets_the_same_answer(world: World, lie: str) -> None:
    device = Authenticator()
    await with_passkey(world, KARI, device)
    phone = world.browser()
    honest = await unlock(phone, "{}")
    answer = await unlock(phone, device.show(await asked_to_unlock(phone), **LIES[lie]))
    assert (answer.status_code, "innsyn" in phone.cookies) == (403, False)
    assert _without_challenge(answer.text) == _without_challenge(honest.text)
    assert [name for name in answer.headers if name not in honest.headers] == []
    assert await world.owner.fetchval("SELECT count(*) FROM identity.session WHERE method = 'passkey'") == 0


async def test_the_user_handle_of_somebody_else_is_refused(world: World) -> None:
    karis, olas = Authenticator(), Authenticator()
    await with_passkey(world, KARI, karis)
    await with_passkey(world, OLA, olas)
    phone = world.browser()
    foreign = karis.show(await asked_to_unlock(phone), user=olas.user)
    assert (await unlock(phone, foreign)).status_code == 403
    # And his id with her key: the signature is not his.
    foreign = karis.show(await asked_to_unlock(phone), id=olas.id, user=olas.user)
    assert (await unlock(phone, foreign)).status_code == 403
    assert (await unlock(phone, karis.show(await asked_to_unlock(phone)))).status_code == 303


async def test_the_same_answer_again_opens_nothing(world: World) -> None:
    device = Authenticator(counts=False)
    await with_passkey(world, KARI, device)
    phone = world.browser()
    credential = device.show(await asked_to_unlock(phone))
    assert (await unlock(phone, credential)).status_code == 303
    phone.cookies.delete("innsyn")
    assert (await unlock(phone, credential)).status_code == 403


async def test_of_one_answer_sent_ten_times_at_once_one_opens(world: World) -> None:
    device = Authenticator(counts=False)
    await with_passkey(world, KARI, device)
    phone = world.browser()
    credential = device.show(await asked_to_unlock(phone))
    answers = await asyncio.gather(*(unlock(phone, credential) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [303, *[403] * 9]


async def test_of_two_answers_with_the_same_count_one_opens(world: World) -> None:
    device = Authenticator()
    await with_passkey(world, KARI, device)
    phones = [world.browser() for _ in range(4)]
    credentials = [device.show(await asked_to_unlock(phone), count=7) for phone in phones]
    answers = await asyncio.gather(*map(unlock, phones, credentials))
    assert sorted(answer.status_code for answer in answers) == [303, 403, 403, 403]
    assert await world.owner.fetchval("SELECT sign_count FROM identity.passkey") == 7


async def test_those_that_do_not_count_open_again_and_again(world: World) -> None:
    device = Authenticator(counts=False)
    await with_passkey(world, KARI, device)
    for _ in range(3):
        phone = world.browser()
        assert (await unlock(phone, device.show(await asked_to_unlock(phone)))).status_code == 303


async def test_a_passkey_that_can_be_backed_up_may_come_to_be(world: World) -> None:
    device = Authenticator()
    kari = await world.log_in(KARI)
    await kari.post(NEW, data={"credential": device.make(await asked_to_make(kari), flags=UP | UV | BE)})
    phone = world.browser()
    both = UP | UV | BE | BS
    assert (await unlock(phone, device.show(await asked_to_unlock(phone), flags=both))).status_code == 303
    assert await world.owner.fetchval("SELECT backed_up FROM identity.passkey") is True
    assert "deler den med andre enheter" in (await kari.get("/settings/passkeys")).text
    # What it cannot do is to stop being one that can be.
    assert (await unlock(phone, device.show(await asked_to_unlock(phone)))).status_code == 403


async def test_a_challenge_is_bound_to_its_browser_its_ceremony_and_its_five_minutes(world: World) -> None:
    device = Authenticator()
    kari = await with_passkey(world, KARI, device)
    phone, other = world.browser(), world.browser()
    options = await asked_to_unlock(phone)
    await asked_to_unlock(other)
    assert (await unlock(other, device.show(options))).status_code == 403
    assert (await unlock(world.browser(), device.show(options))).status_code == 403
    for_making = await asked_to_make(kari)
    assert (await unlock(kari, device.show(for_making))).status_code == 403
    await world.owner.execute("UPDATE identity.passkey_challenge SET given_at = now() - interval '301 s'")
    assert (await unlock(phone, device.show(options))).status_code == 403


async def test_two_tabs_can_be_unlocked_side_by_side(world: World) -> None:
    device = Authenticator()
    await with_passkey(world, KARI, device)
    phone = world.browser()
    first, second = await asked_to_unlock(phone), await asked_to_unlock(phone)
    assert (await unlock(phone, device.show(second))).status_code == 303
    # The tab that was first is behind the lock that is open now: its browser has a new secret.
    assert (await unlock(phone, device.show(first))).status_code == 403


async def test_nobody_is_named_at_the_door_or_in_the_log(world: World) -> None:
    await two(world)
    device = Authenticator()
    await with_passkey(world, KARI, device)
    stranger, phone = world.browser(), world.browser()
    assert _without_challenge((await stranger.get("/unlock")).text) == _without_challenge(
        (await phone.get("/unlock")).text
    )
    with capture_logs() as logs:
        await unlock(phone, device.show(await asked_to_unlock(phone), flags=UP))
    [said] = [log for log in logs if log["event"].startswith("identity:passkey")]
    assert said["refusal"] == "NotTheirPasskey"
    for secret in (KARI, packed(device.id), "Kari", device.user.hex()):
        assert secret not in str(said)


async def test_a_page_elsewhere_is_no_place_to_be_led_to(world: World) -> None:
    device = Authenticator()
    await with_passkey(world, KARI, device)
    phone = world.browser()
    for onward in ("//evil.example", "https://evil.example/", "/\\evil.example", "javascript:1"):
        answer = await unlock(phone, device.show(await asked_to_unlock(phone)), onward)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_a_form_of_another_site_unlocks_nothing(world: World) -> None:
    device = Authenticator()
    await with_passkey(world, KARI, device)
    phone = world.browser()
    credential = device.show(options_in(await phone.get("/unlock")))
    answer = await phone.post(
        "/unlock", data={"credential": credential}, headers={"sec-fetch-site": "cross-site"}
    )
    assert (answer.status_code, "innsyn" in phone.cookies) == (403, False)


def _without_challenge(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "data-options" not in line)
