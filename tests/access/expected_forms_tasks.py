"""Who meets what of form tasks. What somebody else is asked does not exist."""

from access.expected import LIST, Expected

NOBODYS = "/forms/tasks/0b5b2c1e-2f50-4f0e-9d28-0f5d2a3f7c11"

EXPECTED = {
    ("GET", "/forms"): Expected("/forms", *LIST),
    ("GET", "/forms/tasks/{task_id:uuid}"): Expected(NOBODYS, 404, 404, 401),
    ("POST", "/forms/tasks/{task_id:uuid}/take"): Expected(
        f"{NOBODYS}/take", 404, 404, 401, form={"draft": NOBODYS.rpartition("/")[2]}
    ),
}
