"""Every route, met by its owner, by another citizen and by nobody. A route without a row fails."""

import importlib
from pathlib import Path

import pytest
from litestar.routes import HTTPRoute

from world import KARI, OLA, World, patient, result

EXPECTED = {
    route: row
    for file in sorted(Path(__file__).parent.glob("expected*.py"))
    for route, row in importlib.import_module(f"access.{file.stem}").EXPECTED.items()
}
# Of the same document, in other forms.
SAME_AS_ANOTHER = {"/schema", "/schema/openapi.yaml", "/schema/openapi.yml", "/schema/{path:str}"}

# What stands in Kari's journal and nowhere else.
MARKS = ("Karis egen prøve", "Karis kommentar", "Nordlis legekontor")


def routes(world: World) -> set[tuple[str, str]]:
    return {
        (method, route.path)
        for route in world.litestar.routes
        if isinstance(route, HTTPRoute) and route.path not in SAME_AS_ANOTHER
        for handler in route.route_handlers
        for method in handler.http_methods - {"OPTIONS", "HEAD"}
    }


async def test_every_route_has_a_row(world: World) -> None:
    assert routes(world) == EXPECTED.keys(), "say in expected_<slice>.py who may meet a new route, and how"


@pytest.mark.parametrize("route", EXPECTED, ids=" ".join)
async def test_who_meets_what(world: World, route: tuple[str, str]) -> None:
    expected = EXPECTED[route]
    entry = await _karis_entry(world)
    address = expected.address.format(entry=entry)
    form = expected.form and {name: value.format(entry=entry) for name, value in expected.form.items()}
    who = {
        "owner": (await world.log_in(KARI), expected.owner),
        "other": (await world.log_in(OLA), expected.other),
        "nobody": (world.browser(), expected.nobody),
    }
    for name, (browser, status) in who.items():
        answer = await browser.request(route[0], address, data=form)
        assert answer.status_code == status, (name, answer.text[:500])
        told = [mark for mark in MARKS if mark in answer.text]
        if name != "owner":
            assert told == [], name
        for number in (KARI, OLA):
            assert number not in answer.text + str(answer.headers)
        assert "cache-control" in answer.headers


async def test_the_answer_to_a_stranger_is_the_answer_to_what_does_not_exist(world: World) -> None:
    entry = await _karis_entry(world)
    ola = await world.log_in(OLA)
    for address in ("/journal/lab_results/{}", "/api/entries/{}", "/journal/lab_results/{}/documents/1"):
        karis = await ola.get(address.format(entry))
        nobodys = await ola.get(address.format("0b5b2c1e-2f50-4f0e-9d28-0f5d2a3f7c11"))
        assert (karis.status_code, karis.content) == (nobodys.status_code, nobodys.content)


async def _karis_entry(world: World) -> str:
    """A result with a file, in Kari's journal; Ola has one of his own."""
    await world.take(
        patient("kari", KARI, "Kari"),
        patient("ola", OLA, "Ola"),
        {"resourceType": "Organization", "id": "gp", "name": "Nordlis legekontor"},
        {
            "resourceType": "DiagnosticReport",
            "id": "a",
            "status": "final",
            "category": [{"coding": [{"code": "LAB"}]}],
            "code": {"text": "Karis egen prøve"},
            "subject": {"reference": "Patient/kari"},
            "performer": [{"reference": "Organization/gp"}],
            "effectiveDateTime": "2026-11-20",
            "conclusion": "Karis kommentar",
            "presentedForm": [{"contentType": "image/png", "data": PIXEL, "title": "Karis kommentar"}],
        },
        result("b", "ola", "Olas prøve"),
    )
    row = await world.owner.fetchrow("SELECT entry_id FROM record.entry WHERE line::text LIKE '%4b61726973%'")
    return str(row["entry_id"])


PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
