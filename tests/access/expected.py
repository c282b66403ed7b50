"""Who meets what at each address. A slice says it of its own routes in `expected_<slice>.py`, as EXPECTED."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Expected:
    """Status for the owner, for another citizen and for somebody not logged in; `address` with the owner's entry."""

    address: str
    owner: int
    other: int
    nobody: int
    form: dict[str, str] | None = None


LIST = (200, 200, 401)
ONE = (200, 404, 401)
OPEN = (200, 200, 200)
EXPECTED = {
    ("GET", "/"): Expected("/", *OPEN),
    ("GET", "/journal"): Expected("/journal", *LIST),
    ("GET", "/journal/{kind:str}"): Expected("/journal/lab_results", *LIST),
    ("GET", "/journal/{kind:str}/{entry_id:uuid}"): Expected("/journal/lab_results/{entry}", *ONE),
    ("GET", "/journal/{kind:str}/{entry_id:uuid}/documents/{number:int}"): Expected(
        "/journal/lab_results/{entry}/documents/1", *ONE
    ),
    ("GET", "/api/entries"): Expected("/api/entries", *LIST),
    ("GET", "/api/entries/{entry_id:uuid}"): Expected("/api/entries/{entry}", *ONE),
    ("GET", "/api/me"): Expected("/api/me", *LIST),
    ("GET", "/settings"): Expected("/settings", *LIST),
    ("POST", "/settings"): Expected("/settings", 303, 303, 401, {"locale": "nn"}),
    # The provider of this installation does not exist: a login ends on its page for that.
    ("GET", "/login"): Expected("/login", 503, 503, 503),
    ("GET", "/login/callback"): Expected("/login/callback?state=x&code=y", 400, 400, 400),
    ("POST", "/logout"): Expected("/logout", 303, 303, 303, {}),
    ("GET", "/offline"): Expected("/offline", *OPEN),
    ("GET", "/sw.js"): Expected("/sw.js", *OPEN),
    ("GET", "/manifest.webmanifest"): Expected("/manifest.webmanifest", *OPEN),
    ("GET", "/static/{file:str}"): Expected("/static/nothing.css", 404, 404, 404),
    ("GET", "/dictionary/{name:str}"): Expected("/dictionary/nothing", 404, 404, 404),
    ("GET", "/health/live"): Expected("/health/live", *OPEN),
    ("GET", "/health/ready"): Expected("/health/ready", *OPEN),
    ("GET", "/schema/openapi.json"): Expected("/schema/openapi.json", *OPEN),
}
