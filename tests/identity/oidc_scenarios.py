"""What comes of each login that the conformance plans name."""

from typing import Final

import pytest
from litestar import Response

from identity import forgeries
from identity.conformance import CORE, FAPI
from identity.evil_provider import KARI, NOW, jwk_of, new_key
from identity.logging_in import answer_of, logged_in
from identity.meeting import Meeting, Scenario, accepted, refused
from innsyn.identity.oidc_refusals import LevelTooLow, LoginNotRecognised, ProviderNotTrusted
from innsyn.identity.oidc_refusals import ProviderRefused as Refused

SECONDS: Final = int(NOW.timestamp())
DISCOVERY: Final = "/.well-known/openid-configuration"
MISSING: Final = "id_token: Object missing required field `{}`"
ANOTHER_ISSUER: Final = "https://idporten.example"
UNKNOWN_KEY: Final = "signed with a key that the provider does not have"


async def _happy_path(meeting: Meeting) -> None:
    citizen = await logged_in(meeting.we, meeting.evil)
    assert (citizen.pid, citizen.acr, citizen.sid) == (KARI, "idporten-loa-high", "session-of-kari")
    assert meeting.evil.asked == [DISCOVERY, "/par", "/token", "/jwks.json"]


async def _issuer_mismatch(meeting: Meeting) -> None:
    meeting.evil.metadata = {"issuer": ANOTHER_ISSUER}
    with pytest.raises(ProviderNotTrusted, match="discovery: issuer"):
        await meeting.we.begin("/", now=NOW)
    # Nothing was sent to whoever it is.
    assert meeting.evil.asked == [DISCOVERY]


async def _single_key_without_id(meeting: Meeting) -> None:
    meeting.evil.keys = [jwk_of(meeting.evil.key, None)]
    await accepted(header={"kid": None})(meeting)


async def _several_keys_without_id(meeting: Meeting) -> None:
    meeting.evil.keys = [jwk_of(new_key(), None), jwk_of(meeting.evil.key, None)]
    await refused(UNKNOWN_KEY, header={"kid": None})(meeting)


async def _rotation(meeting: Meeting) -> None:
    await logged_in(meeting.we, meeting.evil)
    _rotate(meeting)
    assert (await logged_in(meeting.we, meeting.evil)).pid == KARI
    assert meeting.evil.asked.count("/jwks.json") == 2


async def _rotation_just_before_signing(meeting: Meeting) -> None:
    await logged_in(meeting.we, meeting.evil)
    _, attempt = await meeting.we.begin("/", now=NOW)
    _rotate(meeting)
    answer = answer_of(meeting.evil, attempt, {})
    assert (await meeting.we.finish(attempt, answer, now=NOW)).pid == KARI


def _rotate(meeting: Meeting) -> None:
    meeting.evil.key = new_key()
    meeting.evil.keys = [jwk_of(meeting.evil.key, "second")]
    meeting.evil.header = {"kid": "second"}


async def _any_spelling_of_bearer(meeting: Meeting) -> None:
    for spelling in ("Bearer", "bearer", "bEARER"):
        await accepted(tokens={"token_type": spelling})(meeting)
    await refused("token: token_type", tokens={"token_type": "DPoP"})(meeting)


async def _several_audiences(meeting: Meeting) -> None:
    for claims in ({"aud": ["innsyn"]}, {"aud": ["innsyn", "another"], "azp": "innsyn"}):
        await accepted(claims=claims)(meeting)


def no_code(answer: dict[str, str | None], reason: str, refusal: type = ProviderNotTrusted) -> Scenario:
    """Refused before the code goes anywhere."""

    async def scenario(meeting: Meeting) -> None:
        await refused(reason, refusal, answer=answer)(meeting)
        assert meeting.evil.asked == [DISCOVERY, "/par"]

    return scenario


_ALG: Final = "id_token: alg is not RS256"
_BASIC: Final = {
    CORE: _happy_path,
    f"{CORE}-invalid-iss": refused("id_token: iss", claims={"iss": ANOTHER_ISSUER}),
    f"{CORE}-missing-sub": refused(MISSING.format("sub"), claims={"sub": None}),
    f"{CORE}-invalid-aud": refused("id_token: aud", claims={"aud": "another"}),
    f"{CORE}-missing-iat": refused(MISSING.format("iat"), claims={"iat": None}),
    f"{CORE}-kid-absent-single-jwks": _single_key_without_id,
    f"{CORE}-kid-absent-multiple-jwks": _several_keys_without_id,
    f"{CORE}-idtoken-sig-rs256": accepted(),
    # The suite lets these two pass over TLS. We do not.
    f"{CORE}-idtoken-sig-none": refused(_ALG, signed=forgeries.unsigned),
    f"{CORE}-invalid-sig-rs256": refused("id_token: signature", signed=forgeries.one_bit_off),
    f"{CORE}-nonce-invalid": refused("id_token: nonce", claims={"nonce": "another"}),
}
_CONFIG: Final = {
    f"{CORE}-discovery-openid-config": _happy_path,
    f"{CORE}-discovery-jwks-uri-keys": accepted(asks=1),
    f"{CORE}-discovery-issuer-mismatch": _issuer_mismatch,
    f"{CORE}-signing-key-rotation": _rotation,
    f"{CORE}-signing-key-rotation-just-before-signing": _rotation_just_before_signing,
}
_REST_OF_CORE: Final = {
    f"{CORE}-missing-aud": refused(MISSING.format("aud"), claims={"aud": None}),
    f"{CORE}-invalid-sig-hs256": refused(_ALG, signed=forgeries.with_the_public_key_as_secret),
    f"{CORE}-invalid-sig-es256": refused(_ALG, signed=forgeries.on_a_curve),
    f"{CORE}-invalid-athash": refused("id_token: at_hash", claims={"at_hash": "b3RoZXI"}),
    f"{CORE}-missing-athash": accepted(claims={"at_hash": None}),
}
_FAPI: Final = {
    f"{FAPI}-discovery-issuer-mismatch": _issuer_mismatch,
    f"{FAPI}-ensure-authorization-response-with-invalid-state-fails": no_code(
        {"state": "another"}, "state", LoginNotRecognised
    ),
    f"{FAPI}-ensure-authorization-response-with-invalid-missing-state-fails": no_code(
        {"state": None}, "state", LoginNotRecognised
    ),
    f"{FAPI}-invalid-authorization-response-iss": no_code({"iss": ANOTHER_ISSUER}, "answer: iss"),
    f"{FAPI}-remove-authorization-response-iss": no_code({"iss": None}, "answer: iss"),
    f"{FAPI}-invalid-iss": refused("id_token: iss", claims={"iss": ANOTHER_ISSUER}),
    f"{FAPI}-invalid-missing-iss": refused(MISSING.format("iss"), claims={"iss": None}),
    f"{FAPI}-invalid-aud": refused("id_token: aud", claims={"aud": "another"}),
    f"{FAPI}-invalid-missing-aud": refused(MISSING.format("aud"), claims={"aud": None}),
    f"{FAPI}-invalid-secondary-aud": refused("id_token: aud", claims={"aud": ["innsyn", "another"]}),
    f"{FAPI}-valid-aud-as-array": _several_audiences,
    f"{FAPI}-invalid-expired-exp": refused("id_token: exp", claims={"exp": SECONDS - 300}),
    f"{FAPI}-invalid-missing-exp": refused(MISSING.format("exp"), claims={"exp": None}),
    f"{FAPI}-invalid-nonce": refused("id_token: nonce", claims={"nonce": "another"}),
    f"{FAPI}-invalid-missing-nonce": refused(MISSING.format("nonce"), claims={"nonce": None}),
    f"{FAPI}-invalid-null-alg": refused(_ALG, header={"alg": None}, signed=forgeries.anyhow),
    f"{FAPI}-invalid-alternate-alg": refused(_ALG, header={"alg": "RS512"}),
    f"{FAPI}-token-endpoint-response-without-expires_in": accepted(tokens={"expires_in": None}),
    f"{FAPI}-token-type-case-insensitivity": _any_spelling_of_bearer,
}
# The token endpoint's no, whatever it is that it does not like about the code.
_REFUSED_CODE: Final = refused(
    "token: 400", Refused, answers={"/token": Response({"error": "invalid_grant"}, status_code=400)}
)
_WONDERWALL: Final = {
    "TestLoginCallback-happy-path": _happy_path,
    "TestLoginCallback-invalid-state": no_code({"state": "another"}, "state", LoginNotRecognised),
    "TestLoginCallback-missing-state": no_code({"state": None}, "state", LoginNotRecognised),
    "TestLoginCallback-identity-provider-error": no_code({"error": "server_error"}, "answer: error", Refused),
    "TestLoginCallback-authorization-response-with-iss": _happy_path,
    "TestLoginCallback-missing-issuer": no_code({"iss": None}, "answer: iss"),
    "TestLoginCallback-invalid-issuer": no_code({"iss": ANOTHER_ISSUER}, "answer: iss"),
    "TestLoginCallback-invalid-code": _REFUSED_CODE,
    "TestLoginCallback-nonce-mismatch": refused("id_token: nonce", claims={"nonce": "another"}),
    "TestLoginCallback-redirect_uri-mismatch": _REFUSED_CODE,
    "TestLoginCallback-unexpected-audience": refused("id_token: aud", claims={"aud": "another"}),
    "TestLoginCallback-invalid-acr": refused(
        "id_token: acr", LevelTooLow, claims={"acr": "idporten-loa-substantial"}
    ),
}
LOGINS: Final[dict[str, Scenario]] = {**_BASIC, **_CONFIG, **_REST_OF_CORE, **_FAPI, **_WONDERWALL}
