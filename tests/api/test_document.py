"""The OpenAPI document says what there is, and nothing that is not."""

from typing import Any

import schemathesis

from api.asking import fill, handlers
from world import KARI, World

ANSWERS = {
    "/api/me": {"200", "400", "401", "503"},
    "/api/people": {"200", "400", "401", "503"},
    "/api/entries": {"200", "400", "401", "503"},
    "/api/entries/{entry_id}": {"200", "400", "401", "404", "410", "503"},
    "/api/entries/{entry_id}/versions": {"200", "400", "401", "404", "410", "503"},
    "/api/forms": {"200", "400", "401", "404", "503"},
    "/api/forms/sent/{sent_id}": {"200", "400", "401", "404", "503"},
}
SHAPES = {"200": "application/json"}
# As FHIR has it: its shape is told elsewhere.
FHIR = ("/api/forms/sent/{sent_id}", "200")


async def _document(world: World) -> dict[str, Any]:
    answer = await world.browser().get("/schema/openapi.json")
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json"
    found: dict[str, Any] = answer.json()
    return found


async def test_it_is_a_valid_document_of_openapi_31(world: World) -> None:
    document = await _document(world)
    assert document["openapi"].startswith("3.1.")
    schemathesis.openapi.from_dict(document).validate()


async def test_every_address_for_programs_is_in_it_and_no_page_is(world: World) -> None:
    document = await _document(world)
    routes = {
        (handler_path.replace(":uuid", ""), method.lower())
        for handler_path, handler in handlers(world)
        for method in handler.http_methods
        if handler_path.startswith("/api/")
    }
    described = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert described == routes
    assert {path for path, _ in described} == ANSWERS.keys()


async def test_every_answer_is_in_it_with_its_shape(world: World) -> None:
    document = await _document(world)
    for path, methods in document["paths"].items():
        operation = methods["get"]
        assert operation["responses"].keys() == ANSWERS[path], path
        assert operation["description"], path
        for status, answer in operation["responses"].items():
            content = answer["content"]
            if (path, status) == FHIR:
                assert list(content) == ["application/fhir+json"]
                continue
            assert list(content) == [SHAPES.get(status, "application/problem+json")], (path, status)
            shape = next(iter(content.values()))["schema"]["$ref"].rpartition("/")[2]
            assert shape in document["components"]["schemas"]
            assert (shape == "Problem") is (status != "200")


async def test_one_logs_in_with_the_cookie(world: World) -> None:
    document = await _document(world)
    assert document["security"] == [{"session": []}]
    scheme = document["components"]["securitySchemes"]["session"]
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "cookie", "innsyn")


async def test_the_fields_of_an_entry_are_those_that_are_sent(world: World) -> None:
    entry, _ = await fill(world)
    kari = await world.log_in(KARI)
    shapes = (await _document(world))["components"]["schemas"]
    opened = (await kari.get(f"/api/entries/{entry}")).json()
    assert opened.keys() == set(shapes["OpenedEntry"]["required"])
    assert opened["entry"].keys() <= shapes["Line"]["properties"].keys()
    assert opened["documents"][0].keys() == set(shapes["Document"]["required"])
    assert (await kari.get("/api/me")).json().keys() == set(shapes["Me"]["required"])
