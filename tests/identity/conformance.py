"""What a relying party must bear, by the names that others have given it, and ours beside them.

OpenID Foundation: the plans of its conformance suite for relying parties (Basic, Config, all of Core, logout) and for
clients of FAPI 2.0. nais/wonderwall: the names of its tests of the same door. Ours: what none of them asks.
"""

from typing import Final

CORE: Final = "oidcc-client-test"
FAPI: Final = "fapi2-security-profile-final-client-test"
LOGOUT: Final = f"{CORE}-rp-backchannel-rpinitlogout"


def _under(prefix: str, names: str) -> tuple[str, ...]:
    return tuple(f"{prefix}-{name}" for name in names.split())


PLANS: Final = {
    "Basic RP": (
        CORE,
        *_under(
            CORE,
            """invalid-iss missing-sub invalid-aud missing-iat kid-absent-single-jwks kid-absent-multiple-jwks
            idtoken-sig-rs256 idtoken-sig-none invalid-sig-rs256 userinfo-bearer-header userinfo-bearer-body
            userinfo-invalid-sub nonce-invalid scope-userinfo-claims client-secret-basic""",
        ),
    ),
    "Config RP": _under(
        CORE,
        """discovery-openid-config discovery-jwks-uri-keys discovery-issuer-mismatch idtoken-sig-none
        signing-key-rotation-just-before-signing signing-key-rotation""",
    ),
    "Core, all of it": _under(
        CORE,
        """missing-aud invalid-sig-hs256 invalid-sig-es256 invalid-athash missing-athash form-post-error userinfo-signed
        mtls-endpoint-aliases refresh-token refresh-token-invalid-issuer refresh-token-invalid-sub""",
    ),
    "Logout RP": (
        *_under(CORE, "rp-init-logout rp-init-logout-other-state rp-init-logout-no-state"),
        LOGOUT,
        *_under(LOGOUT, "alg-none no-event with-nonce wrong-alg wrong-aud wrong-event wrong-iss"),
        *_under(CORE, "rp-frontchannel-rpinitlogout rp-frontchannel-opinitlogout"),
    ),
    "FAPI 2.0 Security Profile, final": _under(
        FAPI,
        """discovery-issuer-mismatch ensure-authorization-response-with-invalid-state-fails
        ensure-authorization-response-with-invalid-missing-state-fails invalid-authorization-response-iss
        remove-authorization-response-iss invalid-iss invalid-missing-iss invalid-aud invalid-missing-aud
        invalid-secondary-aud valid-aud-as-array invalid-expired-exp invalid-missing-exp invalid-nonce
        invalid-missing-nonce invalid-null-alg invalid-alternate-alg token-endpoint-response-without-expires_in
        token-type-case-insensitivity""",
    ),
    "ours": _under(
        "ours",
        """acr-lower-than-asked acr-missing auth_time-older-than-max_age pid-missing pid-not-11-digits
        pid-checksum-wrong pid-synthetic-in-production hs256-with-the-public-key jku-header x5u-header jwk-header
        crit-header two-aud-without-azp token-9-days-in-the-future code-delivered-twice callback-in-another-browser
        callback-after-logout mixed-up-provider error-with-html id_token-of-10-mb jwks-of-10-mb jwks-slow jwks-500
        jwks-redirect-to-169.254.169.254 backchannel-token-replay right-header-signed-with-another-key""",
    ),
    "nais/wonderwall": (
        *_under(
            "TestLoginCallback",
            """happy-path invalid-state missing-state identity-provider-error authorization-response-with-iss
            missing-issuer invalid-issuer invalid-code nonce-mismatch redirect_uri-mismatch unexpected-audience
            invalid-acr""",
        ),
        *"""TestCallback_SessionStateRequired TestFrontChannelLogout TestSession_WithInactivity
        TestSessionRefresh_WithInactivity TestValidateRefreshedIDToken""".split(),
    ),
}

_NO_USERINFO: Final = "The userinfo endpoint is never asked: all that is used is in the id_token."
_NO_REFRESH: Final = (
    "No refresh token is asked for or kept: a session ends, and is not prolonged behind one's back."
)
NOT_APPLICABLE: Final = {
    f"{CORE}-userinfo-bearer-header": _NO_USERINFO,
    f"{CORE}-userinfo-bearer-body": _NO_USERINFO,
    f"{CORE}-userinfo-invalid-sub": _NO_USERINFO,
    f"{CORE}-userinfo-signed": _NO_USERINFO,
    f"{CORE}-scope-userinfo-claims": _NO_USERINFO,
    f"{CORE}-client-secret-basic": "There is no client secret: private_key_jwt alone.",
    f"{CORE}-form-post-error": "The answer comes in the query: a POST from elsewhere is refused at the gate.",
    f"{CORE}-mtls-endpoint-aliases": "No mutual TLS: ID-porten has none, and private_key_jwt stands for it.",
    f"{CORE}-refresh-token": _NO_REFRESH,
    f"{CORE}-refresh-token-invalid-issuer": _NO_REFRESH,
    f"{CORE}-refresh-token-invalid-sub": _NO_REFRESH,
    "TestSessionRefresh_WithInactivity": _NO_REFRESH,
    "TestValidateRefreshedIDToken": _NO_REFRESH,
    "TestCallback_SessionStateRequired": "Session state is for a check_session frame, which ID-porten does not have.",
}
NAMES: Final = frozenset(name for plan in PLANS.values() for name in plan)
