"""The published cases of malformed and hostile resources: where we agree with the reference validator, and where not.

The validator judges resources against profiles, terminologies and the form of narratives. A citizen's record is
shown as it is, so only what cannot be read, or could not be told from something else, is refused here: narratives
are cleaned and addresses checked where they are shown, and a reference that leads nowhere is shown as its text.
"""

import json
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from innsyn.journal.bundles import Load, entries_in
from innsyn.journal.limits import Unfit, checked
from innsyn.journal.port import Unusable

FOLDER = (
    Path(__file__).resolve().parents[3] / "shared" / "data" / "fhir-test-cases" / "parsing-security-bundles"
)
pytestmark = pytest.mark.skipif(
    not FOLDER.exists(), reason="the published cases are not beside this checkout"
)

REFUSED = {
    "observation-with-trailing-dot": "not_json",
    "json-comma-bad-2": "not_json",
    "resource-invalid-id-1": "illegal_id",
}


def cases() -> list[dict[str, Any]]:
    if not FOLDER.exists():
        return []
    told: list[dict[str, Any]] = json.loads((FOLDER / "cases.json").read_text())["cases"]
    return [case for case in told if "file" in case]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in cases()])
def test_what_is_refused_is_what_cannot_be_read(case: dict[str, Any]) -> None:
    reason = _reason_against((FOLDER / case["file"]).read_bytes())
    assert reason == REFUSED.get(case["name"], "")
    assert not reason or case["java"].get("errors"), "the validator has nothing against it"


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in cases()])
def test_nothing_in_it_vanishes(case: dict[str, Any]) -> None:
    body = (FOLDER / case["file"]).read_bytes()
    found = list(entries_in(body, Load("cases", datetime.now(UTC), count(1))))
    if case["name"] in REFUSED:
        assert [type(one) for one in found] == [Unusable]
    else:
        assert len(found) == max(1, _resources_in(json.loads(body)))


def _resources_in(resource: dict[str, Any]) -> int:
    if resource["resourceType"] != "Bundle":
        return 1
    return sum(
        _resources_in(entry["resource"]) if "resource" in entry else 1 for entry in resource.get("entry", [])
    )


def _reason_against(body: bytes) -> str:
    try:
        checked(body)
    except Unfit as unfit:
        return unfit.reason
    return ""
