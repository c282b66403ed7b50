"""Who opened the demo record and why, as the services' own logs tell it: AuditEvents of the trust-framework profile.

Most belong to a stay, a visit or a referral of the same chart. Some are emergencies, one was turned away, one was for the
sake of another patient, and one belongs to nothing: that happens too, and can have a good reason.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from standins.journal.demo.codes import HL7, HPR_NUMBER, coding, concept, volven
from standins.journal.demo.days import Days
from standins.journal.demo.people import ELLA, INGRID, JONAS, KARI, MARTE, OLAV, SARA, Person
from standins.journal.demo.places import source_of, unit_reference
from standins.journal.demo.staff import STAFF, staff_named
from standins.journal.taken import Resource, Taken

_PROFILE = "http://hl7.no/fhir/StructureDefinition/no-domain-Trustframework-Auditevent"
_EXTENSION = "http://hl7.no/fhir/StructureDefinition/auditevent-"
_TEMPLATE = "https://terminology.dips.com/decisiontemplate"
_SERVICE_TYPE, _HOME_CARE = 9151, "steinkjer-kommune"
_KNOWN = frozenset(one.key for one in STAFF)


class Looker(NamedTuple):
    """Somebody who looks and never writes: known by what the log itself carries (contained)."""

    given: str
    family: str
    title: str
    unit: str


_LOOKERS = {
    "jorunn-aasan": Looker("Jorunn", "Aasan", "sykepleier", "levanger-medisin"),
    "sindre-holand": Looker("Sindre", "Holand", "sykepleier", "levanger-medisin"),
    "kaja-verdal": Looker("Kaja", "Verdal", "lege i spesialisering", "levanger-medisin"),
    "gunn-heggdal": Looker("Gunn", "Heggdal", "helsesekretær", "steinkjer-legesenter"),
    "rita-oyen": Looker("Rita", "Øyen", "helsesekretær", "levanger-oye"),
    "tore-vinge": Looker("Tore", "Vinge", "sykepleier", "st-olavs-hud"),
    "stine-fossen": Looker("Stine", "Fossen", "radiograf", "levanger-bilde"),
    "anja-sorli": Looker("Anja", "Sørli", "sykepleier", "levanger-barn"),
    "wenche-ranheim": Looker("Wenche", "Ranheim", "helsesekretær", "st-olavs-foster"),
}


class Decision(NamedTuple):
    """Why: the template's code and name, purpose of use, and whether the person chose it (`own`)."""

    code: str
    text: str
    purpose: str = "TREAT"
    own: bool = False


VISIT = Decision("POLBESOK", "Poliklinisk besøk")
TREATS = Decision("BEHANDLER", "Bruker har behandlingsansvar for pasienten")
ADMITTED = Decision("BELEGG", "Innlagt pasient")
PLANNED = Decision("PLANOPP", "Planlagt oppmøte")
REFERRED = Decision("HENVISNING", "Henvisning til vurdering")
ASKED = Decision("TILSYN", "Tilsyn på annen avdeling", own=True)
TASK = Decision("ARBFLYT", "Oppgave i arbeidsflyt")
OFFICE = Decision("PASADM", "Administrasjon", "PATADMIN")
EMERGENCY = Decision("BLAALYS", "Blålys", "ETREAT", own=True)
TAKES_PART = Decision("DELBEHAN", "Deltar i behandlingen av pasienten", own=True)
OTHER_PATIENT = Decision("HHJELANPAS", "Yte helsehjelp til annen pasient", own=True)


class Seen(NamedTuple):
    """One look-up: by whom, when (`office`: on an office day), why, as part of what, and what was opened."""

    by: str
    days_ago: int
    clock: str
    why: Decision
    contact: str = ""
    opened: tuple[str, ...] = ()
    office: bool = True
    action: str = "R"
    outcome: str = "0"


def _during_stay(arrived: int, contact: str) -> tuple[Seen, ...]:
    """Those who looked while somebody lay at Medisinsk sengepost 2."""
    rounds = (
        ("magne-rotmo", 0, "22:35"), ("jorunn-aasan", 0, "23:10"), ("jorunn-aasan", 1, "06:40"),
        ("ida-brandtzaeg", 1, "07:20"), ("kaja-verdal", 1, "09:05"), ("ida-brandtzaeg", 2, "07:15"),
        ("magne-rotmo", 2, "09:10"), ("sindre-holand", 2, "15:30"), ("sindre-holand", 3, "15:25"),
        ("ida-brandtzaeg", 4, "07:20"), ("magne-rotmo", 4, "10:15"),
    )  # fmt: skip
    return tuple(
        Seen(by, arrived - day, clock, ADMITTED, contact, ("DocumentReference", "Observation"), office=False)
        for by, day, clock in rounds
    )


_OF: dict[Person, tuple[Seen, ...]] = {
    KARI: (
        Seen("nina-salater", 430, "21:42", EMERGENCY, "opphold", ("AllergyIntolerance", "MedicationStatement"), office=False),
        *_during_stay(430, "opphold"),
        Seen("stine-fossen", 429, "11:05", ASKED, "opphold", ("ImagingStudy",), office=False),
        Seen("asbjorn-leira", 429, "11:40", ASKED, "opphold", ("ImagingStudy",), office=False),
        Seen("lars-munkeby", 371, "11:20", VISIT, "oye-kontakt", ("DocumentReference",)),
        Seen("turid-five", 102, "08:50", VISIT, "sykepleier-kontakt", ("Observation",)),
        Seen("rita-oyen", 44, "13:15", REFERRED, "", ("ServiceRequest",), action="U"),
        Seen("lars-munkeby", 43, "08:30", REFERRED, "", ("ServiceRequest", "DocumentReference")),
        Seen("tore-vinge", 23, "19:48", TAKES_PART, "", ("DocumentReference", "Observation"), office=False),
        Seen("gunn-heggdal", 12, "10:20", PLANNED, "", ("Appointment",)),
        Seen("hege-lunde", 10, "13:15", TREATS, "arskontroll-kontakt", ("Observation", "DocumentReference")),
        Seen("hege-lunde", 8, "15:05", TREATS, "", ("Observation",)),
        Seen("hege-lunde", 4, "12:25", TREATS, "", ("ServiceRequest",), action="C"),
    ),
    OLAV: (
        Seen("nina-salater", 96, "15:25", EMERGENCY, "opphold", ("MedicationStatement",), office=False),
        *_during_stay(96, "opphold"),
        *(Seen("gry-steinsmo", day, "08:15", TASK, f"besok-{day}", ("CarePlan",), office=False) for day in (60, 45, 31, 20, 12, 9, 8, 5, 2)),
        *(Seen("petter-rungstad", day, "20:20", TASK, "", ("CarePlan",), office=False) for day in (41, 13)),
        Seen("hege-lunde", 58, "13:20", TREATS, "hukommelse-kontakt", ("Observation", "DocumentReference")),
        Seen("hege-lunde", 8, "12:10", TREATS, "", ("Observation",)),
        Seen("arild-heimdal", 9, "14:40", REFERRED, "", ("ServiceRequest",)),
    ),
    INGRID: (
        Seen("solfrid-aarset", 36, "09:05", VISIT, "", ("Observation",)),
        Seen("wenche-ranheim", 16, "08:10", PLANNED, "", ("Appointment",)),
        Seen("cecilie-wang", 15, "12:50", VISIT, "poliklinikk-kontakt", ("Observation", "DocumentReference")),
        Seen("cecilie-wang", 6, "09:10", TREATS, "", ("DocumentReference",), action="C"),
    ),
    SARA: (
        Seen("maja-byasen", 61, "23:12", TAKES_PART, "", (), office=False, outcome="8"),
        Seen("jonas-berg", 44, "08:25", TREATS, "kontakt-3", ("MedicationStatement",)),
    ),
    MARTE: (
        Seen("siri-haugan", 64, "09:00", TREATS, "migrene-kontakt", ("DocumentReference",)),
        Seen("kristin-ronglan", 75, "14:10", OTHER_PATIENT, "", ("Condition",)),
    ),
    ELLA: (
        Seen("nina-salater", 210, "13:20", VISIT, "brudd-kontakt", ("AllergyIntolerance",)),
        Seen("kristin-ronglan", 76, "10:45", VISIT, "astmakontroll-kontakt", ("Observation",)),
        Seen("anja-sorli", 76, "10:35", PLANNED, "astmakontroll-kontakt", ("Appointment",)),
    ),
    JONAS: (
        Seen("kristin-ronglan", 88, "10:20", VISIT, "kontroll-kontakt", ("Observation",)),
        Seen("marit-holthe", 17, "12:05", VISIT, "samtale", ("DocumentReference",)),
    ),
}  # fmt: skip


def look_ups(today: date) -> Iterator[Taken]:
    """Every look-up until `today`, as taken in from the log of the service where it was made, minutes later."""
    days = Days(today)
    for person, seen in _OF.items():
        for number, each in enumerate(seen, start=1):
            at = (days.ago if each.office else days.exactly)(each.days_ago, each.clock)
            source = source_of(_unit(each.by)).key
            event = _event(person, f"{person.key}-innsyn-{number}", at, each)
            yield Taken(source, at.replace(microsecond=0), "AuditEvent", event["id"], person.reference, event)


def _unit(by: str) -> str:
    return _LOOKERS[by].unit if by in _LOOKERS else staff_named(by).unit


def _event(person: Person, id_: str, at: datetime, seen: Seen) -> Resource:
    source = source_of(_unit(seen.by))
    who, contained = _who(seen.by)
    extensions = [
        {"url": _EXTENSION + "patient-extension", "valueReference": {"reference": person.reference}},
        _decision(seen.why),
    ]
    if seen.contact:
        contact = {"reference": f"Encounter/{person.key}-{seen.contact}"}
        extensions.insert(1, {"url": _EXTENSION + "encounter-extension", "valueReference": contact})
    return {
        "resourceType": "AuditEvent",
        "id": id_,
        "meta": {"profile": [_PROFILE]},
        **({"contained": contained} if contained else {}),
        "extension": extensions,
        "type": coding(HL7 + "audit-event-type", "rest", "RESTful Operation"),
        "subtype": [coding("http://hl7.org/fhir/restful-interaction", "read", "read")],
        "action": seen.action,
        "recorded": at.isoformat(timespec="seconds"),
        "outcome": seen.outcome,
        "purposeOfEvent": [_purpose(seen.why, source.key)],
        "agent": [{"who": who, "requestor": True}],
        "source": {"observer": {"display": f"Journalsystemet ved {source.name}"}},
        "entity": [
            {"what": {"reference": person.reference}, "role": coding(HL7 + "object-role", "1", "Patient")},
            *(
                {"what": {"type": kind, "display": "Opplysning i journalen"}, "name": kind}
                for kind in seen.opened
            ),
        ],
    }


def _purpose(why: Decision, source: str) -> Resource:
    at_home = (
        [volven(_SERVICE_TYPE, source, "15", "Helsetjenester i hjemmet")] if source == _HOME_CARE else []
    )
    purpose = coding(HL7 + "v3-ActReason", why.purpose)
    return concept("", purpose, coding(_TEMPLATE, why.code, why.text), *at_home)


def _decision(why: Decision) -> Resource:
    return {
        "url": _EXTENSION + "carerelation-metadata-extension",
        "extension": [
            {"url": "decision-ref-description", "valueString": why.text},
            {"url": "decision-ref-user-selected", "valueBoolean": why.own},
            {"url": "toa", "valueUnsignedInt": 1},
        ],
    }


def _who(by: str) -> tuple[Resource, list[Resource]]:
    """A reference to who looked, and what the log has to carry of them."""
    if by in _KNOWN:
        staff = staff_named(by)
        person, title, name = (
            {"reference": f"Practitioner/{by}"},
            staff.title,
            f"{staff.given} {staff.family}",
        )
        contained: list[Resource] = []
    else:
        looker = _LOOKERS[by]
        person, title, name = {"reference": "#person"}, looker.title, f"{looker.given} {looker.family}"
        number = str(5720001 + 41 * list(_LOOKERS).index(by))
        contained = [
            {
                "resourceType": "Practitioner",
                "id": "person",
                "identifier": [{"system": HPR_NUMBER, "value": number}],
                "name": [{"use": "official", "family": looker.family, "given": [looker.given]}],
            }
        ]
    role: Resource = {
        "resourceType": "PractitionerRole",
        "id": "rolle",
        "practitioner": person,
        "organization": unit_reference(_unit(by)),
        "code": [concept(title)],
    }
    return {"reference": "#rolle", "display": name}, [*contained, role]
