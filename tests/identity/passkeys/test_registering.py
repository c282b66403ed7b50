"""A passkey is made by whoever ID-porten has just seen, in the session that asked, once."""

from datetime import timedelta
from typing import Any

import pytest

from identity.passkeys.at_the_door import NEW, asked_to_make, asked_to_unlock, make, unlock
from identity.passkeys.authenticator import AAGUID, BE, BS, EDDSA, ES256, ES384, RS256, UP, UV, Authenticator
from innsyn.identity.passkeys.rules import packed
from world import KARI, OLA, World

_ROWS = """
    SELECT i.value, k.name, k.sign_count, k.aaguid, k.backup_eligible, k.backed_up
    FROM identity.passkey k JOIN identity.person_identifier i USING (person_id) ORDER BY k.made_at
"""


@pytest.mark.parametrize("alg", [ES256, EDDSA, RS256])
async def test_it_is_kept_with_what_it_says_of_itself(world: World, alg: int) -> None:
    kari = await world.log_in(KARI)
    device = Authenticator(alg)
    made = device.make(await asked_to_make(kari), flags=UP | UV | BE | BS)
    assert (await kari.post(NEW, data={"credential": made, "name": " Telefonen min "})).status_code == 303
    [row] = await world.owner.fetch(_ROWS)
    assert (row["value"], row["name"], row["sign_count"]) == (KARI, "Telefonen min", 1)
    assert (row["aaguid"].bytes, row["backup_eligible"], row["backed_up"]) == (AAGUID, True, True)
    page = await kari.get("/settings/passkeys?done=made")
    assert "Telefonen min" in page.text
    assert "Passnøkkelen er klar til bruk" in page.text
    ola = await world.log_in(OLA)
    assert "Telefonen min" not in (await ola.get("/settings/passkeys")).text


def _other_challenge() -> str:
    return packed(bytes(32))


LIES: dict[str, dict[str, Any]] = {
    "another ceremony": {"type": "webauthn.get"},
    "another challenge": {"challenge": _other_challenge()},
    "a challenge too short": {"challenge": packed(b"short")},
    "another scheme": {"origin": "https://localhost:8000"},
    "another port": {"origin": "http://localhost:8001"},
    "a subdomain": {"origin": "http://login.localhost:8000"},
    "a trailing dot": {"origin": "http://localhost.:8000"},
    "another site": {"origin": "https://evil.example"},
    "in a frame": {"client_more": {"crossOrigin": True}},
    "in a frame, in words": {"client_more": {"crossOrigin": "true"}},
    "in a frame that is named": {"client_more": {"crossOrigin": False, "topOrigin": "https://evil.example"}},
    "another host": {"host": "evil.example"},
    "nobody present": {"flags": UV},
    "nobody verified": {"flags": UP},
    "backed up, and cannot be": {"flags": UP | UV | BS},
    "an algorithm that is not offered": {"alg": ES384},
    "an algorithm of another key": {"alg": RS256},
    "an algorithm nobody knows": {"alg": 0},
    "an id too long": {"id": bytes(1024)},
    "no id": {"id": b""},
    "two ids": {"inner_id": b"another"},
    "an attestation that does not hold": {"format": "packed", "statement": {"alg": -7, "sig": b"x"}},
    "a statement where there is none": {"statement": {"sig": b"x"}},
    "an attestation nobody knows": {"format": "made-up"},
    "a key that is none": {"spoil": "data"},
    "client data that is no JSON": {"spoil": "client"},
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_lie_is_refused_in_the_same_words(world: World, lie: str) -> None:
    kari = await world.log_in(KARI)
    credential = Authenticator().make(await asked_to_make(kari), **LIES[lie])
    answer = await kari.post(NEW, data={"credential": credential})
    assert (answer.status_code, "Vi kunne ikke ta imot denne passnøkkelen" in answer.text) == (403, True)
    assert await world.owner.fetchval("SELECT count(*) FROM identity.passkey") == 0


async def test_the_truth_beside_the_lies_is_taken(world: World) -> None:
    """The table above fails for its lies, and not for how it is asked."""
    await make(await world.log_in(KARI), Authenticator())


@pytest.mark.parametrize(
    "sent", ["", "x", "{}", "[]", '{"id":1}', '{"id":"*","client":"","attestation":""}', "[" * 20_000]
)
async def test_what_no_script_of_ours_sends_is_refused(world: World, sent: str) -> None:
    kari = await world.log_in(KARI)
    assert (await kari.post(NEW, data={"credential": sent})).status_code == 403


async def test_a_challenge_is_good_once(world: World) -> None:
    kari = await world.log_in(KARI)
    options = await asked_to_make(kari)
    refused = Authenticator().make(options, flags=UP)
    assert (await kari.post(NEW, data={"credential": refused})).status_code == 403
    # Used up, although what came with it was refused.
    assert (await kari.post(NEW, data={"credential": Authenticator().make(options)})).status_code == 403
    assert await world.owner.fetchval("SELECT count(*) FROM identity.passkey") == 0


async def test_a_challenge_is_good_for_five_minutes(world: World) -> None:
    kari = await world.log_in(KARI)
    options = await asked_to_make(kari)
    await world.owner.execute(
        "UPDATE identity.passkey_challenge SET given_at = given_at - interval '5 minutes 1 second'"
    )
    assert (await kari.post(NEW, data={"credential": Authenticator().make(options)})).status_code == 403
    # And whoever asks next finds it swept away.
    await asked_to_make(kari)
    old = "SELECT count(*) FROM identity.passkey_challenge WHERE given_at < now() - interval '5 minutes'"
    assert await world.owner.fetchval(old) == 0


async def test_a_challenge_is_bound_to_its_session_and_its_ceremony(world: World) -> None:
    kari, karis_other, ola = await world.log_in(KARI), await world.log_in(KARI), await world.log_in(OLA)
    options = await asked_to_make(kari)
    for other in (karis_other, ola):
        credential = Authenticator().make(options)
        assert (await other.post(NEW, data={"credential": credential})).status_code == 403
    unlocking = (await asked_to_unlock(kari)).replace("{", '{"user":{"id":"AAAA"},', 1)
    assert (await kari.post(NEW, data={"credential": Authenticator().make(unlocking)})).status_code == 403
    # Nobody else has used it up.
    assert (await kari.post(NEW, data={"credential": Authenticator().make(options)})).status_code == 303


async def test_somebody_elses_id_is_refused_and_tells_nothing(world: World) -> None:
    device = Authenticator()
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    await make(kari, device)
    taken, wrong = Authenticator(), Authenticator()
    taken.id = device.id
    answers = [
        await ola.post(NEW, data={"credential": taken.make(await asked_to_make(ola))}),
        await ola.post(NEW, data={"credential": wrong.make(await asked_to_make(ola), flags=UP)}),
    ]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert _without_challenge(answers[0].text) == _without_challenge(answers[1].text)
    assert [row["value"] for row in await world.owner.fetch(_ROWS)] == [KARI]
    # It still opens hers, and not his.
    phone = world.browser()
    assert (await unlock(phone, device.show(await asked_to_unlock(phone)))).status_code == 303
    assert (await phone.get("/settings")).text.count("Ola") == 0


def _without_challenge(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "data-options" not in line)


async def test_ones_own_are_named_so_that_the_device_makes_no_second(world: World) -> None:
    device = Authenticator()
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    await make(kari, device)
    assert packed(device.id) in await asked_to_make(kari)
    assert packed(device.id) not in await asked_to_make(ola)


async def test_it_takes_a_login_within_ten_minutes(world: World) -> None:
    kari = await world.log_in(KARI)
    options = await asked_to_make(kari)
    await world.owner.execute(
        "UPDATE identity.session SET auth_time = now() - interval '10 minutes 1 second'"
    )
    for answer in (
        await kari.get(NEW),
        await kari.post(NEW, data={"credential": Authenticator().make(options)}),
    ):
        assert (answer.status_code, "data-options" in answer.text) == (403, False)
    assert await world.owner.fetchval("SELECT count(*) FROM identity.passkey") == 0
    # What one has can be seen, and done away with.
    assert (await kari.get("/settings/passkeys")).status_code == 200


async def test_an_unlocked_session_makes_no_passkey(world: World) -> None:
    """Whoever has the phone and its code gets no further than the phone."""
    device = Authenticator()
    await make(await world.log_in(KARI), device)
    await world.owner.execute("UPDATE identity.session SET auth_time = now() - interval '1 hour'")
    phone = world.browser()
    assert (await unlock(phone, device.show(await asked_to_unlock(phone)))).status_code == 303
    assert (await phone.get("/settings/passkeys")).status_code == 200
    assert (await phone.get(NEW)).status_code == 403


async def test_nobody_makes_one_without_a_session(world: World) -> None:
    assert (await world.browser().get(NEW)).status_code == 401
    idle = await world.log_in(KARI, idle=timedelta(0))
    assert (await idle.get(NEW)).status_code == 401


async def test_the_name_is_shown_as_text_and_cut(world: World) -> None:
    kari = await world.log_in(KARI)
    await make(kari, Authenticator(), name="<b>" + "x" * 100)
    page = (await kari.get("/settings/passkeys")).text
    assert "&lt;b&gt;" + "x" * 57 in page
    assert "<b>" not in page
