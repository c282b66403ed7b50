"""Passkeys, the terms and the nearest relative: pages about oneself, so everybody meets their own."""

from access.expected import LIST, OPEN, Expected

_NONE = "0b5b2c1e-2f50-4f0e-9d28-0f5d2a3f7c11"
EXPECTED = {
    ("GET", "/unlock"): Expected("/unlock", *OPEN),
    ("POST", "/unlock"): Expected("/unlock", 403, 403, 403, {"credential": "x", "next": "/"}),
    ("GET", "/settings/passkeys"): Expected("/settings/passkeys", *LIST),
    ("GET", "/settings/passkeys/new"): Expected("/settings/passkeys/new", *LIST),
    ("POST", "/settings/passkeys/new"): Expected(
        "/settings/passkeys/new", 403, 403, 401, {"credential": "x", "name": ""}
    ),
    ("POST", "/settings/passkeys/{passkey_id:uuid}/remove"): Expected(
        f"/settings/passkeys/{_NONE}/remove", 404, 404, 401, {}
    ),
    # Both have agreed: to them /start is on the way to somewhere.
    ("GET", "/start"): Expected("/start", 303, 303, 401),
    ("POST", "/start"): Expected("/start", 303, 303, 401, {"version": "1", "locale": "nb", "next": "/"}),
    ("GET", "/start/kin"): Expected("/start/kin", *LIST),
    ("POST", "/start/kin"): Expected("/start/kin", 303, 303, 401, {"answer": "later", "key": _NONE}),
    ("GET", "/settings/terms"): Expected("/settings/terms", *LIST),
}
