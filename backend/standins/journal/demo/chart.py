"""One citizen's chart while it is being written: collects what the journal takes in about that person."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from standins.journal.demo.days import Days, on
from standins.journal.demo.people import Person
from standins.journal.demo.staff import Staff, author_reference, staff_named
from standins.journal.taken import Resource, Taken, deleted, written

_RELEASE = "urn:innsyn:release-class"


@dataclass(frozen=True)
class Written:
    """By whom, when it happened, when the journal took it in, and its release class ("" is at once)."""

    author: Staff
    at: datetime
    recorded: datetime
    release: str = ""
    referred: Resource | None = None

    @property
    def source(self) -> str:
        """The service whose entry this is."""
        return self.author.source.key

    @property
    def by(self) -> Resource:
        """A reference to the author."""
        return self.referred or author_reference(self.author)

    @property
    def when(self) -> str:
        """The moment as a FHIR dateTime with Norwegian offset."""
        return self.at.isoformat(timespec="seconds")

    def later(self, hours: float) -> "Written":
        """The same, taken in that many hours after it happened."""
        return replace(self, recorded=self.at + timedelta(hours=hours))

    def withheld(self, release: str) -> "Written":
        """The same in another release class: 1 at once, 2 within 14 days, 3 by the doctor, 4 never."""
        return replace(self, release=release)

    def referred_as(self, reference: Resource) -> "Written":
        """The same, with the author referred to in another of the ways that FHIR allows."""
        return replace(self, referred=reference)


class Chart:
    """What is written about one person, in order. Writing an id again makes its next version."""

    def __init__(self, person: Person, today: date) -> None:
        self.person = person
        self.days = Days(today)
        self.taken: list[Taken] = []

    def by(self, author: str, days_ago: int, clock: str = "10:00") -> Written:
        """Written by that health worker on an office day so many days ago, and taken in an hour later."""
        return self.by_at(author, self.days.ago(days_ago, clock))

    def by_at(self, author: str, moment: datetime) -> Written:
        """Written by that health worker at that very moment, and taken in an hour later."""
        return Written(staff_named(author), moment, moment + timedelta(hours=1))

    @property
    def subject(self) -> Resource:
        """A reference to the person."""
        return {"reference": self.person.reference}

    def reference(self, kind: str, key: str) -> Resource:
        """A reference to another resource of this chart."""
        return {"reference": f"{kind}/{self.id_of(key)}"}

    def id_of(self, key: str) -> str:
        """Ids are unique in the whole journal, so they carry the person's key."""
        return f"{self.person.key}-{key}" if key else self.person.key

    def take(self, note: Written, kind: str, key: str, content: Resource) -> None:
        """Put a resource into the chart."""
        resource: Resource = {"resourceType": kind, "id": self.id_of(key)} | content
        if note.release:
            resource["meta"] = resource.get("meta", {}) | {
                "tag": [{"system": _RELEASE, "code": note.release}]
            }
        # What a service wrote before it joined came with its first delivery.
        joined = on(note.author.source.since, "09:00")
        self.taken.append(written(note.source, max(note.recorded, joined), resource))

    def remove(self, note: Written, kind: str, key: str) -> None:
        """Let the source delete a resource."""
        self.taken.append(deleted(note.source, note.recorded, kind, self.id_of(key), self.person.reference))
