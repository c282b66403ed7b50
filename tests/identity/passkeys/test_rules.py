"""Whatever is sent in place of an answer is refused by name, and never a fault of ours."""

import secrets
from uuid import uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.passkeys.authenticator import EDDSA, ES256, HOST, ORIGIN, Authenticator
from innsyn.identity.passkeys import views
from innsyn.identity.passkeys.rules import (
    KnownPasskey,
    Made,
    NotTheirPasskey,
    Shown,
    Site,
    challenge_in,
    made_in,
    must_be_new,
    must_be_theirs,
    packed,
    shown_in,
    site_of,
    unpacked,
)

SITE = Site(HOST, ORIGIN)
PERSON = uuid4()
CHALLENGE = secrets.token_bytes(32)
DEVICES = {alg: Authenticator(alg) for alg in (ES256, EDDSA)}
MADE = {
    alg: made_in(device.make(views.to_make(CHALLENGE, SITE, PERSON, "Kari", [])))
    for alg, device in DEVICES.items()
}
SHOWN = {alg: shown_in(device.show(views.to_unlock(CHALLENGE, SITE))) for alg, device in DEVICES.items()}


def known(alg: int) -> KnownPasskey:
    new = must_be_new(MADE[alg], CHALLENGE, SITE)
    return KnownPasskey(PERSON, new.public_key, new.sign_count, new.backup_eligible)


def changed(part: str, where: int, by: int, cut: int) -> str:
    """The part with one byte changed, and perhaps something cut off its end."""
    plain = bytearray(unpacked(part))
    plain[where % len(plain)] ^= by
    return packed(bytes(plain[: len(plain) - cut]))


CHANGES = {
    "alg": st.sampled_from(list(DEVICES)),
    "where": st.integers(0, 2**16),
    "by": st.integers(1, 255),
    "cut": st.sampled_from([0, 0, 0, 1, 7, 40]),
}


@given(part=st.sampled_from(["client", "authenticator", "signature", "user"]), **CHANGES)
def test_no_changed_byte_unlocks(part: str, alg: int, where: int, by: int, cut: int) -> None:
    answer = SHOWN[alg]
    cut = min(cut, len(unpacked(getattr(answer, part))) - 1)
    lie = msgspec.structs.replace(answer, **{part: changed(getattr(answer, part), where, by, cut)})
    with pytest.raises(NotTheirPasskey):
        must_be_theirs(lie, CHALLENGE, known(alg), SITE)


@given(part=st.sampled_from(["client", "attestation"]), **CHANGES)
def test_a_changed_byte_makes_a_passkey_or_is_refused(
    part: str, alg: int, where: int, by: int, cut: int
) -> None:
    answer = MADE[alg]
    lie = msgspec.structs.replace(answer, **{part: changed(getattr(answer, part), where, by, cut)})
    try:
        new = must_be_new(lie, CHALLENGE, SITE)
    except NotTheirPasskey:
        return
    # What nothing vouches for: a count, or which make it is.
    assert new.credential_id == DEVICES[alg].id


@given(st.binary(max_size=300), st.binary(max_size=300), st.binary(max_size=80))
def test_what_is_no_answer_at_all_is_refused(one: bytes, two: bytes, three: bytes) -> None:
    made = Made(packed(three), packed(one), packed(two))
    shown = Shown(packed(three), packed(one), packed(two), packed(three), packed(PERSON.bytes))
    for refuses in (
        lambda: challenge_in(made),
        lambda: must_be_new(made, CHALLENGE, SITE),
        lambda: must_be_theirs(shown, CHALLENGE, known(ES256), SITE),
    ):
        with pytest.raises(NotTheirPasskey):
            refuses()


@given(st.text(max_size=200))
def test_a_field_that_no_script_filled_is_refused(sent: str) -> None:
    for read in (made_in, shown_in):
        with pytest.raises(NotTheirPasskey):
            read(sent)


def test_the_truth_holds() -> None:
    for alg, answer in SHOWN.items():
        assert challenge_in(answer) == CHALLENGE
        assert must_be_theirs(answer, CHALLENGE, known(alg), SITE).sign_count == 2


@pytest.mark.parametrize("sent", ["=", "a", "a b", "æ", "a+b/", "YQ==", "x" * 20_000])
def test_only_base64url_is_read(sent: str) -> None:
    with pytest.raises(NotTheirPasskey):
        unpacked(sent)


def test_a_site_is_its_host_and_its_origin() -> None:
    assert site_of("https://innsyn.example.no") == Site("innsyn.example.no", "https://innsyn.example.no")
    assert site_of("http://localhost:8010") == Site("localhost", "http://localhost:8010")
