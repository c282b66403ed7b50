"""Every bound that is declared is held: Litestar passes over some kinds of them in silence."""

from collections.abc import Iterator
from typing import Any

from litestar.handlers import HTTPRouteHandler
from litestar.params import ParameterKwarg

from api.asking import fill, handlers, problem_of
from world import KARI, World

BEYOND_INT64 = (2**31, 2**63, 10**30)


async def test_one_value_outside_each_bound_of_the_document(world: World) -> None:
    entry, _ = await fill(world)
    kari = await world.log_in(KARI)
    paths = (await kari.get("/schema/openapi.json")).json()["paths"]
    tried = []
    for path, methods in paths.items():
        for parameter in methods["get"].get("parameters", []):
            name = parameter["name"]
            for value in outside(parameter["schema"]):
                tried.append(name)
                if parameter["in"] == "path":
                    answer = await kari.get(path.format(**{name: value}))
                    assert (answer.status_code, problem_of(answer)) == (404, "not_found"), (name, value)
                    continue
                answer = await kari.get(path.format(entry_id=entry, sent_id=entry), params={name: value})
                assert (answer.status_code, problem_of(answer)) == (400, "invalid_parameter"), (name, value)
                assert answer.json()["parameters"] == [name]
    assert set(tried) == {"kind", "source", "from", "to", "q", "cursor", "entry_id", "sent_id"}


def outside(schema: dict[str, Any]) -> Iterator[str]:
    if "maxLength" in schema:
        yield "2" * (schema["maxLength"] + 1)
    if schema.keys() & {"enum", "pattern", "format"}:
        yield "rubbish"
    if "minimum" in schema:
        yield str(schema["minimum"] - 1)
    if "maximum" in schema:
        yield str(schema["maximum"] + 1)


async def test_one_value_outside_each_bound_of_the_pages(world: World) -> None:
    entry, _ = await fill(world)
    kari = await world.log_in(KARI)
    tried = []
    for path, handler in handlers(world):
        if "GET" not in handler.http_methods or path.startswith(("/api/", "/schema")):
            continue
        for name, bound in bounds_of(handler):
            in_path = f"{{{name}:" in path
            for value in beyond(bound):
                tried.append((path, name))
                asked = {} if in_path else {bound.name or name: value}
                answer = await kari.get(_address(path, entry, {name: value} if in_path else {}), params=asked)
                assert answer.status_code == (404 if in_path else 400), (path, name, value)
    assert {name for _, name in tried} >= {"q", "from_", "to", "source", "cursor", "number"}


def bounds_of(handler: HTTPRouteHandler) -> Iterator[tuple[str, ParameterKwarg]]:
    """Those of the handler itself, and of what is read from the address for it."""
    read = [provided.parsed_fn_signature for provided in handler.resolve_dependencies().values()]
    for signature in (handler.parsed_fn_signature, *read):
        for name, field in signature.parameters.items():
            if isinstance(field.kwarg_definition, ParameterKwarg):
                yield name, field.kwarg_definition


def beyond(bound: ParameterKwarg) -> list[str]:
    values = []
    if bound.max_length is not None:
        values.append("2" * (bound.max_length + 1))
    if bound.ge is not None:
        values.append(f"{bound.ge - 1:.0f}")
    if bound.le is not None:
        values.append(f"{bound.le + 1:.0f}")
    return values


def _address(path: str, entry: str, given: dict[str, str]) -> str:
    usual = {"kind:str": "lab_results", "entry_id:uuid": entry, "number:int": "1"}
    for part, value in usual.items():
        path = path.replace(f"{{{part}}}", given.get(part.partition(":")[0], value))
    return path


async def test_a_number_that_no_computer_counts_to_is_not_found(world: World) -> None:
    entry, _ = await fill(world)
    kari = await world.log_in(KARI)
    file = f"/journal/lab_results/{entry}/documents/"
    assert (await kari.get(f"{file}1")).status_code == 200
    numbers = [
        *BEYOND_INT64,
        *(-number for number in BEYOND_INT64),
        0,
        2,
        "1.0",
        "1e3",
        "%F9",
        "Ⅷ",
        "9" * 5000,
    ]
    for number in numbers:
        answer = await kari.get(f"{file}{number}")
        assert answer.status_code == 404, number
