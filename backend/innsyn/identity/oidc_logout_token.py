"""What a logout token must be before it ends a session (OpenID Connect Back-Channel Logout 1.0, 2.4 and 2.6)."""

from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from innsyn.identity.oidc_refusals import ProviderNotTrusted
from innsyn.identity.oidc_signed import SKEW, is_audience

WHAT: Final = "logout_token"
TYPES: Final = frozenset({"logout+jwt", "application/logout+jwt"})
_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
# ID-porten's live two minutes. How long we must remember one is not for a token to decide.
_LONGEST_LIFE: Final = 24 * 60 * 60


class LogoutClaims(msgspec.Struct, frozen=True):
    """The claims we read. What has no default must be there."""

    iss: str
    aud: str | list[str]
    iat: float
    exp: float
    jti: str
    events: dict[str, Any]
    sid: str = ""
    sub: str = ""
    azp: str = ""
    nonce: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class Logout(msgspec.Struct, frozen=True):
    """Whom the provider has logged out: a session of theirs (`sid`), or everything of one person (`sub`)."""

    token: str
    good_until: datetime
    sid: str
    sub: str


def logout_in(claims: LogoutClaims, *, issuer: str, client_id: str, now: datetime) -> Logout:
    """Whom it logs out. Whether it was used before is for the database to say. Raises ProviderNotTrusted."""
    at = now.timestamp()
    for holds, name in (
        (claims.iss == issuer, "iss"),
        (is_audience(claims.aud, claims.azp, client_id), "aud"),
        (at - SKEW < claims.exp <= claims.iat + _LONGEST_LIFE, "exp"),
        (at - _LONGEST_LIFE <= claims.iat <= at + SKEW, "iat"),
        (claims.jti != "", "jti"),
        (isinstance(claims.events.get(_EVENT), dict), "events"),
        (claims.sid != "" or claims.sub != "", "neither sid nor sub"),
        # With one it could be used as an id_token where typ is not looked at.
        (claims.nonce is msgspec.UNSET, "nonce"),
    ):
        if not holds:
            raise ProviderNotTrusted(f"{WHAT}: {name}")
    return Logout(claims.jti, datetime.fromtimestamp(claims.exp + SKEW, UTC), claims.sid, claims.sub)
