"""Real input that nobody here wrote, where a checkout has it beside itself; tests skip where it is absent."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
POPULATIONS = (
    "synthea-r4-bundles",
    "synthea-bulk-ndjson",
    "clinosim-feed",
    "carebundle",
    "tietai-ehds-es",
    "hl7au-test-data",
    "hl7-fhir-r4-examples",
    "hl7-ips",
    "no-basis",
    "no-domain-vitalsigns",
    "no-lmdi-legemiddel",
)

needs_real_data = pytest.mark.skipif(not DATA.is_dir(), reason="no real input beside this checkout")


def resources_of(population: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(fullUrl, resource) of everything in a population; what is no JSON is somebody else's test."""
    for path in sorted((DATA / population).rglob("*")):
        if path.suffix == ".json":
            yield from _inside("", _read(path.read_text("utf-8-sig")))
        elif path.suffix == ".ndjson":
            for line in path.read_text("utf-8").splitlines():
                yield from _inside("", _read(line))


def _read(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _inside(url: str, found: object) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(found, dict) or "resourceType" not in found:
        return
    if found["resourceType"] != "Bundle":
        yield url, found
        return
    for entry in found.get("entry", []):
        yield from _inside(entry.get("fullUrl", ""), entry.get("resource"))
