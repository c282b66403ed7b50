"""Who meets what of giving access. What is one person's is to another what does not exist."""

from access.expected import LIST, Expected

NOBODYS = "/access/fullmakt/0b5b2c1e-2f50-4f0e-9d28-0f5d2a3f7c11"

EXPECTED = {
    ("GET", "/access"): Expected("/access", *LIST),
    ("GET", "/access/give"): Expected("/access/give", *LIST),
    ("POST", "/access/give"): Expected("/access/give", 400, 400, 401, {"level": "read", "label": ""}),
    ("GET", "/access/fullmakt/{fullmakt_id:uuid}"): Expected(NOBODYS, 404, 404, 401),
    ("POST", "/access/fullmakt/{fullmakt_id:uuid}"): Expected(NOBODYS, 404, 404, 401, {"do": "end"}),
    ("GET", "/access/fullmakt/{fullmakt_id:uuid}/change"): Expected(f"{NOBODYS}/change", 404, 404, 401),
    ("POST", "/access/fullmakt/{fullmakt_id:uuid}/change"): Expected(
        f"{NOBODYS}/change", 404, 404, 401, {"level": "read"}
    ),
    ("GET", "/access/invitation"): Expected("/access/invitation", *LIST),
    ("POST", "/access/invitation"): Expected("/access/invitation", 400, 400, 401, {"code": "x", "name": ""}),
    ("GET", "/access/review"): Expected("/access/review", *LIST),
}
