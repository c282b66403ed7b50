"""The stand-in's terminology."""

from typing import Any

import httpx
from litestar import Litestar
from litestar.testing import AsyncTestClient

MEDICINES = "http://innsyn.test/fhir/ValueSet/legemidler"


async def expand(server: AsyncTestClient[Litestar], **asked: object) -> httpx.Response:
    kinds = {"url": "valueUri", "count": "valueInteger", "filter": "valueString"}
    told: list[dict[str, Any]] = [{"name": name, kinds[name]: value} for name, value in asked.items()]
    return await server.post("/fhir/ValueSet/$expand", json={"resourceType": "Parameters", "parameter": told})


async def test_it_finds_by_the_beginning_of_words(server: AsyncTestClient[Litestar]) -> None:
    found = (await expand(server, url=MEDICINES, filter="METF", count=5)).json()["expansion"]
    assert [each["display"] for each in found["contains"]] == ["Metformin", "Metformin og vildagliptin"]
    assert (found["total"], found["contains"][0]["code"]) == (2, "A10BA02")
    assert len((await expand(server, url=MEDICINES, count=3)).json()["expansion"]["contains"]) == 3


async def test_what_it_does_not_have_is_said(server: AsyncTestClient[Litestar]) -> None:
    assert (await expand(server, url="http://innsyn.test/fhir/ValueSet/ukjent")).status_code == 404
    assert (await server.post("/fhir/ValueSet/$expand", content=b"{}")).status_code == 400
