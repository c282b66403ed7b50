"""The services that are registered here. The methods are those that Authlib asks for."""

from dataclasses import dataclass
from typing import Any, Final

from authlib.oauth2.rfc6749.errors import InvalidScopeError
from joserfc.jwk import KeySet, RSAKey

CLIENT_AUTH: Final = "private_key_jwt"


@dataclass(frozen=True, slots=True)
class Client:
    """One service: where it may be sent back to, how it is known, and where it wants to hear of a logout."""

    client_id: str
    redirect_uris: tuple[str, ...]
    post_logout_uris: tuple[str, ...]
    keys: RSAKey | KeySet
    frontchannel_logout_uri: str = ""
    backchannel_logout_uri: str = ""

    @property
    def client_metadata(self) -> dict[str, Any]:
        return {"post_logout_redirect_uris": self.post_logout_uris}

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        return None  # ID-porten demands that it is sent

    def get_allowed_scope(self, scope: str | None) -> str:
        asked = (scope or "").split()
        if "openid" not in asked or not set(asked) <= {"openid", "profile"}:
            raise InvalidScopeError
        return " ".join(asked)

    def check_redirect_uri(self, uri: str) -> bool:
        return uri in self.redirect_uris

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method == CLIENT_AUTH
