"""Authlib's authorization server, told what ID-porten demands of its clients."""

# Authlib carries no types, so its classes are Any to a strict checker.
# mypy: disable-error-code="misc,no-any-return"

import hashlib
import time
from collections.abc import Mapping
from typing import Any, Final

from authlib.integrations.flask_oauth2 import AuthorizationServer as FlaskServer
from authlib.integrations.flask_oauth2 import ResourceProtector
from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Request
from authlib.oauth2.rfc6749 import OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidClientError, InvalidRequestError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc9207 import IssuerParameter
from authlib.oidc.core import UserInfoEndpoint
from authlib.oidc.core.errors import LoginRequiredError
from authlib.oidc.core.grants import OpenIDCode
from authlib.oidc.rpinitiated import EndSessionEndpoint
from flask import request as flask_request
from joserfc.jwk import KeySet, RSAKey

from standins.idporten.clients import CLIENT_AUTH, Client
from standins.idporten.keys import SigningKeys
from standins.idporten.memory import ACCESS_TOKEN_LIVES, ASSERTION_LIVES, AccessToken, Code, Memory, User
from standins.idporten.metadata import LOCALES
from standins.idporten.pseudonyms import sub_for

ID_TOKEN_LIVES: Final = 120


class Server(FlaskServer):
    """The server, with what its extensions need: issuer, keys, memory."""

    def __init__(self, issuer: str, clients: Mapping[str, Client], keys: SigningKeys, memory: Memory) -> None:
        super().__init__(query_client=clients.get)
        self.issuer, self.clients, self.keys, self.memory = issuer, clients, keys, memory
        lives = {"OAUTH2_TOKEN_EXPIRES_IN": {"authorization_code": ACCESS_TOKEN_LIVES}}
        self.register_token_generator("default", self.create_bearer_token_generator(lives))
        self.register_client_auth_method(CLIENT_AUTH, ClientAssertion(self))
        self.register_grant(CodeGrant, [OnlyS256(), IdToken(self)])
        self.register_extension(ResponseIssuer(issuer))
        self.register_endpoint(EndSession(self))
        protector = ResourceProtector()
        protector.register_token_validator(Bearer(memory))
        self.register_endpoint(UserInfo(self, protector))

    def create_oauth2_request(self, request: Any) -> OAuth2Request:  # noqa: ANN401  (Flask's proxy or our own)
        # A pushed request comes ready made; Authlib would read the query of the page instead.
        return request if isinstance(request, OAuth2Request) else super().create_oauth2_request(request)

    def take_pushed(self, request: OAuth2Request) -> dict[str, str]:
        """Authenticate the client, check what it pushed, and give the authorization request's parameters."""
        client = self.authenticate_client(request, [CLIENT_AUTH], endpoint="par")
        sent = request.payload.data.to_dict()
        if (
            sent.get("client_id", client.client_id) != client.client_id
            or "request_uri" in sent
            or "request" in sent
        ):
            raise InvalidRequestError(
                "client_id must be the caller's own; request and request_uri may not be pushed"
            )
        if not sent.get("max_age", "0").isdecimal():
            raise InvalidRequestError("max_age is a number of seconds")
        grant = self.get_authorization_grant(request)
        grant.validate_no_multiple_request_parameter(request)
        grant.validate_authorization_request()
        kept = {name: value for name, value in sent.items() if not name.startswith("client_assertion")}
        return {**kept, "client_id": client.client_id}

    def answer(self, sent: dict[str, str], user: User | None) -> Any:  # noqa: ANN401  (a Flask response)
        """Send the browser back with a code, or with access_denied when there is no user."""
        request = pushed_request(sent)
        grant = self.get_authorization_grant(request)
        return self.create_authorization_response(request, grant_user=user, grant=grant)

    def login_required(self, sent: dict[str, str]) -> Any:  # noqa: ANN401  (a Flask response)
        """The answer to prompt=none when there is no session."""
        error = LoginRequiredError(redirect_uri=sent["redirect_uri"])
        error.state = sent.get("state")
        response = self.handle_error_response(pushed_request(sent), error)
        ResponseIssuer(self.issuer).add_issuer_parameter(self, response)
        return response

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        until = self.memory.clock() + ACCESS_TOKEN_LIVES
        kept = AccessToken(request.client, token["scope"], request.user, until, self.memory.clock)
        self.memory.access_tokens.put(kept, token["access_token"])


def pushed_request(sent: dict[str, str]) -> OAuth2Request:
    """The browser's request, with the parameters that were pushed in place of its query."""
    request = FlaskOAuth2Request(flask_request)
    request.payload = BasicOAuth2Payload(sent)
    return request


class ClientAssertion(JWTBearerClientAssertion):
    """private_key_jwt: the audience is the issuer or the token endpoint, and an assertion is good once."""

    CLIENT_AUTH_METHOD = CLIENT_AUTH

    def __init__(self, server: Server) -> None:
        super().__init__(leeway=10)
        self._server = server

    def get_audiences(self) -> list[str]:
        return [self._server.issuer, f"{self._server.issuer}/token"]

    def resolve_client_public_key(self, client: Client) -> RSAKey | KeySet:
        return client.keys

    def verify_claims(self, claims: Any) -> None:  # noqa: ANN401  (Authlib's own type)
        super().verify_claims(claims)
        if claims["exp"] > time.time() + ASSERTION_LIVES:
            raise InvalidClientError(description="The assertion lives too long.")

    def validate_jti(self, _claims: Any, jti: str) -> bool:  # noqa: ANN401  (Authlib's own type)
        fresh = self._server.memory.assertions.look(jti) is None
        self._server.memory.assertions.put(thing=True, key=jti)
        return fresh


class CodeGrant(AuthorizationCodeGrant):
    """The authorization code: bound to client, redirect address and challenge, and used once."""

    TOKEN_ENDPOINT_AUTH_METHODS = (CLIENT_AUTH,)

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        sent = request.payload.data
        kept = Code(
            code=code,
            client_id=request.client.client_id,
            redirect_uri=sent["redirect_uri"],
            scope=request.scope,
            code_challenge=sent["code_challenge"],
            code_challenge_method=sent["code_challenge_method"],
            nonce=sent.get("nonce", ""),
            locale=request.user.locale,
            signed_in=request.user.signed_in,
        )
        self.server.memory.codes.put(kept, code)

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        # Taken and not looked at: a code whose verifier was wrong is spent too.
        kept: Code | None = self.server.memory.codes.take(code)
        return kept if kept and kept.client_id == client.client_id else None

    def delete_authorization_code(self, _code: Code) -> None:
        return  # it was taken

    def authenticate_user(self, code: Code) -> User:
        return User(self.server.clients[code.client_id], code.signed_in, code.locale)


class OnlyS256(CodeChallenge):
    """ID-porten demands PKCE of confidential clients as well, and knows S256 alone."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: AuthorizationCodeGrant, redirect_uri: str) -> None:
        sent = grant.request.payload.data
        if not sent.get("code_challenge") or sent.get("code_challenge_method") != "S256":
            raise InvalidRequestError("PKCE with code_challenge_method=S256 is required")
        super().validate_code_challenge(grant, redirect_uri)


class IdToken(OpenIDCode):
    """The id_token as ID-porten writes it: 120 seconds, RS256, pid, pairwise sub, sid."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self._server = server

    def exists_nonce(self, _nonce: str, _request: OAuth2Request) -> bool:
        return False  # a pushed request is used once, and its nonce with it

    def resolve_client_private_key(self, _client: Client) -> RSAKey:
        return self._server.keys.newest

    def get_encode_header(self, _client: Client) -> dict[str, str]:
        return {"alg": "RS256", "kid": self._server.keys.newest.kid or ""}

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        now = int(self._server.memory.clock())
        issuer = self._server.issuer
        return {"iss": issuer, "aud": client.client_id, "iat": now, "exp": now + ID_TOKEN_LIVES}

    def get_authorization_code_claims(self, authorization_code: Code) -> dict[str, Any]:
        signed_in = authorization_code.signed_in
        signed_in.services.add(authorization_code.client_id)
        claims = super().get_authorization_code_claims(authorization_code)
        return {
            **claims,
            "sid": signed_in.sid,
            "jti": hashlib.sha256(authorization_code.code.encode()).hexdigest(),
        }

    def generate_user_info(self, user: User, _scope: str) -> dict[str, str]:
        return claims_about(user)


class ResponseIssuer(IssuerParameter):
    """RFC 9207: every answer to the browser says who answered."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer

    def get_issuer(self) -> str:
        return self._issuer


class EndSession(EndSessionEndpoint):
    """RP-initiated logout. Which browser session ends is the page's business: it alone sees the cookie."""

    def get_server_jwks(self) -> KeySet:
        return self.server.keys.published()

    def get_algorithms(self) -> list[str]:
        return ["RS256"]

    def is_post_logout_redirect_uri_legitimate(self, *_: object) -> bool:
        return (
            True  # ID-porten sends back with client_id alone; that the address is registered has been checked
        )

    def end_session(self, _request: object) -> None:
        return


class Bearer(BearerTokenValidator):
    def __init__(self, memory: Memory) -> None:
        super().__init__()
        self._memory = memory

    def authenticate_token(self, token_string: str) -> AccessToken | None:
        return self._memory.access_tokens.look(token_string)


class UserInfo(UserInfoEndpoint):
    def generate_user_info(self, user: User, _scope: str) -> dict[str, str]:
        return claims_about(user)


def claims_about(user: User) -> dict[str, str]:
    """sub, pid, locale."""
    pid = user.signed_in.pid
    return {"sub": sub_for(user.client, pid), "pid": pid, "locale": user.locale}


def locale_of(ui_locales: str) -> str:
    """The first of the wished languages that ID-porten has."""
    return next((wished for wished in ui_locales.split() if wished in LOCALES), LOCALES[0])
