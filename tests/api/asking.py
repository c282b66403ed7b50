"""A record with a bit of everything, and requests that a browser would not make."""

from collections.abc import Iterable
from typing import Any

from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from world import KARI, OLA, World, patient, result

_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


async def fill(world: World) -> tuple[str, str]:
    """(id of Kari's report with a file, id of Ola's result)."""
    report = {
        "resourceType": "DiagnosticReport",
        "id": "report",
        "status": "final",
        "category": [{"coding": [{"code": "LAB"}]}],
        "code": {"text": "Karis rapport"},
        "subject": {"reference": "Patient/kari"},
        "effectiveDateTime": "2026-11-20",
        "conclusion": "Karis vurdering",
        "presentedForm": [{"contentType": "image/png", "data": _PIXEL, "title": "Karis bilde"}],
    }
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"), report)
    await world.take(
        *(result(f"k{number}", "kari", f"Prøve {number}", number) for number in range(60)),
        result("o", "ola", "Olas prøve"),
    )
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    of_kari = (await kari.get("/api/entries", params={"q": "rapport"})).json()
    of_ola = (await ola.get("/api/entries")).json()
    return of_kari["entries"][0]["id"], of_ola["entries"][0]["id"]


def handlers(world: World) -> Iterable[tuple[str, HTTPRouteHandler]]:
    """Every route with each of its own handlers (OPTIONS is Litestar's)."""
    for route in world.litestar.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                if handler.http_methods != {"OPTIONS"}:
                    yield route.path, handler


def problem_of(answer: Any) -> str:  # noqa: ANN401 - of httpx
    """The name of the problem that an answer tells; '' for an answer of another kind."""
    if answer.headers.get("content-type") != "application/problem+json":
        return ""
    told = answer.json()
    assert told["status"] == answer.status_code
    return str(told["type"]).removeprefix("urn:innsyn:problem:")
