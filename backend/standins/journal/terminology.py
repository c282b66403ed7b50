"""A small terminology: the value sets that the demo's forms search in, by `$expand` (POST with Parameters)."""

from typing import Any, Final

import msgspec
from litestar import Request, post
from litestar.datastructures import State
from litestar.response.base import ASGIResponse

from standins.journal.demo.medicines import MEDICINES

_FHIR: Final = "application/fhir+json"
_ATC: Final = "http://www.whocc.no/atc"
VALUE_SETS: Final = {
    "http://innsyn.test/fhir/ValueSet/legemidler": [
        {"system": _ATC, "code": code, "display": name} for code, name in MEDICINES
    ]
}


@post("/fhir/ValueSet/$expand", status_code=200)
async def expand(request: Request[Any, Any, State]) -> ASGIResponse:
    """The concepts that have every word of `filter` at the beginning of one of theirs, at most `count`."""
    try:
        asked = _parameters(msgspec.json.decode(await request.body()))
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError):
        return _answer(_outcome("structure", "these are no Parameters"), 400)
    concepts = VALUE_SETS.get(str(asked.get("url")))
    if concepts is None:
        return _answer(_outcome("not-found", "there is no such ValueSet"), 404)
    words = str(asked.get("filter", "")).casefold().split()
    found = [each for each in concepts if _fits(each["display"], words)]
    count = asked.get("count", len(found))
    listed = found[: count if isinstance(count, int) and count >= 0 else 0]
    expansion = {"timestamp": "2026-01-01T00:00:00Z", "total": len(found), "contains": listed}
    told = {"resourceType": "ValueSet", "status": "active", "url": asked["url"], "expansion": expansion}
    return _answer(told, 200)


def _parameters(told: dict[str, Any]) -> dict[str, Any]:
    return {
        each["name"]: next((value for name, value in each.items() if name.startswith("value")), None)
        for each in told["parameter"]
    }


def _fits(display: str, words: list[str]) -> bool:
    has = display.casefold().split()
    return all(any(each.startswith(word) for each in has) for word in words)


def _outcome(code: str, words: str) -> dict[str, Any]:
    issue = {"severity": "error", "code": code, "diagnostics": words}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def _answer(resource: dict[str, Any], status: int) -> ASGIResponse:
    return ASGIResponse(body=msgspec.json.encode(resource), status_code=status, media_type=_FHIR)


handlers = [expand]
