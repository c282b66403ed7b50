"""Who meets what where browsers are told by push: each person only ever their own."""

from uuid import UUID

from access.expected import LIST, Expected

_NONE = str(UUID(int=1))
_DEVICES = "/settings/notices/devices"
EXPECTED = {
    ("GET", _DEVICES): Expected(_DEVICES, *LIST),
    ("POST", _DEVICES): Expected(_DEVICES, 303, 303, 401, {"endpoint": "https://push.example/1"}),
    ("POST", f"{_DEVICES}/{{subscription_id:uuid}}/remove"): Expected(
        f"{_DEVICES}/{_NONE}/remove", 404, 404, 401, {}
    ),
}
