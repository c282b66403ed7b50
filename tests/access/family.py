"""People around a child, as the journal's feed tells of them. All numbers are synthetic (month + 80)."""

from typing import Any

from innsyn.access.relations.reading import (
    CONFIDENTIALITY,
    CONSENT,
    CONTACT_ROLE,
    FAMILY,
    RESIDENCE,
    RESPONSIBILITY,
    ROLE,
)
from world import FNR, Resource

ELLA, JONAS, MARTE, PER = "14851764268", "02831372136", "19868522227", "08898315178"
OLAV, KARI = "03824021138", "12846813010"
BORN = {
    ELLA: "2017-05-14",
    JONAS: "2013-03-02",
    MARTE: "1985-06-19",
    PER: "1983-09-08",
    OLAV: "1940-02-03",
    KARI: "1968-04-12",
}
NAMES = {ELLA: "Ella", JONAS: "Jonas", MARTE: "Marte", PER: "Per", OLAV: "Olav", KARI: "Kari"}


def citizen(number: str, *, secret: str = "", **more: Any) -> Resource:  # noqa: ANN401
    """The Patient of one of them."""
    return {
        "resourceType": "Patient",
        "id": NAMES[number].lower(),
        "identifier": [{"system": FNR, "value": number}],
        "name": [{"given": [NAMES[number]], "family": "Aune"}],
        "birthDate": BORN[number],
        **({"extension": [confidential(secret)]} if secret else {}),
        **more,
    }


def confidential(code: str) -> dict[str, Any]:
    """The extension for an address confidentiality."""
    return {"url": CONFIDENTIALITY, "valueCoding": {"system": CONFIDENTIALITY, "code": code}}


def parent(
    of: str,
    number: str,
    family: str = "mor",
    responsibility: str = "felles",
    residence: str = "same",
    **more: Any,  # noqa: ANN401
) -> Resource:
    """Somebody as a parent of the citizen `of`, by no-basis."""
    codes = [(FAMILY, family), (RESPONSIBILITY, responsibility)]
    extension = [{"url": RESIDENCE, "valueCode": residence}] if residence else []
    return related(of, number, codes, extension=[*extension, *more.pop("extension", [])], **more)


def guardian(of: str, number: str, **more: Any) -> Resource:  # noqa: ANN401
    """A guardian (verge)."""
    return related(of, number, [(ROLE, "GUARD")], **more)


def nearest(of: str, number: str, **more: Any) -> Resource:  # noqa: ANN401
    """The nearest relative."""
    return related(of, number, [(CONTACT_ROLE, "N")], **more)


def related(of: str, number: str, codes: list[tuple[str, str]], **more: Any) -> Resource:  # noqa: ANN401
    """A RelatedPerson of the citizen `of` with these codes."""
    return {
        "resourceType": "RelatedPerson",
        "id": f"{NAMES[of].lower()}-{NAMES[number].lower()}",
        "active": True,
        "identifier": [{"system": FNR, "value": number}],
        "patient": {"reference": f"Patient/{NAMES[of].lower()}"},
        "relationship": [{"coding": [{"system": system, "code": code}]} for system, code in codes if code],
        "name": [{"given": [NAMES[number]], "family": "Aune"}],
        "birthDate": BORN[number],
        **more,
    }


def certificate(of: str, number: str, start: str, end: str = "", **more: Any) -> Resource:  # noqa: ANN401
    """A doctor's certificate that the citizen lacks competence to consent, naming the nearest relative."""
    named = {"type": "RelatedPerson", "identifier": {"system": FNR, "value": number}}
    return {
        "resourceType": "Consent",
        "id": f"{NAMES[of].lower()}-certificate",
        "status": "active",
        "category": [{"coding": [{"system": CONSENT, "code": "lacks-competence"}]}],
        "patient": {"reference": f"Patient/{NAMES[of].lower()}"},
        "provision": {
            "type": "permit",
            "period": {"start": start, **({"end": end} if end else {})},
            "actor": [{"reference": named}],
        },
        **more,
    }


def youth_access(of: str, start: str, **more: Any) -> Resource:  # noqa: ANN401
    """A parent's consent to the youth's own login."""
    return {
        "resourceType": "Consent",
        "id": f"{NAMES[of].lower()}-youth-access",
        "status": "active",
        "category": [{"coding": [{"system": CONSENT, "code": "youth-access"}]}],
        "patient": {"reference": f"Patient/{NAMES[of].lower()}"},
        "provision": {"type": "permit", "period": {"start": start}},
        **more,
    }
