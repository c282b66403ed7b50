"""The units that citizens can write to, with what they say of themselves before somebody writes."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from standins.journal.demo.days import Days
from standins.journal.demo.places import source_of, unit_name, unit_reference
from standins.journal.messages import KIND, concept_of
from standins.journal.taken import Resource, Taken, written

_OPENED = 200  # days ago
_WORKDAYS = ("mon", "tue", "wed", "thu", "fri")


class Unit(NamedTuple):
    """A unit: who may write (everyone, known, self_only), what about, in how many working days it answers."""

    place: str
    may_write: str
    kinds: str
    days: int
    opens: str
    closes: str
    about: str
    templates: tuple[tuple[str, str], ...] = ()
    name: str = ""
    closed: tuple[str, int, int] | None = None

    @property
    def key(self) -> str:
        """The id of its HealthcareService."""
        return f"melding-{self.place}"

    @property
    def reference(self) -> Resource:
        """A reference to it, with its name."""
        return {"reference": f"HealthcareService/{self.key}", "display": self.called}

    @property
    def called(self) -> str:
        """What citizens know it as."""
        return self.name or unit_name(self.place)


GP = Unit(
    "steinkjer-legesenter", "known", "question prescription appointment why wrong word", 5, "08:00", "15:30",
    "Skriv om ett tema i hver melding. Legen leser meldingene mellom pasientene, ofte på slutten av dagen.\n\n"
    "Blir du dårligere mens du venter, så ring oss på **74 00 01 01**.",
    (("prescription", "Legemiddel:\nStyrke og dose:\nHvor mye jeg har igjen:"),
     ("appointment", "Timen jeg har:\nDette passer bedre:")),
    closed=("Kurs for alle ansatte", 12, 12),
)  # fmt: skip
AUNES_GP = Unit(
    "levanger-legesenter", "known", "question prescription appointment why wrong word", 5, "08:30", "15:00",
    "Vi svarer på meldinger i åpningstiden. Attester og sykmeldinger krever en time hos legen.",
    (("prescription", "Legemiddel:\nStyrke og dose:"),),
)  # fmt: skip
DIABETES = Unit(
    "levanger-diabetes", "known", "question appointment why wrong word", 3, "08:00", "15:00",
    "En diabetessykepleier leser meldingen først. Ta gjerne med de siste målingene dine.",
    (("question", "Målinger de siste dagene:\nDette lurer jeg på:"),),
)  # fmt: skip
HOME_CARE = Unit(
    "steinkjer-hjemme", "known", "question appointment why wrong word other", 2, "07:30", "22:00",
    "Her kan du og de som hjelper deg, skrive om besøk, medisiner og det som skal endres hjemme.",
    (("appointment", "Besøket det gjelder:\nDette trenger vi:"),),
)  # fmt: skip
SCHOOL_NURSE = Unit(
    "levanger-skole", "self_only", "question appointment other", 4, "08:00", "15:00",
    "Helsesykepleieren har taushetsplikt. Bare den som skriver, kan bruke denne kanalen, ikke foreldre.",
)  # fmt: skip
ARCHIVE = Unit(
    "st-olavs", "everyone", "why wrong word", 20, "09:00", "14:00",
    "Hit kan alle skrive som mener at noe er feil i journalen ved sykehuset, eller som ikke forstår det som står der.",
    name="Dokumentasjonssenteret, St. Olavs hospital",
)  # fmt: skip

UNITS = (GP, AUNES_GP, DIABETES, HOME_CARE, SCHOOL_NURSE, ARCHIVE)


def units(today: date) -> Iterator[Taken]:
    """Each as its service has published it."""
    days = Days(today)
    for unit in UNITS:
        yield written(source_of(unit.place).key, days.exactly(_OPENED, "07:00"), _service(unit, days))


def _service(unit: Unit, days: Days) -> Resource:
    resource: Resource = {
        "resourceType": "HealthcareService",
        "id": unit.key,
        "active": True,
        "providedBy": unit_reference(unit.place),
        "type": [concept_of(KIND, kind) for kind in unit.kinds.split()],
        "name": unit.called,
        "extraDetails": unit.about,
        "eligibility": [{"code": concept_of("urn:innsyn:may-write", unit.may_write)}],
        "characteristic": [_promise(unit.days)],
        "availableTime": [_hours(unit)],
    }
    if unit.closed:
        resource["notAvailable"] = [_closed(unit.closed, days)]
    if unit.templates:
        resource["extension"] = [_template(kind, text) for kind, text in unit.templates]
    return resource


def _promise(days: int) -> Resource:
    coding = {"system": "urn:innsyn:message-promise", "code": "working-days", "display": str(days)}
    return {"coding": [coding]}


def _hours(unit: Unit) -> Resource:
    start, end = f"{unit.opens}:00", f"{unit.closes}:00"
    return {"daysOfWeek": list(_WORKDAYS), "availableStartTime": start, "availableEndTime": end}


def _closed(closed: tuple[str, int, int], days: Days) -> Resource:
    why, *ahead = closed
    start, end = (days.ahead(each).date().isoformat() for each in ahead)
    return {"description": why, "during": {"start": start, "end": end}}


def _template(kind: str, text: str) -> Resource:
    parts = [{"url": "kind", "valueCode": kind}, {"url": "text", "valueString": text}]
    return {"url": "urn:innsyn:message-template", "extension": parts}
