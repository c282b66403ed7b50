"""Who meets what when changing person."""

from access.expected import LIST, Expected

EXPECTED = {
    ("GET", "/people"): Expected("/people", *LIST),
    ("GET", "/api/people"): Expected("/api/people", *LIST),
    ("POST", "/people"): Expected("/people", 303, 303, 401, {"handle": ""}),
}
