"""Who meets what at the pages of notices: each person only ever their own."""

from uuid import UUID

from access.expected import LIST, Expected

_NONE = str(UUID(int=1))
EXPECTED = {
    ("GET", "/notices"): Expected("/notices", *LIST),
    ("GET", "/notices/{notice_id:uuid}"): Expected(f"/notices/{_NONE}", 404, 404, 401),
    ("POST", "/notices/seen"): Expected("/notices/seen", 303, 303, 401, {}),
    ("GET", "/settings/notices"): Expected("/settings/notices", *LIST),
    ("POST", "/settings/notices"): Expected("/settings/notices", 303, 303, 401, {"way": "own.result.email"}),
}
