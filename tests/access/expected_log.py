"""The access log is one's own: under somebody else's record it does not exist."""

from access.expected import LIST, Expected

NOT_MINE = "/access/log/lookups/0b5b2c1e-2f50-4f0e-9d28-0f5d2a3f7c11"
NOWHERE = (404, 404, 401)
EXPECTED = {
    ("GET", "/access/log"): Expected("/access/log", *LIST),
    ("GET", "/access/log/export.csv"): Expected("/access/log/export.csv", *LIST),
    ("GET", "/access/log/export.json"): Expected("/access/log/export.json", *LIST),
    # tests/access/log has look-ups in it.
    ("GET", "/access/log/lookups/{lookup_id:uuid}"): Expected(NOT_MINE, *NOWHERE),
    ("POST", "/access/log/lookups/{lookup_id:uuid}/ask"): Expected(
        f"{NOT_MINE}/ask", *NOWHERE, {"words": ""}
    ),
    ("GET", "/access/log/readings/{log_id:int}"): Expected("/access/log/readings/999999999", *NOWHERE),
}
