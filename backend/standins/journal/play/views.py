"""What the pages show, in words."""

from datetime import datetime
from typing import Final, NamedTuple

from standins.journal.demo.days import OSLO
from standins.journal.demo.staff import STAFF, author_reference
from standins.journal.desk import Desk, Held, Thread
from standins.journal.messages import (
    KIND,
    KINDS,
    code_in,
    files_of,
    is_by_citizen,
    message_id,
    sent_at,
    text_of,
)
from standins.journal.taken import Resource, subject_of

KIND_NAMES: Final = dict(
    zip(
        KINDS,
        (
            "Spørsmål",
            "Fornye resept",
            "Endre time",
            "Spør hvorfor",
            "Noe er feil i journalen",
            "Forstår ikke et ord",
            "Annet",
        ),
        strict=True,
    )
)
STANDINGS: Final = {
    "": "Ikke lest",
    "read": "Lest",
    "handed_on": "Sendt videre",
    "answered": "Besvart",
    "closed": "Avsluttet",
}
DONE: Final = {
    "read": "Meldingen er merket som lest.",
    "answer": "Svaret er sendt.",
    "hand-on": "Tråden er sendt videre.",
    "close": "Tråden er avsluttet.",
    "outcome": "Utfallet er meldt.",
    "correct": "Meldingen er rettet.",
    "recall": "Meldingen er trukket tilbake.",
    "form": "Skjemaet er sendt.",
    "release": "Svaret er frigitt.",
}
# A request about an entry gets an outcome, which stands beside the entry.
WITH_OUTCOME: Final = frozenset({"wrong", "word", "why"})


class Line(NamedTuple):
    """A thread in the inbox."""

    id: str
    topic: str
    person: str
    unit: str
    kind: str
    standing: str
    waits: bool
    when: str


class Part(NamedTuple):
    """A message of a thread. `files`: name and number of each."""

    id: str
    author: str
    is_ours: bool
    when: str
    text: str
    files: tuple[tuple[str, int], ...]
    is_recalled: bool
    is_corrected: bool


def line(desk: Desk, thread: Thread) -> Line:
    """How the inbox lists it."""
    return Line(
        thread.id,
        thread.topic or "Uten emne",
        person_name(desk, thread.subject),
        unit_name(desk, thread.unit),
        KIND_NAMES.get(thread.kind, "Annet"),
        STANDINGS.get(thread.standing, thread.standing),
        thread.waits,
        moment(thread.last),
    )


def part(desk: Desk, held: Held) -> Part:
    """One of its messages."""
    told = held.resource
    corrected = int(told["meta"]["versionId"]) > 1 and told["status"] != "entered-in-error"
    return Part(
        message_id(told),
        _author(desk, told.get("sender", {})),
        not is_by_citizen(told),
        moment(sent_at(told)),
        text_of(told),
        tuple((str(file.get("title", "Fil")), number) for number, file in enumerate(files_of(told))),
        told["status"] == "entered-in-error",
        corrected,
    )


def outcome(thread: Thread) -> str:
    """What has been told of the outcome; empty for nothing."""
    notes = (each.get("valueString", "") for each in thread.task.get("output", ()))
    return next((str(note) for note in notes if note), "")


def about(thread: Thread) -> str:
    """The entry that it is about, as `Kind/id`; empty for none."""
    return next((str(each.get("reference", "")) for each in thread.first.get("about", ())), "")


def units(desk: Desk) -> list[tuple[str, str]]:
    """Id and name of each unit that can be written to."""
    found = [(each.resource["id"], str(each.resource["name"])) for each in desk.all_of("HealthcareService")]
    return sorted(found, key=lambda each: each[1])


def kinds(unit: Held) -> list[tuple[str, str]]:
    """Code and name of what can be written to a unit about."""
    codes = [code_in([each], KIND) for each in unit.resource.get("type", ())]
    return [(code, KIND_NAMES[code]) for code in codes if code in KIND_NAMES]


def senders(unit: Held) -> list[tuple[str, str]]:
    """Key and name of those who may answer for a unit: who works for its service, then the unit itself."""
    own = [(each.key, each.name) for each in STAFF if each.source.key == unit.source]
    return [*own, ("unit", str(unit.resource["name"]))]


def sender(unit: Held, key: str) -> Resource:
    """The reference to one of those."""
    for each in STAFF:
        if each.key == key and each.source.key == unit.source:
            return author_reference(each)
    return {"reference": f"HealthcareService/{unit.resource['id']}", "display": unit.resource["name"]}


def patients(desk: Desk) -> list[tuple[str, str]]:
    """Id and name of each citizen."""
    found = [(each.resource["id"], _official(each.resource)) for each in desk.all_of("Patient")]
    return sorted(found, key=lambda each: each[1])


def forms(desk: Desk) -> list[tuple[str, str]]:
    """Id and title of each form that is in use."""
    found = [each.resource for each in desk.all_of("Questionnaire") if each.resource["status"] == "active"]
    return sorted(((each["id"], str(each["title"])) for each in found), key=lambda each: each[1])


def held_back(desk: Desk, held: Held) -> tuple[str, str, str]:
    """`Kind/id`, what it is, and whose."""
    told = held.resource
    return f"{told['resourceType']}/{told['id']}", _title(told), person_name(desk, subject_of(told) or "")


def person_name(desk: Desk, reference: str) -> str:
    """The name of a citizen."""
    held = desk.find("Patient", reference.partition("/")[2])
    return _official(held.resource) if held else "Ukjent"


def unit_name(desk: Desk, id_: str) -> str:
    """The name of a unit."""
    held = desk.find("HealthcareService", id_)
    return str(held.resource["name"]) if held else "Ukjent enhet"


def moment(at: datetime) -> str:
    """`23.11.2026 kl. 12.05`, in Norway."""
    return at.astimezone(OSLO).strftime("%d.%m.%Y kl. %H.%M")


def _author(desk: Desk, told: Resource) -> str:
    reference = str(told.get("reference", ""))
    if reference.startswith("Patient/"):
        return person_name(desk, reference)
    return str(told.get("display", "")) or "En som hjelper"


def _title(told: Resource) -> str:
    concept = told.get("code", told.get("type"))
    code: Resource = concept if isinstance(concept, dict) else {}
    texts = [told.get("title"), told.get("description"), code.get("text")]
    texts += [each.get("display") for each in code.get("coding", ())]
    return next((str(text) for text in texts if text), str(told["resourceType"]))


def _official(patient: Resource) -> str:
    names = patient.get("name", ())
    name = next((each for each in names if each.get("use") == "official"), names[0] if names else {})
    return " ".join([*name.get("given", ()), name.get("family", "")]).strip() or str(patient["id"])
