"""National numbers: which of them a resource tells, and who has which. The only place that reads and writes them."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID, uuid4

import asyncpg
import msgspec
from sqlalchemy import column, exists, func, literal_column, or_, select, table, tuple_
from sqlalchemy.dialects.postgresql import insert

from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.identity.national_identity import REAL, SYNTHETIC, identity_of
from innsyn.identity.tables import patient, person, person_identifier
from innsyn.journal.fhir.datatypes import Identifier
from innsyn.journal.fhir.resources import Patient

# facts: norway §4.2. The alias stands in one of HL7 Norway's examples.
FNR = "urn:oid:2.16.578.1.12.4.1.4.1"
DNR = "urn:oid:2.16.578.1.12.4.1.4.2"
FHN = "urn:oid:2.16.578.1.12.4.1.4.3"
SYSTEMS = frozenset({FNR, DNR, FHN, "http://ehelse.no/fhir/NamingSystem/FNR"})

Number = tuple[str, str]  # (fnr | dnr | fhn, the eleven digits)


class Met(msgspec.Struct, frozen=True):
    """Somebody whom another's resource tells of, by at least one number."""

    numbers: tuple[Number, ...]
    name: str = ""
    given: str = ""
    born: date | None = None


_numbers = given(person_identifier.c.system, person_identifier.c.value)
# A login may make a person of the same number meanwhile: identity.start_session takes the same lock.
_ALONE = Statement(
    select(func.pg_advisory_xact_lock(func.hashtextextended(_numbers.c.system.op("||")(_numbers.c.value), 0)))
)
# Whoever has been given a fullmakt, or has given one, is no mere login: it would be lost, or become somebody else's, if
# the number went elsewhere. (What follows from a relation is computed again for whoever has the number.)
_permit = table("permit", *map(column, ("subject_id", "actor_id", "origin")), schema="access")
_has_journal = or_(
    exists().where(patient.c.person_id == person_identifier.c.person_id),
    exists().where(
        _permit.c.origin == literal_column("'fullmakt'"),
        or_(
            _permit.c.subject_id == person_identifier.c.person_id,
            _permit.c.actor_id == person_identifier.c.person_id,
        ),
    ),
)
_BY_NUMBER = Statement(
    select(*person_identifier.c, _has_journal.label("has_journal")).where(
        tuple_(person_identifier.c.system, person_identifier.c.value).in_(
            select(_numbers.c.system, _numbers.c.value)
        )
    )
)
_MET = ("person_id", "name", "given_name", "birth_date")
_people = given(*(person.c[name] for name in _MET))
# Somebody of whom nothing new is told is left alone, and not even locked.
_known_already = (
    select(literal_column("1"))
    .where(
        person.c.person_id == _people.c.person_id,
        or_(person.c.name != "", _people.c.name == ""),
        or_(person.c.birth_date.is_not(None), _people.c.birth_date.is_(None)),
    )
    .correlate(_people)
    .exists()
)
_fill = insert(person).from_select(list(_MET), select(*_people.c).where(~_known_already))
_PUT_MET = Statement(
    _fill.on_conflict_do_update(
        index_elements=["person_id"],
        set_={
            "name": func.coalesce(func.nullif(person.c.name, ""), _fill.excluded.name),
            "given_name": func.coalesce(func.nullif(person.c.given_name, ""), _fill.excluded.given_name),
            "birth_date": func.coalesce(person.c.birth_date, _fill.excluded.birth_date),
        },
    )
)
_identified = given(*person_identifier.c)
_numbered = insert(person_identifier).from_select(["system", "value", "person_id"], select(*_identified.c))
_PUT_NUMBERS = Statement(
    _numbered.on_conflict_do_update(
        index_elements=["system", "value"],
        set_={"person_id": _numbered.excluded.person_id},
        where=person_identifier.c.person_id != _numbered.excluded.person_id,
    )
)


def numbers_of(patient: Patient, *, old: bool = False) -> list[Number]:
    """(kind, number) of the legal national numbers that a Patient has; `old`: those that it had.

    The kind is what the number is, not what it is filed under: D-numbers are seen in the system of fødselsnummer.
    """
    return numbers_in(patient.identifier, old=old)


def numbers_in(identifiers: Iterable[Identifier], *, old: bool = False) -> list[Number]:
    """The legal national numbers among these identifiers, as `numbers_of`."""
    found: list[Number] = []
    for identifier in identifiers:
        if identifier.system in SYSTEMS and (identifier.use == "old") == old:
            identity = identity_of(identifier.value.replace(" ", ""), allow=(*REAL, *SYNTHETIC))
            if identity is not None:
                found.append((identity.kind, identity.number))
    return found


async def held_by(db: asyncpg.Connection, numbers: Iterable[Number]) -> list[asyncpg.Record]:
    """(system, value, person_id, has_journal) of these numbers, of those that somebody has.

    Nobody else gives them to anybody until this transaction ends.
    """
    every = arrays(("system", "value"), sorted(numbers))
    await db.execute(_ALONE.sql, *_ALONE.bind(**every))
    found: list[asyncpg.Record] = await db.fetch(_BY_NUMBER.sql, *_BY_NUMBER.bind(**every))
    return found


async def put(db: asyncpg.Connection, identified: Iterable[tuple[str, str, UUID]]) -> None:
    """Give these numbers (system, value) to these persons."""
    columns = ("system", "value", "person_id")
    await db.execute(_PUT_NUMBERS.sql, *_PUT_NUMBERS.bind(**arrays(columns, identified)))


Row = tuple[UUID, str, str, date | None]


async def met(db: asyncpg.Connection, people: Sequence[Met]) -> list[UUID | None]:
    """Who these are, in order, made where nobody has the numbers yet; None: the numbers are two persons'.

    A person has one fødselsnummer: somebody told of by two is two persons, whether anybody has them or not.

    What is known of a person already is not overwritten: what the person's own Patient says counts.
    """
    rows = await held_by(db, {number for each in people for number in each.numbers})
    owner = {(row["system"], row["value"]): row["person_id"] for row in rows}
    new: dict[Number, UUID] = {}
    found: list[UUID | None] = []
    told: dict[UUID, Row] = {}
    for each in people:
        owners = {owner[number] for number in each.numbers if number in owner} or {uuid4()}
        fnr = {number for number in each.numbers if number[0] == "fnr"}
        who = owners.pop() if len(owners) == 1 and len(fnr) <= 1 else None
        found.append(who)
        if who is not None:
            new |= {number: who for number in each.numbers if number not in owner and _is_new(who, owner)}
            told[who] = _fuller(told.get(who), (who, each.name, each.given, each.born))
            owner |= new
    await db.execute(_PUT_MET.sql, *_PUT_MET.bind(**arrays(_MET, told.values())))
    await put(db, [(*number, person_id) for number, person_id in new.items()])
    return found


def _is_new(who: UUID, owner: dict[Number, UUID]) -> bool:
    # A further number of somebody known is for the own Patient to tell.
    return who not in owner.values()


def _fuller(one: Row | None, other: Row) -> Row:
    """Of two who tell of the same person the one that tells more, whichever comes first."""
    return max((one or other), other, key=lambda row: (row[3] is not None, row[1], str(row[3])))
