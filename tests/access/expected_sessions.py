"""One's own sessions, and what an open page asks."""

from access.expected import Expected

_NOBODYS = "0b5b2c1e-2f50-4f0e-9d28-0f5d2a3f7c11"
_MARK = "AAAAAAAAAAAAAAAA"
EXPECTED = {
    ("GET", "/settings/sessions"): Expected("/settings/sessions", 200, 200, 401),
    ("POST", "/settings/sessions/{session_id:uuid}/end"): Expected(
        f"/settings/sessions/{_NOBODYS}/end", 404, 404, 401, {}
    ),
    ("POST", "/settings/sessions/end-others"): Expected("/settings/sessions/end-others", 303, 303, 401, {}),
    ("POST", "/settings/sessions/end-all"): Expected("/settings/sessions/end-all", 307, 307, 401, {}),
    ("POST", "/session/renew"): Expected("/session/renew", 303, 303, 401, {}),
    ("GET", "/session/back"): Expected("/session/back", 200, 200, 401),
    # A mark is of one person in one browser: this one is nobody's.
    ("POST", "/session/send/{mark:str}/{path:path}"): Expected(
        f"/session/send/{_MARK}/settings", 409, 409, 401, {"locale": "nn"}
    ),
    # Without the header of a stream it answers once.
    ("GET", "/live"): Expected("/live", 200, 200, 401),
}
