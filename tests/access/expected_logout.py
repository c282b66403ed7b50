"""Logging out, from here and from the provider; and our public keys, which anybody may read."""

from access.expected import OPEN, Expected

EXPECTED = {
    ("GET", "/login/keys"): Expected("/login/keys", *OPEN),
    # Who has a session is not told that they are logged out.
    ("GET", "/logout/done"): Expected("/logout/done?state=x", 303, 303, 200),
    ("GET", "/logout/front"): Expected("/logout/front?iss=https://idporten.test&sid=nobodys", *OPEN),
    ("POST", "/logout/back"): Expected("/logout/back", 400, 400, 400, {"logout_token": "x"}),
}
