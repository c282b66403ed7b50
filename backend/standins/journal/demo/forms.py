"""The forms that the services have published, as an authoring tool writes them (forms/*.json), and who shall answer."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

import msgspec

from standins.journal.demo.days import Days
from standins.journal.demo.people import ELLA, INGRID, JONAS, KARI, MARTE, OLAV, PER, Person
from standins.journal.demo.places import source_of, unit_reference
from standins.journal.taken import Resource, Taken, written

FOLDER = Path(__file__).parents[1] / "forms"
_NUMBER = "http://helsenorge.no/fhir/blankett-nummer"
_INPUT = "http://helsenorge.no/fhir/task-input"
_AREA = {"system": "urn:oid:2.16.578.1.12.4.1.1.7618", "code": "3", "display": "Helsehjelp (Full)"}
_decode = msgspec.json.Decoder(Resource).decode
_PUBLISHED = 80  # days ago

# Which unit asks with which form.
_UNITS = {
    "sovn-og-overskudd": "steinkjer-legesenter",
    "for-diabeteskontroll": "levanger-diabetes",
    "legemidlene-mine": "steinkjer-hjemme",
    "om-barnet": "levanger-barn",
    "onske-om-time": "steinkjer-legesenter",
    "egne-malinger": "steinkjer-legesenter",
    "hva-er-viktig-for-deg": "steinkjer-legesenter",
    "blodsukker-svangerskap": "st-olavs-foster",
}


class Wanted(NamedTuple):
    """A form that somebody is asked to answer. Days are from today: `asked` back, `deadline` ahead (negative: over)."""

    person: Person
    form: str
    asked: int
    deadline: int | None = None
    # How many days ago they were reminded, and what became of it how many days ago.
    reminded: int | None = None
    ended: tuple[str, int] | None = None
    why: str = ""


WANTED = (
    Wanted(KARI, "for-diabeteskontroll", 3, 9),
    Wanted(KARI, "sovn-og-overskudd", 24, -3),
    Wanted(KARI, "for-diabeteskontroll", 76, -58, ended=("cancelled", 62), why="Timen er flyttet"),
    Wanted(OLAV, "legemidlene-mine", 12, 2, reminded=1),
    Wanted(OLAV, "hva-er-viktig-for-deg", 6),
    Wanted(ELLA, "om-barnet", 4, 8),
    Wanted(INGRID, "blodsukker-svangerskap", 2, 3),
    Wanted(INGRID, "blodsukker-svangerskap", 16, -9, ended=("completed", 10)),
    Wanted(JONAS, "om-barnet", 5, 12),
    Wanted(MARTE, "sovn-og-overskudd", 1, 20),
    Wanted(PER, "legemidlene-mine", 40, -26, reminded=28, ended=("completed", 27)),
)


def forms(today: date) -> Iterator[Taken]:
    """Every form as its service published it."""
    at = Days(today).exactly(_PUBLISHED, "08:00")
    for name, unit in _UNITS.items():
        yield written(source_of(unit).key, at, questionnaire(name))


def tasks(today: date) -> Iterator[Taken]:
    """Who was asked to answer what, and what became of it: each change is a version of its own."""
    days = Days(today)
    for wanted in WANTED:
        source = source_of(_UNITS[wanted.form]).key
        asked = days.exactly(wanted.asked, "09:20")
        yield written(source, asked, _task(wanted, days, asked))
        if wanted.reminded is not None:
            at = days.exactly(wanted.reminded, "07:00")
            yield written(source, at, _task(wanted, days, at))
        if wanted.ended:
            at = days.exactly(wanted.ended[1], "13:05")
            yield written(source, at, _task(wanted, days, at))


@cache
def questionnaire(name: str) -> Resource:
    """The form of that name. Nobody may change it."""
    return _decode((FOLDER / f"{name}.json").read_bytes())


def _task(wanted: Wanted, days: Days, at: datetime) -> Resource:
    """As it stood at that moment."""
    form, asked = questionnaire(wanted.form), days.exactly(wanted.asked, "09:20")
    key = f"{wanted.person.key}-{wanted.form}-{(days.today - timedelta(wanted.asked)).isoformat()}"
    guid = uuid5(NAMESPACE_URL, f"http://innsyn.test/fhir/Task/{key}")
    resource: Resource = {
        "resourceType": "Task",
        "id": guid.hex,
        "meta": {"security": [_AREA]},
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{guid}"}],
        "status": "ready",
        "intent": "order",
        "description": form["title"],
        "focus": {"type": "Questionnaire", "identifier": form["identifier"][0], "display": form["title"]},
        "for": {"reference": wanted.person.reference},
        "authoredOn": asked.isoformat(timespec="seconds"),
        "lastModified": at.isoformat(timespec="seconds"),
        "requester": unit_reference(_UNITS[wanted.form]),
    }
    if wanted.deadline is not None:
        end = days.exactly(-wanted.deadline, "23:59")
        resource["restriction"] = {"period": {"end": end.isoformat(timespec="seconds")}}
    if wanted.reminded is not None and at >= (reminded := days.exactly(wanted.reminded, "07:00")):
        kind = {"coding": [{"system": _INPUT, "code": "reminder", "display": "Påminnelse"}]}
        told = {"type": kind, "valueDateTime": reminded.isoformat(timespec="seconds")}
        resource["input"] = [told]
    if wanted.ended and at >= days.exactly(wanted.ended[1], "13:05"):
        resource["status"] = wanted.ended[0]
        if wanted.why:
            resource["statusReason"] = {"text": wanted.why}
    return resource
