"""A contact register beside the provider: everybody who can be picked has an e-mail address that nobody reads.

Shaped as KRR (docs.digdir.no, `POST /rest/v2/personer`). Who is reserved, or has confirmed nothing for long, is chosen
by the number, so that each can be tried. It lets everybody ask: it is on this machine.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from flask import Flask, Response, jsonify, request

from standins.idporten.people import People

_LONG_AGO: Final = timedelta(days=800)
# The last two digits of the numbers of those who are not as most are: of a hundred, two reserved and two forgetful.
_RESERVED: Final = ("17", "67")
_FORGETFUL: Final = ("23", "73")


def serve_contacts(app: Flask, people: People) -> None:
    """The register's endpoint, at `/krr`."""

    @app.post("/krr/rest/v2/personer")
    def persons() -> Response:
        asked = (request.get_json(silent=True) or {}).get("personidentifikatorer", [])
        known = {person.pid for person in people.listed() or []}
        return jsonify({"personer": [_entry(pid) for pid in asked if pid in known]})


def _entry(pid: str) -> dict[str, Any]:
    confirmed = datetime.now(UTC) - (_LONG_AGO if pid.endswith(_FORGETFUL) else timedelta(days=30))
    is_reserved = pid.endswith(_RESERVED)
    at = confirmed.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "personidentifikator": pid,
        "reservasjon": "JA" if is_reserved else "NEI",
        "status": "AKTIV",
        "varslingsstatus": "KAN_IKKE_VARSLES" if is_reserved else "KAN_VARSLES",
        "kontaktinformasjon": {
            "epostadresse": f"innbygger-{pid[-5:]}@example.invalid",
            "epostadresse_sist_verifisert": at,
            "mobiltelefonnummer": f"+47900{pid[-5:]}",
            "mobiltelefonnummer_sist_verifisert": at,
        },
        "spraak": "nb",
    }
