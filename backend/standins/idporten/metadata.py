"""The discovery document: ID-porten's values, narrowed where this stand-in can do less."""

from typing import Any

from standins.idporten.levels import LEVELS

LOCALES = ("nb", "nn", "en", "se")


def discovery(issuer: str) -> dict[str, Any]:
    """OpenID Provider metadata.

    ID-porten also lists client secrets and public clients, form_post and signed responses, refresh tokens
    and eIDAS levels: a document that promises what is not served fools a client.
    """
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "pushed_authorization_request_endpoint": f"{issuer}/par",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks.json",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "end_session_endpoint": f"{issuer}/logout",
        "scopes_supported": ["openid", "profile"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "acr_values_supported": list(LEVELS),
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256", "RS384", "RS512"],
        "ui_locales_supported": list(LOCALES),
        "prompt_values_supported": ["login", "none"],
        "authorization_response_iss_parameter_supported": True,
        "require_pushed_authorization_requests": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "frontchannel_logout_supported": True,
        "frontchannel_logout_session_supported": True,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
    }
