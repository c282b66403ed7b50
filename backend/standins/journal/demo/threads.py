"""What citizens and units have written to each other: enough for a reply time to be measured, and one of each case."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from standins.journal.demo.attachments import letter_pdf
from standins.journal.demo.codes import D_NUMMER, FODSELSNUMMER
from standins.journal.demo.days import Days
from standins.journal.demo.people import (
    ANDERS,
    HENRIK,
    INGRID,
    JONAS,
    KARI,
    MARTE,
    OLAV,
    PER,
    SOLVEIG,
    Person,
)
from standins.journal.demo.staff import author_reference, staff_named
from standins.journal.demo.thread_texts import HISTORY, LETTER
from standins.journal.demo.units import ARCHIVE, AUNES_GP, DIABETES, GP, HOME_CARE, SCHOOL_NURSE, Unit
from standins.journal.desk import KEEPER
from standins.journal.messages import KIND, STANDING, attachment, concept_of, message, named, new_task
from standins.journal.sequence import instant
from standins.journal.taken import Resource, Taken, written

_READ = timedelta(minutes=20)


class Said(NamedTuple):
    """One message. `by`: a health worker's key, a helper, or None for the citizen; `hours`: after the one before."""

    text: str
    hours: float = 0
    by: str | Person | None = None
    file: bool = False
    # What it said at first, and whether it was taken back, an hour later.
    was: str = ""
    recalled: bool = False
    # The unit that it was handed on to.
    to: Unit | None = None


class Told(NamedTuple):
    """A thread. `stood`: what became of it in the end (empty: nobody has looked), and an outcome if there is one."""

    person: Person
    unit: Unit
    kind: str
    topic: str
    days_ago: int
    said: tuple[Said, ...]
    stood: str = ""
    outcome: str = ""
    # The resource that the entry came from which it is about.
    about: str = ""
    clock: str = "10:10"


THREADS = (
    Told(KARI, DIABETES, "question", "Ny dose langtidsvirkende insulin", 6, (
        Said("Jeg har ligget mellom 10 og 13 om morgenen den siste uken. Skal jeg øke dosen?"),
        Said("Ja, øk med 2 enheter om kvelden. Mål hver morgen, og skriv igjen om en uke.", 21, "tone-skjesol",
             was="Ja, øk med 4 enheter om kvelden. Mål hver morgen, og skriv igjen om en uke."),
        Said("Takk! Kan jeg få planen skriftlig?", 3),
        Said("Her er den.", 22, "tone-skjesol", file=True),
    ), "answered"),
    Told(KARI, GP, "appointment", "Time til årskontroll", 2, (
        Said("Timen passer ikke lenger. Er det noe ledig uken etter, helst om morgenen?"),
    ), "read"),
    Told(KARI, DIABETES, "wrong", "Feil i epikrisen", 31, (
        Said("Det står at jeg røyker. Jeg sluttet i 2009."),
    ), "closed", "Rettet: epikrisen sier nå at du sluttet å røyke i 2009.",
         "Composition/kari-nordli-epikrise"),
    Told(OLAV, HOME_CARE, "appointment", "Besøket på torsdag", 3, (
        Said("Pappa skal til øyelegen klokken ti på torsdag. Kan dere komme før halv ni?", by=KARI),
        Said("Det ordner vi. Gry kommer kvart på åtte.", 5, "gry-steinsmo"),
    ), "closed"),
    Told(OLAV, GP, "question", "Svimmel om morgenen", 1, (
        Said("Han er svimmel når han reiser seg, hver morgen siden fredag. Er det den nye medisinen?", by=KARI),
    )),
    Told(MARTE, AUNES_GP, "why", "Hvorfor ny blodprøve?", 4, (
        Said("Jeg tok stoffskifteprøve i oktober. Hvorfor skal jeg ta den igjen nå?"),
        Said("Du har fått endret dose, og da vil vi se verdien etter seks uker.", 26, "siri-haugan"),
        Said("Dette skulle til en annen pasient.", 1, "siri-haugan", recalled=True),
    ), "answered"),
    Told(JONAS, SCHOOL_NURSE, "question", "Kan jeg komme innom?", 8, (
        Said("Er du på skolen på onsdag? Jeg vil prate litt uten mamma."),
        Said("Ja, jeg er her fra 9 til 14. Bare bank på.", 4, "marit-holthe"),
    ), "closed"),
    Told(PER, AUNES_GP, "question", "Kneet etter operasjonen", 5, (
        Said("Det er fortsatt hovent etter åtte uker. Skal det være slik?"),
    ), "read"),
    Told(KARI, GP, "question", "Insulin på reise", 4, (
        Said("Vi reiser til Thailand i januar. Hvordan gjør jeg det med seks timers forskjell?"),
        Said("Diabetespoliklinikken har planen din, så jeg sender spørsmålet videre til dem.", 8, "hege-lunde",
             to=DIABETES),
    ), "handed_on"),
    Told(INGRID, ARCHIVE, "word", "Hva er HbA1c?", 9, (
        Said("Jeg forstår ikke ordet HbA1c i svaret mitt."),
    ), "closed", "HbA1c viser hvor høyt blodsukkeret har vært i snitt de siste to–tre månedene.",
         "Observation/ingrid-moen-prover-uke-28-hba1c"),
    Told(SOLVEIG, GP, "other", "Innkalling til influensavaksine", 14, (
        Said("Du er i målgruppen for vaksine mot influensa. Du kan komme uten time tirsdag mellom 12 og 15.",
             by="turid-five"),
    ), "answered"),
)  # fmt: skip


def threads(today: date) -> Iterator[Taken]:
    """All of it, each change a version of its own."""
    days = Days(today)
    for told in (*THREADS, *_history()):
        yield from _thread(told, days)


def _history() -> Iterator[Told]:
    people = {"kari": KARI, "olav": OLAV, "solveig": SOLVEIG, "anders": ANDERS, "henrik": HENRIK}
    for number, (who, kind, topic, asked, hours, answer) in enumerate(HISTORY):
        helper = {"anders": HENRIK, "olav": KARI}.get(who)
        said = (Said(asked, by=helper), Said(answer, hours, ("hege-lunde", "turid-five")[number % 2]))
        yield Told(people[who], GP, kind, topic, 12 + 3 * number, said, "closed", clock="08:40")


def _thread(told: Told, days: Days) -> Iterator[Taken]:
    at = days.ago(told.days_ago, told.clock)
    id_ = str(uuid5(NAMESPACE_URL, f"{told.person.key}/{told.topic}/{at.date()}"))
    task = new_task(id_, told.person.reference, at)
    before = ""
    for number, said in enumerate(told.said):
        at = _within(at + timedelta(hours=said.hours), days)
        own = str(uuid5(NAMESPACE_URL, f"{id_}/{number}"))
        sent = message(_content(told, said, before, at), id_, own, at)
        source = staff_named(said.by).source.key if isinstance(said.by, str) else KEEPER
        yield from _versions(source, sent, said, at)
        before = own
        if isinstance(said.by, str):
            task |= _stands("answered", "in-progress", at) | _begun(task, at)
        else:
            task = new_task(id_, told.person.reference, at) | {"authoredOn": task["authoredOn"]}
        yield written(KEEPER, at + timedelta(seconds=2), task)
    if told.stood not in {"", "answered"}:
        at = _within(at + _READ, days)
        yield written(KEEPER, at, task | _ended(told, task, at))


def _content(told: Told, said: Said, before: str, at: datetime) -> Resource:
    citizen = {"reference": told.person.reference, "display": told.person.name}
    content: Resource = {
        "category": [concept_of(KIND, told.kind)],
        "topic": {"text": told.topic},
        "subject": {"reference": told.person.reference},
        "recipient": [_receiver(told, said) or citizen],
        "sender": _sender(said.by) or citizen,
        "payload": [{"contentString": said.text}],
    }
    if said.file:
        signed = (told.unit.called, staff_named(str(said.by)).name, at)
        pdf = letter_pdf("Plan for insulin", told.person.name, LETTER, signed)
        file = attachment("application/pdf", "Plan for insulin.pdf", pdf)
        content["payload"].append({"contentAttachment": file})
    if told.about and not before:
        content["about"] = [{"reference": told.about}]
    if before:
        content["inResponseTo"] = [{"identifier": named(before)}]
    return content


def _receiver(told: Told, said: Said) -> Resource | None:
    if said.to:
        return said.to.reference
    return None if isinstance(said.by, str) else told.unit.reference


def _sender(by: str | Person | None) -> Resource | None:
    if isinstance(by, str):
        return author_reference(staff_named(by))
    if by is None:
        return None
    system = D_NUMMER if by.pid[0] > "3" else FODSELSNUMMER
    return {"type": "RelatedPerson", "identifier": {"system": system, "value": by.pid}, "display": by.name}


def _versions(source: str, sent: Resource, said: Said, at: datetime) -> Iterator[Taken]:
    if said.was:
        yield written(source, at, sent | {"payload": [{"contentString": said.was}]})
        at += timedelta(minutes=50)
    yield written(source, at, sent)
    if said.recalled:
        yield written(source, at + timedelta(minutes=9), sent | {"status": "entered-in-error"})


def _stands(standing: str, status: str, at: datetime) -> Resource:
    return {
        "status": status,
        "businessStatus": concept_of(STANDING, standing),
        "lastModified": instant(at),
    }


def _begun(task: Resource, at: datetime) -> Resource:
    return {"executionPeriod": task.get("executionPeriod", {"start": instant(at)})}


def _ended(told: Told, task: Resource, at: datetime) -> Resource:
    status = {"read": "accepted", "handed_on": "in-progress", "closed": "completed"}[told.stood]
    ended = _stands(told.stood, status, at) | _begun(task, at)
    if told.stood == "closed":
        ended["executionPeriod"] = ended["executionPeriod"] | {"end": instant(at)}
    if to := told.said[-1].to:
        ended["owner"] = to.reference
    if told.outcome:
        ended["output"] = [{"type": {"text": "note"}, "valueString": told.outcome}]
    return ended


def _within(at: datetime, days: Days) -> datetime:
    # Nothing is taken in later than the day before the one that the record is seen from.
    return min(at, days.exactly(1, "17:00"))
