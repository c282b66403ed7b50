"""What became of a batch: what is to be shown, what is not, and what could not be used."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from innsyn.access.release import Release
from innsyn.identity.merging import Moved
from innsyn.identity.persons import Linked
from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.lookup import DIRECTORY, Key, name_of
from innsyn.journal.projected import Common, Noted, NotShown, Shared, Unfit
from innsyn.journal.versions import Landed
from innsyn.records.projected import Projected

__all__ = ["Bad", "File", "Noted", "Outcome", "Shared", "Shown", "moved", "without_patient"]

MOVED = "moved_to_another_person"
UNKNOWN = "unknown_patient"
# The newest version does not say that it is about whom the earlier ones were about: nobody is shown those any longer.
NOT_WHOSE_IT_WAS = frozenset({MOVED, UNKNOWN, "two_patients", "no_patient"})


class File(msgspec.Struct, frozen=True):
    """A file of an entry as received; `claimed` is what the sender calls its media type."""

    title: str
    claimed: str
    body: bytes


class Shown(msgspec.Struct, frozen=True):
    """An entry to write: what landed, what the projection made of it, and the person it is about."""

    landed: Landed
    projected: Projected
    person_id: UUID
    release: Release
    members: tuple[Key, ...] = ()
    files: tuple[File, ...] = ()


class Bad(msgspec.Struct, frozen=True):
    """What cannot be used, and why; `waits_for` is a name that would mend it by coming."""

    landed: Landed
    reason: str
    explanation: str
    waits_for: str = ""


class Outcome(msgspec.Struct):
    """What became of a batch: each landed newest version is in exactly one of the first five."""

    shown: list[Shown] = msgspec.field(default_factory=list)
    noted: list[Noted] = msgspec.field(default_factory=list)
    # Something to write that is about nobody.
    shared: list[Shared] = msgspec.field(default_factory=list)
    not_shown: list[tuple[Landed, str]] = msgspec.field(default_factory=list)
    bad: list[Bad] = msgspec.field(default_factory=list)
    waits: list[tuple[str, Key]] = msgspec.field(default_factory=list)
    linked: list[Linked] = msgspec.field(default_factory=list)
    # Patients that are somebody else than before: what is about them is to follow.
    moved: list[Moved] = msgspec.field(default_factory=list)
    # Whom a Patient is, or what a name stands for, is another thing than before: others remember it wrongly.
    changes: bool = False

    @property
    def of_somebody(self) -> "list[Shown | Noted]":
        """All that is written about a person, as an entry or beside them."""
        return [*self.shown, *self.noted]

    @property
    def written(self) -> "list[Shown | Noted | Shared]":
        """All that is written anywhere."""
        return [*self.shown, *self.noted, *self.shared]

    @property
    def keys(self) -> set[Key]:
        """Everything of which something became."""
        landed = [*(each for each, _ in self.not_shown), *(each.landed for each in self.written)]
        return {each.key for each in (*landed, *(bad.landed for bad in self.bad))}

    def put_away(self, each: Landed, answer: object) -> None:
        """What is no entry and about no person."""
        if isinstance(answer, Common):
            self.shared.append(Shared(each, answer.row))
        elif isinstance(answer, Unfit):
            self.bad.append(Bad(each, answer.reason, answer.explanation))
        elif isinstance(answer, NotShown):
            self.not_shown.append((each, answer.reason))
        elif each.kind == "Patient":
            self.not_shown.append((each, "who_it_is_about"))
        else:
            self.not_shown.append((each, "directory" if each.kind in DIRECTORY else "kind_not_shown"))

    def came_from(self, patient: Key | None) -> Iterable[UUID]:
        """Whom what is about this Patient was about until this batch."""
        return (each.came_from for each in self.moved if patient == ("Patient", each.patient_id))

    @property
    def waiting_for(self) -> list[tuple[str, Key]]:
        """(name, resource that looks for it): to be projected again when it comes."""
        return self.waits + [(bad.waits_for, bad.landed.key) for bad in self.bad if bad.waits_for]

    @property
    def used(self) -> Iterable[Landed]:
        """What was understood, also where that is nothing to show: it is in quarantine no longer."""
        yield from (each.landed for each in self.written)
        yield from (each for each, _ in self.not_shown)


def moved(each: Landed) -> Bad:
    """Of a version about somebody else than the first."""
    return Bad(each, MOVED, "an earlier version was about another person")


def without_patient(each: Landed, reference: Reference | None) -> Bad:
    """Of an entry whose `reference` leads to no person that we know."""
    if reference is None:
        return Bad(each, "no_patient", "it does not say which patient it is about")
    name = name_of(reference, "Patient")
    if not name or name.startswith("#"):
        return Bad(each, UNKNOWN, "its reference to a patient can not be followed")
    return Bad(each, UNKNOWN, "the Patient that it is about has not come", waits_for=name)
