"""From what has landed to what is shown: runs the projections of a batch and fetches what their references point at."""

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg
import msgspec
import structlog

from innsyn.access.release import Release
from innsyn.identity import persons
from innsyn.identity.numbers import SYSTEMS
from innsyn.journal import landing
from innsyn.journal.fhir.care import Binary
from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.fhir.resources import Patient, Resource
from innsyn.journal.lookup import DIRECTORY, Key, Lookup, identifier_name, key_of
from innsyn.journal.versions import Landed
from innsyn.records.linking import arrival, link
from innsyn.records.marks import release_marked
from innsyn.records.outcome import Bad, File, Noted, Outcome, Shown, moved, without_patient
from innsyn.records.projected import About, Answered, Beside, Document, Projected

Projection = Callable[[Any, About], Answered | None]
Registry = Mapping[str, tuple[type[Resource], tuple[Projection, ...]]]

log = structlog.get_logger()

# About nobody, and the same for everybody: what was said before of these is no history of anybody's.
COMMON: Final = frozenset({"Questionnaire", "ValueSet", "HealthcareService"})
_NOBODY = ("", "")
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError)
_MOST_PERSONS = 100_000
_POINTED_AT_BY_IDENTIFIER = DIRECTORY | {"Patient", "RelatedPerson"}


class Answer(NamedTuple):
    """What a projection made of a resource; `absent` are the names it looked for and that have not come."""

    landed: Landed
    projected: Projected | Beside
    release: Release
    absent: frozenset[str]


class Projecting:
    """The projections of one feed, with what its references were found to point at."""

    def __init__(self, feed: str, registry: Registry, assign: persons.Assign | None = None) -> None:
        self._feed = feed
        self._registry = registry
        self._assign = assign
        self._lookup = Lookup()
        self._persons: dict[str, UUID] = {}

    def forget(self) -> None:
        """What was learnt in a transaction that came to nothing may not be so."""
        self._lookup = Lookup()
        self._persons = {}

    def identifiers(self, landed: Iterable[Landed]) -> set[str]:
        """The identifier names under which others may point at these."""
        names: set[str] = set()
        for each in landed:
            if each.body is not None and each.kind in _POINTED_AT_BY_IDENTIFIER:
                try:
                    resource = msgspec.json.decode(each.body, type=Resource)
                except _UNREADABLE:
                    continue
                names |= {identifier_name(known, each.kind) for known in resource.identifier if known.value}
        return names

    async def project(self, db: asyncpg.Connection, landed: Sequence[Landed]) -> Outcome:
        """Project these newest versions; reads what they point at, writes only who the patients are."""
        self._begin(landed)
        outcome = Outcome()
        readable = self._read(landed, outcome)
        await self._learn(db, readable, outcome)
        await self._register(db, readable, outcome)
        refused = {bad.landed.key for bad in outcome.bad}
        readable = [(each, resource) for each, resource in readable if each.key not in refused]
        answers = await self._ask_all(db, readable, outcome)
        await self._find_persons(db, answers)
        for each in answers:
            self._sort(each, outcome)
        return outcome

    def shows(self, kind: str) -> bool:
        """May a resource of this kind become an entry?"""
        return kind not in COMMON and bool(self._registry.get(kind, (Resource, ()))[1])

    async def reread(self, db: asyncpg.Connection, landed: Sequence[Landed]) -> Outcome:
        """Project any versions by themselves, among what is here after `project`: nothing is learnt from them."""
        outcome = Outcome()
        answers = await self._ask_all(db, self._read(landed, outcome), outcome)
        await self._find_persons(db, answers)
        for answer in answers:
            self._sort(answer, outcome, bound=False)
        return outcome

    def _begin(self, landed: Iterable[Landed]) -> None:
        """Remember from the batches before what will be pointed at again, but nothing that has been deleted."""
        deleted = [each.key for each in landed if each.body is None]
        if any(kind in DIRECTORY for kind, _ in deleted):
            self._lookup = Lookup()
        self._lookup.forget_all_but_directory()
        for key in deleted:
            self._lookup.learn("/".join(key), key, None)
        if len(self._persons) > _MOST_PERSONS:
            self._persons = {}

    def _read(self, landed: Sequence[Landed], outcome: Outcome) -> list[tuple[Landed, Resource]]:
        readable = []
        for each in landed:
            if each.body is None:
                outcome.not_shown.append((each, "deleted"))
                continue
            struct, _ = self._registry.get(each.kind, (Resource, ()))
            try:
                readable.append((each, msgspec.json.decode(each.body, type=struct)))
            except _UNREADABLE as error:  # its message names the place and the types, never the value
                outcome.bad.append(Bad(each, "not_r4", str(error)))
        return readable

    async def _learn(
        self, db: asyncpg.Connection, readable: Iterable[tuple[Landed, Resource]], outcome: Outcome
    ) -> None:
        """What the batch itself can answer, and the other names to remember for later."""
        common: list[tuple[str, Key]] = []
        alone: dict[str, Key] = {}
        for each, resource in readable:
            self._lookup.learn(f"{each.kind}/{each.id}", each.key, each.body)
            own = list(each.aliases)
            for known in resource.identifier if each.kind in _POINTED_AT_BY_IDENTIFIER else ():
                name = identifier_name(known, each.kind)
                if known.value and (each.kind in DIRECTORY or known.system in SYSTEMS):
                    common.append((name, each.key))
                    self._lookup.learn(name, each.key, each.body)
                elif known.value:
                    own.append(name)
            for name in own:
                alone[name] = each.key if alone.get(name, each.key) == each.key else _NOBODY
                self._lookup.learn(name, each.key, each.body)
        for name in await self._keep_names(db, common, alone):
            # A number of two hospitals, a fullUrl of two bundles: whoever it meant, it may have been the other.
            self._lookup.learn(name, None, None)
            outcome.changes = True

    async def _keep_names(
        self, db: asyncpg.Connection, common: Iterable[tuple[str, Key]], alone: Mapping[str, Key]
    ) -> set[str]:
        await landing.name(db, self._feed, common)
        return await landing.name_alone(db, self._feed, alone) if alone else set()

    async def _register(
        self, db: asyncpg.Connection, readable: Iterable[tuple[Landed, Resource]], outcome: Outcome
    ) -> None:
        arrived = [(each, resource) for each, resource in readable if isinstance(resource, Patient)]
        if not arrived:
            return
        # Whom each is replaced by may be told by a name that has to be looked up first.
        for _ in range(2):
            self._lookup.begin()
            arrivals = [arrival(each, resource, self._lookup) for each, resource in arrived]
            if self._lookup.missed:
                await self._fetch(db, self._lookup.missed)
        known = await link(db, self._feed, arrivals, self._assign, outcome)
        self._persons.update(known)
        for each, _ in arrived:
            if each.id not in known:
                self._persons.pop(each.id, None)

    async def _ask_all(
        self, db: asyncpg.Connection, readable: Sequence[tuple[Landed, Resource]], outcome: Outcome
    ) -> list[Answer]:
        """Ask every projection; those that missed something are asked again when it has been fetched."""
        answers: list[Answer] = []
        left = list(readable)
        # Each round fetches what the last one missed, and what has been fetched is never missed again.
        while left:
            missed: set[str] = set()
            again = []
            for each, resource in left:
                try:
                    answer, lacks, absent = self._ask(each, resource)
                    release = release_marked(resource, each.recorded_at)
                except Exception as error:
                    # A defect of ours on one entry must neither stop everybody's feed nor lose the entry.
                    log.exception("projection_failed", kind=each.kind, position=each.position)
                    outcome.bad.append(Bad(each, "projection_failed", type(error).__name__))
                    continue
                if lacks:
                    missed |= lacks
                    again.append((each, resource))
                elif isinstance(answer, Projected | Beside):
                    answers.append(Answer(each, answer, release, absent))
                else:
                    outcome.put_away(each, answer)
                    # What is not shown for lack of something (a task before its referral) may be when that comes.
                    outcome.waits += [(name, each.key) for name in absent]
            if again:
                await self._fetch(db, missed)
            left = again
        return answers

    def _ask(self, each: Landed, resource: Resource) -> tuple[Answered | None, set[str], frozenset[str]]:
        about = About(self._lookup, each.recorded_at, resource.contained, each.body or b"")
        self._lookup.begin()
        answer: Answered | None = None
        for projection in self._registry.get(each.kind, (Resource, ()))[1]:
            answer = projection(resource, about)
            if answer is not None:
                break
        if isinstance(answer, Projected | Beside):
            self._lookup.key(answer.patient)
            self._lookup.key(_numbered(answer.patient))
        if isinstance(answer, Projected):
            for member in answer.members:
                self._lookup.key(member)
            for document in answer.documents:
                about.find(document.reference, "Binary", Binary)
        return answer, self._lookup.missed, frozenset(self._lookup.absent)

    async def _fetch(self, db: asyncpg.Connection, missed: set[str]) -> None:
        keys = {name: key for name in missed if (key := key_of(name)) is not None}
        keys |= await landing.keys_of(db, self._feed, missed - keys.keys())
        bodies = {each.key: each.body for each in await landing.newest(db, self._feed, keys.values())}
        for name in missed:
            key = keys.get(name)
            self._lookup.learn(name, key, bodies.get(key) if key else None)

    async def _find_persons(self, db: asyncpg.Connection, answers: Sequence[Answer]) -> None:
        wanted = {
            key[1]
            for answer in answers
            for reference in (answer.projected.patient, _numbered(answer.projected.patient))
            if (key := self._lookup.key(reference)) is not None and key[0] == "Patient"
        }
        unknown = wanted - self._persons.keys()
        if unknown:
            self._persons.update(await persons.persons_of(db, self._feed, unknown))

    def _sort(self, answer: Answer, outcome: Outcome, *, bound: bool = True) -> None:
        each, projected = answer.landed, answer.projected
        key = self._lookup.key(projected.patient)
        if key is not None and key[0] != "Patient":
            outcome.not_shown.append((each, "about_something_else"))
            return
        person_id = self._person(answer, key)
        if person_id is None:
            outcome.bad.append(without_patient(each, projected.patient))
            return
        other = self._lookup.key(_numbered(projected.patient))
        if other is not None and self._persons.get(other[1], person_id) != person_id:
            disagree = "its reference points at one patient and its identifier at another"
            outcome.bad.append(Bad(each, "two_patients", disagree))
            return
        if bound and each.known_person not in {None, person_id, *outcome.came_from(key)}:
            outcome.bad.append(moved(each))
            return
        outcome.waits += [(name, each.key) for name in answer.absent]
        if isinstance(projected, Beside):
            outcome.noted.append(Noted(each, projected.row, person_id))
            return
        members = tuple(
            found for member in projected.members if (found := self._lookup.key(member)) is not None
        )
        files = tuple(map(self._file, projected.documents))
        outcome.shown.append(Shown(each, projected, person_id, answer.release, members, files))

    def _person(self, _answer: Answer, key: Key | None) -> UUID | None:
        return self._persons.get(key[1]) if key else None

    def _file(self, document: Document) -> File:
        data, claimed = document.data, document.media_type
        if document.reference is not None:
            binary = self._lookup.find(document.reference, "Binary", Binary)
            data, claimed = (binary.data, binary.content_type) if binary else ("", claimed)
        try:
            return File(document.title, claimed, base64.b64decode("".join(data.split()), validate=True))
        except binascii.Error:
            return File(document.title, claimed, b"")


def _numbered(reference: Reference | None) -> Reference | None:
    """Whom a reference tells by a number beside what it points at."""
    if reference is None or not reference.reference or reference.identifier is None:
        return None
    return Reference(type="Patient", identifier=reference.identifier)
